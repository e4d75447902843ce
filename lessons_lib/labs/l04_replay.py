"""Lesson 04, watched: one queue or a queue each, and micro-batches that leave together.

It knows the traffic, the simulator and the replay.
"""

import numpy as np

from lessons_lib import charts, simulate, traffic

REQUESTS = 120
SERVERS, RATE, SERVICE = 4, 16.0, 0.2
"""The servers, requests a second at Poisson times, and the seconds that each takes: 80 % busy."""
BATCH_RATE, FIXED, PER_ITEM, MOST = 1_000.0, 0.004, 0.0005, 16
"""Requests a second; the seconds of a call and of each row in it; the largest batch."""
_SEED = 8


def queues_replay() -> charts.Replay:
    """The same requests before one queue for all servers, and before a queue for each."""
    arrive, one, each, mine = _queues()
    return charts.Replay(
        [
            charts.Lane("One queue", arrive, one, one + SERVICE, servers=SERVERS),
            charts.Lane("A queue each", arrive, each, each + SERVICE, None, mine, SERVERS, True),
        ],
        title=f"{SERVERS} servers: one queue, or a queue each",
        description=(
            f"{RATE:g} requests a second, {charts.duration(SERVICE)} each, {SERVERS} servers. Above, "
            "whoever is free takes the first in line. Below, chance picks a server for each request "
            "as it comes, and it waits for that one, whatever the others do."
        ),
        yours=80,
    )


def batches_replay() -> charts.Replay:
    """The same requests, one at a time and in micro-batches without a window, on one server."""
    arrive = traffic.poisson(BATCH_RATE, REQUESTS)
    alone = FIXED + PER_ITEM
    start = simulate.fifo(arrive, np.full(REQUESTS, alone))
    finish = simulate.batches(arrive, MOST, 0, FIXED, PER_ITEM)
    _, batch, sizes = np.unique(finish, return_inverse=True, return_counts=True)
    began = finish - (FIXED + PER_ITEM * sizes[batch])
    server = np.zeros(REQUESTS, int)
    return charts.Replay(
        [
            charts.Lane("One at a time", arrive, start, start + alone),
            charts.Lane("In micro-batches", arrive, began, finish, server=server),
        ],
        title="One server: one at a time, or whoever waits together",
        description=(
            f"{BATCH_RATE:,.0f} requests a second. A call takes {charts.duration(FIXED)} and "
            f"{charts.duration(PER_ITEM)} for each row in it. Above, each request is a call of its "
            f"own. Below, a free server takes all who wait, up to {MOST}, in one call."
        ),
        yours=80,
    )


def first_needless_wait() -> int:
    """The first request that finds a server idle and waits all the same, counted from 1."""
    arrive, _, each, _ = _queues()
    busy = ((each <= arrive[:, None]) & (each + SERVICE > arrive[:, None])).sum(axis=1)
    return int(np.flatnonzero((each > arrive) & (busy < SERVERS))[0]) + 1


def _queues() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """When requests come, start in one queue, start in a queue each; and whose queue it is."""
    arrive = traffic.poisson(RATE, REQUESTS, seed=_SEED)
    work = np.full(REQUESTS, SERVICE)
    mine = np.random.default_rng(_SEED).integers(SERVERS, size=REQUESTS)
    each = np.empty(REQUESTS)
    for server in range(SERVERS):
        each[mine == server] = simulate.fifo(arrive[mine == server], work[mine == server])
    return arrive, simulate.fifo(arrive, work, SERVERS), each, mine
