"""Grading: what is said about each kind of answer."""

import pytest

from lessons_lib.quiz.grade import grade, near_values, right_value
from quiz.banks import all_banks, example

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


NUMBERS = [one for bank in all_banks().values() for one in bank if one.kind == "number"]
DECIMAL = [one for one in NUMBERS if one.unit == "%" or one.most is not None]


def by_id(question):
    return question.id


def test_the_questions_whose_answers_have_decimals_say_what_cannot_be_meant():
    assert {"l01-break-even", "l04-floor", "l07-prompt", "l08-passed"} <= {q.id for q in DECIMAL}


@pytest.mark.parametrize("question", DECIMAL, ids=by_id)
def test_an_answer_as_python_prints_it_with_three_decimals_is_read(question):
    right = right_value(question, measured=9.0391)
    near = near_values(question, right)
    assert grade(question, f"{right:.3f}", right=right, near=near).right
    for value in near:
        assert not grade(question, f"{value:,.3f}", right=right, near=near).right


@pytest.mark.parametrize("question", NUMBERS, ids=by_id)
@pytest.mark.parametrize("typed", ["1.157", "9,039", "900.125"])
def test_which_of_two_readings_is_taken_tells_nothing_of_the_right_value(question, typed):
    rights = (1.157, 1157.0, 9.039, 9039.0, 0.5)
    found = {
        (feedback.verdict == "unreadable", feedback.given)
        for feedback in (
            grade(question, typed, right=right, near=[0.0] * len(question.near)) for right in rights
        )
    }
    assert len(found) == 1
