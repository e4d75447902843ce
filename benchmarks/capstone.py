"""What grading a submission costs.

    python benchmarks/capstone.py

Each world grades its own reference and its example, and the reference's own router once more as if a
learner had written it; the reference that a submission is compared with counts too. CPU times of this
process, all of its threads, medians over the rounds; every round has hidden traffic of its own. The
last lines say for each bar whether it holds; the exit code is 1 if one does not.
"""

import argparse
import sys
import time
from statistics import median

from lessons_lib.capstone import WORLDS, Forecast, World, reference, submit

MOST_CPU = 2.0
"""Seconds that grading a design may take."""


def submissions(world: World) -> dict:
    """What is graded: each design, and the router that answers for it, by its name."""
    best = reference(world)

    def routed(table, model, clock):
        return best.router(table, model, clock)

    return {
        "the reference": (best, None),
        "the example": (world.example(), None),
        "a router of one's own": (best, routed),
    }


def measure(rounds: int) -> dict[tuple[str, str], list[float]]:
    """CPU seconds by world and submission, one entry a round; the first round only warms up."""
    found: dict[tuple[str, str], list[float]] = {}
    for number in range(rounds + 1):
        for world in WORLDS.values():
            for name, (design, router) in submissions(world).items():
                start = time.process_time()
                grade = submit(world, design, Forecast(1.0, 1.0, 0.5), f"round {number}", router)
                took = time.process_time() - start
                if grade.caught:
                    raise RuntimeError(f"{world.name}, {name}: {grade.caught}")
                if number:
                    found.setdefault((world.name, name), []).append(took)
    return found


def main() -> int:
    """Measure, print, judge; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="of every submission (default 5)")
    found = measure(parser.parse_args().rounds)
    print(f"{'world':12}{'submission':24}{'CPU s':>8}{'longest':>9}")
    for (world, name), times in found.items():
        print(f"{world:12}{name:24}{median(times):8.2f}{max(times):9.2f}")
    print()
    held = []
    for world in WORLDS:
        most = max(median(times) for (where, _), times in found.items() if where == world)
        held.append(most < MOST_CPU)
        verdict = "holds      " if held[-1] else "falls short"
        print(f"{verdict}  {world}: {most:.2f} CPU s a submission at most, under {MOST_CPU:g}")
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
