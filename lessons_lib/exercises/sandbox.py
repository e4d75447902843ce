"""Runs a learner's code so that nothing it does can stop or change the notebook.

It must not know what an exercise is.

The code runs in a worker thread: a Python loop without end is stopped there by an exception set
from outside, on every operating system, and so are the threads that the code has started. What it
patched, printed or changed globally is put back. A child process that it forks ends with the run.
Code that hangs inside one call of C cannot be stopped; it is left behind in its thread.
"""

import builtins
import contextlib
import ctypes
import io
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any, NamedTuple

PRINTED = 100_000
"""Characters of a run's output that are kept."""

_monotonic, _exit = time.monotonic, os._exit
_here = threading.local()
_PACKAGE = os.path.dirname(os.path.dirname(__file__)) + os.sep


class _Stopped(BaseException):
    """What is raised in a thread to stop it."""


class Run(NamedTuple):
    """How a bounded run ended."""

    end: str  # done, timeout, interrupted (the stop button), or lost: `explain` itself raised
    value: Any  # what `explain` returned
    printed: str  # the beginning of it
    alive: bool  # whether it could not be stopped and still runs


def run_bounded(
    task: Callable[[], Any], explain: Callable[[BaseException | None], Any], seconds: float
) -> Run:
    """Run `task` in a worker thread, and `explain` with what it raised; together `seconds` at most.

    When `explain` is called, all that the task has changed is put back already.
    """
    values: list[Any] = []
    out, state, owner = _Printed(), _State(), os.getpid()

    def work() -> None:
        _here.seconds, _here.owner, error = seconds, owner, None
        try:
            task()
        except BaseException as raised:  # whatever the learner's code raises, SystemExit included
            error = raised
        finally:
            if os.getpid() != owner:  # a child that the task forked goes no further
                _exit(0)
        with contextlib.suppress(_Stopped):  # it may come more than once
            state.put_back()
            values.append(explain(error))

    thread = threading.Thread(target=work, name="exercise check", daemon=True)
    with _noted_threads(thread) as family:
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(_Printed()):
                builtins.input, os._exit = _no_input, _no_exit
                thread.start()
                try:
                    end = "done" if _wait(thread, seconds) else "timeout"
                except KeyboardInterrupt:
                    end = "interrupted"
                if end != "done":
                    _stop(family)
        finally:
            state.put_back()
            state.closed = True  # what is left behind in its thread changes nothing any more
    if end == "done" and not values:
        end = "lost"
    value = values[0] if end == "done" else None
    return Run(end, value, out.getvalue(), thread.is_alive())


def _wait(thread: threading.Thread, seconds: float) -> bool:
    """Whether `thread` ends in time. Short waits, so that the stop button works on Windows too."""
    deadline = _monotonic() + seconds
    while thread.is_alive() and _monotonic() < deadline:
        thread.join(min(0.1, max(0.0, deadline - _monotonic())))
    return not thread.is_alive()


def _stop(threads: list[threading.Thread]) -> None:
    """Raise an exception inside `threads`; again for a while, since their code may catch it.

    The last one comes first: who waits for it may then end in good order.
    """
    deadline = _monotonic() + 1
    while any(thread.is_alive() for thread in threads) and _monotonic() < deadline:
        for thread in reversed(threads):
            if thread.is_alive() and _monotonic() < deadline:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(
                    ctypes.c_ulong(thread.ident), ctypes.py_object(_Stopped)
                )
                threads[0].join(0.05)


@contextlib.contextmanager
def _noted_threads(first: threading.Thread) -> Iterator[list[threading.Thread]]:
    """The list of `first` and of all threads that it or its offspring start during the block."""
    family, start = [first], threading.Thread.start

    def noted(thread: threading.Thread) -> None:
        if threading.current_thread() in family:
            family.append(thread)
        start(thread)

    threading.Thread.start = noted
    try:
        yield family
    finally:
        threading.Thread.start = start


class _State:
    """What code may change for everybody: built-ins, `time`, `os`, the folder, the limits."""

    def __init__(self):
        self._saved = [(vars(module), dict(vars(module))) for module in (builtins, time, os)]
        self._limit = sys.getrecursionlimit()
        self._chdir, self._folder = os.chdir, None
        with contextlib.suppress(OSError):  # the folder may have been deleted
            self._folder = os.getcwd()
        self.closed = False

    def put_back(self) -> None:
        """Put all of it back, once or several times, until `closed`."""
        if self.closed:
            return
        for live, names in self._saved:
            live.update(names)  # first of all, and without a built-in: they may be broken here
        for live, names in self._saved:
            for extra in set(live).difference(names):
                live.pop(extra, None)
        sys.setrecursionlimit(self._limit)
        if self._folder is not None:
            with contextlib.suppress(OSError):
                self._chdir(self._folder)


class _Printed(io.StringIO):
    """Keeps the beginning of what is printed: a loop without end would fill the memory."""

    def write(self, text: str) -> int:
        if self.tell() < PRINTED:
            super().write(text[:PRINTED])
        return len(text)


def _no_input(*_args: object) -> str:
    raise EOFError("input() gets no answer while a check runs")


def _no_exit(code: int = 0) -> None:
    """What ``os._exit`` is while a check runs: only a child that was forked may really end."""
    if os.getpid() != getattr(_here, "owner", None):
        _exit(code)
    raise SystemExit(code)


def _end_in_time() -> None:
    """In a forked child: nobody watches it, so it gets an alarm; and the check is not its own."""
    seconds = getattr(_here, "seconds", None)
    if seconds is not None:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        sys.setprofile(_end_at_return)


def _end_at_return(frame: FrameType, event: str, _arg: object) -> None:
    """End a forked child where the learner's code returns to the check."""
    if event == "return" and frame.f_back is not None:
        inner, outer = (f.f_code.co_filename.startswith(_PACKAGE) for f in (frame, frame.f_back))
        if outer and not inner:
            _exit(0)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_end_in_time)
