from math import inf, log

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.special import pdtrc

from lessons_lib.simulate import fifo
from lessons_lib.theory import (
    erlang_b,
    erlang_c,
    growth,
    mdc_wait,
    mmc_latency_percentile,
    mmc_slower_than,
    mmc_wait,
    utilisation,
)
from lessons_lib.traffic import poisson, popular_keys, service_times, steady
from theory.oracles import mg1_wait
from theory.runs import agrees, queue_run

LOADS = pytest.mark.parametrize("busy", [0.5, 0.9])


@LOADS
@pytest.mark.parametrize("servers", [1, 4])
def test_mean_wait_of_mmc_agrees_with_runs(busy, servers):
    agrees(
        lambda seed: queue_run(seed, busy, servers)[0].mean(),
        mmc_wait(busy * servers, 1.0, servers),
    )


@LOADS
@pytest.mark.parametrize("servers", [1, 4])
def test_share_that_waits_in_mmc_agrees_with_runs(busy, servers):
    agrees(
        lambda seed: (queue_run(seed, busy, servers)[0] > 0).mean(),
        erlang_c(busy * servers, servers),
    )


@LOADS
@pytest.mark.parametrize("servers", [1, 4])
@pytest.mark.parametrize("p", [50, 99])
def test_latency_percentiles_of_mmc_agree_with_runs(busy, servers, p):
    value = mmc_latency_percentile(p, busy * servers, 1.0, servers)
    agrees(
        lambda seed: (queue_run(seed, busy, servers)[1] > value).mean(), 1 - p / 100, precision=0.25
    )


@LOADS
@pytest.mark.parametrize("servers", [1, 4])
def test_mean_wait_with_constant_service_agrees_with_runs(busy, servers):
    agrees(
        lambda seed: queue_run(seed, busy, servers, "constant")[0].mean(),
        mdc_wait(busy * servers, 1.0, servers),
    )


@pytest.mark.parametrize("cv", [0.5, 1.25])
def test_mean_wait_of_one_server_with_any_service_agrees_with_runs(cv):
    agrees(
        lambda seed: queue_run(seed, 0.6, 1, "lognormal", cv=cv)[0].mean(), mg1_wait(0.6, 1.0, cv)
    )


def test_one_server_is_the_same_in_every_formula():
    assert mdc_wait(0.7, 1.0) == pytest.approx(mg1_wait(0.7, 1.0, cv=0.0))
    assert mmc_wait(0.7, 1.0) == pytest.approx(mg1_wait(0.7, 1.0, cv=1.0))
    assert mmc_latency_percentile(99, 0.7, 1.0) == pytest.approx(log(100) / 0.3)


@pytest.mark.parametrize("servers", [1, 2, 5, 30])
@pytest.mark.parametrize("busy", [0.3, 0.8, 0.97])
def test_constant_service_agrees_with_the_series_of_crommelin(busy, servers):
    load, i = busy * servers, np.arange(1, 30_000)
    terms = pdtrc(i * servers - 1, i * load) - pdtrc(i * servers, i * load) / busy
    assert mdc_wait(load, 1.0, servers) == pytest.approx(terms.sum(), rel=1e-6, abs=1e-12)


def test_percentiles_over_the_service_time_are_those_of_the_lessons():
    rounded = [round(mmc_latency_percentile(99, 0.9 * c, 1.0, c), 1) for c in (1, 2, 8, 100)]
    assert rounded == [46.1, 23.3, 7.1, 4.6]


@pytest.mark.parametrize("servers", [1, 2, 3, 10])
def test_latency_of_mmc_agrees_with_the_textbook_form_where_that_is_stable(servers):
    rate, t = 0.55 * servers, np.linspace(0, 8, 30)
    d = servers - 1 - rate
    wait = erlang_c(rate, servers)
    textbook = np.exp(-t) * (1 + wait / d * (1 - np.exp(-d * t)))
    np.testing.assert_allclose(mmc_slower_than(t, rate, 1.0, servers), textbook, rtol=1e-9)


def test_latency_of_mmc_has_no_jump_where_its_two_rates_meet():
    at, beside = (mmc_slower_than(2.0, rate, 1.0, 2) for rate in (1.0, 1.0 + 1e-9))
    assert at == pytest.approx(beside, rel=1e-7)


def test_latency_of_mmc_neither_overflows_nor_leaves_its_range():
    t = np.append(np.geomspace(1e-6, 1e6, 50), 0.0)
    for servers, busy in [(1, 0.999), (2, 0.5), (500, 0.2), (1000, 0.99)]:
        slower = mmc_slower_than(t, busy * servers, 1.0, servers)
        assert ((slower >= 0) & (slower <= 1)).all()
        assert (np.diff(slower[:-1]) <= 0).all()


def test_only_the_unit_changes_between_two_milliseconds_and_one_hour():
    hour = mmc_latency_percentile(99, 3.2 / 3600, 3600.0, 4)
    assert hour == pytest.approx(1_800_000 * mmc_latency_percentile(99, 1600.0, 0.002, 4))


@pytest.mark.parametrize("busy", [1.0, 1.3])
def test_a_queue_at_utilisation_one_has_no_steady_state(busy):
    assert mmc_wait(busy * 3, 1.0, 3) == inf
    assert mdc_wait(busy * 3, 1.0, 3) == inf
    assert mg1_wait(busy, 1.0, 1.0) == inf
    assert mmc_latency_percentile(50, busy * 3, 1.0, 3) == inf
    assert mmc_slower_than(1e9, busy * 3, 1.0, 3) == 1.0
    assert erlang_c(busy * 3, 3) == 1.0


@pytest.mark.parametrize("servers", [1, 3])
def test_in_overload_the_wait_grows_by_the_same_step_with_each_request(servers):
    n = 3001
    arrive = steady(2.0, n)
    wait = fifo(arrive, np.full(n, 2.5), servers) - arrive
    assert wait[-1] / (n - 1) == pytest.approx(growth(2.0, 2.5, servers), rel=1e-3)
    assert growth(0.3, 2.5, servers) == 0.0


def test_erlang_b_agrees_with_its_definition():
    load, servers = 7.5, 10
    terms = np.cumprod(np.append(1.0, load / np.arange(1, servers + 1)))
    assert erlang_b(load, servers) == pytest.approx(terms[-1] / terms.sum())


def no_luck(rate, n, seed):
    return steady(rate, n)


def test_steady_arrivals_wait_less_as_the_formula_for_constant_gaps_says():
    sigma = brentq(lambda s: s - np.exp(-(1 - s) / 0.8), 0.1, 0.99)  # D/M/1, Kendall 1953
    agrees(
        lambda seed: queue_run(seed, 0.8, 1, arrivals=no_luck)[1].mean(),
        1 / (1 - sigma),
    )


def test_a_static_table_in_front_leaves_a_thinner_queue_of_misses():
    rate, servers, hit = 9.0, 4, 0.6
    slow = 3.0
    expected = (1 - hit) * mmc_slower_than(slow, rate * (1 - hit), 1.0, servers)

    def run(seed):
        n = 20_000
        missed = popular_keys([hit, 1 - hit], n, seed=seed) == 1
        arrive, work = poisson(rate, n, seed=seed), service_times(1.0, n, seed=seed)
        latency = np.zeros(n)
        start = fifo(arrive[missed], work[missed], servers)
        latency[missed] = start + work[missed] - arrive[missed]
        return (latency[1000:] > slow).mean()

    agrees(run, expected)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: utilisation(0.0, 1.0), "rate is 0.0"),
        (lambda: utilisation(1.0, -1.0), "service_time is -1.0"),
        (lambda: mmc_wait(1.0, 1.0, 0), "servers is 0"),
        (lambda: mmc_wait(np.nan, 1.0), "rate is nan"),
        (lambda: mdc_wait(1.0, 1.0, 2.5), "servers is 2.5"),
        (lambda: erlang_b(-1.0, 2), "load is -1.0"),
        (lambda: erlang_c(1.0, 0), "servers is 0"),
        (lambda: mmc_slower_than(-1.0, 0.5, 1.0), "t is -1.0"),
        (lambda: mmc_slower_than(np.nan, 0.5, 1.0), "t is nan"),
        (lambda: mmc_slower_than(1.0, 0.5, 0.0), "service_time is 0.0"),
        (lambda: mmc_latency_percentile(0, 0.5, 1.0), "p is 0"),
        (lambda: mmc_latency_percentile(101, 0.5, 1.0), "p is 101"),
    ],
)
def test_bad_input_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()
