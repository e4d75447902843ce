import numpy as np
import pytest

from lessons_lib.theory import mean_age
from lessons_lib.traffic import poisson
from theory.runs import agrees

EVERY, JOB = 10.0, 3.0


def ages(seed, n=20_000):
    """Ages from a log of tables: each is published when its job is done, and read until the next."""
    t = poisson(2.0, n, seed=seed) + 5 * EVERY
    started = np.arange(0, t[-1], EVERY)
    table = np.searchsorted(started + JOB, t, side="right") - 1
    return t - started[table]


def test_mean_age_agrees_with_runs():
    agrees(lambda seed: ages(seed).mean(), mean_age(EVERY, JOB))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: mean_age(-1.0), "interval is -1.0"),
        (lambda: mean_age(1.0, np.nan), "job_time is nan"),
    ],
)
def test_bad_input_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()
