"""The dashboard: a real table, the same every time, also before anything is done."""

import json
from html.parser import HTMLParser

import pytest
from quiz.banks import EXAMPLE

from lessons_lib.record import catalogue, dashboard
from lessons_lib.record.catalogue import ExerciseCard
from lessons_lib.record.dashboard import predictions, rows
from lessons_lib.record.progress import current


class Tags(HTMLParser):
    def __init__(self, markup):
        super().__init__()
        self.found = []
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs).get("scope")))


@pytest.fixture
def shown(monkeypatch, tmp_path):
    """What the dashboard shows for a course of one lesson with two exercises and a bank."""
    cards = [
        ExerciseCard("l02_keys", "02", "List the keys", 5),
        ExerciseCard("l02_gate", "02", "Write <the> gate", None),
    ]
    found = []
    page = "lessons_lib.record.page"
    monkeypatch.setattr(f"{page}.show", lambda text, markup: found.append((text, markup)))
    monkeypatch.setattr(catalogue, "exercise_cards", lambda: cards)
    monkeypatch.setattr(catalogue, "bank_files", lambda: {"02": EXAMPLE})
    monkeypatch.setattr(catalogue, "NOTEBOOKS", tmp_path)
    cells = [
        {"cell_type": "code", "source": ["# no heading"]},
        {"cell_type": "markdown", "source": ["Words first\n", "# Ahead of time\n"]},
    ]
    (tmp_path / "02_ahead.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    return found


def answered(name, right):
    current().record("question", name, right=right, answer=["a"])


def test_it_stands_before_anything_is_done(shown):
    dashboard()
    text, markup = shown[0]
    assert "02 Ahead of time | 0 of 2 passed, next: List the keys (5 min) | 0 of 4 right" in text
    assert "No question is due again." in text
    tags = Tags(markup).found
    assert [scope for tag, scope in tags if tag == "th"] == ["col"] * 4 + ["row"]
    assert ("caption", None) in tags
    assert '<a href="02_ahead.ipynb">02 Ahead of time</a>' in markup


def test_it_shows_what_is_done_and_due(shown):
    current().record("exercise", "l02_keys", outcome="pass")
    answered("l02-q1", False)
    answered("l02-q3", True)
    dashboard()
    text, markup = shown[0]
    assert "1 of 2 passed, next: Write <the> gate | 1 of 4 right | 1" in text
    assert "- Ahead of time: The table holds every key of last year." in text
    assert "Write &lt;the&gt; gate" in markup
    assert "The model's prediction" not in markup


def test_predictions_stand_with_what_came_out_and_how_far_off_they_were(shown):
    record = current().record
    record("prediction", "l02-p1", answer=300.0)
    dashboard()
    assert "You predicted | The run gave" in shown[0][0]
    assert "than one look-up? | 300 times | not run yet | –" in shown[0][0]
    record("reveal", "l02-p1", gave=41.234)
    dashboard()
    text, markup = shown[1]
    assert "| 300 times | 41.2 times | 7.3 times too high" in text
    assert "<td" in markup
    assert "7.3 times too high" in markup
    assert markup.count("<caption") == 2


def test_a_prediction_by_option_is_told_by_its_text():
    current().record("prediction", "l02-p2", answer="b")
    current().record("reveal", "l02-p2", gave="d")
    [(ask, answer, gave, off)] = predictions(current().state())
    assert ask.startswith("The nightly job dies")
    assert answer == "The time that a look-up takes"
    assert gave == "The share of requests that get a prediction"
    assert off == "not right"


def test_a_prediction_after_the_run_says_so():
    current().record("reveal", "l00-p1", gave=36.8)
    current().record("prediction", "l00-p1", answer=30.0)
    [(_ask, answer, *rest)] = predictions(current().state())
    assert [answer, *rest] == ["30 %, after the run", "36.8 %", "18 % too low"]


def test_a_measured_question_without_its_measurement_is_not_due(shown):
    current().record("question", "l02-q4", right=False, answer=3.0)
    assert rows(current().state())[0].due == []
    current().record("question", "l02-q4", right=False, answer=3.0, measured=2000.0)
    assert rows(current().state())[0].due == ["How many look-ups did your table serve in a second?"]


def test_it_says_the_same_every_time(shown):
    answered("l02-q1", False)
    dashboard()
    dashboard()
    assert shown[0] == shown[1]


def test_a_question_that_no_longer_exists_does_no_harm(shown):
    answered("l02-gone", False)
    dashboard()
    assert "No question is due again." in shown[0][0]
    assert rows(current().state())[0].due == []


def test_the_course_as_it_is(monkeypatch):
    found = []
    monkeypatch.setattr("lessons_lib.record.page.show", lambda text, markup: found.append(text))
    dashboard()
    assert found[0].count("\n") >= 2
