"""Grades an answer: a pure function from a question and an answer to feedback.

Used by the quiz widget and by the whole-bank tests. It must not know widgets, files or progress.
"""

from dataclasses import dataclass
from typing import Any

from lessons_lib.quiz.bank import Question
from lessons_lib.quiz.read_number import Unreadable, read_number


@dataclass(frozen=True)
class Feedback:
    """What a learner is told about an answer.

    Parameters
    ----------
    verdict : str
        ``"right"``, ``"wrong"``, ``"incomplete"`` (right so far) or ``"unreadable"`` (not an
        answer, and no attempt).
    headline : str
        The verdict in words.
    notes : tuple of (str, str)
        For each option chosen, or the number given: the text, and its own explanation.
    answer : list of str, float or None
        The answer as it was understood.
    """

    verdict: str
    headline: str
    notes: tuple[tuple[str, str], ...] = ()
    answer: Any = None

    @property
    def right(self) -> bool:
        """Whether the question is answered."""
        return self.verdict == "right"


def grade(
    question: Question, answer: Any, *, right: float | None = None, near: list[float] | None = None
) -> Feedback:
    """Grade an answer.

    Parameters
    ----------
    question : Question
        Of kind ``choose`` or ``number``.
    answer : list of str, or str
        The letters of the chosen options, or the number as typed.
    right : float or None
        For a number the right value, in the question's unit; None if it was not measured yet.
    near : list of float
        For a number the value of each near miss.
    """
    if question.kind == "choose":
        return _grade_choice(question, answer)
    return _grade_number(question, answer, right, near or [])


def is_within(question: Question, value: float, target: float) -> bool:
    """Whether `value` is as near to `target` as the question asks; the edge counts as near."""
    margin = question.within * abs(target) if question.relative else question.within
    return abs(value - target) <= margin + 1e-9 * max(abs(value), abs(target))


def plain_number(value: float) -> str:
    """A number as a learner may have typed it.

    Examples
    --------
    >>> plain_number(1500.0), plain_number(0.15), plain_number(2.5e-7)
    ('1500', '0.15', '2.5e-07')
    """
    return f"{value:.0f}" if value == round(value) and abs(value) < 1e15 else f"{value:.12g}"


def _grade_choice(question: Question, answer: Any) -> Feedback:
    keys = set(answer) if isinstance(answer, list | tuple | set | frozenset) else set()
    chosen = [option for option in question.options if option.key in keys]
    if not chosen or len(chosen) != len(keys):
        return Feedback("unreadable", "Choose an answer first.")
    if len(chosen) > 1 and not question.several:
        return Feedback("unreadable", "Choose one answer.")
    wrong = sum(not option.right for option in chosen)
    missing = len(question.right_keys) - (len(chosen) - wrong)
    verdict = "wrong" if wrong else "incomplete" if missing else "right"
    headline = _headline(question, len(chosen), wrong, missing)
    notes = tuple((option.text, option.why) for option in chosen)
    return Feedback(verdict, headline, notes, [option.key for option in chosen])


def _headline(question: Question, chosen: int, wrong: int, missing: int) -> str:
    if not wrong:
        return f"Right so far. {_missing(missing)}" if missing else "Right."
    if not question.several:
        return "Not right."
    some = "your choice is" if chosen == wrong == 1 else f"{wrong} of your {chosen} choices"
    verb = "" if chosen == wrong == 1 else (" is" if wrong == 1 else " are")
    return f"Not right: {some}{verb} wrong. {_missing(missing)}".strip()


def _missing(missing: int) -> str:
    if not missing:
        return ""
    return "One right answer is missing." if missing == 1 else f"{missing} right ones are missing."


def _grade_number(
    question: Question, answer: Any, right: float | None, near: list[float]
) -> Feedback:
    if right is None:
        text = (
            "This question needs the number that you measured. Run the cells above, then this one."
        )
        return Feedback("unreadable", text)
    try:
        value = read_number(answer if isinstance(answer, str) else "", question.unit)
    except Unreadable as problem:
        given = isinstance(answer, str) and answer.strip()
        return Feedback("unreadable", str(problem) if given else "Type a number first.")
    shown = f"{plain_number(value)} {question.unit}".strip()
    if is_within(question, value, right):
        return Feedback("right", "Right.", ((shown, question.why),), value)
    for miss, target in zip(question.near, near, strict=True):
        if is_within(question, value, target):
            return Feedback("wrong", "Not right, but near.", ((shown, miss.why),), value)
    return Feedback("wrong", "Not right.", ((shown, question.otherwise),), value)
