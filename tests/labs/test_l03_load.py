"""The load lab: both loops against a second way of counting, and its panel without a browser."""

import numpy as np
import pytest
from charts.drawing import assert_draws

from lessons_lib import simulate
from lessons_lib.labs import l03_load as load

CALM = {"rate": 100, "service_time": 0.002, "stall": 0.0, "show": "both"}


def view(**settings):
    return load.load_view({**CALM, **settings})


def by_hand(sends, work, stall):
    """Latencies of given send times: the worker as one free time, the stalls as long requests."""
    events = sorted([(at, 0, stall) for at in load.STALLS] + [(t, 1, w) for t, w in sends])
    free, latency = 0.0, []
    for at, real, seconds in events:
        free = max(free, at) + seconds
        if real:
            latency.append(free - at)
    return latency


def work_of(rate, service_time, count):
    return load._traffic(rate, service_time)[1][:count].tolist()


@pytest.mark.parametrize("case", [(100, 0.002, 2.0), (200, 0.004, 5.0), (5, 0.2, 0.0)])
@pytest.mark.parametrize("loop", [load.open_loop, load.closed_loop])
def test_latencies_are_those_of_one_worker_that_stands_still_twice(loop, case):
    run = loop(*case)
    work = work_of(*case[:2], len(run.planned))
    sends = list(zip(run.planned.tolist(), work, strict=True))
    assert run.latency == pytest.approx(by_hand(sends, work, case[2]), abs=1e-9)


def test_closed_loop_never_sends_before_the_last_answer():
    run = load.closed_loop(200, 0.01, 1.0)
    assert (run.planned[1:] >= (run.planned + run.latency)[:-1] - 1e-9).all()


def test_closed_loop_meets_each_stall_once_and_the_open_loop_with_everybody_who_comes():
    opened, closed = load.open_loop(100, 0.002, 2.0), load.closed_loop(100, 0.002, 2.0)
    assert (closed.latency > 0.1).sum() == len(load.STALLS)
    assert (opened.latency > 0.1).sum() > 100 * len(load.STALLS)
    p99 = [simulate.percentiles(run.latency, at=[99]).value[0] for run in (opened, closed)]
    assert p99[0] > 1 > 0.01 > p99[1]


@pytest.mark.parametrize("stall", [0.25, 1.0, 3.0])
def test_a_longer_stall_never_lowers_a_percentile_of_the_open_loop(stall):
    before, after = (load.open_loop(60, 0.01, s).latency for s in (stall - 0.25, stall))
    assert (after >= before - 1e-12).all()


def test_a_stall_of_a_second_is_seen_by_p99_and_not_by_p95():
    latency = load.open_loop(100, 0.002, 1.0).latency
    assert 0.035 < (latency > 0.02).mean() < 0.045, "the lesson says four in a hundred"
    p95, p99 = simulate.percentiles(latency, at=(95, 99)).value
    assert p99 > 0.5 > 0.01 > p95


def test_without_stall_and_load_both_loops_agree():
    p99 = view(rate=5).table.query("percentile == 'p99'")["latency (ms)"]
    assert p99.iloc[0] == p99.iloc[1]
    assert (view(rate=5).table["enough to trust"] != "yes").any()


def test_finding_counts_what_the_closed_loop_left_out():
    shown = view(stall=2.0)
    sent = shown.table.groupby("sent by")["requests sent"].first()
    missing = sent["open loop"] - sent["closed loop"]
    assert missing > 300
    assert f"left out {missing:,} of the {sent['open loop']:,} requests" in shown.status


def test_overload_is_called_unstable_and_the_closed_loop_does_not_notice():
    shown = view(rate=200, service_time=0.01)
    assert "Unstable: 2 times the work" in shown.status
    closed = shown.table.query("`sent by` == 'closed loop'")["latency (ms)"]
    assert closed.max() < 100
    assert "Unstable" not in view(rate=200, service_time=0.004).status
    just = view(rate=5, service_time=0.2).status
    assert "Unstable: just as much work as one worker can do arrives" in just


@pytest.mark.parametrize("name", load.LOOPS)
def test_one_loop_alone_can_be_shown(name):
    shown = view(show=name)
    assert set(shown.data["requests"]["loop"]) == {name} == set(shown.data["p99"]["loop"])
    assert shown.status.startswith(f"The {name} reports a p99 of ")


def test_a_quarter_of_a_second_without_a_request_has_no_point():
    closed = view(stall=3.0, show="closed loop").data["requests"]
    inside = (closed["at"] > load.STALLS[0] + 0.25) & (closed["at"] < load.STALLS[0] + 2.5)
    assert not inside.any()


def test_panel_starts_at_what_was_measured_and_moves_like_the_function():
    panel = load.load_lab(0.00331)
    assert panel.settings == {**CALM, "service_time": 0.0033, "show": "closed loop"}
    shown = panel.set(stall=2.0, show="both", rate=40)
    wanted = view(rate=40, stall=2.0, service_time=0.0033)
    assert shown.status == wanted.status
    assert shown.table.equals(wanted.table)
    panel.set(rate=200, service_time=0.2, stall=5.0)
    assert load.load_lab(9.0).settings["service_time"] == 0.2


@pytest.mark.parametrize(
    "bad", [{"rate": 0}, {"rate": 300}, {"service_time": -1.0}, {"stall": -1.0}]
)
def test_senseless_setting_is_named(bad):
    with pytest.raises(ValueError, match=next(iter(bad))):
        view(**bad)


def test_highest_rate_is_one_request_for_each_service_time():
    assert load.highest_rate(0.02, workers=3) == pytest.approx(150)
    with pytest.raises(ValueError, match="service_time"):
        load.highest_rate(0)
    assert np.isfinite(load.highest_rate(1e-6))


def test_real_runs_are_drawn_with_every_request():
    opened = load.Run(np.linspace(0, 5, 9), [0.002] * 9)
    chart = load.measured_chart(opened, load.Run(np.array([0.5, 1.5]), np.array([1.0, 0.002])))
    assert_draws(chart)
    assert chart.data["loop"].value_counts().to_dict() == {"open loop": 9, "closed loop": 2}
    assert chart.data["seconds"].max() == 1


@pytest.mark.parametrize("quickest", [0.00031, 0.0016, 0.02])
@pytest.mark.parametrize("slowest", [1.5, 23.0])
def test_no_request_of_a_quick_or_a_busy_machine_is_off_the_axis(quickest, slowest):
    opened = load.Run(np.array([0.0, 1.0]), [quickest, slowest])
    chart = load.measured_chart(opened, load.Run(np.array([0.5]), np.array([slowest])))
    low, high = chart.to_dict()["encoding"]["y"]["scale"]["domain"]
    assert low <= min(quickest, 1e-3)
    assert high >= max(slowest, 10)


def test_the_labs_chart_compiles_for_the_panel():
    panel = load.load_lab()
    assert {data["name"] for data in panel.spec["data"]} >= {"requests", "p99"}
    assert len(panel._repr_mimebundle_()[0]["image/png"]) > 1000
