"""Drive any predictor through virtual time: the learner's own code under simulated traffic.

It knows a predictor by its ``answer(request)`` and its clock alone: no server, no file, no model.
"""

from collections.abc import Iterable, Mapping
from heapq import heapreplace
from math import inf, nan
from typing import Any, NamedTuple

import numpy as np

from lessons_lib import validate
from lessons_lib.answer import Predictor, VirtualClock


class Driven(NamedTuple):
    """What a predictor answered, and when; arrays of shape (n,), see `drive`."""

    value: np.ndarray
    """The predictions; NaN where the predictor had none."""
    source: np.ndarray
    """Where each came from, one of ``lessons_lib.answer.SOURCES``."""
    age: np.ndarray
    """Of the information behind each answer when it was asked for, seconds; NaN when unknown."""
    start: np.ndarray
    """When the predictor was called, seconds."""
    finish: np.ndarray
    """When the answer was there, seconds."""


def drive(
    predictor: Predictor,
    requests: Iterable[Any],
    times: np.ndarray,
    clock: VirtualClock,
    *,
    seconds_for: Mapping[str, float] | None = None,
    servers: int = 1,
) -> Driven:
    """Answer `requests` at `times` with `predictor`, first come, first served, in virtual time.

    Each request is handed to the predictor when a server is free, with the clock set to that
    moment. If the clock moved during the call (a model that sleeps on it), that is the service
    time; otherwise the source of the answer decides, through `seconds_for`.

    The calls come in order of their start, each on the clock of its own server. What a call leaves
    in the predictor, such as a cache entry, is there for the next call at once, even one that
    starts, on another server, before the first is over. If such an answer has an age below 0, it
    is not there yet: the request waits for it, and its age is 0.

    Parameters
    ----------
    predictor : object with ``answer(request) -> Answer``
    requests : iterable of length n
    times : array of float, shape (n,)
        Times of arrival, seconds, sorted.
    clock : VirtualClock
        The clock that the predictor was made with; afterwards it stands at the last finish.
    seconds_for : mapping of str to float, optional
        Service time of each source, seconds, as measured: ``{"table": 7e-6, "model": 2e-3}``.
    servers : int

    A source that `seconds_for` does not name, during which the clock did not move, is a ValueError;
    what is no `Answer`, or a clock that cannot be set, a TypeError.

    Examples
    --------
    >>> from lessons_lib.answer import Answer, VirtualClock
    >>> class Table:
    ...     def answer(self, request):
    ...         return Answer({"a": 0.2}.get(request), "table", 60.0)
    >>> run = drive(Table(), "aab", [0.0, 1.0, 9.0], VirtualClock(), seconds_for={"table": 2.0})
    >>> run.value, run.finish
    (array([0.2, 0.2, nan]), array([ 2.,  4., 11.]))
    """
    times = validate.times("times", times)
    requests = list(requests)
    validate.same_length("requests", requests, len(times))
    free = [-inf] * validate.count("servers", servers)
    cost = {
        source: validate.finite(f"seconds_for[{source!r}]", seconds)
        for source, seconds in (seconds_for or {}).items()
    }
    if not hasattr(clock, "now"):
        raise TypeError(f"clock is {clock!r}: give the VirtualClock the predictor was made with.")
    answer, rows = predictor.answer, []
    for request, start in zip(requests, memoryview(times), strict=True):
        if free[0] > start:
            start = free[0]
        clock.now = start
        reply = answer(request)
        try:
            value, source, age = reply
        except (TypeError, ValueError):
            raise TypeError(
                f"answer({request!r}) gave {reply!r}: return Answer(value, source, age)."
            ) from None
        finish = clock.now
        if finish == start:
            if source not in cost:
                known = ", ".join(map(repr, cost)) or "none"
                raise ValueError(
                    f"seconds_for has no time for the source {source!r} (it has: {known}), and the "
                    "clock did not move during the call: add the measured seconds, or let the model "
                    "sleep on the clock."
                )
            finish = start + cost[source]
        if age < 0:
            finish, age = max(finish, start - age), 0.0
        heapreplace(free, finish)
        rows.append((nan if value is None else value, source, age, start, finish))
    clock.now = max(free)
    types = (float, str, float, float, float)
    return Driven(*map(np.array, zip(*rows, strict=True), types))
