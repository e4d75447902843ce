"""Requests in a queue: one at a time, first come, first served, or several in a batch.

Used by every lab through ``simulate``, whose docstring states the conventions.
"""

from bisect import bisect_right
from heapq import heapreplace
from math import inf

import numpy as np

from lessons_lib import validate


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
    # Where the last but `servers` have always left in time, nobody waits, and nothing is to be done.
    left = np.maximum.accumulate(arrive + work)[:-servers]
    if (left <= arrive[servers:]).all():
        return arrive.copy()

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
