"""The argument checks of the house: each names the argument, the value and the way out.

An argument comes back as the plain array or number that the caller needs, or raises ValueError.
"""

from math import inf, isinf, isnan
from numbers import Integral, Real
from typing import Any

import numpy as np


def times(name: str, values: Any) -> np.ndarray:
    """A trace of times in seconds: one-dimensional, not empty, finite, never going back."""
    array = numbers(name, values)
    back = np.flatnonzero(array[1:] < array[:-1])
    if back.size:
        i = int(back[0]) + 1
        raise ValueError(
            f"{name} goes back in time at position {i} ({array[i - 1]} to {array[i]}): sort it."
        )
    return array


def durations(name: str, values: Any, length: int) -> np.ndarray:
    """One duration (or weight) for each of `length` requests (or keys): finite, 0 or more."""
    array = numbers(name, values)
    same_length(name, array, length)
    low = np.flatnonzero(array < 0)
    if low.size:
        raise ValueError(f"{name} is {array[low[0]]} at position {low[0]}: give 0 seconds or more.")
    return array


def numbers(name: str, values: Any) -> np.ndarray:
    """A one-dimensional array of finite floats that holds at least one value."""
    array = np.asarray(values)
    if array.ndim != 1 or array.size == 0:
        raise ValueError(f"{name} has shape {array.shape}: give a one-dimensional, filled array.")
    if array.dtype.kind not in "fiu":
        raise ValueError(f"{name} holds {array.dtype} values: give numbers.")
    array = np.ascontiguousarray(array, dtype=float)
    odd = np.flatnonzero(~np.isfinite(array))
    if odd.size:
        raise ValueError(f"{name} is {array[odd[0]]} at position {odd[0]}: give finite numbers.")
    return array


def keys(name: str, values: Any, length: int | None = None) -> np.ndarray:
    """One integer key a request; `length` is the number of requests where it is known."""
    array = np.asarray(values)
    if array.ndim != 1 or array.size == 0:
        raise ValueError(f"{name} has shape {array.shape}: give a one-dimensional, filled array.")
    if array.dtype.kind not in "iu":
        raise ValueError(
            f"{name} holds {array.dtype} values, such as {array[0]!r}: give integers "
            "(np.unique(..., return_inverse=True) numbers any values)."
        )
    if length is not None:
        same_length(name, array, length)
    return np.ascontiguousarray(array, dtype=np.int64)


def same_length(name: str, array: np.ndarray, length: int) -> None:
    """Raise ValueError unless `array` has one entry for each request."""
    if len(array) != length:
        raise ValueError(f"{name} has {len(array)} entries for {length} requests: give one each.")


def count(name: str, value: Any, least: int = 1, endless: bool = False) -> int | float:
    """A whole number of at least `least`; infinity too where `endless` allows it."""
    if endless and isinstance(value, Real) and value == inf:
        return inf
    whole = isinstance(value, Integral) and not isinstance(value, bool | np.bool_)
    if not whole or value < least:
        more = " or infinity" if endless else ""
        raise ValueError(f"{name} is {value!r}: give a whole number of {least} or more{more}.")
    return int(value)


def number(
    name: str, value: Any, least: float = 0.0, *, above: bool = False, most: float = inf
) -> float:
    """A real number from `least` (left out when `above`) to `most` (which may be infinity)."""
    if not isinstance(value, Real) or isinstance(value, bool) or isnan(value):
        raise ValueError(f"{name} is {value!r}: give a number.")
    if value < least or (above and value == least) or value > most:
        low = f"more than {least:g}" if above else f"{least:g} or more"
        high = "" if isinf(most) else f" and at most {most:g}"
        raise ValueError(f"{name} is {value!r}: give {low}{high}.")
    return float(value)


def finite(name: str, value: Any, least: float = 0.0, *, above: bool = False) -> float:
    """A number as `number` has it, but not infinity."""
    result = number(name, value, least, above=above)
    if isinf(result):
        raise ValueError(f"{name} is {value!r}: give a finite number.")
    return result
