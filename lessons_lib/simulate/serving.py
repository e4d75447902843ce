"""The fullest room of the simulator: one service with everything that real ones have.

Used by the labs from lesson 05 on through ``simulate``, whose docstring states the conventions.
"""

from array import array
from collections import OrderedDict, deque
from heapq import heappop, heappush, heapreplace
from math import inf, nan
from typing import NamedTuple

import numpy as np

from lessons_lib import validate

OUTCOMES = np.array(["served", "cached", "joined", "rejected", "dropped"])
"""What can become of a request in `serve`."""
_SERVED, _CACHED, _JOINED, _REJECTED, _DROPPED = range(5)


class ServeResult(NamedTuple):
    """What became of each request; see `serve`.

    Parameters
    ----------
    start : ndarray of float, shape (n,)
        When its computation began, seconds. A cached answer starts on arrival; a joined one when
        it has arrived and the shared computation runs; NaN for a rejected or dropped request.
    finish : ndarray of float, shape (n,)
        When it left, seconds: with its answer, or empty-handed (rejected: on arrival, dropped: at
        arrival + time-out).
    outcome : ndarray of str, shape (n,)
        One of `OUTCOMES`.
    """

    start: np.ndarray
    finish: np.ndarray
    outcome: np.ndarray


def serve(
    arrive: np.ndarray,
    work: np.ndarray,
    key: np.ndarray,
    *,
    servers: int = 1,
    queue_limit: float = inf,
    timeout: float = inf,
    cache_size: float = 0,
    ttl: float = inf,
    hit_time: float = 0.0,
    coalesce: bool = False,
) -> ServeResult:
    """A whole service: cache, coalescing, a bounded queue, time-outs and servers.

    On arrival a request takes the first way that is open to it:

    1. *cached*: its key is in the cache and younger than `ttl`; answered `hit_time` later, no
       server needed.
    2. *joined* (`coalesce`): the same key is being computed or waits for a server; answered when
       that computation finishes.
    3. *rejected*: no server is free and `queue_limit` requests wait; leaves at once.
    4. *dropped*: no server becomes free within `timeout`; leaves at arrival + `timeout`, having
       held its place in the queue. One that could start at that very moment is served.
    5. *served*: starts when a server is free, first come, first served.

    A result enters the cache when its computation finishes, and its `ttl` counts from there; hits
    do not lengthen it. The least recently used entry makes room; an entry too old to use keeps
    its place until it is asked for or pushed out. Nobody joins a request that will be dropped.

    Parameters
    ----------
    arrive, work : array of float, shape (n,)
        Times of arrival (sorted) and service times if computed, seconds.
    key : array of int, shape (n,)
        Equal keys have equal answers.
    servers : int
    queue_limit : int or inf
        Most requests that wait, those in service not counted.
    timeout : float
        Longest wait for a server, seconds.
    cache_size : int or inf
        Entries that fit; 0 means no cache.
    ttl : float
        Life of a cached answer, seconds.
    hit_time : float
        Time to answer from the cache, seconds.
    coalesce : bool
        Whether equal requests share one computation.

    Returns
    -------
    ServeResult
        ``start``, ``finish`` and ``outcome``, one entry a request.

    Raises
    ------
    ValueError
        For unsorted times, negative or missing values, unequal lengths, keys that are not
        integers, or a setting out of range.

    Examples
    --------
    >>> serve([0, 1, 2, 9], [5.0, 5.0, 5.0, 5.0], [1, 1, 2, 1], cache_size=10, coalesce=True)
    ServeResult(start=array([0., 1., 5., 9.]), finish=array([ 5.,  5., 10.,  9.]), \
outcome=array(['served', 'joined', 'served', 'cached'], dtype='<U8'))
    """
    arrive = validate.times("arrive", arrive)
    work = validate.durations("work", work, len(arrive))
    key = validate.keys("key", key, len(arrive))
    free = [-inf] * validate.count("servers", servers)  # a heap: when each server is next free
    queue_limit = validate.count("queue_limit", queue_limit, 0, endless=True)
    timeout = validate.number("timeout", timeout)
    cache_size = validate.count("cache_size", cache_size, 0, endless=True)
    ttl = validate.number("ttl", ttl)
    hit_time = validate.finite("hit_time", hit_time)

    start, finish = arrive.copy(), arrive + hit_time  # of a cached answer; the rest is changed
    fates = bytearray([_CACHED]) * len(arrive)
    begins = array("d")  # when the served start, in their order
    joined = []  # (request, the one whose computation it shares)
    cache = OrderedDict()  # key -> when it expires, least recently used first
    remember = bool(cache_size or coalesce)
    computing = [(inf, -1, -1)]  # a heap of (end, request, key), planned or running; never empty
    next_end = inf  # of those
    flight = {}  # key -> its entry in `computing`, where others may join
    # When the last who waited leave the queue, as many as there is room for. It never decreases, so
    # the queue is full while the first of them is still in it; without room it is always full.
    room = min(queue_limit, len(arrive))
    leaving = deque([-inf] * room, maxlen=room) if room else [inf]
    used, forget, note, wait = cache.move_to_end, cache.popitem, begins.append, leaving.append

    columns = memoryview(arrive), memoryview(work), memoryview(key)
    for i, t, seconds, k in zip(range(len(arrive)), *columns, strict=True):
        while next_end <= t:
            end, _, ready = heappop(computing)
            next_end = computing[0][0]
            if coalesce:
                del flight[ready]
            if ready in cache:
                used(ready)
            elif len(cache) >= cache_size:
                if not cache_size:
                    continue
                forget(False)  # the least recently used
            cache[ready] = end + ttl
        if k in cache and t < cache[k]:
            used(k)
            continue
        if k in flight:
            joined.append((i, flight[k][1]))
            fates[i] = _JOINED
            continue
        begin = free[0]
        if begin > t:
            if leaving[0] > t:
                start[i], finish[i], fates[i] = nan, t, _REJECTED
                continue
            if begin > t + timeout:
                start[i], finish[i], fates[i] = nan, t + timeout, _DROPPED
                wait(t + timeout)
                continue
            wait(begin)
        else:
            begin = t
        end = begin + seconds
        note(begin)
        fates[i] = _SERVED
        heapreplace(free, end)
        if remember:
            entry = end, i, k
            heappush(computing, entry)
            if end < next_end:
                next_end = end
            if coalesce:
                flight[k] = entry
    fate = np.frombuffer(fates, np.uint8)
    served = fate == _SERVED
    start[served] = begins
    finish = np.where(served, start + work, finish)
    for i, other in joined:
        start[i], finish[i] = max(start[i], start[other]), finish[other]
    return ServeResult(start, finish, OUTCOMES.take(fate))
