"""Grading: what is said about each kind of answer."""

import pytest

from lessons_lib.quiz.grade import grade
from quiz.banks import example

ONE, SEVERAL, NUMBER, MEASURED, _PREDICT = example()


def test_a_right_choice_gets_its_reason():
    feedback = grade(ONE, ["b"])
    assert (feedback.verdict, feedback.headline) == ("right", "Right.")
    assert feedback.notes == ((ONE.options[1].text, ONE.options[1].why),)


@pytest.mark.parametrize(
    ("keys", "headline"),
    [
        (["a", "b"], "Right."),
        (["a"], "Right so far. One right answer is missing."),
        (["c"], "Not right: your choice is wrong. 2 right ones are missing."),
        (["a", "c"], "Not right: 1 of your 2 choices is wrong. One right answer is missing."),
        (["a", "b", "c"], "Not right: 1 of your 3 choices is wrong."),
        ([], "Choose an answer first."),
        (["z"], "Choose an answer first."),
        (None, "Choose an answer first."),
        ("ab", "Choose an answer first."),
    ],
)
def test_a_choice_of_several_says_what_is_wrong_and_what_is_missing(keys, headline):
    assert grade(SEVERAL, keys).headline == headline


@pytest.mark.parametrize(
    ("typed", "verdict", "why"),
    [
        ("14", "right", NUMBER.why),
        ("14 h", "right", NUMBER.why),
        ("840 min", "right", NUMBER.why),
        ("14,28", "right", NUMBER.why),
        ("14.29", "wrong", NUMBER.otherwise),
        ("12", "wrong", NUMBER.near[0].why),
        ("26", "wrong", NUMBER.near[1].why),
        ("840", "wrong", NUMBER.near[2].why),
        ("-14", "wrong", NUMBER.otherwise),
    ],
)
def test_a_number_gets_the_explanation_of_its_own_slip(typed, verdict, why):
    feedback = grade(NUMBER, typed, right=14.0, near=[12.0, 26.0, 840.0])
    assert (feedback.verdict, feedback.notes[0][1]) == (verdict, why)


@pytest.mark.parametrize(
    ("typed", "near", "headline"),
    [
        ("12", 12.0, "Not right, but near."),
        ("20", 20.0, "Not right, but near."),
        ("26", 26.0, "Not right."),
        ("840", 840.0, "Not right: look at the unit."),
        ("14000", 14_000.0, "Not right: look at the unit."),
        ("0.014", 0.014, "Not right: look at the unit."),
        ("0.000014", 14e-6, "Not right: look at the unit."),
        ("1400", 1400.0, "Not right: look at the unit."),
        ("-14", -14.0, "Not right."),
        ("0", 0.0, "Not right."),
    ],
)
def test_a_near_miss_is_called_what_it_is(typed, near, headline):
    question = NUMBER.model_copy(update={"near": NUMBER.near[:1]})
    assert grade(question, typed, right=14.0, near=[near]).headline == headline


@pytest.mark.parametrize("given", [None, 3, [], ["a"], "", "  ", "about ten"])
def test_what_cannot_be_read_is_no_attempt(given):
    feedback = grade(MEASURED, given, right=1.0, near=[0.001])
    assert feedback.verdict == "unreadable"
    assert not feedback.right
