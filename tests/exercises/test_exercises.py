"""Every exercise of the course in three modes: blank, solved and known wrong."""

import ast
import inspect

import pytest

from exercises.cases import cases, tagged_cells
from lessons_lib.exercises.probes import COMMON

CASES = cases()
WRONG = [(case, *answer) for case in CASES for answer in case.wrong]
RIGHT = [(case, *answer) for case in CASES for answer in case.right]
every_exercise = pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)


@every_exercise
def test_blank_stub_is_not_started(case):
    outcome = case.exercise.check(case.candidate(case.stub()))
    assert outcome.kind == "todo", outcome
    assert outcome.message.startswith("step "), "the stub must name its step"


@every_exercise
def test_reference_passes(case):
    outcome = case.exercise.check(case.exercise.reference)
    assert outcome.passed, outcome


@every_exercise
def test_solution_passes_when_pasted_into_the_notebook(case):
    outcome = case.exercise.check(case.candidate(case.exercise.solution()))
    assert outcome.passed, outcome


@pytest.mark.parametrize(
    ("case", "name", "answer", "code", "part"), WRONG, ids=[f"{w[0].id}: {w[1]}" for w in WRONG]
)
def test_known_wrong_answer_gets_its_message(case, name, answer, code, part):
    candidate = case.candidate(answer) if isinstance(answer, str) else answer
    outcome = case.exercise.check(candidate)
    assert not outcome.passed, name
    assert outcome.code == code, outcome
    assert part in outcome.message


@pytest.mark.parametrize(
    ("case", "name", "answer"), RIGHT, ids=[f"{r[0].id}: {r[1]}" for r in RIGHT]
)
def test_another_right_answer_passes(case, name, answer):
    candidate = case.candidate(answer) if isinstance(answer, str) else answer
    outcome = case.exercise.check(candidate)
    assert outcome.passed, outcome


@every_exercise
def test_every_failure_is_reached_by_a_wrong_answer(case):
    assert len(case.wrong) >= 3, "an exercise needs three wrong answers or more"
    assert set(case.module.FAILURES) <= {code for _, _, code, _ in case.wrong}


CODE_AT = {"fail": 0, "number": 1, "an_answer": 1, "expect": 2, "array": 2, "instance": 2}
"""Which argument of a probe is the code."""


@every_exercise
def test_check_uses_only_codes_that_have_a_message(case):
    used = set()
    for node in ast.walk(ast.parse(inspect.getsource(case.module))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            codes = node.args[CODE_AT.get(node.func.id, len(node.args)) :][:1]
            used |= {code.value for code in codes if isinstance(code, ast.Constant)}
    assert used
    assert used <= set(case.module.FAILURES) | set(COMMON)


@every_exercise
def test_help_ends_with_a_short_solution(case):
    lines = case.exercise.solution().splitlines()
    assert len(lines) <= 25, "a solution should read in one look"
    assert case.module.HINTS


def test_every_tagged_cell_has_its_exercise():
    assert set(tagged_cells()) == {case.id for case in CASES[1:]}
