"""The servers lab: the run against theory, the pages against chance, and what its panel promises."""

import numpy as np
import pandas as pd
import pytest
from charts.drawing import assert_draws

from lessons_lib import theory
from lessons_lib.labs import l04_servers as servers

START = {"servers": 2, "rate": 18, "fan_out": 1, "shape": "exponential"}


def view(**settings):
    return servers.servers_view({**START, **settings})


def figures(shown):
    return shown.table.set_index("figure")


@pytest.mark.parametrize(("count", "rate"), [(1, 6), (2, 15), (8, 54), (32, 200)])
@pytest.mark.parametrize("fan_out", [1, 10, 100])
def test_the_run_lies_on_the_line_of_theory(count, rate, fan_out):
    shown = view(servers=count, rate=rate, fan_out=fan_out)
    run = shown.data["run"]
    of_call = 1 - theory.mmc_slower_than(run["at"], rate, servers.SERVICE, count)
    # A hundred calls make a page of the rarest moments, of which a run holds few.
    assert np.abs(run["share"] - of_call**fan_out).max() < (0.1 if fan_out == 100 else 0.04)
    table = figures(shown)
    assert table.loc["p50 of a page", "simulated (ms)"] == pytest.approx(
        table.loc["p50 of a page", "theory (ms)"], rel=0.12
    )


@pytest.mark.parametrize("busy", [{"servers": 1, "rate": 8}, {"servers": 4, "rate": 30}])
@pytest.mark.parametrize("shape", ["exponential", "constant"])
def test_mean_wait_agrees_with_its_formula(busy, shape):
    table = figures(view(**busy, shape=shape)).loc["mean wait of a call"]
    assert table["simulated (ms)"] == pytest.approx(table["theory (ms)"], rel=0.12)


def test_a_page_s_percentile_is_a_rarer_one_of_its_calls():
    table = figures(view(fan_out=10))["theory (ms)"]
    of_call = 1000 * theory.mmc_latency_percentile(99.9, 18, servers.SERVICE, 2)
    assert table["p99 of a page"] == pytest.approx(of_call, rel=0.01)


@pytest.mark.parametrize("settings", [{"shape": "constant"}, {"rate": 20}, {"rate": 280}])
def test_the_line_is_left_out_where_its_assumptions_fail(settings):
    shown = view(**settings)
    assert len(shown.data["theory"]["at"]) == 0
    assert "No line" in shown.status or "no line" in shown.status


def test_constant_times_end_at_the_service_time_and_say_why_there_is_no_line():
    shown = view(servers=32, shape="constant", fan_out=100)
    assert shown.status.startswith("100 % of the pages")
    assert figures(shown)["simulated (ms)"]["p99 of a page"] == pytest.approx(100)
    assert figures(shown)["theory (ms)"].notna().sum() == 1


def test_overload_is_called_unstable_and_shows_the_growth():
    shown = view(servers=1)
    assert shown.status.startswith("Unstable: 1.8 times the work")
    means = shown.table["mean latency of a call (ms)"]
    per_call = theory.growth(18, servers.SERVICE)
    assert means.is_monotonic_increasing
    assert means.iloc[-1] - means.iloc[0] == pytest.approx(900 * per_call * servers.CALLS, rel=0.02)
    assert "%" not in shown.status


def test_exactly_full_servers_are_unstable_too():
    assert view(rate=20).status.startswith("Unstable: just as much work")


def test_more_servers_take_the_wait_away_and_never_the_service_time():
    shown = view(servers=32, rate=18)
    table = figures(shown)
    assert table.loc["mean wait of a call", "simulated (ms)"] == 0
    assert table.loc["p99 of a call", "theory (ms)"] == pytest.approx(100 * np.log(100), rel=1e-6)
    assert "with endless servers it would be 99.3 %" in shown.status


def test_one_more_call_never_makes_a_page_quicker_and_one_more_server_never_slower():
    slower = [view(fan_out=k).data["run"]["share"] for k in servers._FAN_OUTS]
    assert (np.diff(slower, axis=0) <= 0).all()
    quicker = [servers.call_latencies(c, 9, "exponential")[1][-50_000:] for c in (1, 2, 4, 8)]
    assert (np.diff(quicker, axis=0) <= 1e-9).all()


def test_every_load_below_one_settles_within_half_the_run():
    for count in servers._SERVERS:
        for rate in servers._RATES:
            if theory.utilisation(rate, servers.SERVICE, count) < 1:
                assert len(servers.call_latencies(count, rate, "constant")[0]) > servers.CALLS / 2


def test_share_of_slow_pages_is_that_of_independent_calls():
    assert servers.any_slow(0.01, 1) == pytest.approx(0.01)
    draws = np.random.default_rng(1).random((20_000, 30)) < 0.02
    assert servers.any_slow(0.02, 30) == pytest.approx(draws.any(axis=1).mean(), abs=0.02)
    with pytest.raises(ValueError, match="share"):
        servers.any_slow(1.2, 3)


@pytest.mark.parametrize("bad", [{"servers": 0}, {"rate": 0}, {"fan_out": 101}, {"shape": "odd"}])
def test_senseless_setting_is_named(bad):
    name = "spread" if "shape" in bad else next(iter(bad))
    with pytest.raises(ValueError, match=name):
        view(**bad)


def test_panel_moves_like_the_function():
    panel = servers.servers_lab()
    assert panel.settings == {"servers": 1, "rate": 9, "fan_out": 1, "shape": "exponential"}
    for change in ({"servers": 32}, {"fan_out": 100}, {"shape": "constant"}, {"rate": 280}):
        shown = panel.set(**change)
    wanted = view(servers=32, fan_out=100, shape="constant", rate=280)
    assert shown.status == wanted.status
    assert shown.table.equals(wanted.table)
    assert len(panel._repr_mimebundle_()[0]["image/png"]) > 1000


@pytest.mark.parametrize("settings", [{}, {"shape": "constant"}, {"rate": 200}])
def test_the_chart_draws(settings):
    shown = view(**settings)
    rows = {name: pd.DataFrame(dict(columns)) for name, columns in shown.data.items()}
    sets = {name: frame.to_dict("records") for name, frame in rows.items()}
    assert_draws(servers.servers_chart().properties(datasets=sets))
