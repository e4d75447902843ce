"""The gate: each kind of bug is stopped by its own check, and the failing rows are named."""

import math
import sqlite3
from contextlib import closing

import numpy as np
import pandas as pd
import pytest
from static_tables import write_candidate

from lessons_lib.static.errors import CorruptTableError, GateRefusedError, TableError
from lessons_lib.static.gate import Limits, verify
from lessons_lib.static.store import PredictionStore

CARRIERS = ["AA", "B6", "UA"]
KEYS = pd.DataFrame(
    {
        "key": [f"{c} {n:03d}" for c in CARRIERS for n in range(40)],
        "carrier": np.repeat(CARRIERS, 40),
    }
)
GOOD = {key: 0.2 + n / 1000 for n, key in enumerate(KEYS["key"])}


@pytest.fixture
def store(tmp_path):
    """A store in which the good table serves."""
    store = PredictionStore(tmp_path / "store", clock=lambda: 500.0)
    store.publish(write_candidate(tmp_path / "first.sqlite", GOOD, as_of=100.0))
    yield store
    store.close()


@pytest.fixture
def judge(tmp_path, store):
    """Verify a candidate with these values against the good table."""

    def judge(values, *, as_of=200.0, **options):
        path = write_candidate(tmp_path / "candidate.sqlite", values, as_of=as_of)
        options = {"expected_keys": KEYS, "previous": store, "slices": ["carrier"], **options}
        return verify(path, **options)

    return judge


def loose_candidate(path, rows, *, as_of=200.0):
    """A candidate whose columns take anything, as somebody's own script may make it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE predictions(key, value)")
        connection.execute("CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT)")
        connection.executemany("INSERT INTO predictions VALUES (?, ?)", rows)
        connection.execute("INSERT INTO meta VALUES ('as_of', ?)", (as_of,))
        connection.commit()
    return path


def failed(report):
    return report.checks.loc[report.checks["status"] == "failed", "check"].tolist()


def test_a_good_candidate_passes_every_check(judge):
    report = judge({key: value + 0.01 for key, value in GOOD.items()})
    assert report.passed
    assert report.failures.empty
    assert set(report.checks["status"]) == {"passed"}
    assert "Passed: 22 checks on 120 predictions." in str(report)


@pytest.mark.parametrize(
    ("value", "check"),
    [
        (None, "no missing value"),
        (math.nan, "no missing value"),
        ("high", "no missing value"),
        (math.inf, "no infinite value"),
        (-math.inf, "no infinite value"),
        (1.0000001, "probability"),
        (-0.001, "probability"),
        (2, "probability"),
    ],
)
def test_one_absurd_row_is_stopped_and_named(judge, value, check):
    report = judge(GOOD | {"B6 007": value})
    assert failed(report) == [check]
    assert report.failures["key"].tolist() == ["B6 007"]
    assert "B6 007" in str(report)


@pytest.mark.parametrize("value", [0, 1, 0.0, 1.0])
def test_the_ends_are_probabilities(judge, value):
    assert judge(GOOD | {"B6 007": value}).passed


def test_lost_keys_are_named_one_by_one(judge):
    lost = ["AA 003", "UA 039"]
    report = judge({key: value for key, value in GOOD.items() if key not in lost})
    assert failed(report) == ["keys complete", "size"]
    complete = report.failures[report.failures["check"] == "keys complete"]
    assert complete["key"].tolist() == lost
    assert set(complete["value"]) == {"not there"}
    assert report.failures.iloc[-1].tolist() == ["size", "rows", 118, "120 or more"]


def test_a_key_nobody_expected_is_named(judge):
    report = judge(GOOD | {"ZZ 001": 0.2})
    assert failed(report) == ["no unknown key"]
    assert report.failures.iloc[0][["key", "value"]].tolist() == ["ZZ 001", 0.2]


def test_keys_may_be_a_plain_list(judge):
    assert judge(GOOD, expected_keys=list(GOOD), slices=[]).passed
    assert failed(judge(GOOD, expected_keys=["AA 000"], slices=[])) == ["no unknown key"]


def test_a_key_that_comes_twice_is_named(tmp_path):
    path = loose_candidate(tmp_path / "twice.sqlite", [("a", 0.1), ("b", 0.2), ("a", 0.3)])
    report = verify(path, previous=path, expected_keys=["a", "b"])
    assert failed(report) == ["keys unique"]
    assert report.failures["key"].tolist() == ["a", "a"]


def test_a_quiet_shift_of_everything_is_stopped(judge):
    report = judge({key: value + 0.04 for key, value in GOOD.items()})
    assert failed(report) == ["mean"]
    assert report.failures.iloc[0]["value"] == pytest.approx(np.mean(list(GOOD.values())) + 0.04)


def test_a_shift_in_one_slice_is_stopped_where_the_mean_sees_nothing(judge):
    shift = {"AA": 0.12, "B6": -0.06, "UA": -0.06}
    report = judge({key: value + shift[key[:2]] for key, value in GOOD.items()})
    assert failed(report) == ["mean by carrier"]
    assert report.failures["key"].tolist() == ["AA (40 rows)"]
    assert report.failures["expected"].tolist() == ["0.219 within 0.1"]


def test_a_slice_that_vanished_is_stopped(judge):
    report = judge({key: value for key, value in GOOD.items() if not key.startswith("UA")})
    assert "mean by carrier" in failed(report)
    slice_row = report.failures[report.failures["check"] == "mean by carrier"].iloc[0]
    assert (slice_row["key"], slice_row["value"]) == ("UA (40 rows)", "no rows")


def test_limits_can_be_moved(judge):
    shifted = {key: value + 0.04 for key, value in GOOD.items()}
    assert judge(shifted, limits=Limits(mean_change=0.05)).passed
    assert failed(judge(shifted, limits=Limits(mean_change=0.05, slice_change=0.03))) == [
        "mean by carrier"
    ]
    assert judge(shifted, limits=Limits(mean_change=0.05, slice_change=0.03, slice_rows=41)).passed
    smaller = dict(list(GOOD.items())[:114])
    assert judge(smaller, expected_keys=None, slices=[], limits=Limits(shrink=0.05)).passed
    assert failed(judge(smaller, expected_keys=None, slices=[])) == ["size"]


def test_older_information_does_not_replace_newer(judge):
    report = judge(GOOD, as_of=99.0)
    assert failed(report) == ["as_of not older"]
    assert report.failures.iloc[0]["expected"] == "100 or later"
    assert judge(GOOD, as_of=100.0).passed
    assert failed(judge(GOOD, as_of="yesterday")) == ["as_of told"]


def test_before_the_first_publish_there_is_nothing_to_compare(judge, tmp_path):
    empty = PredictionStore(tmp_path / "empty")
    for previous in (None, empty):
        report = judge(GOOD, previous=previous)
        assert report.passed
        not_run = report.checks.loc[report.checks["status"] == "not run", "check"].tolist()
        compared = {
            "as_of not older",
            "size",
            "mean",
            "mean by carrier",
            "order by carrier",
            "drift",
        }
        assert compared < set(not_run)
        assert not {"probability", "as_of possible", "mean plausible"} & set(not_run)


def test_the_previous_version_may_be_a_file(judge, tmp_path):
    assert failed(
        judge({k: v + 0.04 for k, v in GOOD.items()}, previous=tmp_path / "first.sqlite")
    ) == ["mean"]


def test_a_report_is_short_and_the_frame_is_not(judge):
    report = judge({key: math.nan for key in GOOD})
    assert (report.failures["check"] == "no missing value").sum() == len(GOOD)
    for text in (str(report), report._repr_html_()):
        assert "AA 004" in text
        assert "AA 005" not in text
        assert "and 115 more" in text


def test_a_report_in_html_escapes_what_keys_hold(judge):
    report = judge(GOOD | {"<script>alert(1)</script>": 7.0})
    assert "<script>" not in report._repr_html_()
    assert "&lt;script&gt;" in report._repr_html_()


def test_publish_obeys_the_report(judge, store):
    good = judge(GOOD)
    assert store.publish(good.candidate, good) == "board-2"
    bad = judge(GOOD | {"B6 007": 2.0})
    with pytest.raises(GateRefusedError, match="B6 007") as refusal:
        store.publish(bad.candidate, gate_report=bad)
    assert refusal.value.report is bad
    assert store.current == "board-2"


def test_a_report_speaks_for_the_file_it_saw_and_no_other(judge, store, tmp_path):
    report = judge(GOOD)
    with pytest.raises(GateRefusedError, match="not the file that was verified"):
        store.publish(write_candidate(tmp_path / "other.sqlite", GOOD, as_of=300.0), report)
    write_candidate(report.candidate, GOOD | {"B6 007": 2.0}, as_of=200.0)
    with pytest.raises(GateRefusedError, match="verify it again"):
        store.publish(report.candidate, report)
    assert store.current == "board-1"


def test_what_cannot_be_verified_is_named(tmp_path, judge):
    with pytest.raises(TableError, match=r"no candidate at .*absent"):
        verify(tmp_path / "absent.sqlite")
    (tmp_path / "broken.sqlite").write_bytes(b"no table" * 1000)
    with pytest.raises(CorruptTableError, match=r"broken\.sqlite"):
        verify(tmp_path / "broken.sqlite")
    with pytest.raises(ValueError, match="no column 'origin'"):
        judge(GOOD, slices=["origin"])
    with pytest.raises(ValueError, match="no column 'carrier'"):
        judge(GOOD, expected_keys=list(GOOD))
