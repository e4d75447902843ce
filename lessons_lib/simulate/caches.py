"""Caches by themselves: which requests would have been answered from one.

Used by the labs of lessons 05 and 06 through ``simulate``, whose docstring states the conventions.
"""

from collections import OrderedDict
from math import inf

import numpy as np

from lessons_lib import validate


def lru(keys: np.ndarray, size: int) -> np.ndarray:
    """Which requests hit a cache of `size` entries that drops the least recently used key.

    A miss puts its key into the cache at once.

    Parameters
    ----------
    keys : array of int, shape (n,)
    size : int
        Entries that fit, 1 or more.

    Returns
    -------
    ndarray of bool, shape (n,)

    Raises
    ------
    ValueError
        For keys that are not integers, an empty trace or a size below 1.

    Examples
    --------
    >>> lru([1, 2, 1, 3, 2], size=2)
    array([False, False,  True, False, False])
    """
    keys = validate.keys("keys", keys)
    size = validate.count("size", size)
    cache = OrderedDict()  # least recently used first
    used, drop = cache.move_to_end, cache.popitem

    def hits():
        for key in memoryview(keys):
            if key in cache:
                used(key)
                yield True
            else:
                cache[key] = None
                if len(cache) > size:
                    drop(last=False)
                yield False

    return np.fromiter(hits(), bool, len(keys))


def ttl(keys: np.ndarray, t: np.ndarray, seconds: float) -> np.ndarray:
    """Which requests hit an unbounded cache whose entries live for a fixed time (time to live).

    A miss at time t stores its key from t until just before ``t + seconds``; a hit does not
    lengthen that life. The computation itself takes no time here (`serve` counts from its end).

    Parameters
    ----------
    keys : array of int, shape (n,)
    t : array of float, shape (n,)
        Times of arrival, seconds, sorted.
    seconds : float
        Life of an entry, 0 to infinity.

    Returns
    -------
    ndarray of bool, shape (n,)

    Raises
    ------
    ValueError
        For keys that are not integers, unsorted times, unequal lengths or a negative life.

    Examples
    --------
    >>> ttl([7, 7, 7, 7], [0.0, 4.0, 8.0, 11.0], seconds=8.0)
    array([False,  True, False,  True])
    """
    t = validate.times("t", t)
    keys = validate.keys("keys", keys, len(t))
    seconds = validate.number("seconds", seconds)
    expires = {}
    expiry = expires.get

    def hits():
        for key, now in zip(memoryview(keys), memoryview(t), strict=True):
            hit = now < expiry(key, -inf)
            if not hit:
                expires[key] = now + seconds
            yield hit

    return np.fromiter(hits(), bool, len(keys))
