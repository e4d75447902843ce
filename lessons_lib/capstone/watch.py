"""An eye on a learner's router: whether it peeks, sleeps, or never returns.

It knows nothing of worlds and grades. Code in one process cannot be locked in; what is done here
stops who tries by chance or by habit, and names what was seen.
"""

import builtins
import contextlib
import ctypes
import dis
import functools
import gc
import inspect
import random
import threading
import time
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

STUCK, LONGEST = 5.0, 30.0
"""Seconds of real time after which one answer, or all of them together, have taken too long."""
WORDS = frozenset(
    [
        "_getframe",
        "currentframe",
        "_current_frames",
        "f_back",
        "f_locals",
        "gi_frame",
        "tb_frame",
        "__closure__",
        "cell_contents",
        "__globals__",
        "__self__",
        "__func__",
        "__code__",
        "__subclasses__",
        "__getattribute__",
        "__builtins__",
        "get_objects",
        "get_referrers",
        "get_referents",
        "settrace",
        "setprofile",
        "gc",
        "inspect",
        "ctypes",
        "capstone",
    ]
)
"""What leads from a router's parts to what stands behind them."""
_MODULES = (gc, inspect, ctypes)
_CALLS = (eval, exec, compile, __import__)
_PLAIN = (int, float, str, bytes, bool, type(None))
_sleep = time.sleep
_SLEPT = (
    "It sleeps in real time, and its clock is a virtual one: where it has to wait, call "
    "clock.sleep(seconds); the model takes its time by itself."
)


class Caught(Exception):
    """A router did what is not allowed; its text says what, and the way out."""


class Stopped(BaseException):
    """What is raised in a thread to end it."""


class Shut:
    """An object that shows what it does and nothing else; who tries is noted in `seen`.

    >>> class Part(Shut):
    ...     __slots__ = ()
    >>> hasattr(Part(), "state"), seen.pop()
    (False, "It looked for 'state' on what it was given: ask answer(request) and the clock, nothing else.")
    """

    __slots__ = ()

    def __getattr__(self, name: str):
        if name == "__dict__" or not name.startswith("__"):
            seen.append(
                f"It looked for {name!r} on what it was given: ask answer(request) and the clock, "
                "nothing else."
            )
        raise AttributeError(name)


seen: list[str] = []
"""What was noted since it was last cleared; a router that keeps an error quiet is caught all the same."""


def look_over(make: Any) -> None:
    """Raise `Caught` where the code of a router names what it must not use."""
    for code, values in _codes(make):
        words = {*code.co_names, *(c for c in code.co_consts if isinstance(c, str))}
        for word in sorted(words):
            if word in WORDS or word.startswith("lessons_lib.capstone"):
                raise Caught(
                    f"Its code names {word!r}, which leads to what a router must not see: decide by "
                    "request, table, model and clock alone."
                )
        for value in values:
            if value is _sleep:
                raise Caught(_SLEPT)
            if any(value is one for one in (*_MODULES, *_CALLS)):
                raise Caught(
                    f"Its code uses {value.__name__!r}, with which it could look anywhere: decide by "
                    "request, table, model and clock alone."
                )


def fingerprint(make: Any) -> list[str]:
    """What the code of a router is made of, so that another router has another one."""
    if make is None:
        return []
    parts = [getattr(make, "__qualname__", type(make).__qualname__)]
    if isinstance(make, functools.partial):
        parts.append(repr([v for v in (*make.args, *make.keywords.items()) if _is_plain(v)]))
    for code, values in _codes(make):
        consts = [c for c in code.co_consts if _is_plain(c)]
        plain = [v for v in values if _is_plain(v)]
        parts.append(repr((code.co_code.hex(), code.co_names, consts, plain)))
    return parts


def _is_plain(value: Any) -> bool:
    return isinstance(value, _PLAIN) or (isinstance(value, tuple) and all(map(_is_plain, value)))


def watched(task: Callable[[], Any], progress: Callable[[], int]) -> Any:
    """What `task` gives, run in a thread that is given up once it gets no further.

    `progress` counts what is done; a task whose count stands still for `STUCK` seconds, or that
    takes `LONGEST`, is stopped, and `Caught` is raised. So is what the task itself raises.
    """
    ends: list[tuple[Any, BaseException | None]] = []

    def work() -> None:
        try:
            ends.append((task(), None))
        except BaseException as error:
            ends.append((None, error))

    def no_sleep(seconds: float) -> None:
        if threading.current_thread() is not thread:
            return _sleep(seconds)
        seen.append(_SLEPT)
        raise Caught(_SLEPT)

    thread = threading.Thread(target=work, name="capstone", daemon=True)
    states = random.getstate(), np.random.get_state()  # noqa: NPY002 - the learner's may use it
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002
    time.sleep = no_sleep
    try:
        thread.start()
        text = _wait(thread, progress)
    finally:
        _stop(thread)
        time.sleep = _sleep
        random.setstate(states[0])
        np.random.set_state(states[1])  # noqa: NPY002
    if text:
        raise Caught(text)
    value, error = ends[0]
    if error is not None:
        raise error
    return value


def _wait(thread: threading.Thread, progress: Callable[[], int]) -> str:
    """Wait for the end; a text if it did not come."""
    began = moved = time.monotonic()
    done = progress()
    while thread.is_alive():
        thread.join(0.05)  # short waits, so that the stop button works on Windows too
        now = time.monotonic()
        if progress() != done:
            done, moved = progress(), now
        if now - moved > STUCK:
            return (
                f"At request {done} it had not returned after {STUCK:g} s: look for a loop that does "
                "not end, or a wait for what nobody sends."
            )
        if now - began > LONGEST:
            return (
                f"After {LONGEST:g} s of real time it was no further than request {done}: do less for "
                "each request, and wait on the clock alone."
            )
    return ""


def _stop(thread: threading.Thread) -> None:
    """Raise an exception inside the thread, again for a while, since its code may catch it."""
    deadline = time.monotonic() + 1
    while thread.is_alive() and time.monotonic() < deadline:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident), ctypes.py_object(Stopped)
        )
        thread.join(0.05)


def _codes(make: Any) -> Iterator[tuple[CodeType, list]]:
    """The code of a router and of its own helpers, each with the values that it names."""
    left, done = [make], {}
    home = _home(make)
    while left:
        found = left.pop()
        if id(found) in done:
            continue
        done[id(found)] = found
        if isinstance(found, functools.partial):
            left += [found.func, *found.args, *found.keywords.values()]
        elif isinstance(found, MethodType):
            left += [found.__func__, found.__self__]
        elif isinstance(found, staticmethod | classmethod):
            left.append(found.__func__)
        elif isinstance(found, property):
            left.append(found.fget)
        elif isinstance(found, type) and found.__module__ == home:
            left += [*vars(found).values(), *found.__bases__]
        elif isinstance(found, FunctionType) and found.__module__ == home:
            for code in _nested(found.__code__):
                values = _named(found, code)
                left += values
                yield code, values
        elif not isinstance(found, type) and type(found).__module__ == home:
            left.append(type(found))


def _home(make: Any) -> str:
    """The module that a router's code stands in, which is that of the notebook."""
    while isinstance(make, functools.partial):
        make = make.func
    return getattr(make, "__module__", None) or type(make).__module__


def _named(function: FunctionType, code: CodeType) -> list:
    """The values that code names: globals, built-ins, what it takes from a module, defaults, cells."""
    names = {**vars(builtins), **function.__globals__}
    values = [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
    last = None  # what the step before has loaded
    for step in dis.get_instructions(code):
        found = None
        if step.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            found = names.get(step.argval)
        elif step.opname in ("LOAD_ATTR", "LOAD_METHOD") and isinstance(last, ModuleType):
            found = vars(last).get(step.argval)
        if found is not None:
            values.append(found)
        last = found
    for cell in function.__closure__ or ():
        with contextlib.suppress(ValueError):  # an empty one
            values.append(cell.cell_contents)
    return values


def _nested(code: CodeType) -> Iterator[CodeType]:
    yield code
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from _nested(const)
