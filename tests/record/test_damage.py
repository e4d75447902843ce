"""Progress that is damaged: one bad line costs that line and no more."""

import json

import pytest
from quiz.banks import example

from lessons_lib.quiz.widget import Prediction, Quiz, quiz
from lessons_lib.record import dashboard
from lessons_lib.record.progress import Progress, current

GOOD = {"kind": "question", "id": "l02-q1", "right": True, "answer": ["b"]}
QUESTIONS = [question for question in example() if question.kind != "predict"]


def line(**changes):
    return json.dumps({**GOOD, "id": "l02-q2", **changes}).encode()


BAD = {
    "null": b"null",
    "a number": b"17",
    "a list": b'["kind", "id"]',
    "nested lists": b"[" * 100_000,
    "nested fields": b'{"a":' * 100_000,
    "cut off": b'{"kind": "question", "id": "l02-q2", "ri',
    "truncated UTF-8": b'{"kind": "question", "id": "l02-q2", "right": true, "answer": ["\xc3"]}',
    "Latin-1": '{"kind": "question", "id": "l02-q2", "right": true, "answer": ["ü"]}'.encode(
        "latin-1"
    ),
    "UTF-16": line().decode().encode("utf-16"),
    "NUL bytes": b"\0" * 500,
    "another program": b"2026-11-25 12:00:01,123 INFO root: started",
    "another program's JSON": b'{"event": "login", "user": "x"}',
    "a list as kind": line(kind=["question"]),
    "an unknown kind": line(kind="login"),
    "a number as id": line(id=5),
    "a foreign id": line(id="elsewhere"),
    "an id without a lesson": line(id="l²²-q2"),
    "a null as id": line(id=None),
    "a text for right": line(right="yes"),
    "a null for right": line(right=None),
    "a number for right": line(right=1),
    "a mapping as answer": line(answer={"a": 1}),
    "a truth value as answer": line(answer=True),
    "nested answers": line(answer=[[["b"]]]),
    "numbers as letters": line(answer=[1, 2]),
    "NaN": line(answer=float("nan")),
    "infinity": line(answer=float("inf")),
    "a huge number": b'{"kind": "question", "id": "l02-q2", "right": true, "answer": 1e999}',
    "a number of 5,000 digits": line().replace(b'["b"]', b"9" * 5000),
    "an exercise without outcome": b'{"kind": "exercise", "id": "l02_keys"}',
    "a null as outcome": b'{"kind": "exercise", "id": "l02_keys", "outcome": null}',
    "a prediction without a value": b'{"kind": "prediction", "id": "l02-p1", "answer": null}',
    "a list as prediction": b'{"kind": "prediction", "id": "l02-p1", "answer": [1]}',
    "nothing": b"",
}


def written(progress_file, *lines):
    progress_file.write_bytes(b"\n".join([*lines, b""]))
    return current().state()


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_bad_line_costs_that_line_and_no_more(bad, progress_file):
    good, after = json.dumps(GOOD).encode(), line(id="l02-q3", answer=14.0)
    state = written(progress_file, good, bad, after)
    assert {name: one.attempts for name, one in state.questions.items()} == {
        "l02-q1": 1,
        "l02-q3": 1,
    }
    assert state.exercises == state.predictions == {}
    assert state.reached == 2
    current().record("question", "l02-q4", right=False, answer=1.5)
    assert set(current().state().questions) == {"l02-q1", "l02-q3", "l02-q4"}
    assert [reply["id"] for reply in Quiz(QUESTIONS).restore()] == ["l02-q1", "l02-q3", "l02-q4"]
    dashboard()


@pytest.mark.parametrize(
    "content",
    [b"\xef\xbb\xbf%s\n", b"\0\0\0%s\n", b"%s\r\n", b"\r\n\xef\xbb\xbf  %s \0\0\n", b"%s"],
)
def test_a_good_line_is_read_in_whatever_surrounds_it(content, progress_file):
    progress_file.write_bytes(content % json.dumps(GOOD).encode())
    assert list(current().state().questions) == ["l02-q1"]


@pytest.mark.parametrize("when", [None, "noon", [], 1e300, -1e300, float("nan"), 10**30, True])
def test_a_time_that_cannot_be_costs_only_the_time(when, progress_file, tmp_path):
    state = written(progress_file, line(time=when))
    assert state.questions["l02-q2"].attempts == 1
    assert len(current().export(tmp_path / "out.csv").read_text().splitlines()) == 2


@pytest.mark.parametrize("answer", [["z"], [], None, 14.0, ["b"] * 9])
def test_an_answer_that_does_not_fit_its_question_is_not_brought_back(answer, progress_file):
    written(progress_file, line(answer=answer), line(id="l02-q3", answer=["a"]))
    assert [r["id"] for r in Quiz(QUESTIONS).restore()] == []
    assert quiz("due").questions == {}


def test_a_prediction_of_another_kind_does_not_block_the_question(progress_file):
    written(progress_file, b'{"kind": "prediction", "id": "l02-p1", "answer": "b"}')
    made = Prediction(example()[-1])
    assert made.restore() == []
    assert made.take("l02-p1", "40")["headline"] == "Committed: 40 times."
    assert made.value == 40.0


@pytest.mark.parametrize("setting", ["", "   ", "~/mine.jsonl", ".", "folder", "folder/", "a/b"])
def test_every_setting_leads_to_a_file(setting, tmp_path, monkeypatch):
    monkeypatch.setenv("LESSONS_PROGRESS", setting)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    monkeypatch.setattr("lessons_lib.record.progress.started_in", lambda: tmp_path)
    for name in ("home", "folder", "a"):
        (tmp_path / name).mkdir()
    current().record("exercise", "l02_keys", outcome="pass")
    expected = {"~/mine.jsonl": "home/mine.jsonl", "a/b": "a/b"}
    folder = "folder/" if setting.startswith("folder") else ""
    path = tmp_path / expected.get(setting, f"{folder}progress.jsonl")
    assert list(Progress(path).state().exercises) == ["l02_keys"]
    assert not (tmp_path / "~").exists()


def test_a_dangling_link_leads_to_the_file_that_it_names(tmp_path, monkeypatch):
    (tmp_path / "link").symlink_to(tmp_path / "target.jsonl")
    monkeypatch.setenv("LESSONS_PROGRESS", str(tmp_path / "link"))
    current().record("exercise", "l02_keys", outcome="pass")
    assert list(Progress(tmp_path / "target.jsonl").state().exercises) == ["l02_keys"]


@pytest.mark.parametrize("target", ["absent/target.jsonl", "link"])
def test_a_link_that_leads_nowhere_is_reported(target, tmp_path, monkeypatch, capsys):
    (tmp_path / "link").symlink_to(tmp_path / target)
    monkeypatch.setenv("LESSONS_PROGRESS", str(tmp_path / "link"))
    current().record("exercise", "l02_keys", outcome="pass")
    assert list(current().state().exercises) == ["l02_keys"]
    assert capsys.readouterr().err.count("\n") == 1
