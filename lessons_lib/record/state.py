"""Where a learner stands, from the events of their progress: a pure replay.

It must not know files, widgets or right answers.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from lessons_lib.record.catalogue import lesson_of

COLUMNS = ("lesson", "kind", "id", "state", "attempts", "answer", "last")
AGAIN_AFTER = 2
"""A question answered right is asked once more when the learner is this many lessons further."""


class _Event(BaseModel):
    model_config = ConfigDict(strict=True, allow_inf_nan=False)
    id: str = Field(pattern="^l[0-9]{2}[_-]", max_length=80)
    time: Any = 0


class _Tried(_Event):
    kind: Literal["exercise"]
    outcome: str


class _Answered(_Event):
    kind: Literal["question"]
    right: bool
    answer: list[str] | float | None = None


class _Predicted(_Event):
    kind: Literal["prediction"]
    answer: str | float


class _Revealed(_Event):
    kind: Literal["reveal"]


_EVENT = TypeAdapter(
    Annotated[_Tried | _Answered | _Predicted | _Revealed, Field(discriminator="kind")]
)


@dataclass
class _Done:
    attempts: int = 0
    last: Any = 0


@dataclass
class ExerciseState(_Done):
    """An exercise that was tried: how the last check ended, and whether one passed."""

    outcome: str = ""
    passed: bool = False


@dataclass
class QuestionState(_Done):
    """A question that was answered, the last time when lesson `reached` was the furthest."""

    answer: list[str] | float | None = None
    right: bool = False
    reached: int = 0
    due: bool = False


@dataclass
class PredictionState(_Done):
    """A prediction: what was committed, and whether a run had `revealed` the value by then."""

    answer: str | float | None = None
    late: bool = False
    revealed: bool = False


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
        rows = []
        for name, one in self.exercises.items():
            how = "passed" if one.passed else one.outcome
            rows.append(("exercise", name, how, one.attempts, "", _date(one.last)))
        for name, one in self.questions.items():
            how = "right" if one.right else "wrong"
            rows.append(("question", name, how, one.attempts, one.answer, _date(one.last)))
        for name, one in self.predictions.items():
            if one.answer is not None:
                how = "late" if one.late else "committed"
                rows.append(("prediction", name, how, 1, one.answer, _date(one.last)))
        rows = sorted((lesson_of(row[1]), *row) for row in rows)
        return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def replay(events: Iterable[Any]) -> State:
    """The state after `events`; an event that is not understood changes nothing.

    Examples
    --------
    >>> state = replay([{"kind": "question", "id": "l02-q1", "right": False, "answer": ["a"]}])
    >>> state.due()
    ['l02-q1']
    """
    state = State()
    for raw in events:
        try:
            _add(state, _EVENT.validate_python(raw))
        except ValidationError:
            continue
    for name, one in state.questions.items():
        again = int(lesson_of(name)) + AGAIN_AFTER
        one.due = not one.right or one.reached < again <= state.reached
    return state


def _add(state: State, event: Any) -> None:
    state.reached = max(state.reached, int(lesson_of(event.id)))
    if event.kind == "exercise":
        one = state.exercises.setdefault(event.id, ExerciseState())
        one.outcome, one.passed = event.outcome, one.passed or event.outcome == "pass"
    elif event.kind == "question":
        one = state.questions.setdefault(event.id, QuestionState())
        one.answer, one.right, one.reached = event.answer, event.right, state.reached
    else:
        one = state.predictions.setdefault(event.id, PredictionState())
        if event.kind == "reveal":
            one.revealed = True
            return
        changed = isinstance(one.answer, str) != isinstance(event.answer, str)
        if one.answer is None or one.late or changed:  # else the first commitment counts
            one.answer, one.late = event.answer, one.revealed
    one.attempts += 1
    one.last = event.time


def _date(seconds: Any) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
    except (TypeError, ValueError, OverflowError, OSError):
        return ""
