"""The batch job: what it writes, and that being killed costs it a chunk at most."""

import functools
import random
import sqlite3
import time
from contextlib import closing

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from static_tables import Child, Linear, Logged, numbered_keys, read_rows, rows_logged

from lessons_lib.models import Slowed
from lessons_lib.static import job as jobs
from lessons_lib.static import table
from lessons_lib.static.errors import CorruptTableError, ResumeError, TableError
from lessons_lib.static.job import Checkpoint, ScoringJob

ROWS = 1_000


@pytest.fixture
def path(tmp_path):
    return tmp_path / "candidate.sqlite"


def job(path, model=None, keys=None, **options):
    options = {"as_of": 7.0, "progress": False, "chunk_size": 64, **options}
    return ScoringJob(
        model or Linear(), numbered_keys(ROWS) if keys is None else keys, path, **options
    )


def expected_rows(count=ROWS):
    return [(f"key {n:06d}", 1e-5 * n) for n in range(count)]


class Estimator(LogisticRegression):
    """A scikit-learn estimator that picks its column."""

    def predict_proba(self, frame):
        return super().predict_proba(frame[["number"]].to_numpy())


class DiesAfter(Logged):
    """A model that raises once it has been asked for so many chunks."""

    def __init__(self, log, chunks):
        super().__init__(log)
        self.chunks = chunks

    def predict_proba(self, frame):
        made = super().predict_proba(frame)
        self.chunks -= 1
        if self.chunks < 0:
            raise MemoryError("the machine went away")
        return made


@pytest.mark.parametrize("chunk_size", [1, 64, ROWS - 1, ROWS, ROWS + 1])
def test_each_key_is_scored_once_and_stored_in_key_order(path, tmp_path, chunk_size):
    keys = numbered_keys(50) if chunk_size == 1 else numbered_keys(ROWS)
    report = job(path, Logged(tmp_path / "log"), keys, chunk_size=chunk_size).run()
    assert (report.rows, report.resumed_from, report.total) == (len(keys), 0, len(keys))
    assert rows_logged(tmp_path / "log") == len(keys)
    assert read_rows(path) == expected_rows(len(keys))


def test_the_candidate_says_what_it_is(path):
    job(path, model_name="linear v2").run()
    meta = table.read_table(path).meta
    assert (meta["as_of"], meta["model"]) == ("7.0", "linear v2")
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        made = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'predictions'")
        assert "WITHOUT ROWID" in made.fetchone()[0]
    assert [p.name for p in path.parent.iterdir()] == [path.name]


@pytest.mark.slow
def test_killed_at_any_moment_and_run_again_it_loses_and_doubles_nothing(path, tmp_path):
    log, rows, chunk, moments = tmp_path / "log", 3_000, 20, random.Random(3)
    kills = []
    for _ in range(3):
        with Child("score", path, log, rows, chunk) as child:
            assert child.read() == "ready"
            wanted = rows_logged(log) + moments.randrange(20, 500)
            deadline = time.monotonic() + 30
            while rows_logged(log) < wanted and time.monotonic() < deadline:
                time.sleep(0.0005)
            time.sleep(moments.uniform(0, 0.004))
        done, scored = len(read_rows(path)), rows_logged(log)
        assert read_rows(path) == expected_rows(rows)[:done]
        assert done % chunk == 0
        assert done <= scored
        kills.append((done, scored))
    last = job(path, Logged(log), numbered_keys(rows), chunk_size=chunk, model_name="logged").run()
    assert last.resumed_from == kills[-1][0]
    assert last.rows == rows - last.resumed_from
    assert read_rows(path) == expected_rows(rows)
    # What was scored beyond the keys was scored twice: one chunk for each kill, at most.
    assert 0 <= rows_logged(log) - rows <= chunk * len(kills)
    assert 0 < kills[0][0] < kills[-1][0] < rows


def test_an_error_of_the_model_keeps_the_chunks_before_it(path, tmp_path):
    log = tmp_path / "log"
    with pytest.raises(MemoryError):
        job(path, DiesAfter(log, 3), model_name="m").run()
    assert len(read_rows(path)) == 3 * 64
    report = job(path, Logged(log), model_name="m").run()
    assert (report.resumed_from, report.rows) == (192, ROWS - 192)
    assert rows_logged(log) == ROWS + 64
    assert read_rows(path) == expected_rows()


def test_a_chunk_and_its_checkpoint_are_written_both_or_neither(path):
    with Checkpoint(path) as candidate:
        candidate.begin({"model": "m"}, 4, 0.0)
        candidate.commit(["a", "b"], [0.1, 0.2], 0)
        with pytest.raises(sqlite3.IntegrityError):
            candidate.commit(["c", "a"], [0.3, 0.1], 2)
        assert candidate.begin({"model": "m"}, 4, 0.0) == 2
    assert read_rows(path) == [("a", 0.1), ("b", 0.2)]


def test_a_finished_job_scores_nothing_again(path, tmp_path):
    log = tmp_path / "log"
    job(path, Logged(log), model_name="m").run()
    report = job(path, Logged(log), model_name="m").run()
    assert (report.rows, report.resumed_from) == (0, ROWS)
    assert rows_logged(log) == ROWS
    assert np.isnan(report.rows_per_second)
    assert "resumed from 1,000" in str(report)


def test_the_chunk_size_may_change_on_the_way(path, tmp_path):
    with pytest.raises(MemoryError):
        job(path, DiesAfter(tmp_path / "log", 2), model_name="m", chunk_size=100).run()
    assert job(path, Linear(), model_name="m", chunk_size=333).run().resumed_from == 200
    assert read_rows(path) == expected_rows()


@pytest.mark.parametrize(
    ("what", "changed"),
    [
        ("keys", {"keys": numbered_keys(ROWS + 1)}),
        ("keys", {"keys": numbered_keys(ROWS).assign(number=0)}),
        ("keys", {"keys": numbered_keys(ROWS).rename(columns={"number": "n"})}),
        ("model fingerprint", {"model": Linear(2e-5)}),
        ("model", {"model_name": "another"}),
        ("as_of", {"as_of": 8.0}),
    ],
)
def test_a_candidate_begun_otherwise_is_not_gone_on_with(path, what, changed):
    job(path).run()
    with pytest.raises(ResumeError, match=f"another {what} .*new candidate path.*overwrite=True"):
        job(path, **changed).run()
    assert read_rows(path) == expected_rows()


def test_a_retrained_estimator_is_noticed_even_under_its_old_name(path):
    keys = numbered_keys(50)

    def fitted(offset):
        number = np.arange(50)[:, None]
        return Estimator().fit(number, (number.ravel() + offset) > 25)

    job(path, fitted(0), keys, model_name="m").run()
    assert job(path, fitted(0), keys, model_name="m").run().resumed_from == 50
    with pytest.raises(ResumeError, match="another model fingerprint"):
        job(path, fitted(9), keys, model_name="m").run()
    with pytest.raises(ResumeError, match="another model fingerprint"):
        job(path, Slowed(fitted(9), 0.0), keys, model_name="m").run()
    assert job(path, Slowed(fitted(0), 0.0), keys, model_name="m").run().resumed_from == 50


def test_a_model_whose_state_moves_goes_on_under_a_name(path, tmp_path):
    dying = DiesAfter(tmp_path / "log", 2)
    unnamed = job(path, dying)
    with pytest.raises(MemoryError):
        unnamed.run()
    dying.chunks = 100
    with pytest.raises(ResumeError, match="say so with model_name='DiesAfter'"):
        unnamed.run()
    assert job(path, dying, model_name="DiesAfter").run().resumed_from == 128


def test_a_model_that_cannot_be_pickled_is_scored_all_the_same(path):
    model = Linear()
    model.handle = lambda: None
    assert job(path, model).run().rows == ROWS


def test_overwrite_begins_anew_once(path):
    job(path).run()
    again = job(path, Linear(2e-5), overwrite=True)
    assert (again.run().rows, again.run().rows) == (ROWS, 0)
    assert read_rows(path)[-1][1] == pytest.approx(2e-5 * (ROWS - 1))


def test_without_as_of_it_is_the_moment_of_the_first_start(path, tmp_path):
    with pytest.raises(MemoryError):
        job(
            path, DiesAfter(tmp_path / "log", 1), as_of=None, model_name="m", clock=lambda: 5.0
        ).run()
    job(path, Linear(), as_of=None, model_name="m", clock=lambda: 99.0).run()
    assert table.read_table(path).meta["as_of"] == "5.0"


def test_a_second_job_on_the_same_candidate_is_told(path):
    class Intruder(Linear):
        """A model during whose work another job writes the first chunk."""

        def predict_proba(self, frame):
            if not read_rows(path):
                job(path, Linear(), model_name="m").run()
            return super().predict_proba(frame)

    with pytest.raises(ResumeError, match="Another job is writing"):
        job(path, Intruder(), model_name="m").run()
    assert read_rows(path) == expected_rows()


def test_rows_that_the_checkpoint_does_not_know_are_refused(path):
    job(path).run()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM predictions WHERE key = 'key 000500'")
        connection.commit()
    with pytest.raises(ResumeError, match="holds 999 rows and its checkpoint says 1000"):
        job(path).run()


def test_a_file_that_is_no_candidate_is_left_alone(path):
    path.write_text("a letter to keep\n" * 100, encoding="utf-8")
    with pytest.raises(CorruptTableError, match="not a candidate"):
        job(path).run()
    assert path.read_text(encoding="utf-8").startswith("a letter to keep")


TROUBLE = {
    "PRAGMA max_page_count = 3": "the disk is full: free some space",
    "PRAGMA query_only = ON": "it can only be read: use another folder",
}


@pytest.mark.parametrize("trouble", TROUBLE)
def test_a_disk_that_fills_and_a_file_that_can_only_be_read_are_told(path, trouble, monkeypatch):
    class Spoils(Linear):
        """A model during whose second chunk the disk becomes full, or read-only."""

        def predict_proba(self, frame):
            if read_rows(path):
                opened[0].execute(trouble)
            return super().predict_proba(frame)

    opened = []

    class Watched(sqlite3.Connection):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options)
            opened.append(self)

    with monkeypatch.context() as patched:
        connect = functools.partial(sqlite3.connect, factory=Watched)
        patched.setattr(jobs.sqlite3, "connect", connect)
        with pytest.raises(TableError) as refused:
            job(path, Spoils(), model_name="m").run()
    assert str(refused.value) == f"{path} cannot be used: {TROUBLE[trouble]}."
    done = len(read_rows(path))
    assert 0 < done < ROWS
    assert done % 64 == 0
    assert job(path, model_name="m").run().resumed_from == done
    assert read_rows(path) == expected_rows()


def test_a_candidate_that_is_locked_is_told(path, monkeypatch):
    job(path, model_name="m").run()
    monkeypatch.setattr(jobs, "PATIENCE", 0.05)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(TableError, match=r"candidate\.sqlite .*another process is writing it"):
            job(path, model_name="m").run()


@pytest.mark.parametrize("kind", ["folder", "below a file"])
def test_a_path_that_cannot_be_written_is_told(path, kind):
    path.mkdir() if kind == "folder" else path.write_text("a letter to keep")
    target = path if kind == "folder" else path / "candidate.sqlite"
    with pytest.raises(TableError, match=r"candidate\.sqlite cannot be used") as refused:
        job(target).run()
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (pd.DataFrame({"name": ["a"]}), "it needs one 'key'"),
        (pd.DataFrame({"key": ["a", "b", "a"]}), "'a' is there more than once"),
        (pd.DataFrame({"key": ["a", None]}), "in row 1 of keys_frame is no text"),
        (pd.DataFrame({"key": [1, 2]}), "The key 1 in row 0"),
        (
            pd.DataFrame({"key": ["a", "\ud800"]}, dtype=object),
            "in row 1 of keys_frame is no text, or broken",
        ),
    ],
)
def test_keys_that_cannot_be_keys_are_named(path, keys, message):
    with pytest.raises(ValueError, match=message):
        job(path, keys=keys)
    assert not path.exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"chunk_size": 0}, "chunk_size is 0"),
        ({"as_of": float("nan")}, "as_of is nan"),
        ({"as_of": "yesterday"}, "as_of is 'yesterday'"),
        ({"as_of": []}, r"as_of is \[\]"),
    ],
)
def test_bad_options_are_named(path, options, message):
    with pytest.raises(ValueError, match=message):
        job(path, **options)


def test_a_model_of_the_wrong_shape_is_named(path):
    class Flat(Linear):
        def predict_proba(self, frame):
            return super().predict_proba(frame)[:, 1]

    with pytest.raises(ValueError, match=r"gave the shape \(64,\) for 64 rows"):
        job(path, Flat()).run()


def test_progress_is_shown_on_request_alone(path, capsys):
    job(path, progress=True).run()
    assert "1000/1000" in capsys.readouterr().err
    job(path, overwrite=True).run()
    assert capsys.readouterr() == ("", "")
