"""Grading: what is said about each kind of answer."""

import pytest

from lessons_lib.quiz.grade import grade
from lessons_lib.quiz.read_number import Unreadable, read_number
from quiz.banks import example

ONE, SEVERAL, NUMBER, MEASURED, _PREDICT = example()


@pytest.mark.parametrize(
    ("typed", "unit", "value"),
    [
        ("1.5", "", 1.5),
        ("1,5", "", 1.5),
        (" 1 500 ", "", 1500),
        ("1 500", "", 1500),  # no-break space
        ("1 500,5", "", 1500.5),  # narrow no-break space
        ("1'500.25", "", 1500.25),
        ("1_500", "", 1500),
        ("1,234,567", "", 1234567),
        ("1.234.567,5", "", 1234567.5),
        ("1,234.5", "", 1234.5),
        ("0,125", "", 0.125),
        ("12,50", "", 12.5),
        (".5", "", 0.5),
        (",5", "", 0.5),
        ("5.", "", 5),
        ("2e3", "", 2000),
        ("2E-3", "", 0.002),
        ("1,5e3", "", 1500),
        ("2 x 10^3", "", 2000),
        ("2·10**-3", "", 0.002),
        ("−3", "", -3),
        ("+3", "", 3),
        ("~ 40", "", 40),
        ("150 ms", "s", 0.15),
        ("150ms", "ms", 150),
        ("0.15 s", "ms", 150),
        ("2 h", "min", 120),
        ("3 days", "h", 72),
        ("40 µs", "us", 40),
        ("40 μs", "ms", 0.04),
        ("20 %", "", 0.2),
        ("20%", "share", 0.2),
        ("20 %", "%", 20),
        ("20 percent", "%", 20),
        ("3 requests/s", "requests/s", 3),
        ("600 /min", "/s", 10),
        ("1 MB", "kB", 1000),
        ("7 times", "times", 7),
        ("7x", "times", 7),
    ],
)
def test_numbers_are_read_as_people_write_them(typed, unit, value):
    assert read_number(typed, unit) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("typed", "unit", "part"),
    [
        ("1,500", "", "Write 1500 or 1.500"),
        ("many", "", "is not a number"),
        ("", "", "is not a number"),
        ("10 20", "", "several numbers"),
        ("1 50", "", "several numbers"),
        ("1,50,00", "", "is not a number"),
        ("1.2,3.4", "", "is not a number"),
        ("1.5.2", "", "is not a number"),
        ("nan", "", "is not a number"),
        ("inf", "", "is not a number"),
        ("1e999", "", "is too large"),
        ("5 rows", "ms", "give the answer in ms"),
        ("5 ms", "rows", "give the answer in rows"),
        ("5 ms", "", "without a unit"),
        ("1/3", "", "without a unit"),
        ("--3", "", "is not a number"),
        ("3 4 5 6 7 8", "", "several numbers"),
        ("e5", "", "is not a number"),
        (".", "", "is not a number"),
    ],
)
def test_what_is_no_number_here_says_how_to_write_it(typed, unit, part):
    with pytest.raises(Unreadable, match=part):
        read_number(typed, unit)


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


@pytest.mark.parametrize("given", [None, 3, [], ["a"], "", "  ", "about ten"])
def test_what_cannot_be_read_is_no_attempt(given):
    feedback = grade(MEASURED, given, right=1.0, near=[0.001])
    assert feedback.verdict == "unreadable"
    assert not feedback.right
