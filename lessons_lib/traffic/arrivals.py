"""When requests arrive, and how long each keeps a server busy.

Used by every lab through ``traffic``. Real times, such as the timetable, come from the caller.
"""

import numpy as np

from lessons_lib import validate
from lessons_lib.traffic.draws import normal_draws, unit_draws

DAY = tuple(1 - 0.8 * np.cos(2 * np.pi * (np.arange(24) - 3.5) / 24))
"""A made-up day: relative rates of its 24 hours, least at 4 in the morning, most at 4 p.m."""


def steady(rate: float, n: int) -> np.ndarray:
    """Arrivals at equal gaps of ``1 / rate`` seconds.

    Every arrival process returns an ndarray of float, shape (n,): times in seconds, sorted, the
    first one about a gap after 0; each raises ValueError for a rate that is not above 0, a count
    below 1 or a setting out of range.

    Parameters
    ----------
    rate : float
        Requests per second.
    n : int
        How many requests.

    Examples
    --------
    >>> steady(rate=2.0, n=4)
    array([0.5, 1. , 1.5, 2. ])
    """
    return np.arange(1, validate.count("n", n) + 1) / _rate(rate)


def poisson(rate: float, n: int, *, seed: int = 0) -> np.ndarray:
    """Arrivals of many independent clients: exponential gaps of mean ``1 / rate`` seconds.

    Parameters
    ----------
    rate : float
        Requests per second.
    n, seed : int
    """
    return unit_draws("clock", n, seed) / _rate(rate)


def bursty(
    rate: float,
    n: int,
    *,
    seed: int = 0,
    ratio: float = 10.0,
    share: float = 0.1,
    cycle: float | None = None,
) -> np.ndarray:
    """Arrivals in bursts: Poisson at one of two rates, which alternate after exponential times.

    A Markov-modulated Poisson process with two states.

    Parameters
    ----------
    rate : float
        Mean requests per second over a long time.
    n, seed : int
    ratio : float
        Rate in a burst over the rate between bursts, 1 or more.
    share : float
        Share of the time that is burst, between 0 and 1.
    cycle : float, optional
        Mean seconds of one burst and one quiet time together; by default as long as 500 requests
        take, so that the rate only stretches time.

    References
    ----------
    Heffes & Lucantoni (1986), A Markov modulated characterization of packetized voice and data
    traffic and related statistical multiplexer performance, IEEE J. Sel. Areas Commun. 4.
    """
    rate = _rate(rate)
    ratio = validate.finite("ratio", ratio, 1)
    share = validate.number("share", share, above=True, most=1)
    cycle = validate.finite("cycle", 500 / rate if cycle is None else cycle, above=True)
    if rate * cycle < 0.01:
        raise ValueError(f"cycle is {cycle} s: far below one gap between requests, give more.")
    quiet_rate = rate / (1 - share + share * ratio)
    clock = unit_draws("clock", n, seed)
    holds = 64
    while True:
        weather = unit_draws("environment", holds + 1, seed)
        burst = np.arange(holds) % 2 == (np.exp(-weather[0]) >= share)  # begins as in the long run
        seconds = weather[1:] * np.where(burst, share, 1 - share) * cycle
        expected = np.cumsum(seconds * quiet_rate * np.where(burst, ratio, 1.0))
        if expected[-1] >= clock[-1]:
            break
        holds *= 2
    return np.interp(clock, np.append(0, expected), np.append(0, np.cumsum(seconds)))


def daily(
    rate: float, n: int, *, seed: int = 0, profile: np.ndarray = DAY, day: float = 86_400.0
) -> np.ndarray:
    """Poisson arrivals whose rate follows the same profile every day, from midnight on.

    Parameters
    ----------
    rate : float
        Mean requests per second over a whole day.
    n, seed : int
    profile : array of float, shape (m,)
        Relative rates of m equal parts of the day; 0 means that nobody comes.
    day : float
        Length of a day, seconds.
    """
    rate = _rate(rate)
    profile = validate.numbers("profile", profile)
    validate.durations("profile", profile, len(profile))
    if not profile.any():
        raise ValueError("profile is all 0: give at least one part of the day some traffic.")
    day = validate.finite("day", day, above=True)
    busy = np.append(0, np.cumsum(profile)) / profile.sum()  # share of a day's requests by then
    days, part = np.divmod(unit_draws("clock", n, seed) / (rate * day), 1)
    return day * (days + np.interp(part, busy, np.linspace(0, 1, len(busy))))


def replay(times: np.ndarray, *, rate: float | None = None, n: int | None = None) -> np.ndarray:
    """Arrivals as they were recorded, such as the real timetable.

    Parameters
    ----------
    times : array of float, shape (m,)
        Recorded times, seconds, sorted, not all equal.
    rate : float, optional
        Mean requests per second to stretch them to; by default as recorded.
    n : int, optional
        How many requests, by default m. Beyond m the record is played again.

    Examples
    --------
    >>> replay([10, 11, 14], rate=2.0, n=5)
    array([0.5 , 0.75, 1.5 , 2.  , 2.25])
    """
    times = validate.times("times", times)
    span = times[-1] - times[0]
    if not span:
        raise ValueError(f"times are all {times[0]}: a record needs two different times.")
    m = len(times)
    n = m if n is None else validate.count("n", n)
    gap = span / (m - 1)
    rounds, place = np.divmod(np.arange(n), m)
    seconds = (times - times[0] + gap)[place] + rounds * (span + gap)
    return seconds if rate is None else seconds / (gap * _rate(rate))


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

    Raises
    ------
    ValueError
        For a negative mean or cv, an unknown spread or a count below 1.

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
        return mean * np.exp(np.sqrt(variance) * normal_draws(n, seed) - variance / 2)
    raise ValueError(f"spread is {spread!r}: choose 'constant', 'exponential' or 'lognormal'.")


def _rate(rate: float) -> float:
    return validate.finite("rate", rate, above=True)
