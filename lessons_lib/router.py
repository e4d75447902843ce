"""A router: one predictor before both modes, truthful and in time when parts of it fail.

It knows both modes through ``answer(request)`` alone: no store, no service and no model by name.
The way of a request::

    table     has its key                            -> the table's answer
    cache     holds an answer younger than `ttl`     -> source "cache"
              ... younger than `ttl` + `stale`       -> source "cache"; a run begins behind it
    model     the breaker is open, or too many runs  -> default
              a run for the key is on its way        -> joins it
              else a run begins; it is awaited, and tried again while deadline and budget allow
    default   nothing else came in time

A router never lets a failure of its parts out: its answer says where it comes from, `Router.counts`
says why. Its lock is held for moments only, never while a table or a model works, and not at all
for a hit.

The routing is written once. It does not wait, it *says* for what it would wait and until when
(`Router.steps`). `Router.answer` waits for real, in the thread of a service;
`drive.drive_together` goes on with other requests meanwhile, in virtual time. What the model runs
on is an executor, as in ``concurrent.futures``: `Threads` here, `drive.Servers` there.

Libraries do parts of this. A cache of cachetools is not safe between threads without a lock, which
costs a hit half as much again; an ``OrderedDict``, as in lesson 05, can be read without one.
Circuit breakers (pybreaker, aiobreaker) and retries (tenacity) read the machine's own clock, which
no virtual one can replace; pybreaker lets one call in at a time, and none has a budget. `Breaker`
and `Limits` are what is left of them without a clock.
"""

import contextlib
import threading
import time
import weakref
from collections import Counter, OrderedDict
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from math import inf, nan
from queue import SimpleQueue
from typing import Any

from lessons_lib import validate
from lessons_lib.answer import Answer, Clock, Predictor, key_of

CREDIT = 10.0
"""How many retries a quiet time can save up."""

_new = tuple.__new__  # makes an Answer in half the time that Answer(...) takes


class Limits:
    """What keeps a model in trouble from being buried: a bound on its runs, a budget of retries.

    Parameters
    ----------
    most_runs : int or inf
        Runs that may wait or run at one time; whoever would begin one more is turned away.
    retry_share : float
        Retries for each run that is no retry: 0.1 adds a tenth to the load at most, 0 nothing, and
        infinity is no budget. A quiet time saves up no more than `CREDIT` of them.

    Examples
    --------
    >>> limits = Limits(most_runs=2, retry_share=0.5)
    >>> [limits.allows(runs) for runs in (0, 1, 2)]
    [True, True, False]
    >>> [limits.allows(0, again=True) for _ in range(2)]
    [True, False]
    """

    def __init__(self, most_runs: float = inf, retry_share: float = inf):
        self.most_runs = validate.count("most_runs", most_runs, endless=True)
        self.retry_share = validate.number("retry_share", retry_share)
        self.credit = 0.0

    def allows(self, runs: int, again: bool = False) -> bool:
        """Whether a run may begin while `runs` of them wait or run; `again`: it is a retry."""
        if runs >= self.most_runs:
            return False
        if again and self.credit < 1 and self.retry_share < inf:
            return False
        self.credit = min(self.credit + (-1 if again else self.retry_share), CREDIT)
        return True


class Breaker:
    """A circuit breaker: after `failures` in a row no run begins for `pause` seconds, then one does.

    If that one succeeds all may begin again, else the pause starts anew.

    Source: Nygard (2007), Release It!, "Circuit Breaker".

    Examples
    --------
    >>> breaker = Breaker(failures=2, pause=5)
    >>> for moment in (0, 1):
    ...     breaker.note(False, now=moment)
    >>> [breaker.allows(now=moment) for moment in (5.9, 6, 6)]
    [False, True, False]
    """

    def __init__(self, failures: int = 5, pause: float = 5.0):
        self.failures = validate.count("failures", failures)
        self.pause = validate.finite("pause", pause, above=True)
        self._failed, self._closed_until = 0, -inf

    def allows(self, now: float) -> bool:
        """Whether a run may begin at this moment."""
        if self._failed < self.failures:
            return True
        if now < self._closed_until:
            return False
        self._closed_until = now + self.pause  # this one tries; the others wait for what it finds
        return True

    def note(self, succeeded: bool, now: float) -> None:
        """What became of a run."""
        self._failed = 0 if succeeded else self._failed + 1
        if self._failed >= self.failures:
            self._closed_until = now + self.pause


class Router:
    """Answers from a table, else a cache, else a model, else with a default; see the file's top.

    Safe to share between threads. Each setting that is a defence can be switched off.

    Parameters
    ----------
    table, model : Predictor or None
        An answer with the value None is a miss, and so is an error; None is no such part.
    default : float, optional
        The value when nothing else is there; its age is NaN.
    clock : callable
        Counts ages and deadlines, seconds. It should not jump, as ``time.time`` may.
    cache_size : int
        Answers of the model that are kept; the least recently used one makes room.
    ttl : float
        For how many seconds the information behind an answer is fresh.
    stale : float
        For how many more it may be served while a new run is on its way. Off: 0.
    deadline : float
        Seconds within which `answer` returns. Off: infinity. A look-up in the table counts, and
        cannot be cut off: a client of a server needs a time-out of its own.
    tries : int
        How often the model is asked, each time for an equal part of the deadline.
    single_flight : bool
        Whether requests for one key share a run.
    limits : Limits, optional
        Whether a run may begin, and whether it may be tried again. Off: None.
    breaker : Breaker, optional
        Whether the model is asked at all. Off: None.
    servers : Executor, optional
        What the model runs on; one thread by default.

    A setting out of range is a ValueError, a part without ``answer(request)`` a TypeError.

    Attributes
    ----------
    counts : Counter
        How often what happened: ``run``, ``joined``, ``retried``, ``refreshed``; ``late``, ``failed``;
        ``shed``, ``not retried``, ``breaker open``; ``table failed``.

    Examples
    --------
    >>> class Model:
    ...     def answer(self, request):
    ...         return Answer(0.25, "model", 0.0)
    >>> router = Router(None, Model(), ttl=60)
    >>> [router.answer("UA EWR IAH 05").source for _ in range(2)]
    ['model', 'cache']
    """

    def __init__(
        self,
        table: Predictor | None,
        model: Predictor | None,
        *,
        default: float | None = None,
        clock: Clock = time.monotonic,
        cache_size: int = 10_000,
        ttl: float = 3600.0,
        stale: float = 0.0,
        deadline: float = 1.0,
        tries: int = 1,
        single_flight: bool = True,
        limits: Limits | None = None,
        breaker: Breaker | None = None,
        servers: Executor | None = None,
    ):
        for name, part in (("table", table), ("model", model)):
            if part is not None and not hasattr(part, "answer"):
                raise TypeError(
                    f"{name} is {part!r}: give an object with answer(request), or None."
                )
        if default is not None:
            default = validate.finite("default", default, -inf)
        self.table, self.model, self.clock = table, model, clock
        self.default = Answer(default, "default", nan)
        self.ttl = validate.number("ttl", ttl)
        self.stale = validate.number("stale", stale)
        self.deadline = validate.number("deadline", deadline, above=True)
        self.tries = validate.count("tries", tries)
        self.single_flight, self.limits, self.breaker = single_flight, limits, breaker
        self.servers = Threads() if servers is None else servers
        self.counts: Counter[str] = Counter()
        self.cache_size = validate.count("cache_size", cache_size)
        self._cache: OrderedDict = OrderedDict()  # key -> (value, when its information was taken)
        self._runs: dict[Future, str] = {}  # that wait or run, and the key of each
        self._flights: dict[str, Future] = {}  # key -> the run that may be joined
        self._lock = threading.RLock()

    def answer(self, request: Any) -> Answer:
        """The answer to a request, within the deadline; a request without a key is a TypeError."""
        began, key = self.clock(), key_of(request)
        found = self._look_up(request, key)
        if found is not None:
            return found
        steps = self._ask(request, key, began)
        while True:
            try:
                run, until = next(steps)
            except StopIteration as end:
                return end.value
            with contextlib.suppress(Exception):  # late or failed: `steps` looks at the run itself
                run.exception(None if until == inf else max(0.0, until - self.clock()))

    def steps(self, request: Any) -> Iterator[tuple[Future, float]]:
        """The way to the same answer for who does not want to be held up.

        Yields what to wait for and until when, and is to be resumed at whichever comes first; the
        answer is what the generator returns.
        """
        began, key = self.clock(), key_of(request)
        found = self._look_up(request, key)
        return found if found is not None else (yield from self._ask(request, key, began))

    def at_hand(self, request: Any) -> Answer | None:
        """The cached answer where no table comes first, else None: what an event loop may ask for.

        It never waits; to ask a table may take a moment or, where that is a server, longer.
        """
        return self._from_cache(request, key_of(request)) if self.table is None else None

    def flush(self) -> None:
        """Forget every cached answer, as a restart does."""
        with self._lock:
            self._cache.clear()

    def _look_up(self, request: Any, key: str) -> Answer | None:
        """The answer of table or cache."""
        if self.table is None:
            return self._from_cache(request, key)
        try:
            found = self.table.answer(request)
            if found.value is not None:
                # Below 0 once the table's clock was set back: how old it is nobody knows.
                return found._replace(age=nan) if found.age < 0 else found
        except Exception:
            self._count("table failed")
        return self._from_cache(request, key)

    def _from_cache(self, request: Any, key: str) -> Answer | None:
        """The cached answer, if it is young enough; where it is stale a run begins."""
        entry = self._cache.get(key)
        if entry is None:
            return None
        value, made = entry
        age = self.clock() - made
        if age >= self.ttl:
            if age >= self.ttl + self.stale:
                return None
            self._refresh(request, key)
        try:
            self._cache.move_to_end(key)
        except KeyError:  # another thread has dropped it just now
            return None
        return _new(Answer, (value, "cache", age))

    def _refresh(self, request: Any, key: str) -> None:
        with self._lock:
            if key not in self._flights and self._start(request, key):
                self.counts["refreshed"] += 1

    def _ask(self, request: Any, key: str, began: float) -> Iterator[tuple[Future, float]]:
        """What comes after table and cache; as `steps`."""
        run = None
        for number in range(1, self.tries + 1):
            with self._lock:
                found = self._from_cache(request, key)  # a run may have landed since the last look
                if found is not None:
                    return found
                run = self._join(key, run) or self._start(request, key, again=number > 1)
            if run is None:
                break
            yield run, began + self.deadline * number / self.tries
            if not run.done():
                self._late(run)
                continue
            self._land(run)
            if run.made is not None:
                fresh = run.result()
                return Answer(fresh.value, fresh.source, self.clock() - run.made)
        return self.default

    def _join(self, key: str, tried: Future | None) -> Future | None:
        """A run for this key that is on its way or just done, and that was not `tried` in vain."""
        run = self._flights.get(key) if self.single_flight else None
        if run is None or run is tried:
            return None
        if run.done():  # and perhaps not landed yet
            self._land(run)
            if run.made is None:
                return None
        self.counts["joined"] += 1
        return run

    def _start(self, request: Any, key: str, again: bool = False) -> Future | None:
        """Begin a run, unless a defence forbids it; the lock is held."""
        if self.model is None:
            return None
        what = "retried" if again else "run"
        if self.breaker and not self.breaker.allows(self.clock()):
            what = "breaker open"
        elif self.limits and not self.limits.allows(len(self._runs), again):
            what = "not retried" if again else "shed"
        self.counts[what] += 1
        if what not in ("run", "retried"):
            return None
        run = self.servers.submit(self.model.answer, request)
        run.made = None  # when its information was taken, once it has landed
        run.missed = False  # whether somebody has waited in vain
        self._runs[run] = key
        self._flights[key] = run
        run.add_done_callback(self._land)
        return run

    def _land(self, run: Future) -> None:
        """Keep what a run has found; called by whoever notices first that it is done."""
        with self._lock:
            key = self._runs.pop(run, None)
            if key is None:
                return
            if self._flights.get(key) is run:
                del self._flights[key]
            now = self.clock()
            with contextlib.suppress(BaseException):  # an exit, too, is the model's failure
                fresh = run.result()
                if fresh.value is not None:
                    run.made = now - max(fresh.age, 0.0)
            if run.made is None:
                self.counts["failed"] += 1
            elif (
                run.made <= now
            ):  # else nobody knows how old it is: good for who waits, not to keep
                self._keep(key, fresh.value, run.made)
            self._tell_breaker(run, run.made is not None, now)

    def _keep(self, key: str, value: float, made: float) -> None:
        """Put an answer into the cache, unless a newer one is there; the lock is held."""
        before = self._cache.get(key)
        if before is None or before[1] <= made:
            self._cache[key] = value, made
            self._cache.move_to_end(key)
            if len(self._cache) > self.cache_size:
                self._cache.popitem(last=False)

    def _late(self, run: Future) -> None:
        with self._lock:
            self.counts["late"] += 1
            self._tell_breaker(run, False, self.clock())

    def _tell_breaker(self, run: Future, succeeded: bool, now: float) -> None:
        """Each run is a success or one failure, however many have waited for it."""
        if self.breaker and (succeeded or not run.missed):
            self.breaker.note(succeeded, now)
        run.missed = run.missed or not succeeded

    def _count(self, what: str) -> None:
        with self._lock:
            self.counts[what] += 1


class Threads(Executor):
    """An executor of daemon threads: a model that never returns does not keep the process alive.

    `count` runs go on at one time; the threads begin with the first.

    >>> Threads(2).submit(pow, 2, 10).result()
    1024
    """

    def __init__(self, count: int = 1):
        self.count = validate.count("count", count)
        self._work: SimpleQueue = SimpleQueue()
        self._lock, self._started = threading.Lock(), False

    def submit(self, function, /, *args, **kwargs) -> Future:
        """The result of a call, as a ``Future``."""
        with self._lock:
            if not self._started:
                self._started = True
                weakref.finalize(self, _end, self._work, self.count)
                for number in range(self.count):
                    name = f"router-{number}"
                    threading.Thread(
                        target=_work, args=(self._work,), name=name, daemon=True
                    ).start()
        future: Future = Future()
        self._work.put((future, function, args, kwargs))
        return future


def _work(queue: SimpleQueue) -> None:
    """What each thread does: take work, do it, and tell what came of it."""
    while (item := queue.get()) is not None:
        future, function, args, kwargs = item
        if future.set_running_or_notify_cancel():
            try:
                result = function(*args, **kwargs)
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(result)
        del item, future


def _end(queue: SimpleQueue, count: int) -> None:
    for _ in range(count):
        queue.put(None)
