"""The promise of lesson 04: on slow and quick machines ONNX Runtime makes the choice move."""

import itertools

import numpy as np
import pytest

from lessons_lib import simulate, traffic
from lessons_lib.exercises.l04_largest_model import best_within
from lessons_lib.exercises.l04_latency import wait_and_p99
from lessons_lib.labs.l04_choice import BLEND, promise, seconds_each

SKILL = {"key_mean": 0.046, "live": 0.150, "live_logistic": 0.148, "forest": 0.142, "blend": 0.153}
MACHINES = list(itertools.product((0.0001, 0.001, 0.03), (0.3, 1.0, 1.5, 4.0), (2.5, 20.0, 150.0)))
"""Seconds of boosting, how many times as long regression takes, and how much quicker ONNX is."""


def chosen(seconds, deadline, rate):
    arrive = traffic.poisson(rate, 20_000)

    def p99(each):
        work = np.full(len(arrive), each)
        return wait_and_p99(arrive, simulate.fifo(arrive, work), work)[1]

    return best_within({name: (SKILL[name], seconds[name]) for name in SKILL}, deadline, p99)


@pytest.mark.parametrize(("live", "ratio", "quicker"), MACHINES)
@pytest.mark.parametrize("forest", [0.5, 3.0, 25.0])
def test_the_choice_moves_to_the_blend_whatever_the_times(live, ratio, quicker, forest):
    alone = {"live": live, "live_logistic": ratio * live, "forest": forest * live}
    alone |= {"blend": live + ratio * live, "key_mean": 1e-6}
    deadline, rate = promise(alone)
    assert chosen(alone, deadline, rate) in BLEND
    moved = {name: seconds / quicker for name, seconds in alone.items()}
    assert chosen(moved, deadline, rate) == "blend"


def test_the_blend_takes_as_long_as_its_two_models():
    class Slow:
        def predict_one(self, request, known):
            return 0.5

    seconds = seconds_each(dict.fromkeys((*BLEND, "other"), Slow()), "a flight", None)
    assert seconds["blend"] == pytest.approx(sum(seconds[name] for name in BLEND))
    assert seconds.min() > 0
