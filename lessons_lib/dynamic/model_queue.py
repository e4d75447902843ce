"""A bounded queue in front of a few threads: where the model runs.

Used by `service`; lesson 04 puts a number on it. It knows no HTTP and no model: work goes in, a
result comes out, and when too much is waiting the next piece is turned away at once.

Why threads: the event loop must stay free to say "full" and "I am healthy" while a model runs.
Why a bound: with an endless queue an overloaded service answers everybody, late, for ever.
Why not ``ThreadPoolExecutor``: its queue has no bound, and a stuck thread of its own would keep
the process from ending. A hop to these threads and back also costs half as much.
"""

import asyncio
import math
import threading
import time
import weakref
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any


class Full(Exception):
    """The queue holds as much as it may."""


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
        self._work: SimpleQueue = SimpleQueue()
        self._started = False
        weakref.finalize(self, _end, self._work, threads)

    @property
    def waiting(self) -> int:
        """How many pieces of work are waiting now, those that are running not counted."""
        return max(0, self.inside - self.threads)

    def retry_after(self) -> int:
        """Whole seconds, at least 1, after which the queue should have room again."""
        return max(1, math.ceil(self.waiting * self._seconds / self.threads))

    async def run(self, work: Callable[..., Any], *args: Any) -> Any:
        """The result of ``work(*args)``; raises `Full`, or whatever the work raises."""
        if self.inside >= self.threads + self.limit:
            raise Full(f"{self.waiting} requests are waiting already.")
        self._start()
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        # Counted up here and down where the result arrives, both in the event loop: a client who
        # leaves early does not make room, because the thread is still at work for it.
        self.inside += 1
        self._work.put((loop, future, self._leave, work, args))
        return await future

    def close(self) -> None:
        """Let the threads end when the work that is queued is done."""
        _end(self._work, self.threads)
        self._started = False

    def _start(self) -> None:
        if not self._started:
            self._started = True
            for number in range(self.threads):
                # Daemons: a model that never returns must not keep the process alive.
                threading.Thread(
                    target=_serve, args=(self._work,), name=f"model-{number}", daemon=True
                ).start()

    def _leave(
        self, future: asyncio.Future, seconds: float, result: Any, error: Exception | None
    ) -> None:
        self.inside -= 1
        self._seconds += 0.1 * (seconds - self._seconds)
        if future.done():  # cancelled: the client is gone
            return
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)


def _serve(queue: SimpleQueue) -> None:
    """What each thread does: take work, do it, hand the result back to the event loop."""
    while (item := queue.get()) is not None:
        loop, future, leave, work, args = item
        result, error, began = None, None, time.perf_counter()
        try:
            result = work(*args)
        except StopIteration as problem:  # a future cannot carry this one
            error = RuntimeError(f"The work raised {problem!r}.")
        except Exception as problem:
            error = problem
        try:
            seconds = time.perf_counter() - began
            loop.call_soon_threadsafe(leave, future, seconds, result, error)
        except RuntimeError:  # the loop is closed: nobody waits for this any more
            pass
        del item, loop, future, leave, work, args, result, error


def _end(queue: SimpleQueue, threads: int) -> None:
    for _ in range(threads):
        queue.put(None)
