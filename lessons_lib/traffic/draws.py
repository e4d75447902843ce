"""Common random numbers: unit draws that every setting of a lab shares.

Used by ``arrivals`` and ``inputs``; it knows neither. Two settings are compared on the same
customers: the draws are made once for each seed and purpose, in units without a scale, and the
sliders only stretch them. So a curve moves smoothly and in the right direction; with fresh draws
each step would mix the effect of the slider with luck.
"""

from functools import lru_cache
from statistics import NormalDist

import numpy as np

from lessons_lib import validate

PURPOSES = ("clock", "work", "key", "environment", "new", "drift")
"""What draws are for: each has an independent stream, so that none disturbs another."""


@lru_cache(maxsize=24)
def unit_draws(purpose: str, n: int, seed: int = 0) -> np.ndarray:
    """The first `n` unit draws of one purpose; more of them begin with the same ones.

    Parameters
    ----------
    purpose : str
        ``"clock"``: arrival times at rate 1 (sums of exponential gaps of mean 1);
        ``"environment"``: exponential draws of mean 1, for the weather that traffic lives in;
        all others: uniform draws in 0..1.
    n : int
    seed : int

    Returns
    -------
    ndarray of float, shape (n,)
        Shared between callers, so read-only.

    Raises
    ------
    ValueError
        For an unknown purpose, a count below 1 or a negative seed.

    Examples
    --------
    >>> bool((unit_draws("work", 5) == unit_draws("work", 9)[:5]).all())
    True
    """
    if purpose not in PURPOSES:
        raise ValueError(f"purpose is {purpose!r}: choose one of {PURPOSES}.")
    n, seed = validate.count("n", n), validate.count("seed", seed, 0)
    stream = np.random.SeedSequence(seed).spawn(len(PURPOSES))[PURPOSES.index(purpose)]
    rng = np.random.default_rng(stream)
    if purpose in ("clock", "environment"):
        draws = rng.standard_exponential(n)
        if purpose == "clock":
            draws = np.cumsum(draws)
    else:
        draws = rng.random(n)
    draws.setflags(write=False)
    return draws


@lru_cache(maxsize=8)
def normal_draws(n: int, seed: int = 0) -> np.ndarray:
    """The ``"work"`` draws as quantiles of the standard normal distribution; read-only."""
    tiny = np.finfo(float).tiny
    quantile = NormalDist().inv_cdf
    uniform = np.maximum(unit_draws("work", n, seed), tiny)
    draws = np.fromiter(map(quantile, memoryview(uniform)), float, n)
    draws.setflags(write=False)
    return draws
