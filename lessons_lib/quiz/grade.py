"""Grades an answer, and computes the right value of a number question from the library.

It must not know widgets, files or progress.
"""

import importlib
import math
from dataclasses import dataclass
from typing import Any

from lessons_lib.quiz.bank import BankError, Choose, Number
from lessons_lib.quiz.read_number import Unreadable, plain_number, read_number
from lessons_lib.record.state import in_unit

NEAR = 1.5
"""A wrong number is near up to this factor."""
UNIT_STEPS = (1000.0, 60.0, 3600.0, 24.0, 100.0)
"""The factors from one unit to the next: metric, of time, and from a share to per cent."""


@dataclass(frozen=True)
class Feedback:
    """What a learner is told about an answer, and `given`, the letters or number understood.

    The verdict is right, wrong, incomplete (right so far) or unreadable (no attempt).
    """

    verdict: str
    headline: str
    notes: tuple[tuple[str, str], ...] = ()
    given: Any = None

    @property
    def right(self) -> bool:
        """Whether the question is answered."""
        return self.verdict == "right"


def grade(
    question: Choose | Number,
    given: Any,
    *,
    right: float | None = None,
    near: list[float] | None = None,
) -> Feedback:
    """Grade the letters of the chosen options, or a number as typed.

    A number needs its `right` value (None if it was not measured yet) and those of its near misses.
    """
    if question.kind == "choose":
        return _grade_choice(question, given)
    return _grade_number(question, given, right, near or [])


def is_within(question: Number, value: float, target: float) -> bool:
    """Whether `value` is as near to `target` as the question asks; the edge counts as near."""
    return abs(value - target) <= question.margin(target) + 1e-9 * max(abs(value), abs(target))


def right_value(question: Number, measured: float | None = None) -> float | None:
    """The right value in the question's unit, None if it was not measured yet.

    A call that does not exist or gives no finite number raises `BankError`.
    """
    if question.answer is not None:
        return _called(question, question.answer.arguments)
    try:
        value = float(measured)
    except (TypeError, ValueError):
        return None
    return value if math.isfinite(value) else None


def near_values(question: Number, right: float) -> list[float]:
    """The value of each near miss, in the order of the bank."""
    values = []
    for near in question.near:
        if near.times is not None:
            values.append(right * near.times)
        elif near.value is not None:
            values.append(near.value)
        else:
            values.append(_called(question, question.answer.arguments | near.arguments))
    return values


def _called(question: Number, arguments: dict[str, Any]) -> float:
    call = question.answer
    module, _, function = call.function.partition(":")
    try:
        result = getattr(importlib.import_module(module), function)(**arguments)
        value = float(result) * call.times
    except Exception as error:
        problem = f"{call.function} with {arguments}: {type(error).__name__}: {error}"
        raise BankError(f"question {question.id}, field answer: {problem}") from error
    if not math.isfinite(value):
        raise BankError(f"question {question.id}, field answer: {call.function} gave {value}.")
    return value


def _grade_choice(question: Choose, given: Any) -> Feedback:
    keys = {key for key in given if key in question.choices} if isinstance(given, list) else set()
    if not keys or len(keys) != len(given):
        return Feedback("unreadable", "Choose an answer first.")
    if len(keys) > 1 and not question.several:
        return Feedback("unreadable", "Choose one answer.")
    wrong, missing = len(keys - question.right_keys), len(question.right_keys - keys)
    verdict = "wrong" if wrong else "incomplete" if missing else "right"
    options = zip(question.choices, question.options, strict=True)
    notes = tuple((option.text, option.why) for key, option in options if key in keys)
    headline = _headline(question, len(keys), wrong, missing)
    return Feedback(verdict, headline, notes, sorted(keys))


def _headline(question: Choose, chosen: int, wrong: int, missing: int) -> str:
    if not wrong and not missing:
        return "Right."
    if not question.several:
        return "Not right."
    some = f"{wrong} of your {chosen} choices {'is' if wrong == 1 else 'are'}"
    lead = (
        f"Not right: {'your choice is' if chosen == 1 else some} wrong."
        if wrong
        else "Right so far."
    )
    more = {0: "", 1: " One right answer is missing."}
    return lead + more.get(missing, f" {missing} right ones are missing.")


def _how_near(value: float, right: float) -> str:
    """What a near miss is called: near only if it is, and a slip of the unit by its name."""
    ratio = abs(value / right) if value * right > 0 else math.inf
    if 1 / NEAR <= ratio <= NEAR:
        return "Not right, but near."
    steps = (math.log(ratio) / math.log(step) for step in UNIT_STEPS) if ratio < math.inf else ()
    if any(round(step) and abs(step - round(step)) < 0.01 for step in steps):
        return "Not right: look at the unit."
    return "Not right."


def _grade_number(question: Number, given: Any, right: float | None, near: list[float]) -> Feedback:
    if right is None:
        text = "This question needs the number that you measured."
        return Feedback("unreadable", f"{text} Run the cells above, then this one.")
    try:
        value = read_number(given, question.unit, most=question.greatest)
    except Unreadable as problem:
        return Feedback("unreadable", str(problem))
    shown = in_unit(plain_number(value), question.unit)
    if is_within(question, value, right):
        return Feedback("right", "Right.", ((shown, question.why),), value)
    for miss, target in zip(question.near, near, strict=True):
        if is_within(question, value, target):
            return Feedback("wrong", _how_near(value, right), ((shown, miss.why),), value)
    return Feedback("wrong", "Not right.", ((shown, question.otherwise),), value)
