"""Formulas that no lesson shows: independent words on what the simulator and the traffic do.

Sources stand beside them. They check nothing of what they are given.
"""

from math import exp, expm1, inf
from typing import NamedTuple

import numpy as np

from lessons_lib.theory import erlang_b, utilisation

_LARGEST = 2048  # states kept at most; a queue that needs more is as good as unstable


def mg1_wait(rate: float, service_time: float, cv: float) -> float:
    """Mean wait in M/G/1, seconds; infinite at utilisation 1 or more.

    Pollaczek (1930), Math. Z. 32:64-100; Khinchine (1932).
    """
    busy = utilisation(rate, service_time)
    return inf if busy >= 1 else busy * service_time * (1 + cv**2) / (2 * (1 - busy))


def lru_hit_ratio(popularity: np.ndarray, size: int) -> float:
    """Hit ratio of an LRU cache of `size` entries in the long run, by Che's approximation.

    Every key is taken to stay for the same time after its last use, so long that the cache is
    full on average. Very close for hundreds of keys, exact only in the limit of many.

    Fagin (1977); Che, Tung & Wang (2002), Hierarchical Web caching systems: modeling, design and
    experimental results, IEEE J. Sel. Areas Commun. 20(7); why it works: Fricker, Robert &
    Roberts (2012), arXiv:1202.3974.
    """
    p = np.asarray(popularity) / np.sum(popularity)
    p = p[p > 0]
    if size >= len(p):
        return 1.0

    def held(t):
        return -np.expm1(-p * t).sum()

    low, high = 0.0, float(size)
    while held(high) < size:
        low, high = high, 2 * high
    while high - low > 1e-12 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if held(middle) < size else (low, middle)
    return float(p @ -np.expm1(-p * high))


def lru_hit_ratio_exact(popularity: np.ndarray, size: int) -> float:
    """Hit ratio of an LRU cache of `size` entries in the long run, exact, for few keys.

    Sums over all sets of keys that the cache can hold.

    King (1971), Analysis of paging algorithms, IBM Research Report RC 3288.
    """
    p = np.asarray(popularity) / np.sum(popularity)
    p = p[p > 0]
    if size >= len(p):
        return 1.0
    # chance[S]: the keys of the set S are the most recently used ones, in any order
    chance = {(): 1.0}
    for _ in range(size):
        larger = {}
        for held, likely in chance.items():
            others = 1 - sum(p[i] for i in held)
            for key in range(len(p)):
                if key not in held:
                    joined = tuple(sorted((*held, key)))
                    larger[joined] = larger.get(joined, 0.0) + likely * p[key] / others
        chance = larger
    return float(sum(likely * sum(p[i] for i in held) for held, likely in chance.items()))


def ttl_hit_ratio(popularity: np.ndarray, rate: float, seconds: float) -> float:
    """Hit ratio of an unbounded cache whose entries live `seconds`, hits not lengthening it.

    Poisson arrivals of `rate` requests per second in all; computing takes no time.

    Jung, Berger & Balakrishnan (2003), Modeling TTL-based Internet caches, IEEE INFOCOM.
    """
    p = np.asarray(popularity) / np.sum(popularity)
    x = p * rate * seconds
    return float(p @ (x / (1 + x)))


def expected_distinct(popularity: np.ndarray, n: int) -> float:
    """Expected number of different keys among `n` requests.

    Good (1953), The population frequencies of species and the estimation of population
    parameters, Biometrika 40:237-264.
    """
    p = np.asarray(popularity) / np.sum(popularity)
    return float((1 - (1 - p) ** n).sum())


def unseen_share(popularity: np.ndarray, n: int) -> float:
    """Chance that the request after `n` others asks for a key that none of them asked for.

    Good (1953), as in `expected_distinct`.
    """
    p = np.asarray(popularity) / np.sum(popularity)
    return float(p @ (1 - p) ** n)


class LimitedQueue(NamedTuple):
    """What a bounded queue does: share of requests rejected, mean wait of the others (s)."""

    rejected: float
    wait: float


class Timeout(NamedTuple):
    """What a time-out on waiting does: shares of requests dropped, and made to wait at all."""

    dropped: float
    waiting: float


def mmc_limited(rate: float, service_time: float, servers: int, queue_limit: int) -> LimitedQueue:
    """A queue of at most `queue_limit` waiting requests in front of M/M/c (M/M/c/K).

    Exact at any utilisation, above 1 too.

    Erlang (1917), by the balance of births and deaths.
    """
    load = utilisation(rate, service_time, servers) * servers
    places = servers + queue_limit
    present = np.arange(1, places + 1)
    weights = np.append(0, np.cumsum(np.log(load / np.minimum(present, servers))))
    p = np.exp(weights - weights.max())
    p /= p.sum()
    in_queue = np.arange(places + 1 - servers) @ p[servers:]
    answered = np.minimum(present, servers) @ p[1:] / service_time  # per second
    return LimitedQueue(float(p[-1]), float(in_queue / answered))


def mmc_timeout(rate: float, service_time: float, servers: int, timeout: float) -> Timeout:
    """M/M/c whose requests leave the queue after waiting `timeout` seconds (M/M/c+D).

    Exact at any utilisation, above 1 too.

    Baccelli & Hebuterne (1981); Zeltyn & Mandelbaum (2005), Queueing Systems 51:361-402,
    doi 10.1007/s11134-005-3699-8.
    """
    load = utilisation(rate, service_time, servers) * servers
    drain = servers / service_time - rate  # how fast a queue shrinks, per second
    idle = 1 / erlang_b(load, servers - 1)
    if drain * timeout < -700 or (drain == 0 and timeout == inf):
        return Timeout(1 - servers / load, 1.0)  # patience without end: the excess must leave
    left = exp(-drain * timeout) if drain else 1.0
    waited = -expm1(-drain * timeout) / drain if drain else timeout
    j = waited + left * service_time / servers
    return Timeout((1 - drain * j) / (idle + rate * j), rate * j / (idle + rate * j))


def greedy_batch_latency(rate: float, max_batch: float, fixed: float, per_item: float) -> float:
    """Mean latency if one server takes all that waits, up to `max_batch`, whenever it is free.

    Poisson arrivals; a batch of n takes ``fixed + per_item * n`` seconds; no waiting for company
    (the simulator's ``batches`` with ``max_wait=0`` and one server). Exact up to rounding: the
    number left behind by each batch is a Markov chain, whose steady state is solved for.

    Bailey (1954), On queueing processes with bulk service, J. R. Stat. Soc. B 16:80-87;
    Neuts (1967), A general class of bulk queues with Poisson input, Ann. Math. Stat. 38:759-770.
    """
    per_request = per_item if max_batch == inf else per_item + fixed / max_batch
    if rate * per_request >= 1:
        return inf
    states = 64
    while states <= _LARGEST:
        latency, cut_off = _solve(states, rate, max_batch, fixed, per_item)
        if cut_off < 1e-10:
            return latency
        states *= 2
    raise ValueError(f"rate is {rate}: too close to the capacity for an exact answer.")


def _solve(states, rate, max_batch, fixed, per_item) -> tuple[float, float]:
    """Mean latency with at most `states` - 1 left behind, and the chance to be at that border."""
    behind = np.arange(states)  # waiting when the server becomes free
    present = np.maximum(behind, 1)  # when the next batch starts: an idle server waits for one
    batch = np.minimum(present, max_batch).astype(int)
    seconds = fixed + per_item * batch
    arriving = _poisson(rate * seconds, states)
    step = np.zeros((states, states))
    for q in range(states):
        stay = present[q] - batch[q]
        step[q, stay:] = arriving[q, : states - stay]
    step[step < 1e-18] = 0.0
    step[:, -1] += np.maximum(0, 1 - step.sum(axis=1))  # who falls off the end stays at the border
    chance = _steady_state(step)
    request_seconds = chance @ (present * seconds + rate * seconds**2 / 2)
    cycle = chance @ seconds + chance[0] / rate
    return float(request_seconds / (rate * cycle)), float(chance[-states // 8 :].sum())


def _steady_state(step: np.ndarray) -> np.ndarray:
    """Long-run chances of a Markov chain, by taking its states away one by one, the last first.

    Nothing is subtracted, so nothing cancels (Grassmann, Taksar & Heyman 1985, Oper. Res. 33(5)).
    Only the band around the diagonal that holds chances is touched.
    """
    states = len(step)
    row, column = np.nonzero(step[:, :-1])
    down, up = max(1, (row - column).max()), max(1, (column - row).max())
    for k in range(states - 1, 0, -1):
        low, first = max(0, k - down), max(0, k - up) if k < states - 1 else 0
        leave = step[k, low:k]
        step[first:k, k] /= leave.sum()
        step[first:k, low:k] += np.outer(step[first:k, k], leave)
    chance = np.ones(states)
    for k in range(1, states):
        chance[k] = chance[:k] @ step[:k, k]
    return chance / chance.sum()


def _poisson(means: np.ndarray, states: int) -> np.ndarray:
    """Chance of 0, 1, ... events for each mean, shape (len(means), states)."""
    count = np.arange(states)
    log_factorial = np.append(0.0, np.cumsum(np.log(count[1:])))
    means = means[:, None]
    return np.exp(count * np.log(means) - means - log_factorial)
