"""The simulator: what happens to each request, computed from arrays, in virtual time.

Times are seconds as floats, keys are integers, one entry a request, in order of arrival: see
``traffic``. It knows no predictor, no server and no file; ``drive`` runs a predictor's own code.

No calendar of events is needed. Where requests are taken first come, first served, the fate of
each is known the moment it arrives: it starts when the first server becomes free. So each function
is one loop over the requests, with a heap that tells when each server is next free.

Ties go to the server: one that becomes free at time t is free for a request that arrives at t, and
a result that is ready at t is there for it too. Requests that arrive together are taken in the
order of the trace. What a function cannot take (unsorted or missing times, negative durations,
unequal lengths, settings out of range) raises ValueError, which names it.
"""

from array import array
from bisect import bisect_right
from collections import OrderedDict, deque
from heapq import heappop, heappush, heapreplace
from math import ceil, inf, nan
from typing import NamedTuple

import numpy as np

from lessons_lib import validate
from lessons_lib.latency import Percentiles, percentiles

__all__ = [
    "OUTCOMES",
    "Percentiles",
    "ServeResult",
    "batches",
    "fifo",
    "lru",
    "percentiles",
    "serve",
    "warm_up",
]

OUTCOMES = np.array(["served", "cached", "joined", "rejected", "dropped"])
"""What can become of a request in `serve`."""
_SERVED, _CACHED, _JOINED, _REJECTED, _DROPPED = range(5)


def fifo(arrive: np.ndarray, work: np.ndarray, servers: int = 1) -> np.ndarray:
    """When each request starts, first come, first served, on equal servers with one queue.

    Parameters
    ----------
    arrive : array of float, shape (n,)
        Times of arrival, seconds, sorted.
    work : array of float, shape (n,)
        Service time of each request, seconds.
    servers : int

    Returns
    -------
    ndarray of float, shape (n,)
        Start times, seconds: waiting is ``start - arrive``, latency ``start + work - arrive``.

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


class ServeResult(NamedTuple):
    """What became of each request; arrays of shape (n,), see `serve`."""

    start: np.ndarray
    """When its computation began, seconds. A cached answer starts on arrival; a joined one when it
    has arrived and the shared computation runs; NaN for a rejected or dropped request."""
    finish: np.ndarray
    """When it left, with its answer or without, seconds."""
    outcome: np.ndarray
    """Texts, each one of `OUTCOMES`."""


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


def warm_up(utilisation: float) -> int:
    """How many requests of a run that starts empty to hide, so that the rest is close to steady.

    Five relaxation times of the queue M/M/c, in requests: ``5 rho / (1 - sqrt(rho))**2``, for a
    utilisation ``rho`` below 1.

    Source: Odoni & Roth (1983), An empirical investigation of the transient behavior of stationary
    queueing systems, Operations Research 31(3).

    >>> [warm_up(rho) for rho in (0.5, 0.9, 0.99)]
    [30, 1709, 197009]
    """
    if not 0 <= utilisation < 1:
        raise ValueError(
            f"utilisation is {utilisation}: below 1 a queue settles, at 1 or more it only grows."
        )
    return ceil(5 * utilisation / (1 - utilisation**0.5) ** 2)
