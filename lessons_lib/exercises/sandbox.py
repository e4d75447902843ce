"""Runs a learner's code so that nothing it does can stop the notebook.

Used by `lessons_lib.exercises.exercise` only. It must not know what an exercise is.

The code runs in a worker thread: a Python loop without end is stopped there by an exception set
from outside, on every operating system. What it patched, printed or changed globally is put back.
Code that hangs inside one call of C cannot be stopped; it is left behind in its thread.
"""

import builtins
import contextlib
import ctypes
import io
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, NamedTuple

_monotonic = time.monotonic


class Run(NamedTuple):
    """How a bounded run ended.

    Parameters
    ----------
    end : str
        ``"done"``, ``"timeout"`` (out of time), ``"interrupted"`` (the learner pressed stop) or
        ``"lost"`` (the task raised all the same).
    value : object
        What the task returned; None unless done.
    printed : str
        What it printed.
    alive : bool
        Whether it could not be stopped and still runs.
    """

    end: str
    value: Any
    printed: str
    alive: bool


def run_bounded(task: Callable[[], Any], seconds: float) -> Run:
    """Run `task` in a worker thread for at most `seconds`; a task must not raise."""
    values: list[Any] = []
    thread = threading.Thread(
        target=lambda: values.append(task()), name="exercise check", daemon=True
    )
    out = io.StringIO()
    with restored(), contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        thread.start()
        try:
            in_time = _wait(thread, seconds)
            end = "done" if in_time else "timeout"
        except KeyboardInterrupt:
            end = "interrupted"
        if end != "done":
            _stop(thread)
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


def _stop(thread: threading.Thread) -> None:
    """Raise SystemExit inside `thread`; again for a while, since its code may catch it."""
    for _ in range(20):
        if not thread.is_alive():
            return
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident), ctypes.py_object(SystemExit)
        )
        thread.join(0.05)


class restored:
    """Put back what code may change for everybody: built-ins, `time`, the folder, the limits."""

    def __enter__(self) -> None:
        self._saved = [(vars(module), dict(vars(module))) for module in (builtins, time)]
        self._folder, self._limit = os.getcwd(), sys.getrecursionlimit()
        builtins.input = _no_input

    def __exit__(self, *_error: object) -> None:
        for live, names in self._saved:
            live.update(names)  # first of all, and without a built-in: they may be broken here
        for live, names in self._saved:
            for extra in set(live).difference(names):
                live.pop(extra, None)
        sys.setrecursionlimit(self._limit)
        with contextlib.suppress(OSError):
            os.chdir(self._folder)


def _no_input(*_args: object) -> str:
    raise EOFError("input() gets no answer while a check runs")
