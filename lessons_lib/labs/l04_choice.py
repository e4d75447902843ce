"""What lesson 04 needs to choose a model: seconds of one row each, and a promise made from them.

Deadline and load come from the times of the machine at hand, so that the same model is too slow on
a quick machine and on a slow one. It knows no queue: whether a promise is kept is the learner's to
find out.
"""

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd
from threadpoolctl import threadpool_limits

from lessons_lib.labs.l03_timing import milliseconds

BLEND = ("live", "live_logistic")
"""The models whose mean answer is the blend: it takes the seconds of both."""
BUSY = 0.1
"""The share of the time for which the blend keeps one worker busy under a `promise`."""


class Promise(NamedTuple):
    """99 of 100 answers within `deadline` seconds, at `rate` requests a second on one worker."""

    deadline: float
    rate: float


def seconds_each(fitted: Mapping, request, known) -> pd.Series:
    """The seconds that one row takes each model, and the blend of two of them, on this machine."""
    ask = {
        name: lambda model=model: model.predict_one(request, known)
        for name, model in fitted.items()
    }
    with threadpool_limits(1):  # more threads only slow a single row down
        seconds = milliseconds(ask, rounds=60) / 1000
    seconds["blend"] = sum(seconds[name] for name in BLEND)
    return seconds.rename("seconds")


def promise(seconds: Mapping[str, float]) -> Promise:
    """A promise that the blend could keep only if nobody else were there.

    The deadline is the time of the blend by itself, and requests come at a rate at which it would
    keep its worker busy for `BUSY` of the time: one in ten then waits for another one, and so its
    p99 is above the deadline. Either of its halves alone is in time: the quicker one takes at most
    half as long.

    >>> promise({"live": 0.001, "live_logistic": 0.003, "blend": 0.004})
    Promise(deadline=0.004, rate=25.0)
    """
    return Promise(deadline=seconds["blend"], rate=BUSY / seconds["blend"])
