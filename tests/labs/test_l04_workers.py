"""Measured runs beside simulated ones, and every model twice: tables, queues and charts."""

import numpy as np
import pandas as pd
import pytest
from charts.drawing import assert_draws

from lessons_lib.labs import l04_workers as workers


def run(due, latency):
    return pd.DataFrame({"intended": due, "latency": latency})


def test_one_queue_gives_a_request_to_whoever_is_free_next():
    latency = workers.one_queue(np.array([0.0, 0.0, 0.0]), 1.0, 2)
    assert latency.tolist() == [1.0, 1.0, 2.0]


def test_a_queue_each_is_one_queue_for_one_worker_and_slower_for_more():
    due = np.cumsum(np.random.default_rng(2).exponential(0.05, 200))
    alone = workers.a_queue_each(due, 0.04, 1)
    assert np.sort(alone) == pytest.approx(np.sort(np.tile(workers.one_queue(due, 0.04, 1), 20)))
    apart, together = workers.a_queue_each(due, 0.08, 4), workers.one_queue(due, 0.08, 4)
    assert len(apart) == 20 * len(due)
    assert apart.mean() > 1.2 * together.mean()


def test_the_table_holds_each_percentile_of_each_series():
    due = np.linspace(0, 1, 11)
    table = workers.beside({1: run(due, 0.03), 2: run(due, np.linspace(0.01, 0.11, 11))}, 0.02)
    assert len(table) == 2 * 2 * len(workers.SERIES)
    measured = table[(table["series"] == "measured") & (table["percentile"] == "p50")]
    assert measured["ms"].tolist() == pytest.approx([30, 60])
    simulated = table[(table["series"] == "simulated, one queue")]
    assert simulated["ms"].tolist() == pytest.approx([20] * 4)


def test_requests_without_an_answer_count_as_missing_and_the_chart_draws():
    due = np.linspace(0, 1, 11)
    table = workers.beside({4: run(due, [np.nan] * 5 + [0.03] * 6)}, 0.02)
    assert table["ms"].notna().all()
    assert_draws(workers.beside_chart(table))


def test_every_model_stands_before_and_after_at_its_own_skill():
    skill = pd.Series({"tree": 0.1, "forest": 0.15})
    before = pd.Series({"forest": 0.01, "tree": 0.001})
    after = pd.Series({"tree": 1e-5, "forest": 1e-4})
    chart = workers.frontier_chart(skill, before, after)
    assert_draws(chart)
    points = chart.data.set_index(["model", "by"])
    assert points.loc[("forest", "scikit-learn"), "seconds"] == 0.01
    assert points.loc[("forest", "ONNX Runtime"), "seconds"] == 1e-4
    assert points.loc[("tree", "scikit-learn"), "skill"] == 0.1
    assert len(points) == 4
    after["tree"] = before["tree"]
    assert len(workers.frontier_chart(skill, before, after).data) == 3


def test_no_name_is_struck_through_by_the_deadline_or_stands_on_another_point():
    models = ["key_mean", "live", "live_logistic", "forest", "blend"]
    skill = pd.Series([0.046, 0.15, 0.148, 0.142, 0.153], models)
    before = pd.Series([8e-7, 6.9e-4, 2.33e-3, 9.76e-3, 3.02e-3], models)
    after = pd.Series([8e-7, 9.7e-6, 1.39e-5, 1.45e-5, 2.36e-5], models)
    names = workers.frontier_chart(skill, before, after, 3.02e-3).data.set_index(["by", "model"])
    slower, quicker = (names.loc[way, "at"] for way in workers.WAYS)
    assert slower["live_logistic"] == slower["blend"] == 3.02e-3, "right of the line"
    assert slower["live"] == 6.9e-4, "there is room"
    assert slower["key_mean"] == 8e-7
    assert set(quicker) == {9.7e-6}, "left of the leftmost point"
