from functools import lru_cache
from math import inf

import numpy as np
import pytest

from lessons_lib.simulate import serve
from lessons_lib.theory import erlang_b, mmc_wait
from lessons_lib.traffic import poisson, service_times
from theory.oracles import mmc_limited, mmc_timeout
from theory.runs import agrees

N, EARLY = 8000, 300  # limits make a queue settle soon


@lru_cache(maxsize=100)  # two formulas look at the same runs
def run(seed, rate, servers, spread="exponential", **limits):
    arrive, work = poisson(rate, N, seed=seed), service_times(1.0, N, seed=seed, spread=spread)
    result = serve(arrive, work, np.zeros(N, int), servers=servers, **limits)
    return (result.start - arrive)[EARLY:], result.outcome[EARLY:]


LIMITED = pytest.mark.parametrize(
    ("rate", "servers", "limit"), [(0.9, 1, 4), (3.0, 2, 6), (4.0, 4, 0)]
)


@LIMITED
def test_share_rejected_by_a_full_queue_agrees_with_runs(rate, servers, limit):
    agrees(
        lambda seed: (run(seed, rate, servers, queue_limit=limit)[1] == "rejected").mean(),
        mmc_limited(rate, 1.0, servers, limit).rejected,
    )


@LIMITED
def test_wait_of_the_accepted_agrees_with_runs(rate, servers, limit):
    expected = mmc_limited(rate, 1.0, servers, limit).wait
    waits = [np.nanmean(run(seed, rate, servers, queue_limit=limit)[0]) for seed in range(30)]
    assert abs(np.mean(waits) - expected) <= 4 * np.std(waits, ddof=1) / np.sqrt(30)


@pytest.mark.parametrize("spread", ["exponential", "constant", "lognormal"])
def test_loss_without_a_queue_depends_on_the_mean_service_time_alone(spread):
    agrees(
        lambda seed: (run(seed, 3.0, 4, spread, queue_limit=0)[1] == "rejected").mean(),
        erlang_b(3.0, 4),
    )


TIMEOUTS = pytest.mark.parametrize(
    ("rate", "servers", "timeout"), [(0.9, 1, 2.0), (6.0, 4, 1.5), (4.0, 4, 0.5)]
)


@TIMEOUTS
def test_share_dropped_by_a_timeout_agrees_with_runs(rate, servers, timeout):
    agrees(
        lambda seed: (run(seed, rate, servers, timeout=timeout)[1] == "dropped").mean(),
        mmc_timeout(rate, 1.0, servers, timeout).dropped,
    )


@TIMEOUTS
def test_share_that_waits_under_a_timeout_agrees_with_runs(rate, servers, timeout):
    def waiting(seed):
        wait, outcome = run(seed, rate, servers, timeout=timeout)
        return ((wait > 0) | (outcome == "dropped")).mean()

    agrees(waiting, mmc_timeout(rate, 1.0, servers, timeout).waiting)


def test_no_patience_is_no_queue():
    lost = erlang_b(3.0, 4)
    assert mmc_timeout(3.0, 1.0, 4, 0.0).dropped == pytest.approx(lost)
    assert mmc_limited(3.0, 1.0, 4, 0).rejected == pytest.approx(lost)


def test_endless_patience_and_room_are_a_plain_queue():
    assert mmc_timeout(3.0, 1.0, 4, inf).dropped == pytest.approx(0.0, abs=1e-12)
    assert mmc_limited(3.0, 1.0, 4, 500).rejected == pytest.approx(0.0, abs=1e-12)
    assert mmc_limited(3.0, 1.0, 4, 500).wait == pytest.approx(mmc_wait(3.0, 1.0, 4))


@pytest.mark.parametrize("rate", [4.0, 8.0])
def test_in_overload_endless_patience_loses_just_the_excess(rate):
    excess = 1 - 4.0 / rate
    assert mmc_timeout(rate, 1.0, 4, 1e6).dropped == pytest.approx(excess, abs=1e-6)
    assert mmc_timeout(rate, 1.0, 4, inf) == (excess, 1.0)
    assert mmc_limited(rate, 1.0, 4, 100_000).rejected == pytest.approx(excess, abs=1e-4)
