"""What a run amounts to: percentiles with the requests behind them, load, and warm-up.

Used by every lab through ``simulate``, after it has run. Percentiles are taken over all
requests pooled together: an average of percentiles is not a percentile.
"""

from math import ceil
from typing import NamedTuple

import numpy as np

from lessons_lib import validate

ENOUGH = 20
"""Fewest requests beyond a percentile before it is worth showing."""


class Percentiles(NamedTuple):
    """Percentiles of a run; see `percentiles`.

    Parameters
    ----------
    at : ndarray of float, shape (m,)
        The percentiles, in percent.
    value : ndarray of float, shape (m,)
        Their values; NaN where nothing was measured.
    behind : ndarray of int, shape (m,)
        How many requests lie beyond each: what it rests on.
    enough : ndarray of bool, shape (m,)
        Whether that is at least `ENOUGH`; grey the value out where it is not.
    """

    at: np.ndarray
    value: np.ndarray
    behind: np.ndarray
    enough: np.ndarray


def percentiles(values: np.ndarray, at=(50, 90, 99, 99.9)) -> Percentiles:
    """Percentiles of `values`, each with the number of requests it rests on.

    The p-th percentile is a value that occurred: the smallest that at least p % of the requests do
    not exceed (nearest rank).

    Parameters
    ----------
    values : array of float, shape (n,)
        Such as latencies, in seconds. NaN (a request that was never served) is left out, so
        show the share of those beside it; infinity is kept. May be empty.
    at : sequence of float
        Percentiles, above 0 and at most 100.

    Raises
    ------
    ValueError
        For a percentile out of range.

    Examples
    --------
    >>> p = percentiles(range(1, 1001))
    >>> p.value
    array([500., 900., 990., 999.])
    >>> p.behind
    array([500, 100,  10,   1])
    >>> p.enough
    array([ True,  True, False, False])
    """
    at = np.array([validate.number("at", p, above=True, most=100) for p in at])
    values = np.asarray(values, dtype=float)
    values = np.sort(values[~np.isnan(values)])
    total = len(values)
    if total == 0:
        zero = np.zeros(len(at), int)
        return Percentiles(at, np.full(len(at), np.nan), zero, zero > 0)
    # The guard keeps 99.9 % of 1000 at rank 999: in binary the product is a little more.
    rank = np.clip(np.ceil(at / 100 * total - 1e-9 * total), 1, total).astype(int)
    behind = total - rank
    return Percentiles(at, values[rank - 1], behind, behind >= ENOUGH)


def utilisation(arrive: np.ndarray, work: np.ndarray, servers: int = 1) -> float:
    """Work that arrives per second and server; at 1 or more the queue has no steady state.

    Parameters
    ----------
    arrive, work : array of float, shape (n,)
        Times of arrival (sorted) and service times, seconds.
    servers : int

    Returns
    -------
    float
        An estimate from this trace; infinity if all requests arrive at once. Where the true rate
        and mean service time are known, ``rate * mean / servers`` is better.

    Raises
    ------
    ValueError
        For unsorted times, negative or missing values, unequal lengths, or no server.

    Examples
    --------
    >>> utilisation([1, 2, 3, 4], [1.5, 1.5, 1.5, 1.5], servers=2)
    0.75
    """
    arrive = validate.times("arrive", arrive)
    work = validate.durations("work", work, len(arrive))
    servers = validate.count("servers", servers)
    gaps = arrive[-1] - arrive[0]
    if gaps == 0:
        return float("inf") if work.any() else 0.0
    return float(work.mean() * (len(arrive) - 1) / gaps / servers)


def warm_up(utilisation: float) -> int:
    """How many requests of a run that starts empty to hide, so that the rest is close to steady.

    Five relaxation times of the queue M/M/c, in requests: ``5 rho / (1 - sqrt(rho))**2``.

    Parameters
    ----------
    utilisation : float
        From 0 to below 1.

    Raises
    ------
    ValueError
        For a utilisation of 1 or more: there is no steady state to wait for.

    References
    ----------
    Odoni & Roth (1983), An empirical investigation of the transient behavior of stationary
    queueing systems, Operations Research 31(3).

    Examples
    --------
    >>> [warm_up(rho) for rho in (0.5, 0.9, 0.99)]
    [30, 1709, 197009]
    """
    if not 0 <= utilisation < 1:
        raise ValueError(
            f"utilisation is {utilisation}: below 1 a queue settles, at 1 or more it only grows."
        )
    return ceil(5 * utilisation / (1 - utilisation**0.5) ** 2)
