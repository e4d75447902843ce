"""The whole-bank proof: every answer to every question of the course gets its own feedback."""

import itertools
import json
import re

import pytest

from lessons_lib.quiz.bank import FACTS, LETTERS, MISCONCEPTIONS, BankError, find, load
from lessons_lib.quiz.grade import grade, is_within, near_values, right_value
from lessons_lib.quiz.read_number import plain_number
from quiz import coverage
from quiz.banks import all_banks, whys

BANKS = all_banks()
QUESTIONS = [question for name in BANKS for question in BANKS[name]]
MEASURED = 0.0123


def of_kind(kind):
    chosen = [question for question in QUESTIONS if question.kind == kind]
    return pytest.mark.parametrize("question", chosen, ids=lambda question: question.id)


def truth(question):
    right = right_value(question, MEASURED)
    return right, near_values(question, right)


def answered(question, value):
    right, near = truth(question)
    return grade(question, plain_number(value), right=right, near=near)


def edges(question, target):
    margin = question.margin(target)
    return target - margin, target + margin


@of_kind("choose")
def test_every_subset_of_options_is_graded(question):
    keys = list(question.choices)
    explained = dict(zip(LETTERS, (option.why for option in question.options), strict=False))
    for size in range(len(keys) + 1):
        for chosen in itertools.combinations(keys, size):
            feedback = grade(question, list(chosen))
            assert feedback.headline
            assert feedback.right == (set(chosen) == question.right_keys)
            if not chosen or (len(chosen) > 1 and not question.several):
                assert feedback.verdict == "unreadable"
                continue
            assert [why for _, why in feedback.notes] == [explained[key] for key in chosen]
            wrong = set(chosen) - question.right_keys
            assert (feedback.verdict == "wrong") == bool(wrong)


@of_kind("choose")
def test_every_option_has_an_explanation_of_its_own(question):
    assert len(set(whys(question))) == len(question.options)
    assert not {option.text for option in question.options} & set(whys(question))


OTHERS = re.compile(
    r"\b[Oo]ptions? \(?[a-h]\b|\b([Aa]nswers?|[Uu]nit) \(?[b-h]\b|\b[a-h]\)"
    r"|\b(first|second|third|fourth|last|other|next) options?\b"
    r"|\b(options?|answers?|choices?|of the) (above|below)\b"
)
"""A letter, a place or a neighbour: what another order makes false."""


@of_kind("choose")
def test_no_option_and_no_reason_refers_to_another_since_each_learner_has_another_order(question):
    texts = [question.ask, *question.choices.values(), *whys(question)]
    assert [text for text in texts if OTHERS.search(text)] == []
    joint = re.compile(r"(both|neither|all)( of (them|these|those))?\.?", re.IGNORECASE)
    assert not any(joint.fullmatch(text) for text in question.choices.values())


@of_kind("number")
def test_every_edge_of_the_tolerance_is_graded(question):
    right, _near = truth(question)
    low, high = edges(question, right)
    assert answered(question, right).notes[0][1] == question.why
    assert answered(question, low).right
    assert answered(question, high).right
    beyond = max(abs(right), high - low, 1e-9) * 1e-6
    assert not answered(question, low - beyond).right
    assert not answered(question, high + beyond).right


@of_kind("number")
def test_every_near_miss_has_an_explanation_of_its_own(question):
    _right, near = truth(question)
    for miss, value in zip(question.near, near, strict=True):
        for point in (value, *edges(question, value)):
            feedback = answered(question, point)
            assert not feedback.right, f"{miss.why}: {point} is taken for right"
            assert feedback.notes[0][1] == miss.why, f"{point} gets another explanation"
    explanations = [question.why, question.otherwise, *(miss.why for miss in question.near)]
    assert len(set(explanations)) == len(explanations)


@of_kind("number")
def test_any_other_number_gets_the_general_hint(question):
    right, near = truth(question)
    other = 17.3 * max(map(abs, [right, *near, question.margin(right), 1.0]))
    assert answered(question, other).notes[0][1] == question.otherwise


@of_kind("number")
def test_a_number_is_what_the_library_computes(question):
    if question.answer is None:
        assert right_value(question, None) is None
        assert right_value(question, float("nan")) is None
        assert grade(question, "1", right=None).verdict == "unreadable"
    else:
        first, second = right_value(question), right_value(question)
        assert is_within(question, first, second), "the call gives another number each time"


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_the_public_part_holds_no_answer(question):
    public = json.dumps(question.public(), ensure_ascii=False)
    assert question.kind == "predict" or whys(question)
    assert not [text for text in whys(question) if text in public]
    assert '"right"' not in public


@pytest.mark.parametrize("name", BANKS)
def test_a_right_option_is_not_given_away_by_length_or_place(name):
    single = [one for one in BANKS[name] if one.kind == "choose" and not one.several]
    longest, places = 0, []
    for question in single:
        lengths = [len(option.text) for option in question.options]
        place = next(i for i, option in enumerate(question.options) if option.right)
        others = lengths[:place] + lengths[place + 1 :]
        longest += lengths[place] > max(others)
        places.append(place)
        assert lengths[place] <= 1.6 * max(others), f"{question.id}: the right one is far longer"
    if len(single) >= 3:
        assert longest <= (len(single) + 1) // 2, "the longest option is right too often"
        assert len(set(places)) > 1, "the right option always stands in the same place"


@pytest.mark.parametrize("lesson", [name for name in BANKS if name != "example"] or ["example"])
def test_a_lesson_asks_enough_questions(lesson):
    asked = [question for question in BANKS[lesson] if question.kind != "predict"]
    assert lesson == "example" or 5 <= len(asked) <= 10


def test_the_plan_knows_every_fact_and_misconception():
    planned = [name for names in coverage.PLAN.values() for name in names.split()]
    assert sorted(planned) == sorted((*FACTS, *MISCONCEPTIONS))


def test_every_fact_and_misconception_is_asked_for(capsys):
    rows = coverage.table()
    with capsys.disabled():
        print("\n\ncovered by questions (owed: its lesson has a bank without it)")
        for name, lesson, places in rows:
            print(f"  {name:4} lesson {lesson}  {places}")
    assert [name for name, _, places in rows if places == "owed"] == []


def test_an_unknown_lesson_or_question_is_named():
    with pytest.raises(BankError, match="'77' has no question bank"):
        load("77")
    with pytest.raises(BankError, match="'q1' is no question's id"):
        find("q1")
