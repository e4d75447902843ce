"""Closed formulas for waiting, hit ratios and age, drawn as lines over the points of the simulator.

It knows no simulation: the tests check each formula against independent runs. Each docstring says
which assumptions a formula needs; draw it only where they hold. Times are seconds, rates are per
second, percentiles are in percent. An argument out of range raises ValueError, which names it.

"M/M/c" and its like are Kendall's notation: arrivals / service / servers, where M is exponential
(Poisson arrivals), D constant and G any distribution; always first come, first served. The formulas
of M/M/c are Erlang's (1917). A queue at utilisation 1 or more has no steady state: its mean wait
and its percentiles are infinite.

A `popularity` is an array of weights, one a key, such as counts in a log; requests are independent
draws from it.
"""

from math import inf

import numpy as np

from lessons_lib import validate


def utilisation(rate: float, service_time: float, servers: int = 1) -> float:
    """Share of the time that a server is busy: ``rate * service_time / servers``.

    At 1 or more it is the load that is offered, and the queue grows without end.

    >>> utilisation(rate=90, service_time=0.04, servers=4)
    0.9
    """
    rate = validate.finite("rate", rate, above=True)
    service_time = validate.finite("service_time", service_time)
    return rate * service_time / validate.count("servers", servers)


def growth(rate: float, service_time: float, servers: int = 1) -> float:
    """Seconds by which the wait grows with each request in overload; 0 below utilisation 1.

    The mean service time over the servers, less the mean gap: exact for constant gaps and times,
    the fluid limit otherwise.

    >>> growth(rate=1.0, service_time=3600.0)
    3599.0
    """
    busy = utilisation(rate, service_time, servers)
    return max(0.0, (busy - 1) / rate)


def erlang_b(load: float, servers: int) -> float:
    """Share of requests lost by `servers` without a queue (M/G/c/c), Erlang's B formula.

    Poisson arrivals; exact for any distribution of the service time. `load` is the rate times the
    mean service time (erlangs).

    Source: Erlang (1917). Insensitivity to the distribution: Sevastyanov (1957).

    >>> round(erlang_b(load=3.0, servers=4), 4)
    0.2061
    """
    load = validate.finite("load", load)
    blocked = 1.0
    for k in range(1, validate.count("servers", servers, 0) + 1):
        blocked = load * blocked / (k + load * blocked)
    return blocked


def erlang_c(load: float, servers: int) -> float:
    """Share of requests that must wait in M/M/c, Erlang's C formula; 1 at utilisation 1 or more.

    >>> round(erlang_c(load=3.0, servers=4), 4)
    0.5094
    """
    blocked = erlang_b(load, validate.count("servers", servers))
    busy = load / servers
    return 1.0 if busy >= 1 else blocked / (1 - busy * (1 - blocked))


def mmc_wait(rate: float, service_time: float, servers: int = 1) -> float:
    """Mean wait in M/M/c, seconds; infinite at utilisation 1 or more.

    >>> round(mmc_wait(rate=0.9, service_time=1.0), 9)
    9.0
    """
    busy = utilisation(rate, service_time, servers)
    if busy >= 1:
        return inf
    return erlang_c(busy * servers, servers) * service_time / (servers * (1 - busy))


def mmc_slower_than(t: np.ndarray, rate: float, service_time: float, servers: int = 1):
    """Share of requests of M/M/c whose latency (wait and service) exceeds `t` seconds, 0 or more.

    Of the shape of `t`; 1 at utilisation 1 or more. `service_time` is above 0.

    Source: Erlang (1917); here without the large terms that cancel in the usual form.

    >>> round(float(mmc_slower_than(10 * np.log(100), rate=0.9, service_time=1.0)), 9)
    0.01
    """
    busy = utilisation(rate, service_time, servers)
    validate.finite("service_time", service_time, above=True)
    t = np.asarray(t, dtype=float)
    if not ((t >= 0) & (t < inf)).all():
        raise ValueError(f"t is {t}: give times of 0 s or more.")
    if busy >= 1:
        return np.ones(t.shape)
    x = t / service_time
    waiting = erlang_c(busy * servers, servers)
    d = servers * (1 - busy) - 1  # the queue drains at rate 1 + d, a request is served at rate 1
    if d == 0:
        return np.exp(-x) * (1 + waiting * x)
    slower, faster = max(d, 0.0), min(d, 0.0)
    difference = np.exp(-(1 + faster) * x) * np.expm1(-abs(d) * x)
    return np.exp(-x) + waiting * difference / (faster - slower)


def mmc_latency_percentile(p: float, rate: float, service_time: float, servers: int = 1) -> float:
    """The latency in seconds that `p` percent of the requests of M/M/c do not exceed.

    By bisection of `mmc_slower_than`; infinite at utilisation 1 or more.

    >>> round(mmc_latency_percentile(99, rate=3.6, service_time=1.0, servers=4), 2)
    12.19
    """
    share = 1 - validate.number("p", p, above=True, most=100) / 100
    if share == 0 or utilisation(rate, service_time, servers) >= 1:
        return inf
    low, high = 0.0, service_time
    while mmc_slower_than(high, rate, service_time, servers) > share:
        low, high = high, 2 * high
    while high - low > 1e-12 * high:
        middle = (low + high) / 2
        if mmc_slower_than(middle, rate, service_time, servers) > share:
            low = middle
        else:
            high = middle
    return high


def mdc_wait(rate: float, service_time: float, servers: int = 1) -> float:
    """Mean wait in M/D/c (constant service time), seconds; infinite at utilisation 1 or more.

    Exact, through the roots of ``z**c = exp(load * (z - 1))`` within the unit circle.

    Source: Crommelin (1932), Delay probability formulae when the holding times are constant, Post
    Office Electrical Engineers' Journal 25:41-50.

    >>> round(mdc_wait(rate=0.9, service_time=1.0), 9)
    4.5
    """
    busy = utilisation(rate, service_time, servers)
    if busy >= 1:
        return inf
    turn = np.exp(2j * np.pi * np.arange(1, servers) / servers)
    z = np.zeros(servers - 1, complex)
    for _ in range(60):  # Newton's method for z = turn * exp(busy * (z - 1))
        image = turn * np.exp(busy * (z - 1))
        z -= (z - image) / (1 - busy * image)
    load = busy * servers
    waiting = load / (2 * (servers - load)) - (servers - 1 + load) / 2 + (1 / (1 - z)).sum().real
    return max(0.0, float(waiting) / rate)


def zipf(skew: float, count: int) -> np.ndarray:
    """Popularity of `count` keys under Zipf's law: the k-th in proportion to ``k**-skew``.

    Source: Zipf (1949), Human Behavior and the Principle of Least Effort.

    >>> zipf(skew=1.0, count=3).round(4)
    array([0.5455, 0.2727, 0.1818])
    """
    weights = np.arange(1.0, validate.count("count", count) + 1) ** -validate.finite("skew", skew)
    return weights / weights.sum()


def top_k_hit_ratio(popularity: np.ndarray, size: int) -> float:
    """Share of requests that a table of the `size` most popular keys answers.

    No table or cache of that size does better on independent requests.

    Source: Aho, Denning & Ullman (1971), Principles of optimal page replacement, J. ACM 18.

    >>> round(top_k_hit_ratio(zipf(1.0, 3), 1), 4)
    0.5455
    """
    weights = validate.numbers("popularity", popularity)
    validate.durations("popularity", weights, len(weights))
    if not weights.any():
        raise ValueError("popularity is all 0: give at least one key a weight.")
    size = validate.count("size", size, 0)
    return float(np.sort(weights)[::-1][:size].sum() / weights.sum())


def mean_age(interval: float, job_time: float = 0.0) -> float:
    """Mean age of an answer from a table refreshed every `interval` by a job of `job_time` seconds.

    The information is as old as the start of the job; requests come at random times.

    Source: Cho & Garcia-Molina (2003), Effective page refresh policies for Web crawlers, ACM Trans.
    Database Syst. 28(4):390-426.

    >>> mean_age(interval=86_400, job_time=3_600)
    46800.0
    """
    interval = validate.finite("interval", interval)
    return validate.finite("job_time", job_time) + interval / 2


def outdated_share(change_rate, interval, job_time: float = 0.0):
    """Share of answers whose true value has changed since their information was taken, 0..1.

    The value of a key changes at random, `change_rate` times per unit of time; the key is refreshed
    every `interval`, by a job that takes `job_time`, in the same unit. Numbers or arrays of one
    shape. An infinite interval is no refresh at all.

    Source: Cho & Garcia-Molina (2003), as for `mean_age`.

    >>> round(float(outdated_share(change_rate=0.1, interval=20.0)), 4)
    0.5677
    """
    rate, interval = np.asarray(change_rate, dtype=float), np.asarray(interval, dtype=float)
    if not ((rate >= 0) & (rate < inf)).all():
        raise ValueError(f"change_rate is {change_rate}: give rates of 0 or more.")
    if not (interval >= 0).all():
        raise ValueError(f"interval is {interval}: give times of 0 or more.")
    job_time = validate.finite("job_time", job_time)
    with np.errstate(invalid="ignore"):  # what never changes and is never refreshed: 0 x inf
        changes = np.where(rate == 0, 0.0, rate * interval)
    some = (changes > 0) & (changes < inf)
    mean = np.where(changes == 0, 1.0, 0.0)  # of what is fresh still, over an interval
    mean[some] = -np.expm1(-changes[some]) / changes[some]
    return 1 - np.exp(-rate * job_time) * mean


def stale_share(change_rate, popularity, refresh_rates, job_time: float = 0.0) -> float:
    """Share of all answers that are outdated, with so many refreshes of each key per unit of time.

    >>> round(stale_share([0.1, 5.0], popularity=[3, 1], refresh_rates=[0.05, 0.0]), 4)
    0.6758
    """
    with np.errstate(divide="ignore"):
        interval = 1 / np.asarray(refresh_rates, dtype=float)
    return float(np.average(outdated_share(change_rate, interval, job_time), weights=popularity))


def best_refresh_rates(change_rate, popularity, budget: float, job_time: float = 0.0) -> np.ndarray:
    """How often to refresh each key so that the fewest answers are outdated, with `budget` in all.

    All share one unit of time. At the best split one more refresh is worth the same for every key that
    gets any: with r changes between two of them, the distribution of a gamma variable of shape 2 at r.

    Source: Cho & Garcia-Molina (2003), as for `mean_age`.

    >>> best_refresh_rates([1.0, 1.0, 20.0], [1, 1, 1], budget=2.0).round(3)
    array([1., 1., 0.])
    """
    from scipy.special import gammaincinv

    rate, weight = (
        validate.numbers("change_rate", change_rate),
        validate.numbers("popularity", popularity),
    )
    validate.durations("change_rate", rate, len(rate))
    validate.durations("popularity", weight, len(rate))
    budget = validate.finite("budget", budget, above=True)
    weight = weight * np.exp(-rate * validate.finite("job_time", job_time))
    best = np.zeros(len(rate))
    asked = (rate > 0) & (weight > 0)
    if not asked.any():
        return best
    cost = rate[asked] / weight[asked]  # what one key's refreshes must be worth, less is too little
    low, high = -700.0, -float(np.log(cost.min()))  # of the logarithm of the price
    for _ in range(64):
        price = (low + high) / 2
        with np.errstate(divide="ignore"):
            each = rate[asked] / gammaincinv(2, np.minimum(np.exp(price) * cost, 1))
        low, high = (price, high) if each.sum() > budget else (low, price)
    best[asked] = each * (budget / each.sum())
    return best
