"""The dashboard: a table of the lessons with what is done, and the questions due again.

It must not change anything.
"""

from html import escape
from typing import NamedTuple

from lessons_lib.record import catalogue, page, progress
from lessons_lib.record.catalogue import ExerciseCard, Lesson
from lessons_lib.record.state import State

_HEAD = ("Lesson", "Exercises", "Questions", "Due again")


class Row(NamedTuple):
    """One lesson of the dashboard; counts are done and total, `due` the texts of its questions."""

    lesson: Lesson
    exercises: tuple[int, int]
    following: str
    questions: tuple[int, int]
    due: list[str]


def dashboard() -> None:
    """Show the lessons with the exercises passed, the questions answered right and those due."""
    lines = rows(progress.current().state())
    due = [f"{row.lesson.title}: {text}" for row in lines for text in row.due]
    closing = (
        'Due again, to be answered with `quiz("due")`:' if due else "No question is due again."
    )
    plain = ["Your progress", " | ".join(_HEAD), *(" | ".join(_cells(row)) for row in lines)]
    items = "".join(f"<li>{page.inline(text)}</li>" for text in due)
    markup = f"{_table(lines)}<p>{page.inline(closing)}</p>{f'<ul>{items}</ul>' if due else ''}"
    text = "\n".join([*plain, closing, *(f"- {text}" for text in due)])
    page.show(text, f'<div lang="en" dir="ltr">{markup}</div>')


def rows(state: State) -> list[Row]:
    """One row for each lesson that stands."""
    cards, again, found = catalogue.exercise_cards(), state.due(), []
    for lesson in catalogue.lessons():
        mine = [card for card in cards if card.lesson == lesson.number]
        left = [card for card in mine if not _passed(state, card)]
        asked = catalogue.asked(lesson.number)
        right = [name for name in asked if name in state.questions and state.questions[name].right]
        found.append(
            Row(
                lesson,
                (len(mine) - len(left), len(mine)),
                _named(left[0]) if left else "",
                (len(right), len(asked)),
                [asked[name] for name in again if name in asked],
            )
        )
    return found


def _passed(state: State, card: ExerciseCard) -> bool:
    return card.id in state.exercises and state.exercises[card.id].passed


def _named(card: ExerciseCard) -> str:
    return card.title + (f" ({card.minutes} min)" if card.minutes else "")


def _cells(row: Row) -> tuple[str, str, str, str]:
    exercises = _of(row.exercises, "passed") + (f", next: {row.following}" if row.following else "")
    title = f"{row.lesson.number} {row.lesson.title}"
    return title, exercises, _of(row.questions, "right"), str(len(row.due) or "none")


def _of(count: tuple[int, int], done: str) -> str:
    return f"{count[0]} of {count[1]} {done}" if count[1] else "none"


def _table(lines: list[Row]) -> str:
    body = []
    for row in lines:
        title, *cells = _cells(row)
        name = escape(title)
        if row.lesson.notebook:
            name = f'<a href="{row.lesson.notebook}.ipynb">{name}</a>'
        body.append((name, *map(page.inline, cells)))
    return page.table("Your progress", _HEAD, body)
