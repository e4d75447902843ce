"""Where a learner stands, from the events of their progress: a pure replay.

Used by `lessons_lib.record.progress`. It must not know files, widgets or right answers.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from lessons_lib.record.catalogue import lesson_of

COLUMNS = ("lesson", "kind", "id", "state", "attempts", "answer", "last")
AGAIN_AFTER = 2
"""A question answered right is asked once more when the learner is this many lessons further."""


@dataclass
class ExerciseState:
    """An exercise that was tried: how often, how the last check ended, and whether one passed."""

    attempts: int = 0
    outcome: str = ""
    passed: bool = False
    last: float = 0.0


@dataclass
class QuestionState:
    """A question that was answered.

    `reached` is the furthest lesson at the time of the last answer; `due` whether it is asked
    again.
    """

    attempts: int = 0
    answer: Any = None
    right: bool = False
    reached: int = 0
    due: bool = False
    last: float = 0.0


@dataclass
class PredictionState:
    """A prediction: what was committed, whether that came after a run had shown the value."""

    answer: Any = None
    late: bool = False
    revealed: bool = False
    last: float = 0.0


@dataclass
class State:
    """All of it, by id; `reached` is the number of the furthest lesson with an event."""

    exercises: dict[str, ExerciseState] = field(default_factory=dict)
    questions: dict[str, QuestionState] = field(default_factory=dict)
    predictions: dict[str, PredictionState] = field(default_factory=dict)
    reached: int = 0

    def due(self) -> list[str]:
        """The ids of the questions that are asked again, in order."""
        return sorted(name for name, question in self.questions.items() if question.due)

    def rows(self) -> list[dict]:
        """One row for each id, with the keys of `COLUMNS`; `last` is in UTC."""
        rows = [
            _row("exercise", name, "passed" if one.passed else one.outcome, one.attempts, "", one)
            for name, one in self.exercises.items()
        ]
        rows += [
            _row("question", name, "right" if one.right else "wrong", one.attempts, one.answer, one)
            for name, one in self.questions.items()
        ]
        rows += [
            _row("prediction", name, "late" if one.late else "committed", 1, one.answer, one)
            for name, one in self.predictions.items()
            if one.answer is not None
        ]
        return sorted(rows, key=lambda row: (row["lesson"], row["kind"], row["id"]))


def replay(events: Iterable[dict]) -> State:
    """The state after `events`; an event that is not understood changes nothing.

    Examples
    --------
    >>> state = replay([{"kind": "question", "id": "l02-q1", "right": False, "answer": ["a"]}])
    >>> state.due()
    ['l02-q1']
    """
    state = State()
    for event in events:
        try:
            lesson = int(lesson_of(event["id"]))
            change = _CHANGES[event["kind"]]
        except (KeyError, ValueError, TypeError):
            continue
        state.reached = max(state.reached, lesson)
        change(state, event)
    for name, question in state.questions.items():
        again = int(lesson_of(name)) + AGAIN_AFTER
        question.due = not question.right or question.reached < again <= state.reached
    return state


def _exercise(state: State, event: dict) -> None:
    one = state.exercises.setdefault(event["id"], ExerciseState())
    one.attempts += 1
    one.outcome = str(event.get("outcome"))
    one.passed = one.passed or one.outcome == "pass"
    one.last = event.get("time", 0)


def _question(state: State, event: dict) -> None:
    one = state.questions.setdefault(event["id"], QuestionState())
    one.attempts += 1
    one.answer = event.get("answer")
    one.right = event.get("right") is True
    one.reached = state.reached
    one.last = event.get("time", 0)


def _prediction(state: State, event: dict) -> None:
    one = state.predictions.setdefault(event["id"], PredictionState())
    if one.answer is None or one.late:  # the first commitment counts
        one.answer = event.get("answer")
        one.late = one.revealed
    one.last = event.get("time", 0)


def _reveal(state: State, event: dict) -> None:
    state.predictions.setdefault(event["id"], PredictionState()).revealed = True


_CHANGES = {
    "exercise": _exercise,
    "question": _question,
    "prediction": _prediction,
    "reveal": _reveal,
}


def _row(kind: str, name: str, how: str, attempts: int, answer: Any, one: Any) -> dict:
    try:
        last = datetime.fromtimestamp(one.last, UTC).isoformat(timespec="seconds")
    except (TypeError, ValueError, OverflowError, OSError):
        last = ""
    values = (lesson_of(name), kind, name, how, attempts, answer, last)
    return dict(zip(COLUMNS, values, strict=True))
