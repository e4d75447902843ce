"""The record of what a learner did."""

import csv
import json
import multiprocessing
import os

import pytest

from lessons_lib.record import progress as progress_module
from lessons_lib.record.progress import Progress, current, export
from lessons_lib.record.state import how_far, replay


@pytest.fixture
def progress(tmp_path):
    return Progress(tmp_path / "record.jsonl", clock=lambda: 1_700_000_000.0)


def _write_many(path, worker):
    progress = Progress(path)
    for i in range(200):
        progress.record("question", f"l02-w{worker}", right=True, answer=["ä" * 40, i])


def test_several_processes_write_whole_lines(tmp_path):
    path = tmp_path / "record.jsonl"
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_write_many, args=(path, i)) for i in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    events = Progress(path).events()
    assert len(path.read_text(encoding="utf-8").splitlines()) == len(events) == 600
    for i in range(3):
        mine = [event["answer"][1] for event in events if event["id"] == f"l02-w{i}"]
        assert mine == list(range(200))


def test_a_torn_last_line_costs_only_itself(progress):
    progress.record("exercise", "l02_keys", outcome="pass")
    with progress.path.open("ab") as file:
        file.write(b'{"kind": "exercise", "id": "l02_ga')
    progress.record("exercise", "l02_job", outcome="fail")
    assert set(progress.state().exercises) == {"l02_keys", "l02_job"}


def test_foreign_lines_are_passed_over(progress):
    lines = [
        b"\xff\xfe\n",
        b"[1, 2]\n",
        b"null\n",
        b'{"kind": "exercise"}\n',
        b'{"kind": [], "id": "l02_x"}\n',
        b'{"kind": "unknown", "id": "l02_x"}\n',
        b'{"kind": "exercise", "id": "elsewhere"}\n',
        b'{"kind": "exercise", "id": "l02_keys", "outcome": "pass", "time": "noon"}\n',
    ]
    progress.path.write_bytes(b"".join(lines))
    state = progress.state()
    assert list(state.exercises) == ["l02_keys"]
    assert state.rows()[0]["last"] == ""


def test_a_passed_exercise_stays_passed(progress):
    for outcome in ("fail", "pass", "error"):
        progress.record("exercise", "l02_keys", outcome=outcome)
    one = progress.state().exercises["l02_keys"]
    assert (one.attempts, one.outcome, one.passed) == (3, "error", True)


def test_a_folder_that_cannot_be_written_is_reported_once(tmp_path, capsys):
    progress = Progress(tmp_path / "absent" / "record.jsonl")
    for _ in range(3):
        progress.record("exercise", "l02_keys", outcome="pass")
    warning = capsys.readouterr().err
    assert warning.count("\n") == 1
    assert "LESSONS_PROGRESS" in warning
    assert progress.state().exercises["l02_keys"].attempts == 3


def test_a_file_that_may_not_be_written_keeps_events_in_memory(progress, monkeypatch, capsys):
    progress.record("exercise", "l02_keys", outcome="pass")

    def refuse(*_args):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    progress.record("exercise", "l02_job", outcome="pass")
    assert set(progress.state().exercises) == {"l02_keys", "l02_job"}
    assert "Permission denied" in capsys.readouterr().err


def answered(name, right=True):
    return {"kind": "question", "id": name, "right": right, "answer": ["a"]}


def tried(name):
    return {"kind": "exercise", "id": name, "outcome": "fail"}


@pytest.mark.parametrize(
    ("events", "due"),
    [
        ([], []),
        ([answered("l01-q1")], []),
        ([answered("l01-q1", right=False)], ["l01-q1"]),
        ([answered("l01-q1", right=False), answered("l01-q1")], []),
        ([answered("l01-q1"), answered("l01-q1", right=False)], ["l01-q1"]),
        ([answered("l01-q1"), tried("l02_keys")], []),
        ([answered("l01-q1"), tried("l03_app")], ["l01-q1"]),
        ([answered("l01-q1"), tried("l05_log")], ["l01-q1"]),
        ([answered("l01-q1"), tried("l03_app"), answered("l01-q1")], []),
        ([answered("l01-q1"), tried("l03_app"), answered("l01-q1"), tried("l09_x")], []),
        ([tried("l03_app"), answered("l01-q1")], []),
        ([answered("l01-q1"), answered("l03-q1"), tried("l05_log")], ["l01-q1", "l03-q1"]),
    ],
)
def test_questions_due_again(events, due):
    assert replay(events).due() == due


def test_a_prediction_made_after_the_run_is_late():
    commit, reveal = {"kind": "prediction", "id": "l01-p1", "answer": 3}, {"kind": "reveal"}
    reveal["id"] = "l01-p1"
    assert not replay([commit, reveal]).predictions["l01-p1"].late
    assert replay([reveal, commit]).predictions["l01-p1"].late
    kept = replay([commit, reveal, {**commit, "answer": 9}]).predictions["l01-p1"]
    assert (kept.answer, kept.late) == (3, False)
    kept = replay([commit, {**commit, "answer": 9}, reveal]).predictions["l01-p1"]
    assert (kept.answer, kept.late, kept.attempts) == (9, False, 2)


@pytest.mark.parametrize(
    ("guess", "gave", "off"),
    [
        (30.0, 36.8, "18 % too low"),
        (36.8, 30.0, "23 % too high"),
        (10.0, 19.0, "47 % too low"),
        (10.0, 21.0, "2.1 times too low"),
        (10.0, 10.9, "within 10 %"),
        (1e6, 1.0, "1,000,000 times too high"),
        (0.0, 0.0, "exact"),
        (5.0, 0.0, "too high"),
        (-5.0, 3.0, "too low"),
        ("a", "a", "right"),
        ("a", "c", "not right"),
    ],
)
def test_how_far_off_a_guess_was_is_said_in_words(guess, gave, off):
    assert how_far(guess, gave) == off


def test_an_order_is_the_learners_own_and_stays(tmp_path, monkeypatch):
    keys = list("abcdefgh")
    mine = Progress(tmp_path / "mine.jsonl")
    first = mine.shuffled("l01-q1", keys)
    assert sorted(first) == keys
    assert Progress(tmp_path / "mine.jsonl").shuffled("l01-q1", keys) == first, "another session"
    assert mine.shuffled("l01-q2", keys) != first
    assert Progress(tmp_path / "hers.jsonl").shuffled("l01-q1", keys) != first
    assert mine.events() == []
    assert not mine.path.exists()


def test_every_place_is_as_likely_for_an_option(tmp_path):
    places = [0, 0, 0, 0]
    for i in range(400):
        seed = progress_module.seed_file(tmp_path / f"{i}.jsonl")
        seed.write_bytes(str(i).encode())
        order = Progress(tmp_path / f"{i}.jsonl").shuffled("l01-q1", "abcd")
        places[order.index("b")] += 1
    assert min(places) > 70, places


def test_an_order_without_a_folder_to_keep_it_in_stays_until_the_end(tmp_path):
    here = Progress(tmp_path / "absent" / "progress.jsonl")
    assert here.shuffled("l01-q1", "abcdefgh") == here.shuffled("l01-q1", "abcdefgh")


def test_a_damaged_seed_gives_an_order_that_stays(tmp_path):
    for i, content in enumerate((b"", b"\xff\x00", b"x" * 5000)):
        path = tmp_path / f"{i}.jsonl"
        progress_module.seed_file(path).write_bytes(content)
        orders = [Progress(path).shuffled("l01-q1", "abcdefgh") for _ in range(2)]
        assert orders[0] == orders[1]
    path = tmp_path / "folder.jsonl"
    progress_module.seed_file(path).mkdir()
    assert sorted(Progress(path).shuffled("l01-q1", "abc")) == ["a", "b", "c"]


def test_export_holds_one_row_for_each_thing_done(progress, tmp_path):
    progress.record("exercise", "l02_keys", outcome="pass", code="pass")
    progress.record("question", "l01-q1", right=False, answer=["b", "ü"])
    progress.record("prediction", "l01-p1", answer=2.5)
    progress.record("reveal", "l01-p2")
    rows = json.loads(progress.export(tmp_path / "out.json").read_text(encoding="utf-8"))
    assert [(row["id"], row["state"]) for row in rows] == [
        ("l01-p1", "committed"),
        ("l01-q1", "wrong"),
        ("l02_keys", "passed"),
    ]
    assert rows[0]["last"] == "2023-11-14T22:13:20+00:00"
    with progress.export(tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        assert [row["id"] for row in csv.DictReader(file)] == [row["id"] for row in rows]


def test_export_names_the_endings_it_knows():
    with pytest.raises(ValueError, match="csv or"):
        export("progress.xlsx")


def test_without_a_named_file_it_stands_in_the_working_folder(tmp_path, monkeypatch):
    monkeypatch.delenv("LESSONS_PROGRESS")
    monkeypatch.chdir(tmp_path)
    current().record("exercise", "l02_keys", outcome="pass")
    assert (tmp_path / "progress.jsonl").exists()
