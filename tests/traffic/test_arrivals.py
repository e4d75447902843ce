import numpy as np
import pytest

from lessons_lib.traffic import poisson, service_times, steady, unit_draws

N = 20_000
PROCESSES = {
    "steady": lambda rate, seed: steady(rate, N),
    "poisson": lambda rate, seed: poisson(rate, N, seed=seed),
}


@pytest.mark.parametrize("process", PROCESSES)
def test_every_process_gives_sorted_times_of_the_wanted_mean_rate(process):
    t = PROCESSES[process](5.0, 1)
    assert len(t) == N
    assert (np.diff(t) >= 0).all()
    assert t[0] >= 0
    assert N / t[-1] == pytest.approx(5.0, rel=0.03)


def test_a_seed_gives_the_same_arrivals_again_and_another_one_others():
    np.testing.assert_array_equal(poisson(5.0, N, seed=1), poisson(5.0, N, seed=1))
    assert (poisson(5.0, N, seed=1) != poisson(5.0, N, seed=2)).mean() > 0.99


@pytest.mark.parametrize("process", PROCESSES)
def test_the_rate_only_stretches_time(process):
    slow, fast = PROCESSES[process](2.0, 3), PROCESSES[process](8.0, 3)
    np.testing.assert_allclose(slow, 4 * fast, rtol=1e-9)


def test_poisson_gaps_are_exponential():
    gaps = np.diff(poisson(1.0, N, seed=5))
    assert gaps.std() == pytest.approx(1.0, rel=0.03)
    assert (gaps > np.log(20)).mean() == pytest.approx(0.05, abs=0.01)


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
    for purpose in ("clock", "work", "key", "new", "drift"):
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
        (lambda: service_times(-1.0, 5), "mean is -1.0"),
        (lambda: service_times(1.0, 5, spread="gamma"), "spread is 'gamma'"),
        (lambda: service_times(1.0, 5, spread="lognormal", cv=-1), "cv is -1"),
        (lambda: unit_draws("luck", 5), "purpose is 'luck'"),
    ],
)
def test_bad_input_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()
