"""The figures of lesson 10: rows to score, the crossing, a fleet's traffic, and lines of code."""

import math
import re

import numpy as np
import pytest

from lessons_lib.board import timetable_keys
from lessons_lib.exercises.l10_overhead import engine_pays
from lessons_lib.labs import l10_crossing as crossing
from lessons_lib.quiz.bank import find


def test_timetables_give_each_key_once_and_in_the_models_own_words(board):
    keys = timetable_keys(board)
    made = crossing.timetables(keys, 7_000)
    assert len(made) == 7_000
    assert made["key"].is_unique
    assert (made["hour"].iloc[: len(keys)].to_numpy() == keys["hour"].to_numpy()).all()


def test_both_take_the_same_time_at_the_crossing():
    startup, part, row, size, cores = 6.0, 0.04, 2e-5, 10_000, 8
    rows = crossing.pays_from(startup, part, row, size, cores)
    assert rows * row == pytest.approx(startup + rows / size * part + rows * row / cores)
    assert crossing.pays_from(startup, 0.2, row, size, cores) == math.inf
    sizes = np.array([1e4, 1e5, 1e6])
    seconds = startup + sizes / size * part + sizes * row / 2
    assert engine_pays(sizes, seconds, row, size, 2, cores)[2] == pytest.approx(rows)


def test_the_gain_without_end_is_the_right_option():
    rows = 1e15
    engine = 6.0 + rows / 10_000 * 0.04
    (right,) = (option.text for option in find("l10-limit").options if option.right)
    assert right.startswith(f"It comes close to {rows * 2e-5 / engine:.0f} ")


def test_only_the_right_fleet_has_a_machine_free_for_the_popular_key():
    question = find("l10-hot")
    hot, others, limit = (int(n.replace(",", "")) for n in re.findall(r"\d,\d+", question.ask))
    for option in question.options:
        machines, copies = map(int, re.findall(r"\d+", option.text))
        assert copies <= machines
        assert (hot / copies + others / machines <= limit) == option.right


def test_the_guess_lists_what_is_counted():
    asked = find("l10-p2").ask
    for name in crossing.PARTS:
        assert all(word in asked for word in re.findall(r"\w+", name.split(":")[0])), name


def test_the_chart_leaves_out_what_never_pays():
    chart = crossing.crossing_chart(startup=8.0, per_partition=0.5, row=2e-5)
    rows = chart.data
    assert set(rows["model"]) == {"1 ms a row"}
    assert rows["cores"].tolist() == list(crossing.CORES)
    both = crossing.crossing_chart(startup=8.0, per_partition=0.05, row=2e-5).data
    ours = both[both["model"].str.startswith("this model")].set_index("cores")["rows"]
    assert ours[8] == crossing.pays_from(8.0, 0.05, 2e-5, crossing.SIZE, 8)
    assert ours.is_monotonic_decreasing


def test_a_hundred_million_keys_are_asked_for_by_zipfs_law():
    arrive, key, work = crossing.fleet_traffic(1e5, 10**8, 2e-4, 2e-3, 0.05)
    assert arrive[-1] == pytest.approx(1.0, rel=0.02)
    assert 1 <= key.min() <= key.max() <= 10**8
    first, tenth = np.mean(key == 1), np.mean(key == 10)
    assert first / tenth == pytest.approx(10**0.9, rel=0.35)
    assert set(work) == {2e-4, 2e-3}
    assert np.mean(work == 2e-3) == pytest.approx(0.05, abs=0.005)


def test_the_model_is_a_small_part_of_what_serves():
    lines = crossing.code_lines()
    assert 0.01 < lines["the model"] / lines.sum() < 0.1
    assert (lines > 50).all()
