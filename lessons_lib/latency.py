"""Percentiles, each with the number of requests it rests on: the one rule of the course.

The p-th percentile is the smallest value that at least p % of the requests do not exceed (nearest
rank): a value that occurred, never one made up between two. Pool the requests of several runs
first; an average of percentiles is not a percentile. It knows arrays and nothing of who measured.
"""

from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from lessons_lib import validate

ENOUGH = 20
"""Fewest requests beyond a percentile before it is worth showing."""


class Percentiles(NamedTuple):
    """Percentiles of a run, arrays of shape (m,); see `percentiles`.

    Parameters
    ----------
    at : ndarray of float
        The percentiles, in percent.
    value : ndarray of float
        Their values; NaN where nothing was measured.
    behind : ndarray of int
        How many requests are ranked beyond each: what it rests on.
    enough : ndarray of bool
        Whether these are at least `ENOUGH`; without them the value is a guess.
    """

    at: np.ndarray
    value: np.ndarray
    behind: np.ndarray
    enough: np.ndarray


def percentiles(values: np.ndarray, at: Iterable[float] = (50, 90, 99, 99.9)) -> Percentiles:
    """Percentiles of `values`, each with the number of requests it rests on.

    Parameters
    ----------
    values : array of float, shape (n,)
        Such as latencies, in seconds. NaN (a request that was never served) is left out, so
        show the share of those beside it; infinity is kept. May be empty.
    at : sequence of float
        Percentiles, above 0 and at most 100.

    Raises
    ------
    ValueError
        For a percentile out of range.

    Examples
    --------
    >>> p = percentiles(range(1, 1001))
    >>> p.value
    array([500., 900., 990., 999.])
    >>> p.behind
    array([500, 100,  10,   1])
    >>> p.enough
    array([ True,  True, False, False])
    """
    at = np.array([validate.number("at", p, above=True, most=100) for p in at])
    values = np.asarray(values, dtype=float)
    values = np.sort(values[~np.isnan(values)])
    total = len(values)
    if total == 0:
        zero = np.zeros(len(at), int)
        return Percentiles(at, np.full(len(at), np.nan), zero, zero > 0)
    ranks = np.array([rank(p, total) for p in at.tolist()], dtype=int)
    behind = total - ranks
    return Percentiles(at, values[ranks - 1], behind, behind >= ENOUGH)


def rank(p: float, total: int) -> int:
    """The place of the p-th percentile among `total` sorted values, from 1 on.

    Exact: binary arithmetic would put 99.9 % of 1,000 at 1,000, and 55 % of 100 at 56.

    Examples
    --------
    >>> rank(99.9, 1000), rank(55, 100), rank(0.1 + 0.2, 1000)
    (999, 55, 3)
    """
    percent = _written(p)
    return max(1, -(-percent.numerator * total // (100 * percent.denominator)))


@lru_cache(maxsize=1024)
def _written(p: float) -> Fraction:
    """The number that a float stands for, as people write it: 999/10 for 99.9."""
    return Fraction(p).limit_denominator(10**6)
