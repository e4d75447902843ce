import numpy as np
import pytest

from lessons_lib.theory import age_percentile, mean_age, outdated_share
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


@pytest.mark.parametrize("p", [50, 99])
def test_age_percentiles_agree_with_runs(p):
    agrees(lambda seed: (ages(seed) > age_percentile(p, EVERY, JOB)).mean(), 1 - p / 100)


def test_share_of_outdated_answers_agrees_with_runs():
    def run(seed):
        rng = np.random.default_rng(seed)
        age = ages(seed)
        return (rng.exponential(1 / 0.05, len(age)) < age).mean()  # the value changed since

    agrees(run, outdated_share(0.05, EVERY, JOB))


def test_what_never_changes_or_is_always_fresh_is_never_outdated():
    assert outdated_share(0.0, EVERY, JOB) == 0.0
    assert outdated_share(0.5, 0.0, 0.0) == 0.0


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: mean_age(-1.0), "interval is -1.0"),
        (lambda: mean_age(1.0, np.nan), "job_time is nan"),
        (lambda: age_percentile(101, 1.0), "p is 101"),
        (lambda: outdated_share(-0.1, 1.0), "change_rate is -0.1"),
    ],
)
def test_bad_input_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()
