"""The quiz between page and kernel: messages, memory, and what leaves the kernel."""

import json
from functools import partial
from types import SimpleNamespace

import pytest

from lessons_lib.quiz import bank, widget
from lessons_lib.quiz.bank import BankError
from lessons_lib.quiz.widget import Quiz, predict, quiz
from lessons_lib.record.progress import current
from quiz.banks import example, whys

QUESTIONS = [question for question in example() if question.kind != "predict"]


@pytest.fixture(autouse=True)
def one_bank(monkeypatch):
    monkeypatch.setattr(bank, "load", lambda lesson: example())


class Page:
    """The browser's side of a quiz widget."""

    def __init__(self, shown):
        self.widget = shown.widget
        self.heard = []
        self.widget.send = lambda content, buffers=None: self.heard.append(content)

    def says(self, **message):
        """What the kernel replies to a message."""
        self.heard.clear()
        self.widget._handle_custom_msg(message, [])
        return list(self.heard)

    def answers(self, name, answer, turn=1):
        heard, reply = self.says(type="take", id=name, given=answer, turn=turn, me="view")
        assert heard == {"type": "heard", "id": name, "to": "view", "turn": turn}
        assert (reply["type"], reply["id"], reply["turn"]) == ("reply", name, turn)
        assert reply["to"] == "view"
        return reply


@pytest.fixture
def page():
    return Page(Quiz(QUESTIONS))


def test_an_answer_is_heard_first_and_then_judged(page):
    reply = page.answers("l02-q1", ["b"])
    assert reply["verdict"] == "right"
    assert page.answers("l02-q1", ["c"], turn=2)["headline"] == "Not right."


def test_answers_come_back_after_a_restart(page):
    page.answers("l02-q1", ["a"])
    page.answers("l02-q1", ["b"])
    page.answers("l02-q3", "12,0 h")
    replies = {reply["id"]: reply for reply in Page(Quiz(QUESTIONS)).says(type="hello")}
    assert set(replies) == {"l02-q1", "l02-q3"}
    assert all(reply["restored"] for reply in replies.values())
    assert (replies["l02-q1"]["verdict"], replies["l02-q1"]["given"]) == ("right", ["b"])
    assert (replies["l02-q3"]["verdict"], replies["l02-q3"]["given"]) == ("wrong", "12")


def test_what_cannot_be_read_is_not_kept(page):
    page.answers("l02-q3", "about ten")
    page.answers("l02-q1", [])
    assert current().events() == []


def test_a_typed_text_never_reaches_the_record(page, progress_file):
    page.answers("l02-q3", "14 h")
    assert json.loads(progress_file.read_text(encoding="utf-8"))["answer"] == 14.0


def test_a_measured_number_is_the_learners_own():
    shown = Quiz(QUESTIONS, measured={"l02-q4": 2000.0})
    assert Page(shown).answers("l02-q4", "2 100 /s")["verdict"] == "right"
    again = Page(Quiz(QUESTIONS, measured={"l02-q4": 9.0})).says(type="hello")
    assert again[0]["verdict"] == "right", "another measurement does not undo it"


def test_a_number_that_was_not_measured_yet_says_so(page):
    reply = page.answers("l02-q4", "2000")
    assert reply["verdict"] == "unreadable"
    assert "Run the cells above" in reply["headline"]


def test_an_answer_that_cannot_be_checked_gets_a_reply(page, monkeypatch):
    def broken(*_args):
        raise RuntimeError("no such table")

    monkeypatch.setattr(widget, "right_value", broken)
    assert "no such table" in page.answers("l02-q3", "14")["headline"]
    assert "could not be checked" in page.answers("l02-q9", ["a"])["headline"]


def test_foreign_messages_are_passed_over(page):
    assert page.says(type="other") == page.says() == []


def test_nothing_synchronised_or_shown_elsewhere_holds_an_answer(page):
    page.answers("l02-q1", ["b"])
    data, _metadata = page.widget._repr_mimebundle_()
    held = json.dumps(data) + json.dumps(page.widget.get_state(["questions", "label"]))
    for question in QUESTIONS:
        assert not [why for why in whys(question) if why in held]


def test_exports_show_the_questions_as_text(page):
    data, _metadata = page.widget._repr_mimebundle_()
    assert data["text/plain"].startswith("1. The table holds every key of last year.")
    assert ") A miss, which the caller must handle" in data["text/plain"]
    assert "<li>A miss, which the caller must handle</li>" in data["text/html"]
    assert "model_id" not in data["text/html"]


def test_quiz_shows_chosen_questions_in_the_order_asked_for():
    shown = quiz("02", only=["l02-q3", "l02-q1"])
    assert [question["id"] for question in shown.widget.questions] == ["l02-q3", "l02-q1"]
    assert "l02-p1" not in quiz("02").questions


def test_quiz_names_what_it_does_not_know():
    with pytest.raises(BankError, match="no question 'l02-x' here"):
        quiz("02", only=["l02-x"])
    with pytest.raises(BankError, match="no question 'l02-x' here"):
        quiz("02", measured={"l02-x": 1.0})
    with pytest.raises(BankError, match="'l02-q3' has a computed answer"):
        quiz("02", measured={"l02-q3": 1.0})


def test_options_are_shown_in_the_learners_own_order_and_known_by_their_key(page):
    for question, shown in zip(QUESTIONS, page.widget.questions, strict=True):
        keys = [option["key"] for option in shown["options"]]
        assert keys == current().shuffled(question.id, question.choices)
        assert {one["key"]: one["text"] for one in shown["options"]} == question.choices
    again = Quiz(QUESTIONS).widget.questions
    assert again == page.widget.questions, "the same in the next session"
    text = page.widget._repr_mimebundle_()[0]["text/plain"]
    lettered = [line.strip() for line in text.splitlines() if line.startswith("   ")]
    texts = page.widget.texts("l02-q1")
    assert lettered[:3] == [f"{letter}) {text}" for letter, text in zip("abc", texts, strict=True)]


def test_learners_differ_in_their_order(monkeypatch, tmp_path):
    orders = set()
    for i in range(12):
        monkeypatch.setenv("LESSONS_PROGRESS", str(tmp_path / f"{i}.jsonl"))
        orders.add(tuple(Quiz(QUESTIONS).widget.texts("l02-q1")))
    assert len(orders) > 3


@pytest.mark.parametrize("learner", range(4))
def test_reasons_follow_the_order_that_is_shown(learner, monkeypatch, tmp_path):
    monkeypatch.setenv("LESSONS_PROGRESS", str(tmp_path / f"{learner}.jsonl"))
    page = Page(Quiz(QUESTIONS))
    reply = page.answers("l02-q2", ["a", "b", "c"])
    assert [about for about, _why in reply["notes"]] == page.widget.texts("l02-q2")
    assert current().events()[-1]["answer"] == ["a", "b", "c"], "the record keeps the stable key"


class Notebook:
    """What a notebook holds under a cell: displays, and what takes their place."""

    def __init__(self, monkeypatch):
        self.outputs = []
        monkeypatch.setattr(widget.page, "_display", self.display)

    def display(self, content, **how):
        self.outputs.append(content)
        return SimpleNamespace(update=partial(self.update, len(self.outputs) - 1))

    def update(self, place, content, raw):
        self.outputs[place] = content


def test_a_saved_notebook_holds_what_was_answered_and_why(monkeypatch):
    notebook = Notebook(monkeypatch)
    shown = quiz("02")
    page = Page(shown)
    assert len(notebook.outputs) == 2
    assert "answered" not in notebook.outputs[1]["text/html"]
    page.answers("l02-q1", ["a"])
    page.answers("l02-q3", "about ten")
    kept = notebook.outputs[1]
    assert "Not right." in kept["text/html"]
    assert "It knows no similarity" in kept["text/html"]
    assert "The table holds every key of last year." in kept["text/html"]
    assert "1. Not right." in kept["text/plain"]
    page.answers("l02-q1", ["b"])
    page.answers("l02-q3", "14 h")
    kept = notebook.outputs[1]
    assert "Not right" not in kept["text/html"]
    assert kept["text/html"].count("Right.") == 2
    assert "similarity" not in kept["text/html"], "only what was chosen"
    assert len(notebook.outputs) == 2

    quiz("02")
    assert notebook.outputs[3] == kept, "it comes back in the next session"


def test_a_saved_notebook_holds_what_was_predicted(monkeypatch):
    notebook = Notebook(monkeypatch)
    made = predict("l02-p1")
    Page(made).answers("l02-p1", "40")
    assert "Committed: 40 times." in notebook.outputs[1]["text/html"]


def test_a_measured_question_that_is_due_keeps_its_measurement():
    assert (
        Page(quiz("02", measured={"l02-q4": 2000.0})).answers("l02-q4", "9")["verdict"] == "wrong"
    )
    due = quiz("due")
    assert list(due.questions) == ["l02-q4"]
    assert Page(due).answers("l02-q4", "1900 /s")["verdict"] == "right"
    assert quiz("due").questions == {}


def test_a_measured_question_whose_measurement_is_lost_is_not_due():
    current().record("question", "l02-q4", right=False, answer=9.0)
    assert quiz("due").questions == {}


def test_due_questions_are_asked_afresh(page):
    assert quiz("due").questions == {}
    page.answers("l02-q1", ["a"])
    page.answers("l02-q2", ["a", "b"])
    due = quiz("due")
    assert list(due.questions) == ["l02-q1"]
    assert Page(due).says(type="hello") == []
    Page(due).answers("l02-q1", ["b"])
    assert quiz("due").questions == {}
