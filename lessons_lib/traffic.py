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

_STREAMS = {"clock": 0, "work": 1, "normal": 1, "key": 2, "new": 4, "drift": 5}
"""What draws are for, and the independent stream of each, so that none disturbs another."""


def steady(rate: float, n: int) -> np.ndarray:
    """`n` times of arrival at equal gaps of ``1 / rate`` seconds, the first a gap after 0.

    >>> steady(rate=2.0, n=4)
    array([0.5, 1. , 1.5, 2. ])
    """
    return np.arange(1, validate.count("n", n) + 1) / _rate(rate)


def poisson(rate: float, n: int, *, seed: int = 0) -> np.ndarray:
    """`n` times of arrival of many independent clients: exponential gaps of mean ``1 / rate``."""
    return unit_draws("clock", n, seed) / _rate(rate)


def service_times(
    mean: float, n: int, *, seed: int = 0, spread: str = "exponential", cv: float = 1.0
) -> np.ndarray:
    """How long each of `n` requests keeps a server busy, if it is computed, in seconds.

    `spread` is ``"constant"``, ``"exponential"``, or ``"lognormal"`` with `cv` as its standard
    deviation over its mean. A change of `mean` only stretches the times.

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
        return mean * np.exp(np.sqrt(variance) * unit_draws("normal", n, seed) - variance / 2)
    raise ValueError(f"spread is {spread!r}: choose 'constant', 'exponential' or 'lognormal'.")


def zipf_keys(skew: float, count: int, n: int, *, seed: int = 0) -> np.ndarray:
    """`n` keys out of 0..count-1; the k-th most popular (key k-1) is asked in proportion k**-skew.

    Zipf (1949), Human Behavior and the Principle of Least Effort; for requests on the Web: Breslau
    et al. (1999), INFOCOM.
    """
    skew = validate.finite("skew", skew)
    ranks = np.arange(1, validate.count("count", count) + 1)
    return popular_keys(ranks**-skew, n, seed=seed)


def popular_keys(weights: np.ndarray, n: int, *, seed: int = 0) -> np.ndarray:
    """`n` independent keys, key k in proportion to ``weights[k]``, such as its count in a log.

    >>> popular_keys([0, 5, 0], 3)
    array([1, 1, 1])
    """
    weights = validate.numbers("weights", weights)
    validate.durations("weights", weights, len(weights))
    if not weights.any():
        raise ValueError("weights are all 0: give at least one key a popularity.")
    total = np.cumsum(weights)
    draws = unit_draws("key", n, seed)
    return np.searchsorted(total / total[-1], draws, side="right").astype(np.int64, copy=False)


def growing_keys(new_share: float, n: int, *, seed: int = 0) -> np.ndarray:
    """`n` keys without end: each request is a new one with probability `new_share`, else a repeat.

    A repeat copies a past request at random, so popular keys grow more popular. Keys are numbered
    in order of appearance; ``1 + (n - 1) * new_share`` of them are expected. No table, however
    large, covers more than ``1 - new_share`` of the requests.

    Source: Simon (1955), On a class of skew distribution functions, Biometrika 42:425.

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

    `weights` are the popularity of keys 0..m-1, those at the beginning. That of each rank stays;
    the key that holds it is replaced by a new one from time to time, each rank at its own moment,
    `drift` times over the whole trace on average. With probability `new_share` a request is for a
    key that was never asked for before, nor will be again.

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
    """The first `n` unit draws of one purpose, read-only; more of them begin with the same ones.

    ``"clock"`` are arrival times at rate 1 (sums of exponential gaps); ``"work"``, ``"key"``,
    ``"new"`` and ``"drift"`` are uniform draws in 0..1; ``"normal"`` are those of ``"work"`` as
    quantiles of the standard normal distribution.

    >>> bool((unit_draws("work", 5) == unit_draws("work", 9)[:5]).all())
    True
    """
    if purpose not in _STREAMS:
        raise ValueError(f"purpose is {purpose!r}: choose one of {tuple(_STREAMS)}.")
    n, seed = validate.count("n", n), validate.count("seed", seed, 0)
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_STREAMS[purpose],)))
    if purpose == "clock":
        draws = np.cumsum(rng.standard_exponential(n))
    elif purpose == "normal":
        from scipy.special import ndtri

        draws = ndtri(np.maximum(rng.random(n), np.finfo(float).tiny))
    else:
        draws = rng.random(n)
    draws.setflags(write=False)
    return draws


def _rate(rate: float) -> float:
    return validate.finite("rate", rate, above=True)
