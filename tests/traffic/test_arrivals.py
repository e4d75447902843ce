import numpy as np
import pytest

from lessons_lib.traffic import bursty, daily, poisson, replay, service_times, steady
from lessons_lib.traffic.draws import PURPOSES, unit_draws

N = 20_000
PROCESSES = {
    "steady": lambda rate, seed: steady(rate, N),
    "poisson": lambda rate, seed: poisson(rate, N, seed=seed),
    "bursty": lambda rate, seed: bursty(rate, N, seed=seed, cycle=50 / rate),
    "daily": lambda rate, seed: daily(rate, N, seed=seed, day=500.0),
    "replay": lambda rate, seed: replay(np.cumsum(np.arange(50.0) % 7), rate=rate, n=N),
}


@pytest.mark.parametrize("process", PROCESSES)
def test_every_process_gives_sorted_times_of_the_wanted_mean_rate(process):
    t = PROCESSES[process](5.0, 1)
    assert len(t) == N
    assert (np.diff(t) >= 0).all()
    assert t[0] >= 0
    assert N / t[-1] == pytest.approx(5.0, rel=0.15 if process == "bursty" else 0.03)


@pytest.mark.parametrize("process", ["poisson", "bursty", "daily"])
def test_a_seed_gives_the_same_arrivals_again_and_another_one_others(process):
    np.testing.assert_array_equal(PROCESSES[process](5.0, 1), PROCESSES[process](5.0, 1))
    assert (PROCESSES[process](5.0, 1) != PROCESSES[process](5.0, 2)).mean() > 0.99


@pytest.mark.parametrize("process", ["steady", "poisson", "bursty", "replay"])
def test_the_rate_only_stretches_time(process):
    slow, fast = PROCESSES[process](2.0, 3), PROCESSES[process](8.0, 3)
    np.testing.assert_allclose(slow, 4 * fast, rtol=1e-9)


@pytest.mark.parametrize("process", ["bursty", "daily"])
def test_a_higher_rate_brings_every_request_earlier(process):
    setting = {"cycle": 60.0} if process == "bursty" else {"day": 60.0}
    make = {"bursty": bursty, "daily": daily}[process]
    assert (make(5.5, N, **setting) <= make(5.0, N, **setting)).all()


def test_poisson_gaps_are_exponential():
    gaps = np.diff(poisson(1.0, N, seed=5))
    assert gaps.std() == pytest.approx(1.0, rel=0.03)
    assert (gaps > np.log(20)).mean() == pytest.approx(0.05, abs=0.01)


def test_bursts_spread_the_counts_far_beyond_poisson():
    def fano(t):
        counts = np.bincount((t / 10).astype(int))
        return counts.var() / counts.mean()

    assert fano(poisson(5.0, N)) == pytest.approx(1.0, abs=0.15)
    assert fano(bursty(5.0, N)) > 5


def test_bursts_have_the_asked_share_of_time_and_rate():
    t = bursty(5.0, 400_000, seed=2, ratio=20.0, share=0.2, cycle=2000.0)
    counts = np.bincount((t / 5).astype(int)) / 5
    quiet, burst = counts[counts < 8], counts[counts > 8]
    assert len(burst) / len(counts) == pytest.approx(0.2, abs=0.05)
    assert burst.mean() / quiet.mean() == pytest.approx(20, rel=0.1)


def test_a_day_follows_its_profile():
    t = daily(10.0, 200_000, profile=[1, 0, 3, 4], day=80.0)
    hours = np.bincount((t % 80 / 20).astype(int), minlength=4) / len(t)
    np.testing.assert_allclose(hours, [1 / 8, 0, 3 / 8, 4 / 8], atol=0.01)


def test_a_recorded_trace_is_replayed_as_it_was():
    t = np.array([3.0, 3.0, 5.0, 9.0])
    np.testing.assert_allclose(np.diff(replay(t)), np.diff(t))
    np.testing.assert_allclose(np.diff(replay(t, n=8)[4:]), np.diff(t))


@pytest.mark.parametrize("spread", ["constant", "exponential", "lognormal"])
def test_service_times_have_the_wanted_mean_and_only_stretch(spread):
    work = service_times(0.2, 100_000, spread=spread, seed=4)
    assert work.mean() == pytest.approx(0.2, rel=0.02)
    np.testing.assert_allclose(service_times(3.0, 100_000, spread=spread, seed=4), 15 * work)


def test_lognormal_service_times_have_the_wanted_variation():
    work = service_times(2.0, 200_000, spread="lognormal", cv=0.5)
    assert work.std() / work.mean() == pytest.approx(0.5, rel=0.02)
    assert service_times(2.0, 100, spread="lognormal", cv=0.0) == pytest.approx(2.0)


def test_each_purpose_has_a_stream_of_its_own_and_more_draws_begin_alike():
    for purpose in PURPOSES:
        assert (unit_draws(purpose, 10, 7) == unit_draws(purpose, 1000, 7)[:10]).all()
    uniform = [unit_draws(p, 20_000, 7) for p in ("work", "key", "new", "drift")]
    apart = np.corrcoef([*uniform, np.diff(unit_draws("clock", 20_001, 7))])
    assert abs(apart - np.eye(5)).max() < 0.03


def test_shared_draws_cannot_be_changed_by_accident():
    with pytest.raises(ValueError, match="read-only"):
        unit_draws("work", 10)[0] = 0.5


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: steady(0.0, 5), "rate is 0.0: give more than 0"),
        (lambda: poisson(-1.0, 5), "rate is -1.0"),
        (lambda: poisson(np.nan, 5), "rate is nan"),
        (lambda: poisson(np.inf, 5), "rate is inf"),
        (lambda: poisson(1.0, 0), "n is 0"),
        (lambda: poisson(1.0, 5, seed=-1), "seed is -1"),
        (lambda: bursty(1.0, 5, ratio=0.5), "ratio is 0.5"),
        (lambda: bursty(1.0, 5, share=0.0), "share is 0.0"),
        (lambda: bursty(1.0, 5, share=1.5), "share is 1.5: give more than 0 and at most 1"),
        (lambda: bursty(1.0, 5, cycle=1e-6), "cycle is 1e-06 s"),
        (lambda: daily(1.0, 5, profile=[0, 0]), "profile is all 0"),
        (lambda: daily(1.0, 5, profile=[1, -1]), "profile is -1.0 at position 1"),
        (lambda: daily(1.0, 5, day=0), "day is 0"),
        (lambda: replay([2.0, 1.0]), "times goes back"),
        (lambda: replay([2.0, 2.0]), "times are all 2.0"),
        (lambda: service_times(-1.0, 5), "mean is -1.0"),
        (lambda: service_times(1.0, 5, spread="gamma"), "spread is 'gamma'"),
        (lambda: service_times(1.0, 5, spread="lognormal", cv=-1), "cv is -1"),
        (lambda: unit_draws("luck", 5), "purpose is 'luck'"),
    ],
)
def test_bad_input_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()
