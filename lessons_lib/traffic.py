"""Traffic: when requests arrive, how much work each brings, and what it asks for.

It knows no predictor, no server and no file: the popularity of real keys (the timetable, the words
of film reviews) comes from the caller as counts.

All draws are common random numbers: for one seed, the same customers come at every setting, and a
setting only stretches their time or their work. So a curve moves smoothly and in the right
direction; with fresh draws each step of a slider would mix its effect with luck. The number of
requests is fixed, not the horizon. A setting out of range raises ValueError, which names it.
"""

from functools import lru_cache

import numpy as np

from lessons_lib import validate

INPUTS = ("uniform", "zipf", "timetable", "words", "sentences", "growing")
"""The six input distributions, from few keys that repeat to inputs without end."""

_STREAMS = {"clock": 0, "work": 1, "key": 2, "new": 4, "drift": 5}
"""What draws are for: each has an independent stream, so that none disturbs another."""


def steady(rate: float, n: int) -> np.ndarray:
    """Arrivals at equal gaps of ``1 / rate`` seconds.

    Parameters
    ----------
    rate : float
        Requests per second.
    n : int

    Returns
    -------
    ndarray of float, shape (n,)
        Times of arrival in seconds, sorted, the first one a gap after 0.

    Examples
    --------
    >>> steady(rate=2.0, n=4)
    array([0.5, 1. , 1.5, 2. ])
    """
    return np.arange(1, validate.count("n", n) + 1) / _rate(rate)


def poisson(rate: float, n: int, *, seed: int = 0) -> np.ndarray:
    """Arrivals of many independent clients: exponential gaps of mean ``1 / rate`` seconds.

    Parameters and result are those of `steady`.
    """
    return unit_draws("clock", n, seed) / _rate(rate)


def service_times(
    mean: float, n: int, *, seed: int = 0, spread: str = "exponential", cv: float = 1.0
) -> np.ndarray:
    """How long each request keeps a server busy, if it is computed.

    Parameters
    ----------
    mean : float
        Seconds, 0 or more.
    n, seed : int
    spread : str
        ``"constant"``, ``"exponential"``, or ``"lognormal"`` with coefficient of variation `cv`.
    cv : float
        Standard deviation over mean of a lognormal service time.

    Returns
    -------
    ndarray of float, shape (n,)
        Seconds. A change of `mean` only stretches them.

    Examples
    --------
    >>> service_times(0.002, 3, spread="constant")
    array([0.002, 0.002, 0.002])
    """
    mean = validate.finite("mean", mean)
    if spread == "constant":
        return np.full(validate.count("n", n), mean)
    if spread == "exponential":
        return mean * -np.log1p(-unit_draws("work", n, seed))
    if spread == "lognormal":
        variance = np.log1p(validate.finite("cv", cv) ** 2)
        return mean * np.exp(np.sqrt(variance) * _normal_draws(n, seed) - variance / 2)
    raise ValueError(f"spread is {spread!r}: choose 'constant', 'exponential' or 'lognormal'.")


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


@lru_cache(maxsize=24)
def unit_draws(purpose: str, n: int, seed: int = 0) -> np.ndarray:
    """The first `n` unit draws of one purpose; more of them begin with the same ones.

    Parameters
    ----------
    purpose : str
        ``"clock"``: arrival times at rate 1 (sums of exponential gaps of mean 1); ``"work"``,
        ``"key"``, ``"new"`` and ``"drift"``: uniform draws in 0..1.
    n : int
    seed : int

    Returns
    -------
    ndarray of float, shape (n,)
        Shared between callers, so read-only.

    Examples
    --------
    >>> bool((unit_draws("work", 5) == unit_draws("work", 9)[:5]).all())
    True
    """
    if purpose not in _STREAMS:
        raise ValueError(f"purpose is {purpose!r}: choose one of {tuple(_STREAMS)}.")
    n, seed = validate.count("n", n), validate.count("seed", seed, 0)
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_STREAMS[purpose],)))
    draws = np.cumsum(rng.standard_exponential(n)) if purpose == "clock" else rng.random(n)
    draws.setflags(write=False)
    return draws


@lru_cache(maxsize=8)
def _normal_draws(n: int, seed: int = 0) -> np.ndarray:
    """The ``"work"`` draws as quantiles of the standard normal distribution."""
    from scipy.special import ndtri

    return ndtri(np.maximum(unit_draws("work", n, seed), np.finfo(float).tiny))


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


def _rate(rate: float) -> float:
    return validate.finite("rate", rate, above=True)
