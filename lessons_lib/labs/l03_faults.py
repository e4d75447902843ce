"""Live inputs with a fault in them: what a service reads when something upstream has changed.

A fault is a plain function from the values of a request to those that differ; it works on one
request and on a whole frame alike. It knows no model and no service.
"""

from collections.abc import Callable, Mapping

from lessons_lib.board import Known, LiveInputs


class FaultyInputs:
    """Live inputs of which ``fault(values) -> changed values`` changes some on the way.

    `values` go by the names of `board.LIVE`. For rows of the board the same fault is
    ``board.assign(**fault(board))``.

    >>> class Feed:
    ...     def known(self, request, *, age=0.0):
    ...         return Known(50.0, 41.0, 70.0, 9.0, 0.0, 1015.0, 10.0, 4.0)
    >>> FaultyInputs(Feed(), lambda x: {"temp": (x["temp"] - 32) / 1.8}).known("a flight").temp
    10.0
    """

    def __init__(self, inputs: LiveInputs, fault: Callable[[Mapping], dict]):
        self.inputs = inputs
        self.fault = fault

    def known(self, request, *, age: float = 0.0) -> Known:
        """What the feed gives for a request, after the fault."""
        known = self.inputs.known(request, age=age)
        return known._replace(**self.fault(known._asdict()))
