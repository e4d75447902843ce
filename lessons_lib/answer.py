"""The one idea of the course: every predictor answers a request in the same form.

This file stands below both the modes and the laboratory, and knows neither: no model, no server,
no file.

A predictor is any object with ``answer(request) -> Answer``. A static one reads the answer from a
published table, a dynamic one runs the model, a hybrid one chooses between them. Each is made with
a ``clock``, so that the same object runs in real time behind a service and in virtual time in the
simulator.
"""

import time
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol, runtime_checkable

from lessons_lib import validate

Clock = Callable[[], float]
"""A function without arguments that gives the time in seconds, as ``time.time`` does."""

SOURCES = ("table", "cache", "model", "default")
"""Where an answer may come from."""


class Answer(NamedTuple):
    """What a predictor gives back.

    Parameters
    ----------
    value : float or None
        The prediction, here a probability in 0..1; None when the predictor has none.
    source : str
        One of `SOURCES`: ``"table"`` (computed ahead of time), ``"cache"`` (computed for an
        earlier request), ``"model"`` (computed now), ``"default"`` (no prediction for this input).
    age : float
        How old the information behind the value is, in seconds. 0.0 for an answer computed now
        from live inputs; NaN when nothing is known.

    Examples
    --------
    >>> Answer(0.25, "table", 3600.0)
    Answer(value=0.25, source='table', age=3600.0)
    """

    value: float | None
    source: str
    age: float


@runtime_checkable
class Predictor(Protocol):
    """Anything that answers a request; see `Answer`."""

    def answer(self, request: Any) -> Answer:
        """Answer one request, now, by the predictor's own clock."""
        ...


def key_of(request: Any) -> str:
    """The key under which a table or a cache keeps the answer to `request`.

    A flight request names its key itself; a sentence is its own key; anything else is a TypeError.

    Examples
    --------
    >>> key_of("a fine film")
    'a fine film'
    """
    if isinstance(request, str):
        return request
    key = getattr(request, "key", None)
    if not isinstance(key, str):
        raise TypeError(f"{request!r} has no key: give a FlightRequest or a sentence (str).")
    return key


class VirtualClock:
    """A clock that moves only when told, so that an hour of waiting takes no time.

    It starts at `now`, in seconds, and may be set by its attribute ``now``.

    Examples
    --------
    >>> clock = VirtualClock()
    >>> clock.sleep(3600)
    >>> clock()
    3600.0
    """

    def __init__(self, now: float = 0.0):
        self.now = float(now)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        """Move the clock forward by `seconds`, 0 or more."""
        self.now += validate.number("seconds", seconds)


def sleep_on(clock: Clock) -> Callable[[float], None]:
    """The way to wait that belongs to `clock`: its own ``sleep`` if it has one, else a real one."""
    return getattr(clock, "sleep", time.sleep)
