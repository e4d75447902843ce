"""One minute of a service that stands still twice, met by two kinds of client.

Used by lesson 03 through the lab `load`. The open loop sends at the times of a plan, as people do
who know nothing of each other, and counts latency from the planned time. The closed loop is one
tester who means to keep the same pace but never sends before the last answer has come.

It knows the simulator and nothing of charts. A service that stands still for five seconds takes a
millisecond here.
"""

from typing import NamedTuple

import numpy as np

from lessons_lib import simulate, traffic, validate

SECONDS = 60.0
"""How long the test lasts, in virtual time."""
STALLS = (10.0, 40.0)
"""When the service begins to stand still, seconds into the test."""

_DRAWS = 12_800  # enough for a minute at 200 a second; fixed, so that the draws are shared
_SEED = 3


class Run(NamedTuple):
    """One minute of one loop.

    Parameters
    ----------
    planned : ndarray of float, shape (n,)
        When each request was sent, for the open loop: was to be sent. Seconds.
    latency : ndarray of float, shape (n,)
        From that moment to its answer, seconds.
    """

    planned: np.ndarray
    latency: np.ndarray


def open_loop(rate: float, service_time: float, stall: float) -> Run:
    """Requests at the times of the plan, whatever the service does.

    Parameters
    ----------
    rate : float
        Requests a second on average, at Poisson times.
    service_time : float
        Mean seconds of one request in the worker (lognormal, coefficient of variation 0.5).
    stall : float
        Seconds for which the service stands still at each of `STALLS`. It is taken like a request
        that takes that long: whoever is in service is finished first.

    Returns
    -------
    Run

    Raises
    ------
    ValueError
        For a rate or service time that is not above 0, or a negative stall.
    """
    planned, work = _traffic(rate, service_time)
    planned = planned[planned < SECONDS]
    times = np.concatenate([STALLS, planned])
    order = np.argsort(times, kind="stable")
    works = np.concatenate([[validate.finite("stall", stall)] * len(STALLS), work[: len(planned)]])
    start = np.empty(len(times))
    start[order] = simulate.fifo(times[order], works[order])
    return Run(planned, (start + works - times)[len(STALLS) :])


def closed_loop(rate: float, service_time: float, stall: float) -> Run:
    """The same pace from one tester, who never sends before the last answer is there.

    The parameters are those of `open_loop`. The tester waits for the next gap of the same plan, or
    for the answer if that takes longer; latency counts from the moment of sending, since nothing
    else was written down.
    """
    planned, work = _traffic(rate, service_time)
    stalls = iter([*STALLS, np.inf])
    due, sent, latency = next(stalls), [], []
    now = done = free = 0.0
    for gap, seconds in zip(np.diff(planned, prepend=0.0).tolist(), work.tolist(), strict=True):
        now = max(now + gap, done)
        if now >= SECONDS:
            break
        while due <= now:
            free, due = max(free, due) + stall, next(stalls)
        done = free = max(now, free) + seconds
        sent.append(now)
        latency.append(done - now)
    return Run(np.array(sent), np.array(latency))


def highest_rate(service_time: float, workers: int = 1) -> float:
    """The rate in requests a second below which the queue of a service does not grow for ever.

    Parameters
    ----------
    service_time : float
        Mean seconds of one request in a worker.
    workers : int

    Examples
    --------
    >>> highest_rate(0.25)
    4.0
    """
    seconds = validate.finite("service_time", service_time, above=True)
    return validate.count("workers", workers) / seconds


def _traffic(rate: float, service_time: float) -> tuple[np.ndarray, np.ndarray]:
    work = traffic.service_times(
        validate.finite("service_time", service_time, above=True),
        _DRAWS,
        seed=_SEED,
        spread="lognormal",
        cv=0.5,
    )
    planned = traffic.poisson(rate, _DRAWS, seed=_SEED)
    if planned[-1] < SECONDS:
        raise ValueError(f"rate is {rate:g}: a minute of it has no room here, give 200 or less.")
    return planned, work
