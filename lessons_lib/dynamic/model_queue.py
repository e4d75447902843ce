"""Where the model lives: loaded in the background, then run in a few threads behind a bounded queue.

It knows no HTTP and no model: work goes in, a result comes out, and when too much is waiting the
next piece is turned away at once.

Why threads: the event loop must stay free to say "full" and "I am healthy" while a model runs.
Why a bound: with an endless queue an overloaded service answers everybody, late, for ever.
Why not ``ThreadPoolExecutor``: its queue has no bound, and a stuck thread of its own would keep
the process from ending. A hop to these threads and back also costs half as much: to be woken costs
an event loop as much as a quick model, so it is woken once for many results, and stands still for
the moment that a quick model takes when nobody else is there.
"""

import asyncio
import contextlib
import logging
import math
import reprlib
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

from lessons_lib.answer import Predictor

log = logging.getLogger("lessons_lib.service")


MOMENT = 0.005
"""Seconds for which a result may wait for the next one, or the event loop for a result.

As long as Python lets one thread compute before another gets its turn: a loop that does not stand
still for a model, but asks for Python's lock beside it, waits as long and costs both more.
"""


class Full(Exception):
    """The queue holds as much as it may."""


class Late(Exception):
    """The time for a piece of work was over before it was done."""


class WorkFailed(Exception):
    """The work raised something, be it ``SystemExit``; ``__cause__`` is what it raised."""


class ModelQueue:
    """Runs work in `threads` threads, in order of arrival.

    Parameters
    ----------
    threads : int
        How many pieces of work may run at the same moment. More than one helps only where the
        model lets go of Python's lock while it computes.
    limit : int
        How many more may wait. 0: whoever finds all threads busy is turned away.
    """

    def __init__(self, threads: int, limit: int):
        self.threads = threads
        self.limit = limit
        self.inside = 0
        self._seconds = 0.0  # how long one piece of work takes, the newest counting most
        self._lock = threading.Lock()
        self._new: list[Piece] = []  # came in this turn of the event loop
        self._turn = False  # whether any did
        self._done: deque[Piece] = deque()  # the event loop has not handed out their results yet
        self._quick = threading.Lock()  # free once the piece that the event loop awaits is done
        self._quick.acquire()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._watching = False
        self._began: list[float] = []  # by thread: when its work began; NaN while it has none

    @property
    def waiting(self) -> int:
        """How many pieces of work are waiting now, those that are running not counted."""
        return max(0, self.inside - self.threads)

    def running(self, *, longer_than: float = -math.inf) -> int:
        """How many pieces of work are running now, and for more than so many seconds."""
        now = time.monotonic()
        return sum(now - began > longer_than for began in self._began)

    def retry_after(self) -> int:
        """Whole seconds, at least 1, after which the queue should have room again."""
        return max(1, math.ceil(self.waiting * self._seconds / self.threads))

    async def run(self, work: Callable[..., Any], *args: Any, seconds: float = math.inf) -> Any:
        """The result of ``work(*args)``.

        Raises
        ------
        Full
            When too much is waiting.
        Late
            After `seconds`. Python cannot stop a thread from outside: work that has begun goes
            on and keeps its place; work that has not is left out.
        WorkFailed
            When the work raised anything.
        """
        loop = asyncio.get_running_loop()
        with self._lock:
            if not self._began:
                self._start()
            if self._loop is None or self._loop.is_closed():
                for left in self._new:  # it ended in the turn in which they came
                    self._work.put((self._finish, left))
                self._loop, self._new, self._turn, self._watching = loop, [], False, False
            if self.inside >= self.threads + self.limit:
                raise Full(f"{self.waiting} requests are waiting already.")
            # Counted down by the thread when it is done: who leaves early does not make room.
            self.inside += 1
        piece = Piece(work, args, loop.create_future(), seconds)
        if loop is not self._loop:  # a second one at the same time is woken for each result
            self._work.put((self._finish, piece))
            piece.timer = loop.call_later(seconds, piece.settle, Late())
        else:
            first, self._turn = not self._turn, True
            if first:
                loop.call_soon(self._hand_over)
            if first and self.inside == 1 and 0 < self._seconds < MOMENT:
                self._stand_still(piece)
            else:
                self._new.append(piece)
        try:
            return await piece.future
        finally:
            if piece.timer is not None:
                piece.timer.cancel()

    def close(self) -> None:
        """Let the threads end when the work that is queued is done."""
        if self._began:
            self._hand_over()
            self._end()
            self._began = []

    def _start(self) -> None:
        # A queue of their own: threads that come after `close` must not end in the place of those
        # that hang.
        self._work, self._began = SimpleQueue(), [math.nan] * self.threads
        self._end = weakref.finalize(self, _end, self._work, self.threads)
        for number in range(self.threads):
            # Daemons: a model that never returns must not keep the process alive.
            threading.Thread(
                target=_serve,
                args=(self._work, self._began, number),
                name=f"model-{number}",
                daemon=True,
            ).start()

    def _stand_still(self, piece: "Piece") -> None:
        """Hold the event loop up for work that comes alone and should be done in a moment.

        Once a turn: were it done for each, requests would wait in their sockets, where none is
        refused or late.
        """
        piece.awaited = True
        self._work.put((self._finish, piece))
        told = self._quick.acquire(timeout=MOMENT)
        with self._lock:
            done, piece.awaited = not piece.awaited, False
        if not done:
            self._expect([piece])
            return
        if not told:  # it was done just as the wait was over
            self._quick.acquire()
        piece.settle()

    def _hand_over(self) -> None:
        """Give the threads what came in this turn of the event loop."""
        pieces, self._new, self._turn = self._new, [], False
        for piece in pieces:
            self._work.put((self._finish, piece))
        if pieces:
            self._expect(pieces)

    def _expect(self, pieces: "list[Piece]") -> None:
        """See to it that each is told when it is late, and that results are looked for."""
        for piece in pieces:
            piece.timer = self._loop.call_later(piece.seconds, piece.settle, Late())
        if not self._watching:
            self._watching = True
            self._loop.call_later(MOMENT, self._watch, MOMENT)

    def _finish(self, piece: "Piece", seconds: float) -> None:
        """Called by a thread."""
        with self._lock:
            self.inside -= 1
            self._seconds += 0.1 * (seconds - self._seconds)
            if piece.awaited:
                piece.awaited = False
                return self._quick.release()
        loop = piece.future.get_loop()
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            if loop is not self._loop:
                return loop.call_soon_threadsafe(piece.settle)
            self._done.append(piece)
            if self._work.empty():
                loop.call_soon_threadsafe(self._collect)

    def _watch(self, pause: float) -> None:
        """While more work is waiting, see to it that no result waits for the work behind it."""
        # Asked before the results are collected: a thread that finds no work behind its result
        # wakes the loop, and one that finds some has its result there by then.
        last = self._work.empty()
        pause = MOMENT if self._collect() else min(2 * pause, 0.1)
        if last:
            self._watching = False
        else:
            self._loop.call_later(pause, self._watch, pause)

    def _collect(self) -> int:
        """Hand out the results that are there; how many they were."""
        count = 0
        while self._done:
            piece = self._done.popleft()
            if piece.future.get_loop() is self._loop:  # else that one has ended
                piece.settle()
            count += 1
        return count


@dataclass(eq=False, slots=True)
class Piece:
    """One piece of work, and who waits for it."""

    work: Callable[..., Any]
    args: tuple
    future: asyncio.Future
    seconds: float
    timer: asyncio.TimerHandle | None = None
    awaited: bool = False  # the event loop stands still for it
    result: Any = None
    error: Exception | None = None

    def settle(self, error: Exception | None = None) -> None:
        """Tell the one who waits, who may be gone or late."""
        if self.future.done():
            return
        if error := error or self.error:
            self.future.set_exception(error)
        else:
            self.future.set_result(self.result)


def _serve(queue: SimpleQueue, began: list[float], number: int) -> None:
    """What each thread does: take work, do it, and tell what came of it."""
    while (item := queue.get()) is not None:
        finish, piece = item
        start = began[number] = time.monotonic()
        try:
            if not piece.future.done():  # else nobody waits for it any more
                piece.result = piece.work(*piece.args)
        except BaseException as problem:  # an exit, too, is the model's failure, not the thread's
            piece.error = WorkFailed()
            piece.error.__cause__ = problem
        began[number] = math.nan
        finish(piece, time.monotonic() - start)
        del item, finish, piece


def _end(queue: SimpleQueue, threads: int) -> None:
    for _ in range(threads):
        queue.put(None)


class Loading:
    """A predictor that is there, or will be: a model takes seconds to load.

    Parameters
    ----------
    source : Predictor or callable
        The predictor, or a function (or class) without arguments that makes it.

    Attributes
    ----------
    predictor : Predictor or None
        None until it is there.
    done : concurrent.futures.Future
        Done when the predictor is there, or carries the error that kept it from coming.

    Raises
    ------
    ValueError
        If `source` is neither.
    """

    def __init__(self, source: Predictor | Callable[[], Predictor]):
        there = hasattr(source, "answer") and not isinstance(source, type)
        if not there and not callable(source):
            raise ValueError(
                f"The predictor is {source!r}: give an object with answer(request), or a function "
                "without arguments that makes one."
            )
        self.predictor: Predictor | None = None
        self.done: Future = Future()
        self._since = 0.0
        self._load = None if there else source
        if there:
            self._arrive(source)

    @property
    def status(self) -> str:
        """One of loading, ready and failed."""
        if not self.done.done():
            return "loading"
        return "ready" if self.done.exception() is None else "failed"

    def start(self) -> None:
        """Begin to load, in a thread; nothing happens when called again."""
        load, self._load = self._load, None
        if load is not None:
            threading.Thread(target=self._run, args=(load,), name="loading", daemon=True).start()

    def age(self) -> float | None:
        """Seconds since the model was loaded; None while there is none."""
        return None if self.predictor is None else round(time.monotonic() - self._since, 3)

    def _run(self, load: Callable[[], Predictor]) -> None:
        try:
            predictor = load()
            if not hasattr(predictor, "answer"):
                raise TypeError(
                    f"The loader gave {reprlib.repr(predictor)}, which has no answer(request)."
                )
        except BaseException as error:
            log.error("The model could not be loaded.", exc_info=error)
            if not isinstance(error, Exception) or isinstance(error, StopIteration):
                # Whoever waits for the model must not end by it.
                error = RuntimeError(f"the loader raised {error!r}")
            self.done.set_exception(error)
        else:
            self._arrive(predictor)

    def _arrive(self, predictor: Predictor) -> None:
        self._since = time.monotonic()
        self.predictor = predictor
        self.done.set_result(None)
