"""Exercise: machines for a table and its traffic, each key at home on one of them (lesson 10)."""

import math

import numpy as np

from lessons_lib import simulate
from lessons_lib.exercises.probes import call, expect

NAME = "fleet"
TITLE = "Size a fleet whose machines share the keys"
MINUTES = 12
ORDER = 4
HINTS = [
    "Start from the memory: `math.ceil(stored / memory)` machines hold the table. Then count up until the p99 of "
    "all requests is in time.",
    "`home = key % machines` says where a request goes. For each machine with requests, `mine = home == one`, "
    "and `simulate.fifo(arrive[mine], work[mine], cores)` gives their starts.",
    "Put the latencies of all machines into one array, and take `np.percentile(latency, 99, "
    'method="inverted_cdf")` of it: an average of percentiles is not a percentile.',
]
FAILURES = {
    "memory": "You take {got:.6g} machines, which is enough for the load. The table needs {stored:.3g} bytes, and a "
    "machine has {memory:.3g}: {wanted:.6g}.",
    "memory_alone": "You take {got:.6g} machines, which hold the table. With them 99 of 100 requests are not in time: "
    "it takes {wanted:.6g}.",
    "mean": "You take {got:.6g} machines, as many as are busy on average. The rest is for the tail, and for "
    "machines with popular keys: {wanted:.6g}.",
    "one_queue": "You take {got:.6g} machines, which is right if any of them could answer any request. A request has "
    "to go where its key is, also if others are idle: {wanted:.6g}.",
    "even": "You take {got:.6g} machines, which is right if they took turns. Each request goes to machine "
    "`key % machines`: {wanted:.6g}.",
    "averaged": "You take {got:.6g} machines, by an average of their percentiles. Pool the latencies of all requests "
    "first: {wanted:.6g}.",
    "worst": "You take {got:.6g} machines, so that the p99 of each is in time. Asked is that of all requests "
    "together: {wanted:.6g}.",
    "waiting_only": "You take {got:.6g} machines, with which the *wait* is in time. A client waits through the "
    "service as well: {wanted:.6g}.",
    "p99": "You take {got:.6g} machines, right for another percentile than p99 in NumPy's "
    '`method="inverted_cdf"`; it should be {wanted:.6g}.',
    "machines": "{wanted:.6g} machines hold the table and answer 99 of 100 requests within {deadline:g} s, and no "
    "fewer do; you take {got:.6g}.",
}
CASES = (
    (0.5, 900, 250.0, 0.03, 0.105, 1, 3e9, 4e9),
    (0.0, 50_000, 300.0, 0.01, 0.05, 1, 9.5e10, 1e10),
    (0.7, 3_000, 700.0, 0.011, 0.023, 4, 6.1e9, 4e9),
)
"""Skew, keys, requests a second, mean work, deadline, cores, bytes of the table, bytes of a machine."""
MOST = 60


def fleet(arrive, key, work, deadline, cores, stored, memory):
    machines = math.ceil(stored / memory)
    while True:
        latency = np.empty(len(arrive))
        for one in np.unique(key % machines):
            mine = key % machines == one
            start = simulate.fifo(arrive[mine], work[mine], cores)
            latency[mine] = start + work[mine] - arrive[mine]
        if np.percentile(latency, 99, method="inverted_cdf") <= deadline:
            return machines
        machines += 1


def check(candidate):
    for number, case in enumerate(CASES):
        traffic, rest = _traffic(number, *case[:4]), case[4:]
        deadline, _, stored, memory = rest
        found = call(candidate, *traffic, *rest)
        about = {"deadline": deadline, "stored": stored, "memory": memory}
        wanted = fleet(*traffic, *rest)
        expect(found, wanted, "machines", _ideas(*traffic, *rest), **about)


def _traffic(seed, skew, keys, rate, mean):
    """Arrivals, keys and work of 3,000 requests."""
    draws, count = np.random.default_rng(seed), 3_000
    weights = np.arange(1, keys + 1) ** -skew
    key = draws.choice(draws.permutation(keys), count, p=weights / weights.sum())
    arrive = np.cumsum(draws.exponential(1 / rate, count))
    return arrive, key, mean * draws.uniform(0.5, 1.5, count)


def _ideas(arrive, key, work, deadline, cores, stored, memory):
    """Each wrong idea with the number of machines that it gives."""
    hold = math.ceil(stored / memory)
    least = work.sum() / arrive[-1] / cores
    turns = np.arange(len(key))

    def by(judged, homes=key, first=hold, service=1):
        for machines in range(first, MOST):
            home = homes % machines
            parts = [_latency(arrive, work, home == one, cores, service) for one in set(home)]
            if judged(parts) <= deadline:
                return machines
        return None

    def pooled(p=99):
        return lambda parts: np.percentile(np.concatenate(parts), p, method="inverted_cdf")

    yield "memory", by(pooled(), first=1)
    yield "even", by(pooled(), homes=turns)
    yield "one_queue", _one_queue(arrive, work, deadline, cores, hold)
    yield "averaged", by(lambda parts: np.mean([pooled()([part]) for part in parts]))
    yield "worst", by(lambda parts: max(pooled()([part]) for part in parts))
    yield "waiting_only", by(pooled(), service=0)
    for p in (95, 50, 100):
        yield "p99", by(pooled(p))
    yield "mean", math.ceil(least)
    yield "mean", max(hold, math.ceil(least))
    yield "memory_alone", hold


def _latency(arrive, work, mine, cores, service):
    return simulate.fifo(arrive[mine], work[mine], cores) + service * work[mine] - arrive[mine]


def _one_queue(arrive, work, deadline, cores, hold):
    for machines in range(hold, MOST):
        latency = simulate.fifo(arrive, work, machines * cores) + work - arrive
        if np.percentile(latency, 99, method="inverted_cdf") <= deadline:
            return machines
    return None
