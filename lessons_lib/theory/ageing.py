"""How old the answers of a table are that is refreshed at regular times.

Used by the lab of lesson 06 through ``theory``.
"""

import numpy as np

from lessons_lib import validate


def mean_age(interval: float, job_time: float = 0.0) -> float:
    """Mean age of an answer from a table refreshed every `interval` by a job of `job_time` seconds.

    The information is as old as the start of the job; requests come at random times.

    References
    ----------
    Cho & Garcia-Molina (2003), Effective page refresh policies for Web crawlers, ACM Trans.
    Database Syst. 28(4):390-426.

    Examples
    --------
    >>> mean_age(interval=86_400, job_time=3_600)
    46800.0
    """
    interval = validate.finite("interval", interval)
    return validate.finite("job_time", job_time) + interval / 2


def age_percentile(p: float, interval: float, job_time: float = 0.0) -> float:
    """The age in seconds that `p` percent of those answers do not exceed; see `mean_age`.

    Examples
    --------
    >>> age_percentile(99, interval=100.0, job_time=10.0)
    109.0
    """
    share = validate.number("p", p, most=100) / 100
    interval = validate.finite("interval", interval)
    return validate.finite("job_time", job_time) + share * interval


def outdated_share(change_rate: float, interval: float, job_time: float = 0.0) -> float:
    """Share of those answers whose true value has changed since; see `mean_age`.

    Parameters
    ----------
    change_rate : float
        Changes per second of one value, as a Poisson process.
    interval, job_time : float
        Seconds from one refresh to the next, and seconds a refresh takes.

    References
    ----------
    Cho & Garcia-Molina (2003), as in `mean_age`.

    Examples
    --------
    >>> round(outdated_share(change_rate=1.0, interval=1.0), 4)
    0.3679
    """
    x = validate.finite("change_rate", change_rate) * validate.finite("interval", interval)
    late = change_rate * validate.finite("job_time", job_time)
    kept = -np.expm1(-x) / x if x else 1.0
    return float(1 - np.exp(-late) * kept)
