"""The dashboard: a table of the lessons with what is done, and the questions due again.

It must not change anything.
"""

from html import escape
from typing import NamedTuple

from lessons_lib.record import catalogue, page, progress
from lessons_lib.record.catalogue import Lesson
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
    closing = "No question is due again."
    if due:
        closing = 'Due again, to be answered with `quiz("due")`:'
    cells, body = [_cells(row) for row in lines], []
    for row, (title, *rest) in zip(lines, cells, strict=True):
        file = row.lesson.notebook
        name = f'<a href="{file}.ipynb">{escape(title)}</a>' if file else escape(title)
        body.append((name, *map(page.inline, rest)))
    items = "".join(f"<li>{page.inline(text)}</li>" for text in due)
    markup = f"<p>{page.inline(closing)}</p>{f'<ul>{items}</ul>' if due else ''}"
    plain = ["Your progress", *map(" | ".join, [_HEAD, *cells]), closing]
    page.show(
        "\n".join([*plain, *(f"- {text}" for text in due)]),
        f'<div lang="en" dir="ltr">{page.table("Your progress", _HEAD, body)}{markup}</div>',
    )


def rows(state: State) -> list[Row]:
    """One row for each lesson that stands."""
    cards, again, found = catalogue.exercise_cards(), state.due(), []
    passed = {name for name, one in state.exercises.items() if one.passed}
    answered = {name for name, one in state.questions.items() if one.right}
    for lesson in catalogue.lessons():
        mine = [card for card in cards if card.lesson == lesson.number]
        left = [card for card in mine if card.id not in passed]
        asked = catalogue.asked(lesson.number)
        following = left[0].title if left else ""
        if left and left[0].minutes:
            following += f" ({left[0].minutes} min)"
        exercises = len(mine) - len(left), len(mine)
        questions = len(answered & asked.keys()), len(asked)
        due = [asked[name] for name in again if name in asked]
        found.append(Row(lesson, exercises, following, questions, due))
    return found


def _cells(row: Row) -> tuple[str, str, str, str]:
    exercises = _of(row.exercises, "passed") + (f", next: {row.following}" if row.following else "")
    title = f"{row.lesson.number} {row.lesson.title}"
    return title, exercises, _of(row.questions, "right"), str(len(row.due) or "none")


def _of(count: tuple[int, int], done: str) -> str:
    return f"{count[0]} of {count[1]} {done}" if count[1] else "none"
