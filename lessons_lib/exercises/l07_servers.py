"""Exercise: servers for the busiest hour of a day (lesson 07)."""

import numpy as np

from lessons_lib import simulate
from lessons_lib.exercises.probes import array, call, expect, fail

NAME = "servers_for"
TITLE = "Size the servers for the busiest hour"
MINUTES = 10
ORDER = 3
HINTS = [
    "Steps: `hour = (arrive // 3600).astype(int)` gives the hour of each request, and "
    "`np.bincount(hour).argmax()` the busiest one. Simulate the whole day with 1 server, then 2, ..., "
    "until the p99 of that hour is in time.",
    "`simulate.fifo(arrive, work, servers)` gives the start of each request; its latency is start plus "
    "work less arrival. Judge `latency[hour == busiest]` only. If the p99 of the service time alone, "
    "in that hour, is above the deadline, no number of servers helps.",
    'The p99 is `np.percentile(values, 99, method="inverted_cdf")`. The share of the time that the '
    "servers are busy is `work.sum() / (servers * 86_400)`. Return `servers, busy`, or None.",
]
FAILURES = {
    "not_a_pair": "`servers_for` gave {got}. Give two numbers: how many servers, and the share of the "
    "day for which they are busy.",
    "mean": "You take {got:.6g} servers; it should be {wanted:.6g}. Yours keep up with the mean load and "
    "leave the queue to the clients: look at the latency.",
    "whole_day": "You take {got:.6g} servers. With these the p99 of the *whole day* is in time, since quiet "
    "hours thin out the late ones; in the busiest hour it takes {wanted:.6g}.",
    "hour_alone": "You take {got:.6g} servers, which is right if the busiest hour began with nobody there. "
    "The hour before leaves a queue behind: simulate the whole day, then judge the hour.",
    "other_hour": "You take {got:.6g} servers, and the busiest hour needs {wanted:.6g}. Its p99 is judged, "
    "and the busiest hour is the one with the most requests, the earliest of equals.",
    "p99": "You take {got:.6g} servers, right for another percentile than p99 in NumPy's "
    '`method="inverted_cdf"`; it should be {wanted:.6g}.',
    "waiting_only": "You take {got:.6g} servers, with which the *wait* is in time. A client waits through "
    "the service as well; it should be {wanted:.6g}.",
    "servers": "Of {count:,} requests with a deadline of {deadline:g} s, the busiest hour is in time with "
    "{wanted:.6g} servers and not with one less; you take {got:.6g}.",
    "hopeless": "In the busiest hour the service alone takes more than the deadline for more than 1 "
    "request in 100, so no number of servers is enough: give None. Yours gave {got}.",
    "gave_up": "{wanted} servers are enough here, and yours gave None.",
    "busy_hour": "The busy share reads {got:.6g}, that of the busiest hour. A server is paid for all day: "
    "of 86,400 s, {wanted:.6g} is used.",
    "busy": "{servers} servers that work for {work:.6g} s in a day of 86,400 s are busy for {wanted:.6g} "
    "of it; you say {got:.6g}.",
}
DAYS = (
    ({2: 230, 7: 150, 8: 640, 16: 630, 23: 480}, 330, 20.0, 108.0),
    ({3: 140, 7: 500, 8: 1400, 9: 1000, 17: 1150}, 0, 40.0, 191.3),
    ({0: 100, 12: 700}, 0, 2.0, 3.1),
    ({hour: 60 for hour in range(24) if hour != 11} | {11: 460}, 0, 60.0, 303.1),
    ({3: 150, 8: 560, 15: 560}, 300, 20.0, 99.0),
)
"""Requests in hours of the day, a burst just before 8, the mean service time and the deadline.

The last day has two busiest hours; only the earlier begins with a queue.
"""


def servers_for(arrive, work, deadline):
    def p99(values):
        return np.percentile(values, 99, method="inverted_cdf")

    hour = (arrive // 3600).astype(int)
    peak = hour == np.bincount(hour).argmax()
    if p99(work[peak]) > deadline:
        return None
    servers = 1
    while p99((simulate.fifo(arrive, work, servers) + work - arrive)[peak]) > deadline:
        servers += 1
    return servers, work.sum() / (servers * 86_400)


def check(candidate):
    for arrive, work, deadline in _days():
        found = call(candidate, arrive, work, deadline)
        wanted = servers_for(arrive, work, deadline)
        if wanted is None:
            if found is not None:
                fail("hopeless", got=found)
            continue
        if found is None:
            fail("gave_up", wanted=wanted[0])
        servers, busy = array(found, (2,), "not_a_pair")
        about = {"count": len(arrive), "deadline": deadline}
        expect(servers, wanted[0], "servers", _ideas(arrive, work, deadline), **about)
        ideas = [("busy_hour", work[_busiest(arrive)].sum() / (servers * 3600))]
        expect(busy, wanted[1], "busy", ideas, servers=int(servers), work=work.sum())


def _days():
    """Arrivals, work and deadline of some days; before one rush a burst leaves its queue behind."""
    for seed, (hours, burst, mean, deadline) in enumerate(DAYS):
        draws = np.random.default_rng(seed)
        at = [hour * 3600 + draws.uniform(0, 3600, count) for hour, count in hours.items()]
        at.append(draws.uniform(8 * 3600 - 90, 8 * 3600, burst))
        arrive = np.sort(np.concatenate(at))
        yield arrive, draws.exponential(mean, len(arrive)), deadline


def _busiest(arrive):
    hour = (arrive // 3600).astype(int)
    return hour == np.bincount(hour).argmax()


def _ideas(arrive, work, deadline):
    """Each wrong idea with the number of servers that it gives."""
    hour, peak = (arrive // 3600).astype(int), _busiest(arrive)
    yield "mean", np.ceil(work.sum() / 86_400)
    yield "mean", np.ceil(work[peak].sum() / 3600)
    yield "whole_day", _fewest(arrive, work, deadline, np.full(len(arrive), True))
    yield "hour_alone", _fewest(arrive[peak], work[peak], deadline, np.full(peak.sum(), True))
    for p in (95, 50, 100):
        yield "p99", _fewest(arrive, work, deadline, peak, p)
    yield "p99", _fewest(arrive, work, deadline, peak, method="linear")
    yield "waiting_only", _fewest(arrive, work, deadline, peak, service=0)
    for other in np.unique(hour):
        yield "other_hour", _fewest(arrive, work, deadline, hour == other)


def _fewest(arrive, work, deadline, judged, p=99, method="inverted_cdf", service=1):
    for servers in range(1, 60):
        latency = simulate.fifo(arrive, work, servers) + service * work - arrive
        if np.percentile(latency[judged], p, method=method) <= deadline:
            return servers
    return None
