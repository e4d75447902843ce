"""Kinds of wrong answers, each tried on every exercise in which it can occur."""

import inspect

import numpy as np
import pandas as pd
import pytest

from exercises.cases import cases
from lessons_lib.answer import Answer

CASES = cases()[1:]
WITHOUT_NUMBERS = {
    "timetable_keys",
    "failing_keys",
    "make_app",
    "best_within",
    "text_key",
    "spend",
    "alert_rules",
    "Limits",
    "count_disagreements",
    "plan",
    "part_at_fault",
    "PartitionedTable",
    "fleet",
}
NUMBERS = [case for case in CASES if case.module.NAME not in WITHOUT_NUMBERS]
FUNCTIONS = [case for case in CASES if inspect.isfunction(case.exercise.reference)]
NOT_DATA = ("text_key", "make_app", "alert_rules")
GIVEN_DATA = [case for case in FUNCTIONS if case.module.NAME not in NOT_DATA]
ids = {"ids": lambda case: case.id}


def pasted(case):
    """The course's solution as a learner's own."""
    return case.candidate(case.exercise.solution())


def each(value, change):
    """`value` with every number in it changed."""
    if isinstance(value, Answer):
        return Answer(*(each(part, change) for part in value))
    if isinstance(value, tuple | list):
        return type(value)(each(part, change) for part in value)
    if isinstance(value, dict):
        return {key: each(part, change) for key, part in value.items()}
    if isinstance(value, np.ndarray):
        return np.array([each(part, change) for part in value.tolist()])
    if isinstance(value, pd.Series):
        return pd.Series({name: each(part, change) for name, part in value.items()}, dtype=object)
    if isinstance(value, pd.DataFrame):
        return value.assign(latency=[each(part, change) for part in value["latency"].tolist()])
    return change(value) if isinstance(value, float) else value


def altered(case, change):
    """The solution, but what it gives is changed."""
    solution = pasted(case)
    if case.module.NAME == "score_in_chunks":
        return lambda model, keys, size, done, save: solution(
            model, keys, size, done, lambda names, values: save(names, each(values, change))
        )
    if inspect.isclass(solution):
        method = "lookup" if hasattr(solution, "lookup") else "answer"
        original = getattr(solution, method)
        changed = {method: lambda self, asked: each(original(self, asked), change)}
        return type("Altered", (solution,), changed)
    return lambda *args: each(solution(*args), change)


@pytest.mark.parametrize("case", NUMBERS, **ids)
@pytest.mark.parametrize(
    "change",
    [lambda x: float("nan"), str, lambda x: round(x, 3), lambda x: None, bool, lambda x: x + 1e-6],
    ids=["nan", "text", "rounded", "none", "yes or no", "a little off"],
)
def test_what_is_not_the_number_is_refused(case, change):
    outcome = case.exercise.check(altered(case, change))
    assert (outcome.kind, outcome.code in case.module.FAILURES) == ("fail", True), outcome


@pytest.mark.parametrize("case", NUMBERS, **ids)
def test_numbers_of_numpy_are_numbers(case):
    assert case.exercise.check(altered(case, np.float64)).passed


@pytest.mark.parametrize("case", GIVEN_DATA, **ids)
def test_what_was_given_must_not_be_changed(case):
    solution = pasted(case)

    def spoiling(*args):
        result = solution(*args)
        for value in args:
            if isinstance(value, list | set | dict):
                value.clear()
            elif isinstance(value, np.ndarray):
                value += 1
            elif isinstance(value, pd.DataFrame):
                value["more"] = 1
            elif isinstance(value, pd.Series):
                value.iloc[0] = 2 * value.iloc[0]  # a text twice, or a number
        return result

    outcome = case.exercise.check(spoiling)
    assert (outcome.kind, outcome.code) == ("fail", "changed"), outcome


@pytest.mark.parametrize("case", FUNCTIONS, **ids)
def test_the_first_result_is_not_the_last(case):
    solution, kept = pasted(case), []

    def keeping(*args):
        if not kept:
            kept.append(solution(*args))
        return kept[0]

    assert not case.exercise.check(keeping).passed


@pytest.mark.parametrize("name", ["open_loop", "page_latencies", "micro_batches", "wait_and_p99"])
@pytest.mark.parametrize("form", [list, tuple, np.array, pd.Series])
def test_any_sequence_of_numbers_will_do(name, form):
    case = next(case for case in CASES if name == case.module.NAME)
    solution = pasted(case)
    assert case.exercise.check(lambda *args: form(list(solution(*args)))).passed


def test_waiting_in_small_steps_is_waiting():
    case = next(case for case in CASES if case.module.NAME == "open_loop")
    source = case.exercise.solution().replace(
        "        sleep(max(0, start + due - clock()))",
        "        while clock() < start + due:\n            sleep(0.01)",
    )
    assert case.exercise.check(case.candidate(source)).passed


def test_replace_may_be_imported_by_name():
    case = next(case for case in CASES if case.module.NAME == "TinyStore")
    source = case.exercise.solution().replace("part.replace(", "replace(part, ")
    assert case.exercise.check(case.candidate("from os import replace\n" + source)).passed


def test_a_message_keeps_the_spaces_of_a_text():
    case = next(case for case in CASES if case.module.NAME == "text_key")
    outcome = case.exercise.check(lambda sentence: sentence.lower())
    assert "'  a fine\\tfilm '" in outcome.message


@pytest.mark.parametrize("case", CASES, **ids)
def test_the_courses_own_solution_does_not_pass_as_ones_own(case):
    name = case.module.NAME
    source = f"from lessons_lib.exercises.{case.id} import {name} as theirs\n"
    made = f"class {name}(theirs): pass" if inspect.isclass(case.exercise.reference) else ""
    outcome = case.exercise.check(
        case.candidate(source + (made or f"def {name}(*args): return theirs(*args)"))
    )
    assert not outcome.passed
    assert outcome.code in ("borrowed", "leans")
    assert name in outcome.message
