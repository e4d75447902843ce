"""What a design costs: the bill, the prices, the servers that a deadline needs, and the break-even."""

from math import exp, inf, nan

import numpy as np
import pytest

from lessons_lib import cost, simulate, theory, traffic


def test_a_bill_is_quantity_times_price_part_by_part():
    found = cost.bill(server_seconds=7200, batch_seconds=1800, stored=3e9, stale=1_000, missing=20)
    assert found.servers == pytest.approx(2 * cost.price("server"))
    assert found.batch == pytest.approx(0.5 * cost.price("batch"))
    assert found.storage == pytest.approx(3 * cost.price("storage") / 30)
    assert found.stale == pytest.approx(1_000 * cost.price("stale"))
    assert found.missing == pytest.approx(20 * cost.price("missing"))
    assert found.total == pytest.approx(sum(found))


def test_what_is_not_there_costs_nothing():
    assert cost.bill() == (0, 0, 0, 0, 0)


@pytest.mark.parametrize("name", ["server_seconds", "batch_seconds", "stored", "stale", "missing"])
@pytest.mark.parametrize("value", [-1, nan, inf, "1"])
def test_a_bill_names_what_it_cannot_price(name, value):
    with pytest.raises(ValueError, match=f"^{name} is"):
        cost.bill(**{name: value})


def test_every_price_has_a_unit_a_date_a_source_and_says_how_solid_it_is():
    table = cost.prices()
    assert table.index.is_unique
    assert (table["usd"] > 0).all()
    assert set(table["status"]) == {"list", "assumed"}
    assert table["date"].between(2025, 2026).all()
    assert (table["source"].str.len() > 10).all()
    assert (table["per"].str.len() > 2).all()


def test_the_table_of_prices_is_the_callers_own():
    table = cost.prices()
    table.loc["server", "usd"] = 99.0
    assert cost.prices().loc["server", "usd"] == cost.price("server") < 1


def test_an_unknown_price_is_answered_with_those_that_there_are():
    with pytest.raises(ValueError, match="no price 'gpu': take one of server, batch"):
        cost.price("gpu")


@pytest.mark.parametrize("rate", [0.01, 1.0, 7.3, 40.0, 333.0])
@pytest.mark.parametrize("deadline", [4.7, 5.0, 12.0])
def test_the_fewest_servers_are_those_that_counting_up_finds(rate, deadline):
    servers = 1
    while theory.mmc_latency_percentile(99, rate, 1.0, servers) > deadline:
        servers += 1
    assert cost.servers_within(rate, 1.0, deadline) == servers


def test_runs_keep_their_deadline_with_them_and_not_with_one_less():
    servers = cost.servers_within(4.0, 1.0, 5.5)
    late = {servers: [], servers - 1: []}
    for seed in range(4):
        arrive = traffic.poisson(4.0, 150_000, seed=seed)
        work = traffic.service_times(1.0, 150_000, seed=seed)
        for number in late:
            latency = simulate.fifo(arrive, work, number) + work - arrive
            late[number].append((latency[5_000:] > 5.5).mean())
    assert np.mean(late[servers]) <= 0.01 < np.mean(late[servers - 1])


def test_no_number_of_servers_makes_the_service_itself_faster():
    alone = 1.0 * np.log(100)  # the p99 of the service time
    assert cost.servers_within(5, 1.0, 0.999 * alone) == inf
    assert cost.servers_within(5, 1.0, 1.001 * alone) < 30
    assert exp(-alone) == pytest.approx(0.01)


def test_a_tighter_deadline_or_more_requests_never_need_fewer_servers():
    rates = np.geomspace(0.1, 100, 15)
    for loose, tight in ((20, 10), (10, 5)):
        few = [cost.servers_within(rate, 1.0, loose) for rate in rates]
        many = [cost.servers_within(rate, 1.0, tight) for rate in rates]
        assert few == sorted(few)
        assert all(a <= b for a, b in zip(few, many, strict=True))


@pytest.mark.parametrize(
    "given",
    [
        {"rate": 0},
        {"service_time": 0},
        {"deadline": -1},
        {"deadline": inf},
        {"p": 0},
        {"p": 101},
        {"rate": nan},
    ],
)
def test_what_cannot_be_sized_is_named(given):
    (name,) = given
    with pytest.raises(ValueError, match=name):
        cost.servers_within(**{"rate": 1.0, "service_time": 1.0, "deadline": 9.0, **given})


@pytest.mark.parametrize(
    ("row", "run", "look_up"), [(0.5, 1.0, 0.0), (3e-6, 2e-3, 2e-5), (9, 1, 0.5)]
)
def test_the_solver_agrees_with_the_formula(row, run, look_up):
    found = cost.break_even(lambda asked: row + asked * look_up, lambda asked: asked * run)
    assert found == pytest.approx(row / (run - look_up), rel=1e-9)


def test_a_table_that_never_or_always_pays_has_no_border():
    assert cost.break_even(lambda asked: 1 + asked, lambda asked: asked) == inf
    assert cost.break_even(lambda asked: 0.0, lambda asked: asked) == 0.0
    assert cost.break_even(lambda asked: asked, lambda asked: asked) == 0.0


def test_where_bills_jump_the_border_stands_at_the_jump():
    found = cost.break_even(lambda asked: 1.5, lambda asked: 1.0 if asked < 40 else 2.0)
    assert found == pytest.approx(40, rel=1e-9)


def test_idle_servers_make_the_table_pay_sooner():
    keys, run, row = 1_000_000, 0.3, 0.15

    def static(asked):
        return cost.bill(server_seconds=cost.DAY, batch_seconds=keys * row).total

    def dynamic(asked):
        servers = cost.servers_within(2 * asked * keys / cost.DAY, run, 2.0)
        return cost.bill(server_seconds=servers * cost.DAY).total

    formula = row * cost.price("batch") / (run * cost.price("server"))
    assert 0 < cost.break_even(static, dynamic) < formula / 2
