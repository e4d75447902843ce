import numpy as np
import pytest
from scipy.optimize import minimize

from lessons_lib.theory import best_refresh_rates, mean_age, outdated_share, zipf
from lessons_lib.traffic import poisson
from theory.runs import agrees

EVERY, JOB = 10.0, 3.0
CHANGES = np.array([0.01, 0.05, 0.1, 0.4, 2.0, 9.0])


def ages(seed, n=20_000):
    """Ages from a log of tables: each is published when its job is done, and read until the next."""
    t = poisson(2.0, n, seed=seed) + 5 * EVERY
    started = np.arange(0, t[-1], EVERY)
    table = np.searchsorted(started + JOB, t, side="right") - 1
    return t - started[table]


def outdated(seed, rate):
    """The share of answers between whose `as_of` and request the value has changed, by events."""
    asked = poisson(2.0, 20_000, seed=seed) + 5 * EVERY
    taken = asked - ages(seed)
    gaps = np.random.default_rng(seed + 999).exponential(1 / rate, int(asked[-1] * rate * 1.3) + 99)
    changed = np.cumsum(gaps)
    assert changed[-1] > asked[-1]
    return (np.searchsorted(changed, asked) > np.searchsorted(changed, taken)).mean()


def stale(rates, popularity):
    with np.errstate(divide="ignore"):
        return float(popularity @ outdated_share(CHANGES, 1 / rates))


def test_mean_age_agrees_with_runs():
    agrees(lambda seed: ages(seed).mean(), mean_age(EVERY, JOB))


@pytest.mark.parametrize("rate", [0.02, 0.1, 1.0])
def test_the_outdated_share_agrees_with_runs(rate):
    agrees(lambda seed: outdated(seed, rate), outdated_share(rate, EVERY, JOB))


def test_what_never_changes_is_never_outdated_and_what_is_never_refreshed_always_is():
    assert outdated_share(0.0, np.inf, 5.0) == 0
    assert outdated_share(0.1, np.inf) == 1
    assert outdated_share(0.1, 0.0) == 0
    assert outdated_share(np.array([0.0, 1e-9]), 1.0) == pytest.approx([0, 5e-10])


@pytest.mark.parametrize("job_time", [0.0, 0.7])
@pytest.mark.parametrize("budget", [0.3, 2.0, 20.0])
@pytest.mark.parametrize("skew", [0.0, 1.0])
def test_the_best_rates_are_those_that_a_general_optimiser_finds(skew, budget, job_time):
    popularity = zipf(skew, len(CHANGES))

    def loss(rates):
        rates = np.maximum(rates, 1e-9)
        return popularity @ outdated_share(CHANGES, 1 / rates, job_time)

    best = best_refresh_rates(CHANGES, popularity, budget, job_time)
    assert best.sum() == pytest.approx(budget)
    found = minimize(
        loss,
        np.full(len(CHANGES), budget / len(CHANGES)),
        bounds=[(0, budget)] * len(CHANGES),
        constraints={"type": "eq", "fun": lambda rates: rates.sum() - budget},
        method="SLSQP",
        options={"maxiter": 500, "ftol": 1e-12},
    )
    assert loss(best) <= found.fun + 1e-7
    assert loss(best) == pytest.approx(found.fun, abs=1e-3)


def test_more_budget_is_never_worse_and_the_split_beats_the_simple_ones():
    popularity = zipf(0.8, len(CHANGES))
    shares = []
    for budget in (0.1, 0.5, 2.0, 8.0, 40.0):
        best = stale(best_refresh_rates(CHANGES, popularity, budget), popularity)
        for simple in (np.ones(len(CHANGES)), CHANGES, popularity):
            assert best <= stale(simple * budget / simple.sum(), popularity) + 1e-12
        shares.append(best)
    assert shares == sorted(shares, reverse=True)


def test_what_nobody_asks_for_and_what_never_changes_gets_no_refresh():
    rates = best_refresh_rates([0.0, 1.0, 1.0], [1.0, 0.0, 1.0], budget=3.0)
    assert rates == pytest.approx([0, 0, 3])
    assert best_refresh_rates([0.0, 1.0], [1.0, 0.0], budget=3.0).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: mean_age(-1.0), "interval is -1.0"),
        (lambda: mean_age(1.0, np.nan), "job_time is nan"),
        (lambda: outdated_share(-1.0, 1.0), "change_rate is -1.0"),
        (lambda: outdated_share(1.0, np.nan), "interval is nan"),
        (lambda: outdated_share(1.0, 1.0, -2.0), "job_time is -2.0"),
        (lambda: best_refresh_rates([1.0], [1.0], 0.0), "budget is 0.0"),
        (lambda: best_refresh_rates([1.0, -1.0], [1.0, 1.0], 1.0), "change_rate is -1.0"),
        (lambda: best_refresh_rates([1.0], [1.0, 1.0], 1.0), "popularity has 2 entries"),
    ],
)
def test_bad_input_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()
