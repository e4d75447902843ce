"""What the hidden checks of exercises share: fail with a code, compare, guard, count.

A probe knows nothing of a particular exercise. A check runs in a worker thread on objects of the
learner, so it makes each input anew, and judges afterwards what a fake has noted: an error raised
inside a fake may be swallowed by the learner's own ``except``.
"""

import contextlib
import copy
import datetime
import math
import numbers
import os
import re
import reprlib
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from lessons_lib import process
from lessons_lib.answer import Answer, VirtualClock
from lessons_lib.board import FlightRequest

COMMON = {
    "changed": "Your code changed what it was given: {found}, once {before}. Work on a copy.",
    "swallowed": "{what} raised an error, and your code kept it quiet and gave {got}. Who "
    "hides a break-down serves what was never computed: let the error pass.",
    "borrowed": "It gives what is asked, and the course's own `{found}` does the work. That is no "
    "crime, and the lesson goes on with it; to pass, `{name}` has to be your own code.",
    "no_answer": "`answer` should return an `Answer(value, source, age)`; it returned {got}.",
    "not_a_class": "`{name}` should be a class, and it is {got}. Run the cell that defines it again.",
    "not_callable": "`{name}` should be a function, and it is {got}. Has its result been given the "
    "same name?",
    "coroutine": "Write `{name}` with `def`, not with `async def`.",
}
"""Messages for failures that any exercise may meet; its own ``FAILURES`` come first."""

MISS = Answer(None, "default", math.nan)
"""The answer when there is none."""

_PLAIN = (list, dict, set, np.ndarray)


class Failed(Exception):
    """The learner's object is wrong in a way that the exercise knows; raised by `fail`."""

    def __init__(self, code: str, values: dict[str, Any]):
        super().__init__(code)
        self.code, self.values = code, values


def fail(code: str, /, **values: Any) -> None:
    """End the check: the object is wrong in the way that ``FAILURES[code]`` describes.

    The values stand for the message's ``{placeholders}``. Numbers and texts can be formatted as
    usual (``{rows:,}``); anything else, and a text called ``got``, appears as in `show`.
    """
    raise Failed(code, values)


def expect(
    got: Any, wanted: Any, code: str, ideas: Iterable[tuple[str, Any]] = (), /, **values: Any
) -> None:
    """Fail with `code` unless `got` is `wanted`; the message may name both.

    `ideas` are code and result of wrong ideas; the first that gives `got` is named instead.

    >>> expect(1 / 3, 2 / 6, "wrong")
    >>> expect(33.3, 0.333, "wrong", [("percent", 33.3)])
    Traceback (most recent call last):
    lessons_lib.exercises.probes.Failed: percent
    """
    if not same(got, wanted):
        named = (idea for idea, result in ideas if same(got, result))
        fail(next(named, code), **{"got": got, "wanted": wanted, **values})


def same(got: Any, wanted: Any) -> bool:
    """Whether `got` is what is wanted: numbers and arrays to nine digits, others by ``==``.

    NaN is NaN and no other number; a text, True, or an array of one are no numbers.

    >>> same(0.1 + 0.2, 0.3), same("0.3", 0.3), same(True, 1), same(float("nan"), 0.3)
    (True, False, False, False)
    """
    if isinstance(wanted, tuple):
        return isinstance(got, tuple) and len(got) == len(wanted) and all(map(same, got, wanted))
    if isinstance(wanted, np.ndarray):
        found = _floats(got, wanted.shape)
        return found is not None and np.allclose(found, wanted, 1e-9, 1e-12, equal_nan=True)
    got = python_value(got)
    number, target = _real(got), _real(wanted)
    if target is not None:
        if number is None or math.isnan(target):
            return number is not None and math.isnan(number)
        return math.isclose(number, target, rel_tol=1e-9, abs_tol=1e-12)
    return isinstance(got, type(wanted)) and bool(got == wanted)


def number(value: Any, code: str, /, **values: Any) -> float:
    """`value` as a float; fails with `code` unless it is one finite number."""
    found = _real(value)
    if found is None or not math.isfinite(found):
        fail(code, got=value, **values)
    return found


def array(value: Any, shape: tuple[int, ...], code: str, /, **values: Any) -> np.ndarray:
    """`value` as floats; fails with `code` unless it holds finite numbers in this shape.

    Any sequence will do; texts and yes or no are no numbers.
    """
    found = _floats(value, shape)
    if found is None or not np.isfinite(found).all():
        fail(code, got=value, **values)
    return found


def instance(value: Any, kind: type, code: str, /, **values: Any) -> None:
    """Fail with `code` unless `value` is of this class."""
    if not isinstance(value, kind):
        fail(code, got=value, **values)


def an_answer(found: Any, code: str = "no_answer") -> Answer:
    """`found` as an `Answer`; fails with `code` if it has another shape."""
    if not (isinstance(found, tuple) and getattr(found, "_fields", None) == Answer._fields):
        fail(code, got=found)
    return Answer(*found)


def answered(
    found: Any,
    wanted: Answer,
    shape: str = "no_answer",
    *,
    ideas: Iterable[tuple[str, Any]] = (),
    **codes: Any,
) -> None:
    """Fail unless `found` is an answer that says what `wanted` does.

    The failure's code is the name of the part, ``value``, ``source`` or ``age``; an argument of
    that name gives another. `ideas` are wrong ones of the value, as in `expect`. More arguments are
    for the messages.
    """
    parts = {part: codes.pop(part, part) for part in Answer._fields}
    found = an_answer(found, shape)
    for part, code in parts.items():
        wrong = ideas if part == "value" else ()
        expect(getattr(found, part), getattr(wanted, part), code, wrong, **codes)


def call(function: Callable, *args: Any, **kwargs: Any) -> Any:
    """What a call gives; fails with ``changed`` if it changes lists, frames, ... it was given."""
    with unchanged(*args, *kwargs.values()):
        return function(*args, **kwargs)


@contextlib.contextmanager
def unchanged(*given: Any, code: str = "changed", **values: Any) -> Iterator[None]:
    """Fail with `code` if lists, frames, ... among `given` are other ones after the block.

    For what a class keeps, where `call` guards only the arguments of one call.
    """
    data = [value for value in given if isinstance(value, _PLAIN) or hasattr(value, "equals")]
    before = copy.deepcopy(data)
    yield
    for old, new in zip(before, data, strict=True):
        if not _equal(old, new):
            found, once = _difference(old, new)
            fail(code, found=found, before=once, **values)


def raised(function: Callable, *args: Any, **kwargs: Any) -> Exception | None:
    """The exception that a call raises, or None; an unwritten step is passed on."""
    try:
        function(*args, **kwargs)
    except NotImplementedError:
        raise
    except Exception as error:
        return error
    return None


class Breakdown(ConnectionError):
    """What a fake raises that breaks down; no learner's code may keep it quiet."""


def breaks_down(what: str, function: Callable, *args: Any, **kwargs: Any) -> None:
    """Fail with ``swallowed`` unless an error comes out of a call in which `what` breaks down."""
    try:
        got = function(*args, **kwargs)
    except NotImplementedError:
        raise
    except Exception:
        return
    fail("swallowed", what=what, got=got)


class FakeModel:
    """A model or predictor that notes what it is asked, and takes its time on a virtual clock.

    `says` gives the prediction for a request and the number of the call, from 1. In call number
    `breaks` it raises `Breakdown`.
    """

    def __init__(
        self,
        says: Callable[[Any, int], float] = lambda request, n: n**1.5 / 8,
        clock: VirtualClock | None = None,
        takes: float = 0.0,
        age: float = 0.0,
        breaks: int = 0,
    ):
        self.breaks = breaks
        self.says, self.clock, self.takes, self.age = says, clock or VirtualClock(), takes, age
        self.asked: list[tuple] = []  # request, and what was said to be known
        self.said: list[float] = []

    @property
    def calls(self) -> int:
        return len(self.asked)

    def predict_one(self, request: Any, known: Any = None) -> float:
        self.asked.append((request, known))
        self.clock.sleep(self.takes)
        if self.calls == self.breaks:
            raise Breakdown("the model broke down")
        self.said.append(self.says(request, self.calls))
        return self.said[-1]

    def answer(self, request: Any) -> Answer:
        return Answer(self.predict_one(request), "model", self.age)


def flight(key: str, day: int = 1, minute: int = 0) -> FlightRequest:
    """The request for a timetable key on a day of October 2013."""
    carrier, origin, dest, hour = key.split()
    return FlightRequest(carrier, origin, dest, int(hour), datetime.date(2013, 10, day), minute)


@contextlib.contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder for the block; what a killed kernel has left behind is removed too."""
    process.sweep()
    owner = os.getpid()
    folder = Path(tempfile.mkdtemp(prefix=f"{process.PREFIX}{owner}-"))
    try:
        yield folder
    finally:
        if os.getpid() == owner:  # a child that the learner's code forked leaves it alone
            shutil.rmtree(folder, ignore_errors=True)


def show(value: Any) -> str:
    """A short text for any object, the same in every run, even if its ``__repr__`` is broken.

    >>> show(list(range(100)))
    '[0, 1, 2, 3, 4, 5, ...]'
    """
    short = reprlib.Repr()
    short.maxstring = short.maxother = 80  # room for a key of the Departure Board
    try:
        text = short.repr(value)
    except BaseException:  # the object is the learner's
        text = f"an object of class {type(value).__name__}"
    return tidy(text, 120)


def tidy(text: str, limit: int) -> str:
    """One line of at most `limit` characters, without memory addresses; spaces stay as they are."""
    text = re.sub(r" at 0x[0-9A-Fa-f]+", "", text)
    text = re.sub(r"\s*\n\s*", " ", text)
    return text if len(text) <= limit else text[: limit - 3] + "..."


def python_value(value: Any) -> Any:
    """A scalar of NumPy's as Python's own; anything else as it is."""
    scalar = isinstance(value, np.generic | np.ndarray) and value.shape == ()
    return value.item() if scalar else value


def _real(value: Any) -> float | None:
    """A real number as a float; None for anything else, text and True included."""
    value = python_value(value)
    is_real = isinstance(value, numbers.Real) and not isinstance(value, bool)
    return float(value) if is_real else None


def _floats(value: Any, shape: tuple[int, ...]) -> np.ndarray | None:
    """Any sequence of numbers of this shape as an array; None for anything else."""
    try:
        found = np.asarray(value, dtype=object)
    except (TypeError, ValueError):  # of several lengths, or nothing of the kind
        return None
    fits = found.shape == shape and all(_real(one) is not None for one in found.flat)
    return found.astype(float) if fits else None


def _difference(old: Any, new: Any) -> tuple[str, str]:
    """What is there and what was, in short; of frames the part that differs."""
    if type(old) is type(new) and hasattr(old, "columns"):
        for part, verb in (("columns", "are"), ("index", "is")):
            was, now = getattr(old, part), getattr(new, part)
            if not was.identical(now):
                names = [tidy(", ".join(map(str, one)), 120) for one in (now, was)]
                return f"its {part} {verb} now {names[0]}", names[1]
        for name in old.columns:
            if not old[name].equals(new[name]):
                column = f"its column {name!r} is {show(new[name].tolist())}"
                return column, show(old[name].tolist())
    if hasattr(old, "tolist") and hasattr(new, "tolist"):
        return show(new.tolist()), show(old.tolist())
    return show(new), show(old)


def _equal(old: Any, new: Any) -> bool:
    """Whether plain data is as it was; `old` is a copy, `new` may hold the learner's objects."""
    if type(old) is not type(new):
        return False
    if isinstance(old, dict):
        return list(old) == list(new) and all(_equal(old[key], new[key]) for key in old)
    if isinstance(old, list | tuple):
        return len(old) == len(new) and all(map(_equal, old, new))
    if hasattr(old, "equals"):  # frames and series
        axes = zip(getattr(old, "axes", ()), getattr(new, "axes", ()), strict=True)
        return bool(old.equals(new)) and all(was.identical(now) for was, now in axes)
    if isinstance(old, np.ndarray):
        return old.dtype == new.dtype and np.array_equal(old, new, equal_nan=old.dtype.kind in "fc")
    return bool(old == new) or old != old
