"""Computes the right value of a number question, and its near misses, from the library.

Used by the quiz and by the whole-bank tests. It must not know how an answer is judged.
"""

import importlib
import math
from typing import Any

from lessons_lib.quiz.bank import BankError, Call, Question


def right_value(question: Question, measured: float | None = None) -> float | None:
    """The right value in the question's unit; None for a number that was not measured yet.

    Raises
    ------
    BankError
        If the call that gives it does not exist or gives no finite number.
    """
    if question.answer is not None:
        return _value(question, question.answer, question.answer.arguments)
    try:
        value = float(measured)
    except (TypeError, ValueError):
        return None
    return value if math.isfinite(value) else None


def near_values(question: Question, right: float) -> list[float]:
    """The value of each near miss, in the order of the bank."""
    values = []
    for near in question.near:
        if near.times is not None:
            values.append(right * near.times)
        elif near.value is not None:
            values.append(float(near.value))
        else:
            arguments = question.answer.arguments | near.arguments
            values.append(_value(question, question.answer, arguments))
    return values


def _value(question: Question, call: Call, arguments: dict[str, Any]) -> float:
    module, _, function = call.function.partition(":")
    try:
        result = getattr(importlib.import_module(module), function)(**arguments)
        if call.item is not None:
            result = _item(result, call.item)
        value = float(result) * call.times
    except Exception as error:
        problem = f"{call.function} with {arguments}: {type(error).__name__}: {error}"
        raise BankError(f"question {question.id}, field answer: {problem}") from error
    if not math.isfinite(value):
        raise BankError(f"question {question.id}, field answer: {call.function} gave {value}.")
    return value


def _item(result: Any, item: str | int) -> Any:
    if isinstance(item, str) and hasattr(result, item):
        return getattr(result, item)
    return result[item]
