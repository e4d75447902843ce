"""The gate: each kind of bug is stopped by its own check, and the failing rows are named."""

import math
import sqlite3
from contextlib import closing

import numpy as np
import pandas as pd
import pytest
from static_tables import write_candidate

from lessons_lib.static.errors import (
    CorruptTableError,
    GateRefusedError,
    NotPublishedError,
    TableError,
)
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


NOW = 1_764_000_000.0
IMPOSSIBLE = [
    NOW * 1000,
    NOW + 30 * 86_400,
    NOW + 3_600,
    NOW * 1e9,
    0.0,
    -NOW,
    "nan",
    "inf",
    "-inf",
    "soon",
    "",
]


@pytest.mark.parametrize("as_of", IMPOSSIBLE)
@pytest.mark.parametrize("published", [True, False])
def test_a_moment_that_cannot_be_is_refused_and_the_next_good_night_is_not(
    tmp_path, as_of, published
):
    store = PredictionStore(tmp_path / "moments", clock=lambda: NOW)
    if published:
        store.publish(write_candidate(tmp_path / "last.sqlite", GOOD, as_of=NOW - 2 * 86_400))
    path = write_candidate(tmp_path / "candidate.sqlite", GOOD, as_of=as_of)
    report = verify(path, expected_keys=KEYS, previous=store)
    wrong = [name for name in failed(report) if name.startswith("as_of")]
    assert failed(report) == wrong != []
    shown = as_of if isinstance(as_of, str) else f"{as_of:.15g}"
    assert shown in str(report)
    with pytest.raises(GateRefusedError):
        store.publish(path, report)
    path = write_candidate(tmp_path / "good.sqlite", GOOD, as_of=NOW - 3_600)
    assert store.publish(path, verify(path, expected_keys=KEYS, previous=store))


def test_a_version_from_the_future_locks_nobody_out(tmp_path):
    future = write_candidate(tmp_path / "future.sqlite", GOOD, as_of=NOW * 1000)
    good = write_candidate(tmp_path / "good.sqlite", GOOD, as_of=NOW)
    report = verify(good, expected_keys=KEYS, previous=future, clock=lambda: NOW)
    assert report.passed
    assert (
        "as_of not older"
        in report.checks.loc[report.checks["status"] == "not run", "check"].tolist()
    )


def test_what_was_verified_is_what_is_published_also_through_a_write_ahead_log(judge, store):
    report = judge(GOOD)
    with closing(sqlite3.connect(report.candidate)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        report.require(report.candidate)  # the form of the file changed, and not what it says
        connection.execute("UPDATE predictions SET value = 0.9 WHERE key = 'B6 007'")
        connection.commit()
        with pytest.raises(GateRefusedError, match="has changed since"):
            store.publish(report.candidate, report)
    assert store.current == "board-1"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE meta SET value = '201.0' WHERE name = 'as_of'",
        "UPDATE meta SET value = 'another' WHERE name = 'model'",
        "DELETE FROM predictions WHERE key = 'B6 007'",
        "INSERT INTO predictions VALUES ('ZZ 001', 0.2)",
        "UPDATE predictions SET value = NULL WHERE key = 'B6 007'",
        "UPDATE predictions SET key = 'B6 07' WHERE key = 'B6 007'",
    ],
)
def test_any_change_after_the_gate_is_refused(judge, store, change):
    report = judge(GOOD)
    with closing(sqlite3.connect(report.candidate)) as connection:
        connection.execute(change)
        connection.commit()
    with pytest.raises(GateRefusedError, match="verify it again"):
        report.require(report.candidate)


@pytest.mark.parametrize(
    "keys", ["12", b"12", [1, 2], ["a", None], [["a"]], pd.DataFrame({"key": [1]})]
)
def test_expected_keys_that_are_no_list_of_texts_are_refused(judge, keys):
    with pytest.raises(TypeError, match="expected_keys"):
        judge(GOOD, expected_keys=keys, slices=[])


def test_one_text_for_the_slices_is_refused(judge):
    with pytest.raises(TypeError, match="slices is the one text 'carrier'"):
        judge(GOOD, slices="carrier")


@pytest.mark.parametrize(
    ("stored", "expected"),
    [("Zu\u0308rich", "Z\u00fcrich"), ("AA\u00a0000", "AA 000"), ("AA 000 ", "AA 000")],
)
def test_look_alike_keys_can_be_told_apart(tmp_path, stored, expected):
    path = write_candidate(tmp_path / "alike.sqlite", {stored: 0.2}, as_of=100.0)
    report = verify(path, expected_keys=[expected])
    assert failed(report) == ["keys complete", "no unknown key"]
    for text in (str(report), report._repr_html_()):
        assert ascii(stored) in text.replace("&#x27;", "'")
        assert expected.isascii() or ascii(expected) in text.replace("&#x27;", "'")


@pytest.mark.parametrize("name", ["value", "number", "p", "key", "mean", "size", "index", "all"])
def test_a_slice_may_be_called_what_it_likes(judge, name):
    keys = KEYS.assign(**{name: KEYS["carrier"]}) if name != "key" else KEYS
    assert judge(GOOD, expected_keys=keys, slices=[name]).passed
    shift = {"AA": 0.12, "B6": -0.06, "UA": -0.06}
    shifted = {key: value + shift[key[:2]] for key, value in GOOD.items()}
    if name != "key":
        assert failed(judge(shifted, expected_keys=keys, slices=[name])) == [f"mean by {name}"]


@pytest.mark.parametrize("gap", [None, math.nan])
def test_a_row_without_a_slice_is_named(judge, gap):
    keys = KEYS.assign(carrier=KEYS["carrier"].astype(object).mask(KEYS["key"] == "B6 007", gap))
    with pytest.raises(ValueError, match="no carrier for 'B6 007' \\(1 rows\\)"):
        judge(GOOD, expected_keys=keys)


@pytest.mark.parametrize("text", ["0.5", "", "1e-3", "nan", b"0.5"])
def test_a_number_that_is_a_text_is_called_one(tmp_path, text):
    path = loose_candidate(tmp_path / "text.sqlite", [("a", text), ("b", 0.5)])
    report = verify(path, expected_keys=["a", "b"])
    assert failed(report) == ["no missing value"]
    assert report.failures[["key", "expected"]].to_numpy().tolist() == [["a", "a number, not text"]]


def test_a_candidate_of_many_shuffled_values_is_stopped_where_all_means_stay(judge):
    values = np.random.default_rng(0).permutation(list(GOOD.values())[:40])
    report = judge(GOOD | dict(zip(list(GOOD)[:40], values, strict=True)) | swap("B6") | swap("UA"))
    assert "order by carrier" in failed(report)
    assert not {"mean", "mean by carrier", "spread by carrier"} & set(failed(report))


def swap(carrier):
    """The good values of one airline in reverse."""
    keys = [key for key in GOOD if key.startswith(carrier)]
    return dict(zip(keys, [GOOD[key] for key in reversed(keys)], strict=True))


def test_an_earlier_version_can_be_compared_with_in_both_stores(make_store, candidate, clock):
    store, start = make_store(), clock()
    for more in (0.0, 0.18):
        values = {key: value + more for key, value in GOOD.items()}
        store.publish(candidate(values, as_of=start))
    path = candidate({key: value + 0.21 for key, value in GOOD.items()}, as_of=start)
    assert store.table("board-1").rows["value"].tolist() == list(GOOD.values())
    assert failed(verify(path, previous=store)) == ["drift"]
    with pytest.raises(NotPublishedError, match="board-9"):
        store.table("board-9")
