"""Where a learner stands, from the events of their progress: a pure replay.

It must not know files, widgets or right answers.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from lessons_lib.record.catalogue import lesson_of

COLUMNS = ("lesson", "kind", "id", "state", "attempts", "answer", "gave", "off", "last")
LETTERS = "abcdefgh"
"""By what the options of a question are known in the record, in the order of its bank."""
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
    measured: float | None = None


class _Predicted(_Event):
    kind: Literal["prediction"]
    answer: str | float


class _Revealed(_Event):
    kind: Literal["reveal"]
    gave: str | float | None = None


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
    """A question that was answered, the last time when lesson `reached` was the furthest.

    `measured` is the learner's own number that the answer was judged by, if it was one of those.
    """

    answer: list[str] | float | None = None
    right: bool = False
    measured: float | None = None
    reached: int = 0
    due: bool = False


@dataclass
class PredictionState(_Done):
    """A prediction: what was committed, and whether a run had `revealed` what it `gave` by then."""

    answer: str | float | None = None
    late: bool = False
    revealed: bool = False
    gave: str | float | None = None

    @property
    def off(self) -> str:
        """How far the answer was off, in words; empty before the reveal."""
        known = self.answer is not None and self.gave is not None
        return how_far(self.answer, self.gave) if known else ""


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
            rows.append(("exercise", name, how, one.attempts, "", "", "", _date(one.last)))
        for name, one in self.questions.items():
            how = "right" if one.right else "wrong"
            rows.append(("question", name, how, one.attempts, one.answer, "", "", _date(one.last)))
        for name, one in self.predictions.items():
            if one.answer is not None:
                how = "late" if one.late else "committed"
                gave = "" if one.gave is None else one.gave
                told = (one.attempts, one.answer, gave, one.off, _date(one.last))
                rows.append(("prediction", name, how, *told))
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


def in_unit(number: str, unit: str) -> str:
    """A number with its unit, which is in the singular after 1.

    >>> in_unit("1", "days"), in_unit("20.8", "days"), in_unit("1", "ms"), in_unit("1", "")
    ('1 day', '20.8 days', '1 ms', '1')
    """
    one = number == "1" and len(unit) > 2 and unit.isalpha()
    return f"{number} {unit.removesuffix('s') if one else unit}".strip()


def how_far(guess: str | float, gave: str | float) -> str:
    """How far a guess was off, in words.

    Examples
    --------
    >>> how_far(30.0, 36.8), how_far(300.0, 41.2), how_far(0.5, 1234.5), how_far(40.0, 41.2)
    ('18 % too low', '7.3 times too high', '2,500 times too low', 'within 10 %')
    >>> how_far("a", "a"), how_far("a", "b"), how_far(0.0, 3.0)
    ('right', 'not right', 'too low')
    """
    if isinstance(guess, str) or isinstance(gave, str):
        return "right" if guess == gave else "not right"
    if guess == gave:
        return "exact"
    way = "too high" if guess > gave else "too low"
    if guess <= 0 or gave <= 0:
        return way
    ratio = max(guess / gave, gave / guess)
    if ratio <= 1.1:
        return "within 10 %"
    if ratio < 2:
        return f"{100 * abs(guess - gave) / gave:.0f} % {way}"
    return f"{float(f'{ratio:.2g}'):,.12g} times {way}"


def _add(state: State, event: Any) -> None:
    state.reached = max(state.reached, int(lesson_of(event.id)))
    if event.kind == "exercise":
        one = state.exercises.setdefault(event.id, ExerciseState())
        one.outcome, one.passed = event.outcome, one.passed or event.outcome == "pass"
    elif event.kind == "question":
        one = state.questions.setdefault(event.id, QuestionState())
        one.answer, one.right, one.reached = event.answer, event.right, state.reached
        one.measured = event.measured
    else:
        one = state.predictions.setdefault(event.id, PredictionState())
        if event.kind == "reveal":
            one.revealed, one.gave = True, event.gave
            return
        changed = isinstance(one.answer, str) != isinstance(event.answer, str)
        # After the reveal, what was committed before it counts.
        if not one.revealed or one.answer is None or one.late or changed:
            one.answer, one.late = event.answer, one.revealed
    one.attempts += 1
    one.last = event.time


def _date(seconds: Any) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
    except (TypeError, ValueError, OverflowError, OSError):
        return ""
