"""What happens to a design: the traffic of a run, and what breaks during it.

Each run has its own seed and one of `ATTACKS`. It knows a world and no design, so that all designs
meet the same.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from lessons_lib import traffic
from lessons_lib.capstone.worlds import World

ATTACKS = ("calm", "drift", "surge", "spike", "fault", "loss")
"""Nothing; another popularity; unseen keys; more traffic; broken inputs; half of the servers lost."""
BEGIN, LASTS = 0.4, 0.3
"""The share of a run after which an attack begins, and for which it lasts; keys drift all along."""
REQUESTS, LOG = 5_000, 4_000
"""Requests of a run, and those before it, of which the log tells."""


class Attack(NamedTuple):
    """One run's traffic and trouble; arrays of shape (n,), times in seconds from its start."""

    name: str
    times: np.ndarray
    """When the requests come; those of the log before 0."""
    keys: np.ndarray
    """What they ask for, numbers of `World.names` and beyond."""
    requests: list[str]
    """What is asked after the log: the texts of its keys."""
    begin: float
    end: float
    length: float
    """Of the run."""
    seed: int

    def during(self, name: str, moment: float) -> bool:
        """Whether this attack goes on at this moment."""
        return self.name == name and self.begin <= moment < self.end


@lru_cache(maxsize=24)
def attack(world: World, name: str, seed: int) -> Attack:
    """The traffic of a run, and when its trouble begins and ends."""
    length = REQUESTS / world.rate
    before, during = round(BEGIN * REQUESTS), round(LASTS * REQUESTS)
    begin, end = before / world.rate, (before + during) / world.rate
    more = world.spike if name == "spike" else 1.0
    many = [LOG, before, round(more * during), REQUESTS - before - during]
    count = sum(many)
    # As many come in each part as on average, so that the grade does not hang on luck.
    clock = traffic.poisson(1.0, count, seed=seed)
    edges = clock[np.cumsum([0, *many[:-1], many[-1] - 1])]
    times = np.interp(clock, edges, [-LOG / world.rate, 0.0, begin, end, length])
    keys = _keys(world, name, count, seed)
    if name == "surge":
        unseen = (times >= begin) & (times < end)
        unseen &= traffic.unit_draws("new", count, seed) < world.surge
        keys = np.where(unseen, keys.max() + 1 + np.arange(count), keys)
    return Attack(name, times, keys, world.texts(keys[LOG:]), begin, end, length, seed)


def _keys(world: World, name: str, count: int, seed: int) -> np.ndarray:
    names, weights = world.names()
    if not names:
        return traffic.growing_keys(world.new_share, count, seed=seed)
    if world.new_share == 1:  # each sentence once
        order = np.argsort(traffic.unit_draws("drift", max(len(names), count), seed))
        return order[:count].astype(np.int64)
    drift = world.drift if name == "drift" else 0.0
    return traffic.drifting_keys(weights, count, drift=drift, new_share=world.new_share, seed=seed)
