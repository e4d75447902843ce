"""What a run amounts to: how busy its servers were, and how much of its start to hide."""

from math import ceil

import numpy as np

from lessons_lib import validate


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
