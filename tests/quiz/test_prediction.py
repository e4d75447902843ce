"""Predictions: committed first, compared afterwards."""

import pytest

from lessons_lib.quiz import bank, widget
from lessons_lib.quiz.bank import BankError
from lessons_lib.quiz.widget import Prediction, predict
from quiz.banks import example

NUMBER = example()[-1]
CHOICE = NUMBER.model_copy(
    update={"id": "l02-p2", "unit": "", "options": ["The table", "The model"]}
)


@pytest.fixture
def shown(monkeypatch):
    """The texts that `reveal` shows."""
    texts = []
    monkeypatch.setattr(widget.page, "show", lambda text, markup: texts.append(text))
    return texts


@pytest.mark.parametrize(
    ("typed", "value", "text"),
    [
        ("300", 41.234, "You predicted 300 times, the run gave 41.2 times. That was 7.3 times too"),
        ("40", 41.2, "That is within 10 %."),
        ("0,5", 1234.5, "the run gave 1,230 times. That was 2,500 times too low."),
        ("0", 3, "You predicted 0 times, the run gave 3 times."),
    ],
)
def test_a_commitment_is_compared_with_the_run(typed, value, text, shown):
    made = Prediction(NUMBER)
    assert made.take("l02-p1", typed)["verdict"] == "committed"
    made.reveal(value)
    assert text in shown[0]
    assert "after" not in shown[0]


def test_without_a_commitment_the_run_goes_on(shown):
    made = Prediction(NUMBER)
    assert made.value is None
    made.reveal(41)
    assert shown == ["You made no prediction. The run gave 41 times."]


def test_a_commitment_after_the_run_is_marked(shown):
    made = Prediction(NUMBER)
    made.reveal(41)
    assert "made after the fact" in made.take("l02-p1", "41")["headline"]
    Prediction(NUMBER).reveal(41)
    assert shown[1].startswith("You predicted 41 times after the run had been shown, the run gave")


def test_the_first_commitment_counts(shown):
    made = Prediction(NUMBER)
    made.take("l02-p1", "300")
    assert "The first one counts" in made.take("l02-p1", "41")["headline"]
    made.reveal(41)
    made.take("l02-p1", "41")
    assert made.value == 300.0
    restored = Prediction(NUMBER).restore()
    assert [(reply["headline"], reply["given"]) for reply in restored] == [
        ("Committed: 300 times.", "300")
    ]


@pytest.mark.parametrize("given", ["", "many", None, ["a"], "5 rows"])
def test_what_is_no_prediction_is_not_kept(given):
    made = Prediction(NUMBER)
    assert made.take("l02-p1", given)["verdict"] == "unreadable"
    assert made.value is None


def test_a_choice_can_be_revealed_by_letter_or_text(shown):
    made = Prediction(CHOICE)
    assert made.take("l02-p2", "a")["verdict"] == "unreadable"
    assert made.take("l02-p2", ["b"])["given"] == ["b"]
    made.reveal("b")
    made.reveal("The model")
    made.reveal("a")
    assert shown[0] == shown[1] == "You predicted “The model”, the run gave “The model”. So it was."
    assert shown[2] == "You predicted “The model”, the run gave “The table”."


def test_predict_shows_predictions_only(monkeypatch):
    monkeypatch.setattr(bank, "load", lambda lesson: example())
    assert predict("l02-p1").question.id == "l02-p1"
    with pytest.raises(BankError, match=r"of kind 'choose': show it with quiz\(\)"):
        predict("l02-q1")
