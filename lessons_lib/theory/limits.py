"""What a bounded queue and a time-out on waiting do: who is turned away, who still waits.

Used by the labs from lesson 04 on through ``theory``, whose docstring explains the notation.
"""

from math import exp, expm1, inf
from typing import NamedTuple

import numpy as np

from lessons_lib import validate
from lessons_lib.theory.waiting import erlang_b, utilisation


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

    Parameters
    ----------
    rate, service_time, servers
        As in `mmc_wait`.
    queue_limit : int
        Places to wait (K - c), 0 or more; who finds them taken is rejected.

    References
    ----------
    Erlang (1917), by the balance of births and deaths.

    Examples
    --------
    >>> mmc_limited(rate=1.0, service_time=1.0, servers=1, queue_limit=1)
    LimitedQueue(rejected=0.3333333333333333, wait=0.5)
    """
    load = utilisation(rate, service_time, servers) * servers
    validate.finite("service_time", service_time, above=True)
    places = servers + validate.count("queue_limit", queue_limit, 0)
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

    Parameters
    ----------
    rate, service_time, servers
        As in `mmc_wait`.
    timeout : float
        Seconds, 0 to infinity.

    References
    ----------
    Baccelli & Hebuterne (1981); Zeltyn & Mandelbaum (2005), Queueing Systems 51:361-402,
    doi 10.1007/s11134-005-3699-8.

    Examples
    --------
    >>> mmc_timeout(rate=1.0, service_time=1.0, servers=1, timeout=0.0)
    Timeout(dropped=0.5, waiting=0.5)
    """
    load = utilisation(rate, service_time, servers) * servers
    validate.finite("service_time", service_time, above=True)
    timeout = validate.number("timeout", timeout)
    drain = servers / service_time - rate  # how fast a queue shrinks, per second
    idle = 1 / erlang_b(load, servers - 1)
    if drain * timeout < -700 or (drain == 0 and timeout == inf):
        return Timeout(1 - servers / load, 1.0)  # patience without end: the excess must leave
    left = exp(-drain * timeout) if drain else 1.0
    waited = -expm1(-drain * timeout) / drain if drain else timeout
    j = waited + left * service_time / servers
    return Timeout((1 - drain * j) / (idle + rate * j), rate * j / (idle + rate * j))
