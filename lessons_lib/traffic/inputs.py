"""What clients ask for: the input distributions of the course, as integer keys.

Used through ``traffic`` by every lab with a table or a cache. It knows no file: the popularity of
real keys (the timetable, the words of film reviews) comes from the caller as counts. All draws are
common random numbers (``draws``): the same seed asks the same questions at every setting.
"""

from functools import lru_cache

import numpy as np

from lessons_lib import validate
from lessons_lib.traffic.draws import unit_draws

INPUTS = ("uniform", "zipf", "timetable", "words", "sentences", "growing")
"""The six input distributions, from few keys that repeat to inputs without end."""


def draw_keys(
    distribution: str,
    n: int,
    *,
    seed: int = 0,
    count: int = 1000,
    skew: float = 1.0,
    weights: np.ndarray | None = None,
    new_share: float = 0.15,
) -> np.ndarray:
    """Keys of `n` requests from one of the six distributions of the course.

    Parameters
    ----------
    distribution : str
        ``"uniform"`` and ``"zipf"`` use `count` (and `skew`); ``"timetable"`` and ``"words"`` need
        `weights`; ``"growing"`` uses `new_share`; ``"sentences"`` never repeat.
    n : int
    seed : int
    count, skew, weights, new_share
        As in `uniform_keys`, `zipf_keys`, `popular_keys` and `growing_keys`.

    Returns
    -------
    ndarray of int64, shape (n,)

    Raises
    ------
    ValueError
        For an unknown distribution, missing weights or a setting out of range.

    Examples
    --------
    >>> draw_keys("sentences", 4)
    array([0, 1, 2, 3])
    """
    if distribution == "uniform":
        return uniform_keys(count, n, seed=seed)
    if distribution == "zipf":
        return zipf_keys(skew, count, n, seed=seed)
    if distribution in ("timetable", "words"):
        if weights is None:
            raise ValueError(f"weights is None: give the popularity of the {distribution} keys.")
        return popular_keys(weights, n, seed=seed)
    if distribution == "sentences":
        return distinct_keys(n)
    if distribution == "growing":
        return growing_keys(new_share, n, seed=seed)
    raise ValueError(f"distribution is {distribution!r}: choose one of {INPUTS}.")


def uniform_keys(count: int, n: int, *, seed: int = 0) -> np.ndarray:
    """`n` keys out of 0..count-1, all equally popular."""
    count = validate.count("count", count)
    return (unit_draws("key", n, seed) * count).astype(np.int64)


def zipf_keys(skew: float, count: int, n: int, *, seed: int = 0) -> np.ndarray:
    """`n` keys out of 0..count-1; the k-th most popular (key k-1) is asked in proportion k**-skew.

    Raises ValueError for a negative or infinite skew. Zipf (1949), Human Behavior and the
    Principle of Least Effort; for requests on the Web: Breslau et al. (1999), INFOCOM.
    """
    skew = validate.finite("skew", skew)
    return _draw(_zipf_cumulative(skew, validate.count("count", count)), n, seed)


def popular_keys(weights: np.ndarray, n: int, *, seed: int = 0) -> np.ndarray:
    """`n` independent keys, key k in proportion to ``weights[k]``, such as its count in a log.

    Examples
    --------
    >>> popular_keys([0, 5, 0], 3)
    array([1, 1, 1])
    """
    return _draw(_cumulative(weights), n, seed)


def distinct_keys(n: int) -> np.ndarray:
    """`n` keys that never repeat, as the sentences of film reviews do not."""
    return np.arange(validate.count("n", n), dtype=np.int64)


def growing_keys(new_share: float, n: int, *, seed: int = 0) -> np.ndarray:
    """Keys without end: each request is a new one with probability `new_share`, else a repeat.

    A repeat copies a past request at random, so popular keys grow more popular. Keys are numbered
    in order of appearance; ``1 + (n - 1) * new_share`` of them are expected.

    Parameters
    ----------
    new_share : float
        0 to 1: no table, however large, covers more than ``1 - new_share`` of the requests.
    n : int
    seed : int

    Returns
    -------
    ndarray of int64, shape (n,)

    Raises
    ------
    ValueError
        For a share outside 0..1 or a count below 1.

    References
    ----------
    Simon (1955), On a class of skew distribution functions, Biometrika 42:425.

    Examples
    --------
    >>> growing_keys(1.0, 4)
    array([0, 1, 2, 3])
    """
    new_share = validate.number("new_share", new_share, most=1)
    new = unit_draws("new", n, seed) < new_share
    new[0] = True
    order = np.arange(n)
    source = np.where(new, order, (unit_draws("key", n, seed) * order).astype(np.int64))
    while True:  # each round doubles the steps back that are followed
        further = source[source]
        if (further == source).all():
            return (np.cumsum(new) - 1)[source]
        source = further


def drifting_keys(
    weights: np.ndarray, n: int, *, drift: float = 0.0, new_share: float = 0.0, seed: int = 0
) -> np.ndarray:
    """Popular keys whose names change with time, plus a share that nobody asked for before.

    The popularity of each rank stays; the key that holds it is replaced by a new one from time to
    time, each rank at its own moment. Keys 0..len(weights)-1 are those at the beginning.

    Parameters
    ----------
    weights : array of float, shape (m,)
        Popularity of the keys, such as their counts in a log.
    n : int
    drift : float
        How often each key is replaced over the whole trace, on average; 0 means never.
    new_share : float
        0 to 1: share of requests whose key was never asked for before, nor will be again.
    seed : int

    Returns
    -------
    ndarray of int64, shape (n,)

    Raises
    ------
    ValueError
        For negative weights or drift, a share outside 0..1 or a count below 1.

    Examples
    --------
    >>> drifting_keys([1.0], 4, drift=0.0)
    array([0, 0, 0, 0])
    """
    drift = validate.finite("drift", drift)
    new_share = validate.number("new_share", new_share, most=1)
    rank = popular_keys(weights, n, seed=seed)
    ranks, order = len(weights), np.arange(n)
    phase = unit_draws("drift", ranks, seed)
    keys = rank + ranks * np.floor(phase[rank] + drift * order / n).astype(np.int64)
    beyond = ranks * (int(drift) + 2)
    return np.where(unit_draws("new", n, seed) < new_share, beyond + order, keys)


def _draw(cumulative: np.ndarray, n: int, seed: int) -> np.ndarray:
    draws = unit_draws("key", n, seed)
    return np.searchsorted(cumulative, draws, side="right").astype(np.int64, copy=False)


@lru_cache(maxsize=16)
def _zipf_cumulative(skew: float, count: int) -> np.ndarray:
    return _cumulative(np.arange(1, count + 1) ** -skew)


def _cumulative(weights: np.ndarray) -> np.ndarray:
    weights = validate.numbers("weights", weights)
    validate.durations("weights", weights, len(weights))
    if not weights.any():
        raise ValueError("weights are all 0: give at least one key a popularity.")
    total = np.cumsum(weights)
    return total / total[-1]
