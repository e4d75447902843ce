"""Incremental refresh: the same table as a full job makes, at the price of what has changed."""

import random
import time
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from static_tables import Child, rows_logged, tenths

from lessons_lib.static.errors import (
    GateRefusedError,
    NotPublishedError,
    ResumeError,
    TableError,
)
from lessons_lib.static.gate import Limits
from lessons_lib.static.job import ScoringJob
from lessons_lib.static.refresh import changes_between, refresh
from lessons_lib.static.store import PredictionStore
from lessons_lib.static.table import read_table

KEYS = 200
ANY = Limits(
    mean_change=1, slice_change=1, rows_moved=1, rows_jumped=1, spread=1e9, rank=-1, drift=1
)
"""A gate that looks at every row and allows any change."""


class Tenths:
    """A model whose prediction is known, and which notes how many rows it was asked for."""

    def __init__(self, dies_after=None):
        self.asked, self.dies_after = [], dies_after

    def predict_proba(self, frame):
        if len(self.asked) == self.dies_after:
            raise MemoryError("the machine went away")
        self.asked.append(len(frame))
        late = frame["number"].to_numpy(float) / 1_000
        return np.column_stack([1 - late, late])


def key(number):
    return f"key {number:03d}"


def at_first():
    """What is known of every key at moment 100, as entries of the feed."""
    numbers = np.random.default_rng(1).integers(100, 500, KEYS)
    return pd.DataFrame({"key": map(key, range(KEYS)), "at": 100.0, "number": numbers})


def random_feed(seed, entries=150):
    """Changes of old and of new keys, some of which leave, some of which come back."""
    rng = np.random.default_rng(seed)
    entries = {
        "key": [key(n) for n in rng.integers(0, KEYS + 30, entries)],
        "at": rng.choice(np.arange(101.0, 400.0, 0.5), entries),
        "number": rng.integers(100, 500, entries),
        "gone": rng.random(entries) < 0.2,
    }
    return pd.DataFrame(entries)


def full_job(feed, as_of, path):
    """The table that a job makes which scores every key anew."""
    whole = pd.concat([at_first().assign(gone=False), feed], ignore_index=True)
    known = whole[whole["at"] <= as_of].sort_values("at", kind="stable")
    last = known.drop_duplicates("key", keep="last")
    keys = last[~last["gone"]].drop(columns=["at", "gone"])
    ScoringJob(Tenths(), keys, path, as_of=as_of, overwrite=True, progress=False).run()
    return read_table(path)


@pytest.fixture
def store(make_store, tmp_path):
    """A store, of each kind in turn, that serves what was known at moment 100."""
    store, path = make_store(), tmp_path / "first.sqlite"
    ScoringJob(Tenths(), at_first().drop(columns="at"), path, as_of=100.0, progress=False).run()
    store.publish(path)
    return store


@pytest.fixture
def run(store, tmp_path):
    """A function that refreshes the store."""

    def run(feed, as_of, model=None, **options):
        options = {"limits": ANY, **options}
        path = tmp_path / "next.sqlite"
        return refresh(store, model or Tenths(), feed, path, as_of=as_of, **options)

    return run


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(
    "moments", [(400.0,), (150.25, 150.5, 399.5), (130.0, 131.0, 300.0, 400.0)]
)
def test_many_refreshes_make_row_for_row_what_a_full_job_makes(store, run, tmp_path, seed, moments):
    feed = random_feed(seed)
    for as_of in moments:
        report = run(feed, as_of)
        served, wanted = store.table(), full_job(feed, as_of, tmp_path / "full.sqlite")
        pd.testing.assert_frame_equal(served.rows, wanted.rows)
        assert (served.as_of, served.model) == (as_of, wanted.model)
        assert report.rows == len(wanted.rows)
        assert report.version == store.current
        assert store.age() == store.clock() - as_of


def test_only_what_has_changed_is_scored_and_each_key_once(store, run):
    model, feed = Tenths(), random_feed(1)
    changed, gone = changes_between(feed, 100.0, 400.0)
    report = run(feed, 400.0, model, chunk_size=16)
    assert sum(model.asked) == len(changed) == report.scored < feed["key"].nunique()
    there = set(map(key, range(KEYS)))
    assert report.gone == len(there & set(gone)) < len(gone)
    assert report.rows == KEYS - report.gone + len(set(changed["key"]) - there)


def test_a_version_that_serves_is_never_changed(store, run):
    before = store.table()
    first = store.current
    run(random_feed(2), 400.0)
    pd.testing.assert_frame_equal(store.table(first).rows, before.rows)
    assert store.rollback() == first
    assert store.lookup(key(0)).value == before.rows["value"].iloc[0]


def test_what_was_applied_is_not_applied_again(store, run):
    feed, model = random_feed(3), Tenths()
    run(feed, 250.0)
    version, model = store.current, Tenths()
    again = run(feed, 250.0, model)
    assert (again.version, again.scored, model.asked) == (version, 0, [])
    later = feed[(feed["at"] > 250.0) & ~feed["gone"]]
    assert run(feed, 400.0, model).scored <= later["key"].nunique()


def test_what_happens_after_the_moment_is_left_for_the_next_refresh(store, run):
    feed = pd.DataFrame({"key": [key(1)] * 2, "at": [200.0, 300.0], "number": [111, 222]})
    run(feed, 299.0)
    assert store.lookup(key(1)).value == 0.111
    run(feed, 300.0)
    assert store.lookup(key(1)).value == 0.222


def test_without_changes_the_table_is_as_good_as_new(store, run):
    before, model = store.table(), Tenths()
    report = run(random_feed(1).iloc[:0], 5_000.0, model)
    assert (report.scored, model.asked, store.age()) == (0, [], 5_000.0)
    pd.testing.assert_frame_equal(store.table().rows, before.rows)


@pytest.mark.parametrize("chunks", [0, 1, 4])
def test_a_killed_refresh_has_served_nothing_and_goes_on_where_it_was(store, run, tmp_path, chunks):
    feed, version = random_feed(4), store.current
    with pytest.raises(MemoryError):
        run(feed, 400.0, Tenths(dies_after=chunks), chunk_size=16)
    assert store.current == version
    model = Tenths()
    report = run(feed, 400.0, model, chunk_size=16)
    assert report.resumed_from == 16 * chunks
    assert sum(model.asked) == report.scored
    assert report.scored + report.resumed_from == len(changes_between(feed, 100.0, 400.0)[0])
    wanted = full_job(feed, 400.0, tmp_path / "full.sqlite")
    pd.testing.assert_frame_equal(store.table().rows, wanted.rows)


def test_what_another_refresh_has_left_half_done_is_begun_anew(store, run, tmp_path):
    feed = random_feed(5)
    with pytest.raises(MemoryError):
        run(feed, 250.0, Tenths(dies_after=1), chunk_size=16)
    assert run(feed, 400.0, chunk_size=16).resumed_from == 0
    wanted = full_job(feed, 400.0, tmp_path / "full.sqlite")
    pd.testing.assert_frame_equal(store.table().rows, wanted.rows)


def test_killed_between_gate_and_publish_it_scores_nothing_again(store, run, monkeypatch):
    feed, model = random_feed(6), Tenths()
    with monkeypatch.context() as broken:
        broken.setattr(store, "publish", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run(feed, 400.0, model)
    scored = sum(model.asked)
    assert (run(feed, 400.0, model).scored, sum(model.asked)) == (0, scored)


@pytest.mark.slow
def test_killed_at_any_moment_and_run_again_it_equals_a_full_job(tmp_path):
    log, moments = tmp_path / "log", random.Random(5)
    keys, feed = tenths(2_000)
    store = PredictionStore(tmp_path / "store")
    ScoringJob(
        Tenths(), keys, tmp_path / "first", as_of=100.0, model_name="t", progress=False
    ).run()
    store.publish(tmp_path / "first")
    for _ in range(2):
        with Child("refresh", tmp_path, log, 2_000) as child:
            assert child.read() == "ready"
            wanted = rows_logged(log) + moments.randrange(40, 500)
            deadline = time.monotonic() + 30
            while rows_logged(log) < wanted and time.monotonic() < deadline:
                time.sleep(0.0005)
        assert store.current == "board-1"
    killed = rows_logged(log)
    with Child("refresh", tmp_path, log, 2_000) as child:
        assert child.read() == "ready"
        report = child.read()
    assert report["resumed_from"] > 0
    assert report["scored"] + report["resumed_from"] == len(feed)
    assert rows_logged(log) - killed == report["scored"]
    assert rows_logged(log) <= len(feed) + 2 * 20  # a chunk for each kill, at most
    by_key = pd.concat([keys, feed[["key", "number"]]]).drop_duplicates("key", keep="last")
    wanted = (by_key.set_index("key")["number"].sort_index() / 1_000).tolist()
    assert store.table().rows["value"].tolist() == pytest.approx(wanted)


def test_the_gate_stands_in_its_way_too(store, run):
    version = store.current
    absurd = pd.DataFrame({"key": [key(7)], "at": [200.0], "number": [4_000]})
    with pytest.raises(GateRefusedError, match="key 007"):
        run(absurd, 300.0)
    moved = pd.DataFrame({"key": map(key, range(KEYS)), "at": 200.0, "number": 900})
    with pytest.raises(GateRefusedError, match="mean"):
        run(moved, 300.0, limits=Limits())
    assert store.current == version
    assert store.lookup(key(7)).value < 1


def test_keys_may_leave_only_because_the_feed_says_so(store, run):
    leaving = pd.DataFrame({"key": [key(1), key(2)], "at": 200.0, "number": 0, "gone": True})
    assert run(leaving, 300.0, limits=Limits()).gone == 2
    assert store.lookup(key(1)).value is None
    assert len(store.table().rows) == KEYS - 2


def test_a_key_that_comes_back_is_there_again(store, run):
    feed = {"key": [key(1)] * 3, "at": [200.0, 250.0, 250.0], "number": [5, 111, 222]}
    run(pd.DataFrame({**feed, "gone": [True, False, None]}), 300.0)
    assert store.lookup(key(1)).value == 0.222  # of one moment, the lowest row counts


def test_a_version_that_was_published_meanwhile_is_not_overwritten(store, run, tmp_path):
    class Slow(Tenths):
        def predict_proba(self, frame):
            job = ScoringJob(
                Tenths(), at_first(), tmp_path / "other.sqlite", as_of=500.0, progress=False
            )
            job.run()
            store.publish(tmp_path / "other.sqlite")
            return super().predict_proba(frame)

    with pytest.raises(TableError, match="'board-2' was published while 'board-1' was refreshed"):
        run(random_feed(7), 400.0, Slow(), model_name="Tenths")
    assert store.current == "board-2"


@pytest.mark.parametrize(
    ("change", "as_of", "options", "error", "message"),
    [
        ({}, 99.0, {}, ValueError, r"as_of is 99.0: give .* 100.0 or later"),
        ({}, float("nan"), {}, ValueError, "as_of is nan"),
        ({}, "soon", {}, ValueError, "as_of is 'soon'"),
        (
            {},
            200.0,
            {"model_name": "other"},
            ResumeError,
            "'board-1' was made by the model 'Tenths'",
        ),
        ({"at": [None]}, 200.0, {}, ValueError, "at is .* in row 0"),
        ({"at": [pd.Timestamp(2013, 10, 1)]}, 200.0, {}, ValueError, "at is Timestamp"),
        ({"at": [np.inf]}, 200.0, {}, ValueError, "at is .*inf"),
        ({"at": ["noon"]}, 200.0, {}, ValueError, "at is 'noon' in row 0"),
        ({"key": [5]}, 200.0, {}, ValueError, "key 5 in row 0"),
    ],
)
def test_what_cannot_be_refreshed_is_named(store, run, change, as_of, options, error, message):
    feed = pd.DataFrame({"key": [key(1)], "at": [150.0], "number": [200], **change})
    with pytest.raises(error, match=message):
        run(feed, as_of, **options)
    assert store.current == "board-1"


@pytest.mark.parametrize("column", ["key", "at"])
def test_a_feed_without_a_column_is_named(run, column):
    with pytest.raises(ValueError, match=f"it needs '{column}'"):
        run(random_feed(1).drop(columns=column), 200.0)


def test_without_a_table_there_is_nothing_to_refresh(make_store, tmp_path):
    with pytest.raises(NotPublishedError):
        refresh(make_store(), Tenths(), random_feed(1), tmp_path / "next.sqlite", as_of=200.0)


def test_ages_fall_back_with_each_refresh(store, run):
    ages = []
    for as_of in (1_000.0, 4_000.0, 9_000.0):
        run(random_feed(1), as_of)
        ages.append(store.lookup(key(0)).age)
    assert all(after < before for before, after in pairwise(ages))
