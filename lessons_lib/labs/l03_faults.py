"""Live inputs with a fault in them: what a service reads when something upstream has changed.

A fault is a plain function from the values of a request to those that differ; it works on one
request and on a whole frame alike. It asks an application without any server.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from lessons_lib.board import Known, LiveInputs, load_live_inputs
from lessons_lib.dynamic.notebook import ask
from lessons_lib.models import ModelPredictor, skill


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


def under_faults(
    faults: Mapping[str, Callable[[Mapping], dict]],
    make: Callable,
    model,
    bodies: Sequence[Mapping],
    rows: pd.DataFrame,
    base: float,
) -> pd.DataFrame:
    """What an application says to `bodies` under each fault, and how good its model is on `rows`.

    ``make(predictor, deadline)`` gives the application. One row a fault: the ``statuses`` of the
    replies with their counts, and the ``mean answer`` and ``skill`` (see `models.skill`, with its
    `base`) over all flights of the board in `rows`.
    """
    inputs, table = load_live_inputs(), {}
    for name, fault in faults.items():
        app = make(ModelPredictor(model, FaultyInputs(inputs, fault)), deadline=60.0)
        statuses = Counter(reply.status_code for reply in ask(app, bodies))
        late = model.predict_proba(rows.assign(**fault(rows)))[:, 1]
        table[name] = [str(dict(statuses)), late.mean(), skill(rows["late"], late, base)]
    return pd.DataFrame.from_dict(table, "index", columns=["statuses", "mean answer", "skill"])
