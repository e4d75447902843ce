"""Lesson 09's attacks: against the figures that the lesson speaks of, and its panel without a browser."""

import numpy as np
import pandas as pd
import pytest
from charts.drawing import assert_draws

from lessons_lib import theory
from lessons_lib.labs import l09_attack as lab
from lessons_lib.labs import l09_paths as pieces
from lessons_lib.router import Limits

START = {"attack": lab.FLUSH, "retries": "no", "shed": False, "also": lab.ALSO[0]}
LAST = (lab.END - 60, lab.END)


def kept(attack=lab.FLUSH, retries="no", shed=False, also=lab.ALSO[0], strike=True):
    return lab._kept(attack, retries, shed, also, strike)


def test_without_an_attack_nine_of_ten_hit_and_all_are_answered():
    calm = kept(strike=False)
    assert 0.88 < (calm.run.source == "cache").mean() < 0.92
    assert calm.goodput() == 1.0
    load = lab.runs_since(calm) * lab.SERVICE / (lab.END - lab.BEGIN) / lab.SERVERS
    assert load < 0.6
    assert 5.5 < load * lab.SERVERS / lab.SERVICE < 6.5, "of ten runs a second the misses need six"


def test_the_misses_are_those_of_a_cache_with_a_life_of_a_minute():
    """Against the closed form for independent requests: a key misses at rate x / (1 + x ttl)."""
    rates = lab.RATE * theory.zipf(lab.SKEW, lab.KEYS)
    rates = rates / rates.sum() * lab.RATE
    wanted = (rates / (1 + rates * lab.TTL)).sum()
    calm = kept(strike=False)
    found = lab.runs_since(calm) / (lab.END - lab.BEGIN)
    assert found == pytest.approx(wanted, rel=0.1)


def test_a_flush_leaves_the_service_down_and_a_bound_or_single_flight_brings_it_back():
    assert 0.5 < kept().goodput(*LAST) < 0.65
    assert kept(shed=True).goodput(60) > 0.99
    assert kept(also="single flight").goodput(*LAST) > 0.99
    assert kept(also="a circuit breaker").goodput(*LAST) < 0.65
    assert lab.runs_since(kept(shed=True)) < lab.runs_since(kept())


@pytest.mark.parametrize("seed", [1, 2])
def test_the_outage_is_no_matter_of_luck(seed, monkeypatch):
    draw, keys = lab.traffic.poisson, lab.traffic.zipf_keys
    monkeypatch.setattr(lab.traffic, "poisson", lambda rate, n: draw(rate, n, seed=seed))
    monkeypatch.setattr(lab.traffic, "zipf_keys", lambda *a: keys(*a, seed=seed))
    assert lab.attacked(strike=False).goodput() > 0.99
    assert lab.attacked().goodput(*LAST) < 0.7
    assert lab.attacked(limits=Limits(lab.MOST_RUNS)).goodput(*LAST) > 0.99


def test_retries_make_an_outage_of_nothing_and_a_budget_does_not():
    storm = lab.attacked(strike=False, tries=3)
    assert storm.goodput(*LAST) < 0.3
    assert lab.attacked(strike=False, tries=3, limits=Limits(10**9, 0.1)).goodput(*LAST) > 0.95
    flight = "single flight"
    assert kept(retries="twice, without a budget", also=flight).goodput(*LAST) < 0.4
    assert kept(retries="twice, within a budget", also=flight).goodput(*LAST) > 0.95


def test_a_budget_bounds_the_retries_by_the_first_runs_and_these_grow_too():
    calm = kept(strike=False).counts["run"]
    tried = lab.attacked(strike=False, tries=3, limits=Limits(10**9, 0.1)).counts
    assert 0 < tried["retried"] <= 0.1 * tried["run"] + 10
    assert calm < tried["run"] < 1.1 * calm


def test_only_old_answers_keep_clients_served_while_the_model_hangs():
    during = (lab.BEGIN, lab.BEGIN + 20)
    shares = {also: kept(lab.HUNG, also=also).goodput(*during) for also in lab.ALSO}
    shares["a bound"] = kept(lab.HUNG, shed=True).goodput(*during)
    good = {name for name, share in shares.items() if share > 0.9}
    assert good == {"old answers while it runs", "all three"}


def test_missing_rows_are_carried_by_cache_and_model():
    one = kept(lab.HALF, also="single flight")
    during = (one.run.start > lab.BEGIN) & (one.run.start < lab.BEGIN + 60)
    before = one.run.start < lab.BEGIN
    table = [(one.run.source[part] == "table").mean() for part in (before, during)]
    assert table[1] < 0.6 * table[0]
    assert one.goodput(lab.BEGIN, lab.BEGIN + 60) > 0.98


def test_a_spike_stretches_nothing_but_its_own_time():
    calm, spike = lab.arrivals(), lab.arrivals(3.0)
    np.testing.assert_allclose(spike[spike < 30], calm[calm < 30])
    counts = [((t >= 30) & (t < 50)).sum() for t in (calm, spike)]
    assert counts[1] / counts[0] == pytest.approx(3, rel=0.1)
    np.testing.assert_allclose(np.diff(spike[spike > 51])[:1000].mean(), 1 / lab.RATE, rtol=0.1)


def test_an_attack_that_is_none_is_named():
    with pytest.raises(ValueError, match="'rain' is no attack: take one of 'the cache is flushed'"):
        lab.attacked("rain")


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, "the outage outlives its cause. The model ran 1."),
        ({"shed": True}, " s after its begin it was over."),
        ({"attack": lab.SPIKE, "also": "all three"}, "hardly anybody noticed."),
    ],
)
def test_the_sentence_tells_how_it_ended(settings, told):
    assert told in lab.attack_view({**START, **settings}).status


def test_the_table_and_the_lines_are_of_one_run():
    shown = lab.attack_view({**START, "attack": lab.HUNG, "also": "old answers while it runs"})
    sources = [f"{name} (%)" for name in lab.SOURCES]
    assert np.allclose(shown.table[sources].sum(axis=1), 100, atol=0.3)
    assert shown.table["old cache (%)"].max() > 5
    lines = pd.DataFrame(shown.data["good"])
    assert set(lines["who"]) == {"as chosen", "no defence, no retries"}
    assert lines["good"].between(0, 1).all()


def test_panel_shows_what_the_function_gives():
    panel = lab.attack_lab()
    assert panel.settings == START
    panel.set(attack=lab.LOST, retries="twice, within a budget", shed=True, also="single flight")
    wanted = lab.attack_view(panel.settings)
    assert panel.view.status == wanted.status
    assert panel.view.table.equals(wanted.table)


def test_the_still_chart_draws_and_the_minutes_agree_with_goodput():
    runs = {"no attack": kept(strike=False), "cache flushed": kept()}
    assert_draws(lab.over_time(runs))
    table = lab.by_minute(runs)
    assert table.loc["cache flushed", "180 to 240 s (%)"] == round(100 * kept().goodput(*LAST), 1)
    seconds, most = lab.END - lab.BEGIN, lab.SERVERS / lab.SERVICE
    assert table.loc["cache flushed", "runs done since 30 s"] == pytest.approx(
        seconds * most, abs=2
    )


# The lesson's pieces.


def test_a_broken_model_counts_its_runs_and_fails():
    model = pieces.Breakable(pieces.Rows({"x": 0.5}, 0.0, "model"))
    assert model.answer("x") == (0.5, "model", 0.0)
    model.broken = True
    with pytest.raises(RuntimeError, match="out of order"):
        model.answer("x")
    assert model.runs == 2


def test_a_stampede_asks_at_one_moment():
    model = pieces.Breakable(pieces.Rows({"x": 0.5}, 0.0, "model"), 0.05)
    assert len(pieces.stampede(model, "x", clients=8)) == model.runs == 8


def test_writing_over_goes_by_the_order_of_the_keys():
    old, new = {"a": 0.1, "b": 0.1, "c": 0.1}, {"a": 0.2, "b": 0.3, "c": 0.4}
    assert pieces.overwritten(old, new, 0.34).rows == {"a": 0.2, "b": 0.1, "c": 0.1}
    assert pieces.overwritten(old, new, 1.0).rows == new
