"""A job that is really killed, and one that nobody misses: what is left, and what can be read."""

import sqlite3
import textwrap
from contextlib import closing

import numpy as np
import pandas as pd
import pytest

from lessons_lib import board
from lessons_lib.answer import VirtualClock
from lessons_lib.labs.l02_night import (
    READINGS,
    ROUNDS,
    coverage_chart,
    kill_half_way,
    kill_the_night,
    rows_saved,
    weeks_without_a_job,
    went_on_changing,
)
from lessons_lib.quiz import bank
from lessons_lib.static.errors import CorruptTableError
from lessons_lib.static.store import PredictionStore
from lessons_lib.static.table import CREATE_META, CREATE_PREDICTIONS

SLOW_JOB = """
import sqlite3, time
table = sqlite3.connect({path!r})
table.execute("CREATE TABLE predictions(key TEXT, value REAL)")
for row in range({rows}):
    with table:
        table.execute("INSERT INTO predictions VALUES (?, 0.5)", (str(row),))
    time.sleep(0.02)
"""


def slow_job(path, rows):
    return textwrap.dedent(SLOW_JOB).format(path=str(path), rows=rows)


def test_a_killed_job_leaves_about_half_of_its_rows(tmp_path):
    path = tmp_path / "candidate.sqlite"
    saved = kill_half_way(slow_job(path, 40), path, 40)
    assert 20 <= saved < 40
    assert rows_saved(path) == saved, "nothing writes to it any more"


def test_the_timetables_job_is_killed_half_way(tmp_path):
    keys = board.timetable_keys(board.load_board()).head(1_000)
    saved = kill_the_night(keys, tmp_path / "half's.sqlite", as_of=5)
    assert 500 <= saved < 1_000
    assert saved % 100 == 0


def test_a_second_time_the_file_of_the_last_run_does_not_count(tmp_path):
    path = tmp_path / "candidate.sqlite"
    for _ in range(2):
        assert 20 <= kill_half_way(slow_job(path, 40), path, 40) < 40
    candidate(path := tmp_path / "whole.sqlite", {str(row): 0.5 for row in range(40)}, as_of=0.0)
    assert 20 <= kill_half_way(slow_job(path, 40), path, 40) < 40


def test_a_job_that_is_too_fast_is_not_called_killed(tmp_path):
    path = tmp_path / "candidate.sqlite"
    job = slow_job(path, 4).replace("time.sleep(0.02)", "")
    with pytest.raises(RuntimeError, match="done before it could be killed"):
        kill_half_way(job + "\ntime.sleep(30)", path, 4)


OWN_FILES = ["random", "queue", "json", "copy", "logging", "sqlite3", "numpy", "pandas", "types"]


@pytest.mark.parametrize(
    "setting", ["", "PYTHONSAFEPATH", "PYTHONPATH", "PYTHONSTARTUP", "PYTHONHOME"]
)
def test_a_learners_own_files_and_settings_do_not_reach_the_job(tmp_path, monkeypatch, setting):
    for name in OWN_FILES:
        (tmp_path / f"{name}.py").write_text("raise SystemExit('mine')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    if setting:
        monkeypatch.setenv(setting, str(tmp_path))
    job = "import random, queue, json, copy, logging, lessons_lib.models\n"
    path = tmp_path / "candidate.sqlite"
    assert 20 <= kill_half_way(job + slow_job(path, 40), path, 40) < 40


def test_a_job_that_ends_by_itself_is_reported_with_its_last_words(tmp_path):
    with pytest.raises(RuntimeError, match=r"(?s)ended before half-way.*no such model"):
        kill_half_way("raise SystemExit('no such model')", tmp_path / "candidate.sqlite", 10)


def test_a_job_that_makes_no_headway_is_given_up(tmp_path):
    with pytest.raises(RuntimeError, match="not half-way in time"):
        kill_half_way("import time; time.sleep(60)", tmp_path / "none.sqlite", 10, patience=0.2)


def test_a_candidate_without_a_table_holds_no_rows(tmp_path):
    assert rows_saved(tmp_path / "none.sqlite") == 0
    sqlite3.connect(tmp_path / "empty.sqlite").close()
    (tmp_path / "empty.sqlite").touch()
    assert rows_saved(tmp_path / "empty.sqlite") == 0


def test_a_table_that_nobody_refreshes_ages_and_loses_coverage(tmp_path):
    days = np.repeat(np.arange(274, 365), 2)
    keys = np.where(np.arange(len(days)) % 2, "old", np.where(days < 274 + 7, "old", "new"))
    clock = VirtualClock(1000.0)
    store = PredictionStore(tmp_path / "store", clock=clock)
    store.publish(candidate(tmp_path / "one.sqlite", {"old": 0.25}, as_of=1000.0))
    weeks = weeks_without_a_job(store, pd.DataFrame({"day": days, "key": keys}), clock)
    assert weeks["answered (%)"].tolist() == [100.0] + [50.0] * 12
    assert weeks["age (days)"].tolist() == [7.0 * week for week in range(1, 14)]
    assert (weeks["requests"] == 14).all()
    assert (weeks[["errors", "rows"]] == [0, 1]).all(axis=None)
    again = weeks_without_a_job(store, pd.DataFrame({"day": days, "key": keys}), clock)
    slower = "µs a look-up"
    assert again.drop(columns=slower).equals(weeks.drop(columns=slower)), "a second look, the same"


def test_only_look_ups_that_are_answered_are_timed(tmp_path):
    asked = []

    class Noted(PredictionStore):
        def answer(self, request):
            asked.append(request)
            return super().answer(request)

    clock = VirtualClock()
    store = Noted(tmp_path / "store", clock=clock)
    store.publish(candidate(tmp_path / "one.sqlite", {"old": 0.25}, as_of=0.0))
    flights = pd.DataFrame(
        {"day": np.arange(274, 365), "key": ["old", "new", "old"] * 30 + ["old"]}
    )
    weeks_without_a_job(store, flights, clock)
    assert asked.count("old") == 61 * (2 + ROUNDS)
    assert asked.count("new") == 30 * 2, "a miss may be quicker, so it is counted and not timed"


def weeks_of(**readings):
    steady = {"week": range(13), "errors": 0, "rows": 5, "answered (%)": 90.0, "µs a look-up": 4.0}
    return pd.DataFrame({**steady, **readings})


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("way", [1, -1])
def test_the_reading_that_goes_on_changing_is_told_from_noise(reading, way):
    noise = np.random.default_rng(3).normal(4, 1, 13)
    weeks = weeks_of(**{"µs a look-up": noise, reading: 90 + way * np.arange(13.0)})
    assert went_on_changing(weeks) == READINGS[reading]


@pytest.mark.parametrize("way", [1, -1])
def test_a_time_that_follows_the_coverage_is_not_what_went_on_changing(way):
    covered = [99.2, 99.1, 99.2, 98.9, 97.6, 96.1, 96.0, 94.1, 92.7, 92.0, 91.9, 90.4, 89.7]
    weeks = weeks_of(**{"answered (%)": covered, "µs a look-up": 2.3 + way * 0.01 * np.arange(13)})
    assert went_on_changing(weeks) == READINGS["answered (%)"]


def test_readings_are_the_options_of_the_prediction():
    assert set(bank.find("l02-p2").options) == set(READINGS.values())


def test_the_chart_has_room_for_the_coverage_of_the_last_week():
    spec = coverage_chart(weeks_of(**{"age (days)": 7.0})).to_dict()
    assert spec["encoding"]["y"]["scale"]["domain"] == [80, 100]


def test_look_ups_that_raise_are_counted(tmp_path):
    class Broken(PredictionStore):
        def answer(self, request):
            raise CorruptTableError("the disk is gone")

    clock = VirtualClock()
    store = Broken(tmp_path / "store", clock=clock)
    store.publish(candidate(tmp_path / "one.sqlite", {"old": 0.25}, as_of=0.0))
    flights = pd.DataFrame({"day": np.arange(274, 365), "key": "old"})
    weeks = weeks_without_a_job(store, flights, clock)
    assert (weeks[["errors", "answered (%)"]] == [7, 0]).all(axis=None)


def candidate(path, rows, *, as_of):
    """A candidate table with these rows; gives its path."""
    with closing(sqlite3.connect(path)) as table:
        table.execute(CREATE_PREDICTIONS)
        table.execute(CREATE_META)
        table.executemany("INSERT INTO predictions VALUES (?, ?)", rows.items())
        table.execute("INSERT INTO meta VALUES ('as_of', ?)", (repr(as_of),))
        table.commit()
    return path
