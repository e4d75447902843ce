"""Small tools for the hidden checks of exercises: fail with a code, count calls, catch mutation.

Used by every module in ``course/exercises``. A probe knows nothing of a particular exercise.

A check runs in a worker thread, on objects of the learner. So make each input anew inside
``check``, open SQLite connections there too, and record what a fake model saw first and judge it
afterwards: an error raised inside a fake may be swallowed by the learner's own ``except``.
"""

import copy
import re
import reprlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


class Failed(Exception):
    """The learner's object is wrong in a way that the exercise knows; raised by `fail`."""

    def __init__(self, code: str, values: dict[str, Any]):
        super().__init__(code)
        self.code = code
        self.values = values


def fail(code: str, **values: Any) -> None:
    """End the check: the object is wrong in the way that ``FAILURES[code]`` describes.

    Parameters
    ----------
    code : str
        A key of the exercise's ``FAILURES``.
    **values
        What the message's ``{placeholders}`` stand for. Numbers and strings can be formatted as
        usual (``{rows:,}``); anything else is shown by a short `show`.
    """
    raise Failed(code, values)


@contextmanager
def unchanged(code: str, *objects: Any) -> Iterator[None]:
    """Fail with `code` if the block changes one of `objects` (frames, arrays, lists, dicts).

    Examples
    --------
    >>> rows = [3, 1, 2]
    >>> with unchanged("sorts_in_place", rows):
    ...     sorted(rows)
    [1, 2, 3]
    """
    before = copy.deepcopy(objects)
    yield
    for old, new in zip(before, objects, strict=True):
        if not _same(old, new):
            fail(code)


def raised(function: Callable, *args: Any, **kwargs: Any) -> Exception | None:
    """The exception that a call raises, or None; an unwritten step is passed on.

    Examples
    --------
    >>> raised(int, "seven")
    ValueError("invalid literal for int() with base 10: 'seven'")
    >>> raised(int, "7") is None
    True
    """
    try:
        function(*args, **kwargs)
    except NotImplementedError:
        raise
    except Exception as error:
        return error
    return None


class Counted:
    """A function that counts how often it is called and keeps the arguments.

    Attributes
    ----------
    calls : list of tuple
        The positional arguments of each call.

    Examples
    --------
    >>> double = Counted(lambda x: 2 * x)
    >>> double(4), double.calls
    (8, [(4,)])
    """

    def __init__(self, function: Callable):
        self.function = function
        self.calls: list[tuple] = []

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.calls.append(args)
        return self.function(*args, **kwargs)


class CountedModel:
    """A model that counts its calls and rows; everything else is the wrapped model's.

    Attributes
    ----------
    calls : int
        Calls of ``predict_proba`` or ``predict``.
    rows : list of int
        How many rows each call had.
    """

    def __init__(self, model: Any):
        self.model = model
        self.rows: list[int] = []

    @property
    def calls(self) -> int:
        return len(self.rows)

    def predict_proba(self, table: Any) -> Any:
        self.rows.append(len(table))
        return self.model.predict_proba(table)

    def predict(self, table: Any) -> Any:
        self.rows.append(len(table))
        return self.model.predict(table)

    def __getattr__(self, name: str) -> Any:
        if name == "model":  # not yet there while being copied
            raise AttributeError(name)
        return getattr(self.model, name)


def show(value: Any) -> str:
    """A short text for any object, the same in every run, even if its ``__repr__`` is broken.

    Examples
    --------
    >>> show(list(range(100)))
    '[0, 1, 2, 3, 4, 5, ...]'
    """
    try:
        text = _Short().repr(value)
    except BaseException:  # the object is the learner's
        text = f"an object of class {type(value).__name__}"
    return tidy(text, 120)


def tidy(text: str, limit: int) -> str:
    """One line of at most `limit` characters, without memory addresses."""
    text = re.sub(r" at 0x[0-9A-Fa-f]+", "", text)
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 3] + "..."


class _Short(reprlib.Repr):
    """`reprlib` with room for a key of the Departure Board."""

    def __init__(self):
        super().__init__()
        self.maxstring = self.maxother = 80


def _same(old: Any, new: Any) -> bool:
    if isinstance(old, dict | list | tuple):
        if type(old) is not type(new) or len(old) != len(new):
            return False
        if isinstance(old, dict):
            return list(old) == list(new) and all(_same(old[key], new[key]) for key in old)
        return all(_same(a, b) for a, b in zip(old, new, strict=True))
    if hasattr(old, "equals"):  # frames and series
        return old.equals(new)
    if hasattr(old, "dtype"):
        import numpy as np

        return np.array_equal(old, new, equal_nan=old.dtype.kind in "fc")
    return bool(old == new)
