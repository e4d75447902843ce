"""Pages that need answers from several services: complete when the slowest one has come.

Used by the servers lab of lesson 04. All of these services are alike: so many servers with one
queue, and calls from many pages at Poisson times. They have no traffic in common, so what a page
meets at one of them says nothing about the next. It knows the simulator and no chart.
"""

from functools import cache

import numpy as np

from lessons_lib import simulate, theory, traffic, validate

SERVICE = 0.1
"""Mean service time of a call, seconds."""
CALLS, PAGES = 60_000, 4_000
"""How many calls are simulated, and how many pages are put together from them."""
MOST = 100
"""The largest fan-out."""

_SEED = 4


def any_slow(share: float, parts: int) -> float:
    """Share of pages that wait for at least one slow call, if calls are slow independently.

    Parameters
    ----------
    share : float
        Share of the calls that are slow, 0..1.
    parts : int
        Calls of a page: its fan-out.

    References
    ----------
    Dean & Barroso (2013), The tail at scale, Communications of the ACM 56(2):74-80.

    Examples
    --------
    >>> round(any_slow(share=0.01, parts=100), 3)
    0.634
    """
    share = validate.number("share", share, most=1)
    return 1 - (1 - share) ** validate.count("parts", parts)


def call_latencies(servers: int, rate: float, shape: str) -> tuple[np.ndarray, np.ndarray]:
    """Waiting and latency of each call to one service, its warm-up left out.

    Parameters
    ----------
    servers : int
    rate : float
        Calls a second.
    shape : str
        ``"exponential"`` or ``"constant"`` service times of mean `SERVICE`.

    Returns
    -------
    waiting, latency : ndarray of float, shape (n,)
        Seconds. At utilisation 1 or more nothing settles, and no call is left out.
    """
    arrive = traffic.poisson(rate, CALLS, seed=_SEED)
    work = traffic.service_times(SERVICE, CALLS, seed=_SEED, spread=shape)
    waiting = simulate.fifo(arrive, work, servers) - arrive
    busy = theory.utilisation(rate, SERVICE, servers)
    settled = simulate.warm_up(busy) if busy < 1 else 0
    return waiting[settled:], (waiting + work)[settled:]


def page_latencies(latency: np.ndarray, fan_out: int) -> np.ndarray:
    """Latency of each page: the slowest of its calls.

    Each call of a page is taken from a moment of its own of the run, since it goes to a service
    of its own. One more call never makes a page quicker.

    Parameters
    ----------
    latency : ndarray of float, shape (n,)
        Of calls, seconds.
    fan_out : int
        Calls of a page, 1 to 100.

    Returns
    -------
    ndarray of float, shape (PAGES,)
    """
    fan_out = validate.count("fan_out", fan_out)
    if fan_out > MOST:
        raise ValueError(f"fan_out is {fan_out}: give {MOST} calls a page or fewer.")
    moments = (_moments()[:, :fan_out] * len(latency)).astype(int)
    return latency[moments].max(axis=1)


@cache
def _moments() -> np.ndarray:
    """Where in the run each call of each page falls, 0..1; the same at every setting."""
    return np.random.default_rng(_SEED).random((PAGES, MOST))
