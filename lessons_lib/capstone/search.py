"""The reference: the best design of each world and mode that a search of the settings finds.

    python -m lessons_lib.capstone.search

It climbs: one setting after the other takes the value of `GRID` that earns most, until none changes.
Its traffic is of seeds of its own. That takes minutes, so what it found is kept in
``references.yaml``, and a test looks whether the search would still stay there.
"""

import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from functools import cache
from math import inf

import yaml

from lessons_lib.capstone.design import FALLBACKS, Design
from lessons_lib.capstone.grade import REFERENCES, report
from lessons_lib.capstone.worlds import WORLDS

GRID = {
    "servers": (1, 2, 3, 4, 6, 8),
    "batch": (1, 2, 4, 8, 16),
    "table_size": (100, 200, 500, 1000, 2000),
    "refresh": (60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0, 7200.0, inf),
    "ttl": (0.0, 15.0, 60.0, 300.0, 900.0),
    "alarms": (0, 5, 10, 20, 40, 80),
    "fallback": FALLBACKS,
}
"""The values that are tried; a mode leaves out what it does not have."""
STARTS = {
    "static": Design(table_size=500, refresh=600.0, alarms=20),
    "dynamic": Design(servers=2, batch=2, ttl=60.0, fallback="old", alarms=20),
    "hybrid": Design(1000, 120.0, servers=2, batch=1, ttl=60.0, fallback="old", alarms=20),
}
"""Where each mode begins."""
MODES = tuple(STARTS)
_TABLE, _MODEL = {"table_size", "refresh"}, {"servers", "batch", "ttl", "fallback"}
LEFT_OUT = {"static": _MODEL, "dynamic": _TABLE, "hybrid": set()}
SEED = 1 << 40
"""Of the search's traffic: practice is below, and hidden traffic above."""


def climb(value: Callable[[Design], float], start: Design) -> Design:
    """The design of the mode of `start` from which no change of one setting earns more.

    `value` gives what a design earns.
    """
    best, most, before = start, value(start), None
    while before != best:
        before = best
        for name, choices in GRID.items():
            if name in LEFT_OUT[start.mode]:
                continue
            for choice in choices:
                other = replace(best, **{name: choice})
                earned = value(other)
                if earned > most:
                    best, most = other, earned
    return best


def earns(world: str) -> Callable[[Design], float]:
    """What a design earns in a world on the search's traffic, dollars a day."""
    return cache(lambda design: report(WORLDS[world], design, None, SEED).figures["value"])


def find(job: tuple[str, Design]) -> tuple[Design, float]:
    """The best design from one start in one world, and what it earns."""
    world, start = job
    value = earns(world)
    best = climb(value, start)
    return best, value(best)


def main() -> int:
    """Search everywhere and write down what was found."""
    jobs = [(world, start) for world in WORLDS for start in STARTS.values()]
    kept: dict = {}
    with ProcessPoolExecutor() as pool:
        for (world, start), (best, earned) in zip(jobs, pool.map(find, jobs), strict=True):
            kept.setdefault(world, []).append((earned, best))
            print(f"{world}, {start.mode}: {earned:.2f} dollars a day, {best}", flush=True)
    ordered = {
        world: {
            best.mode: asdict(best) for _, best in sorted(found, reverse=True, key=lambda f: f[0])
        }
        for world, found in kept.items()
    }
    REFERENCES.write_text(
        "# Written by lessons_lib/capstone/search.py: the best design of each mode in each world.\n"
        + yaml.safe_dump(ordered, sort_keys=False),
        encoding="utf-8",
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
