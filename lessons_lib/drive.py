"""Drive any predictor through virtual time: the learner's own code under simulated traffic.

It knows a predictor by its ``answer(request)`` and its clock alone: no server, no file, no model. `drive`
has them answer one by one. A predictor that can say for what it waits (``steps(request)``, as a router's)
answers many at once with `drive_together`, on a clock with a calendar.
"""

import gc
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future
from heapq import heappop, heappush, heapreplace
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


class Calendar(VirtualClock):
    """A virtual clock that keeps appointments.

    >>> clock = Calendar()
    >>> clock.at(5.0, lambda: print("five", clock()))
    >>> clock.run(9.0)
    five 5.0
    >>> clock()
    9.0
    """

    def __init__(self, now: float = 0.0):
        super().__init__(now)
        self._due: list[tuple[float, int, Callable[[], object]]] = []
        self._made = 0

    def at(self, when: float, call: Callable[[], object]) -> None:
        """Call this at a moment, or now if that is over; what is due together, in order of making."""
        self._made += 1
        heappush(self._due, (max(self.now, when), self._made, call))

    def run(self, until: float = inf) -> None:
        """Let time pass until this moment, or until nothing more is due."""
        while self._due and self._due[0][0] <= until:
            self.now, _, call = heappop(self._due)
            call()
        if until < inf:
            self.now = max(self.now, until)


class Servers(Executor):
    """Equal servers in virtual time, first come, first served: an executor on a calendar.

    Parameters
    ----------
    clock : Calendar
    count : int
        How many there are; may be changed at any moment, down to 0. Who is being served stays.
    seconds : float
        The service time; may be changed at any moment. One of infinity never ends.

    Attributes
    ----------
    runs : list of (arguments, begin, end)
        Every run in the order of their begin, seconds.
    """

    def __init__(self, clock: Calendar, count: int, seconds: float):
        self.clock = clock
        self.seconds = validate.number("seconds", seconds)
        self.runs: list[tuple[tuple, float, float]] = []
        self._waiting: deque = deque()
        self._busy, self._count = 0, validate.count("count", count, 0)

    @property
    def count(self) -> int:
        return self._count

    @count.setter
    def count(self, count: int) -> None:
        self._count = validate.count("count", count, 0)
        self._next()

    @property
    def waiting(self) -> int:
        """How many runs wait for a server."""
        return len(self._waiting)

    def submit(self, function: Callable, /, *args: Any) -> Future:
        """The result of a call, an `Answer`, once a server was free and its service is over."""
        future: Future = Future()
        self._waiting.append((future, function, args))
        self._next()
        return future

    def _next(self) -> None:
        while self._waiting and self._busy < self._count:
            future, function, args = self._waiting.popleft()
            if not future.set_running_or_notify_cancel():
                continue
            self._busy += 1
            end = self.clock.now + self.seconds
            self.runs.append((args, self.clock.now, end))
            if end < inf:
                self.clock.at(end, _Run(self, future, function, args, self.seconds))

    def _done(self) -> None:
        self._busy -= 1
        self._next()


class _Run(NamedTuple):
    """What is called at the end of a run."""

    servers: Servers
    future: Future
    function: Callable
    args: tuple
    seconds: float

    def __call__(self) -> None:
        try:
            found = self.function(*self.args)
        except Exception as error:
            self.future.set_exception(error)
        else:
            self.future.set_result(found._replace(age=found.age + self.seconds))
        self.servers._done()


def drive_together(
    predictor: Any,
    requests: Iterable[Any],
    times: np.ndarray,
    clock: Calendar,
    *,
    seconds_for: Mapping[str, float],
) -> Driven:
    """Answer each of `requests` from its arrival on, whatever the others wait for; as `drive`.

    Parameters
    ----------
    predictor : object with ``steps(request)``
        A generator that yields a future and the moment until which it waits for it, and returns
        an `Answer`, as `lessons_lib.router.Router` has it. It runs on `Servers`.
    requests, times, seconds_for
        As in `drive`. The seconds are those of what needs no server, by source; an answer that was
        waited for takes none.
    clock : Calendar
        The clock of predictor and servers; what is to happen meanwhile stands in it already.

    Returns
    -------
    Driven
        ``start`` is the arrival; ``finish`` is infinity for who was never answered.
    """
    times = validate.times("times", times)
    requests = list(requests)
    validate.same_length("requests", requests, len(times))
    if not hasattr(clock, "at"):
        raise TypeError(f"clock is {clock!r}: give the Calendar the predictor was made with.")
    rows = [(nan, "default", nan, t, inf) for t in times.tolist()]

    def go_on(i: int, steps: Iterator) -> None:
        try:
            future, until = next(steps)
        except StopIteration as end:
            value, source, age = end.value
            arrived, now = rows[i][3], clock.now
            finish = now if now > arrived else now + seconds_for.get(source, 0.0)
            rows[i] = (nan if value is None else value, source, age, arrived, finish)
            return
        waiting = [True]

        def once(_=None) -> None:
            if waiting:
                waiting.clear()
                go_on(i, steps)

        future.add_done_callback(once)
        if until < inf:
            clock.at(until, once)

    collecting = gc.isenabled()
    gc.disable()  # all of it is in use until the end: to look for garbage takes two thirds of the time
    try:
        for i, (request, arrived) in enumerate(zip(requests, times.tolist(), strict=True)):
            clock.run(arrived)
            go_on(i, predictor.steps(request))
        clock.run()
    finally:
        if collecting:
            gc.enable()
    types = (float, str, float, float, float)
    return Driven(*map(np.array, zip(*rows, strict=True), types))
