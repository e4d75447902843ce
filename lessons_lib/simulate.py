"""The simulator: what happens to each request, computed from arrays, in virtual time.

Used by every lab from lesson 01 on. Times are seconds as floats, keys are integers, one entry a
request, in order of arrival. It knows no predictor, no server and no file: ``traffic`` makes the
arrays, ``summary`` turns the results into percentiles, ``drive`` runs a predictor's own code.

No calendar of events is needed. Where requests are taken first come, first served, the fate of
each is known the moment it arrives: it starts when the first server becomes free. So each function
is one loop over the requests, with a heap that tells when each server is next free.

Ties go to the server: one that becomes free at time t is free for a request that arrives at t, and
a result that is ready at t is there for it too. Requests that arrive together are taken in the
order of the trace.
"""

from bisect import bisect_right
from collections import OrderedDict
from heapq import heapreplace
from math import inf

import numpy as np

from lessons_lib import validate
from lessons_lib.serving import OUTCOMES, ServeResult, serve
from lessons_lib.summary import Percentiles, percentiles, utilisation, warm_up

__all__ = [
    "OUTCOMES",
    "Percentiles",
    "ServeResult",
    "batches",
    "fifo",
    "lru",
    "percentiles",
    "serve",
    "ttl",
    "utilisation",
    "warm_up",
]


def fifo(arrive: np.ndarray, work: np.ndarray, servers: int = 1) -> np.ndarray:
    """When each request starts, first come, first served, on equal servers with one queue.

    Parameters
    ----------
    arrive : array of float, shape (n,)
        Times of arrival, seconds, sorted.
    work : array of float, shape (n,)
        Service time of each request, seconds; it belongs to the request, not to the server.
    servers : int

    Returns
    -------
    ndarray of float, shape (n,)
        Start times, seconds: waiting is ``start - arrive``, latency ``start + work - arrive``.

    Raises
    ------
    ValueError
        For unsorted times, negative or missing values, unequal lengths, or no server.

    References
    ----------
    Kiefer & Wolfowitz (1955), On the theory of queues with many servers, Trans. Am. Math. Soc. 78.

    Examples
    --------
    >>> fifo([0, 1, 2, 3], [2.0, 2.0, 2.0, 2.0])
    array([0., 2., 4., 6.])
    >>> fifo([0, 1, 2, 3], [2.0, 2.0, 2.0, 2.0], servers=2)
    array([0., 1., 2., 3.])
    """
    arrive = validate.times("arrive", arrive)
    work = validate.durations("work", work, len(arrive))
    servers = validate.count("servers", servers)

    def starts():
        free = [-inf] * servers  # a heap: when each server is next free
        for t, seconds in zip(memoryview(arrive), memoryview(work), strict=True):
            if free[0] > t:
                t = free[0]
            yield t
            heapreplace(free, t + seconds)

    return np.fromiter(starts(), float, len(arrive))


def batches(
    arrive: np.ndarray,
    max_batch: float,
    max_wait: float,
    fixed: float,
    per_item: float,
    servers: int = 1,
) -> np.ndarray:
    """When each request finishes, if servers answer several at once (micro-batching).

    A batch closes as soon as a server is free and either `max_batch` requests wait or the oldest
    has waited `max_wait` seconds; whoever has arrived by that moment, the moment itself included,
    is in it. Its service takes ``fixed + per_item * n`` seconds for n requests. The last batch
    does not know that nobody follows, so it waits too.

    Parameters
    ----------
    arrive : array of float, shape (n,)
        Times of arrival, seconds, sorted.
    max_batch : int or inf
        Most requests in a batch; 1 means no batching.
    max_wait : float
        Longest time a free server waits for company, seconds; 0 means that it takes what is there.
    fixed, per_item : float
        Service time of a batch and of each request in it, seconds.
    servers : int

    Returns
    -------
    ndarray of float, shape (n,)
        Finish times, seconds.

    Raises
    ------
    ValueError
        For unsorted or missing times, a negative duration, a batch of 0 or no server.

    Examples
    --------
    >>> batches([0, 0.1, 0.2, 0.3], max_batch=2, max_wait=1.0, fixed=1.0, per_item=0.5)
    array([2.1, 2.1, 4.1, 4.1])
    """
    arrive = validate.times("arrive", arrive)
    max_batch = validate.count("max_batch", max_batch, endless=True)
    max_wait = validate.finite("max_wait", max_wait)
    fixed = validate.finite("fixed", fixed)
    per_item = validate.finite("per_item", per_item)
    free = [-inf] * validate.count("servers", servers)
    times, total = arrive.tolist(), len(arrive)
    finish = []
    first = 0
    while first < total:
        close = times[first] + max_wait
        beyond = first + max_batch  # the first request that does not fit
        if beyond <= total:
            close = min(close, times[beyond - 1])
        else:
            beyond = total
        if free[0] > close:
            close = free[0]
        items = bisect_right(times, close, first, beyond) - first
        end = close + (fixed + per_item * items)
        heapreplace(free, end)
        finish += [end] * items
        first += items
    return np.array(finish)


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
