"""Hit ratios of tables and caches, and keys that were never seen.

Used by the labs of lessons 05 and 06 through ``theory``. A `popularity` is an array of weights, one per key, such as counts in a
log; requests are independent draws from it.
"""

import numpy as np

from lessons_lib import validate

_EXACT_KEYS = 16


def zipf(skew: float, count: int) -> np.ndarray:
    """Popularity of `count` keys under Zipf's law: the k-th in proportion to ``k**-skew``.

    References
    ----------
    Zipf (1949), Human Behavior and the Principle of Least Effort.

    Examples
    --------
    >>> zipf(skew=1.0, count=3).round(4)
    array([0.5455, 0.2727, 0.1818])
    """
    weights = np.arange(1.0, validate.count("count", count) + 1) ** -validate.finite("skew", skew)
    return weights / weights.sum()


def top_k_hit_ratio(popularity: np.ndarray, size: int) -> float:
    """Share of requests that a table of the `size` most popular keys answers.

    No table or cache of that size does better on independent requests.

    References
    ----------
    Aho, Denning & Ullman (1971), Principles of optimal page replacement, J. ACM 18.

    Examples
    --------
    >>> round(top_k_hit_ratio(zipf(1.0, 3), 1), 4)
    0.5455
    """
    p = _shares(popularity)
    size = validate.count("size", size, 0)
    return float(np.sort(p)[::-1][:size].sum())


def lru_hit_ratio(popularity: np.ndarray, size: int) -> float:
    """Hit ratio of an LRU cache of `size` entries in the long run, by Che's approximation.

    Every key is taken to stay for the same time after its last use, so long that the cache is
    full on average. Very close for hundreds of keys, exact only in the limit of many.

    References
    ----------
    Fagin (1977); Che, Tung & Wang (2002), Hierarchical Web caching systems: modeling, design and
    experimental results, IEEE J. Sel. Areas Commun. 20(7); why it works: Fricker, Robert &
    Roberts (2012), arXiv:1202.3974.

    Examples
    --------
    >>> round(lru_hit_ratio(zipf(0.8, 1000), 100), 3)
    0.378
    """
    p = _shares(popularity)
    size = validate.count("size", size)
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
    """Hit ratio of an LRU cache of `size` entries in the long run, exact, for up to 16 keys.

    Sums over all sets of keys that the cache can hold.

    Raises
    ------
    ValueError
        For more than 16 keys: use `lru_hit_ratio` there.

    References
    ----------
    King (1971), Analysis of paging algorithms, IBM Research Report RC 3288.

    Examples
    --------
    >>> round(lru_hit_ratio_exact([0.5, 0.25, 0.25], 1), 4)
    0.375
    """
    p = _shares(popularity)
    size = validate.count("size", size)
    p = p[p > 0]
    if size >= len(p):
        return 1.0
    if len(p) > _EXACT_KEYS:
        raise ValueError(
            f"popularity has {len(p)} keys: give {_EXACT_KEYS} at most, or use lru_hit_ratio."
        )
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

    References
    ----------
    Jung, Berger & Balakrishnan (2003), Modeling TTL-based Internet caches, IEEE INFOCOM.

    Examples
    --------
    >>> ttl_hit_ratio([1.0], rate=3.0, seconds=1.0)
    0.75
    """
    p = _shares(popularity)
    rate = validate.finite("rate", rate, above=True)
    x = p * rate * validate.finite("seconds", seconds)
    return float(p @ (x / (1 + x)))


def expected_distinct(popularity: np.ndarray, n: int) -> float:
    """Expected number of different keys among `n` requests.

    References
    ----------
    Good (1953), The population frequencies of species and the estimation of population
    parameters, Biometrika 40:237-264.

    Examples
    --------
    >>> expected_distinct([0.5, 0.5], 2)
    1.5
    """
    p = _shares(popularity)
    return float((1 - (1 - p) ** validate.count("n", n, 0)).sum())


def unseen_share(popularity: np.ndarray, n: int) -> float:
    """Chance that the request after `n` others asks for a key that none of them asked for.

    References
    ----------
    Good (1953), as in `expected_distinct`.

    Examples
    --------
    >>> unseen_share([0.5, 0.5], 2)
    0.25
    """
    p = _shares(popularity)
    return float(p @ (1 - p) ** validate.count("n", n, 0))


def unseen_estimate(keys: np.ndarray) -> float:
    """Estimate of `unseen_share` from a log alone: the keys seen exactly once, per request.

    Parameters
    ----------
    keys : array of int, shape (n,)

    References
    ----------
    Good (1953), as in `expected_distinct`; the idea is Turing's.

    Examples
    --------
    >>> unseen_estimate([1, 1, 2, 3])
    0.5
    """
    keys = validate.keys("keys", keys)
    _, times = np.unique(keys, return_counts=True)
    return float((times == 1).sum() / len(keys))


def _shares(popularity: np.ndarray) -> np.ndarray:
    weights = validate.numbers("popularity", popularity)
    validate.durations("popularity", weights, len(weights))
    if not weights.any():
        raise ValueError("popularity is all 0: give at least one key a weight.")
    return weights / weights.sum()
