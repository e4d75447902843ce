"""The dashboard: a table of the lessons with what is done, and the questions due again.

Used by the start page. It must not change anything.
"""

from html import escape
from typing import NamedTuple

from lessons_lib.quiz import bank
from lessons_lib.record import catalogue, page, progress
from lessons_lib.record.state import State

_HEAD = ("Lesson", "Exercises", "Questions", "Due again")
_CELL = "text-align: left; vertical-align: top; padding: 0.3em 0.9em 0.3em 0"


class Row(NamedTuple):
    """One lesson of the dashboard; counts are done and total."""

    notebook: str
    title: str
    exercises: tuple[int, int]
    following: str
    questions: tuple[int, int]
    due: int


def dashboard() -> None:
    """Show the lessons with the exercises passed, the questions answered right and those due."""
    state = progress.current().state()
    lines = rows(state)
    due = [name for name in state.due() if name in _texts()]
    texts = [f"{_title(name)}: {_texts()[name]}" for name in due]
    closing = (
        'Due again, to be answered with `quiz("due")`:' if due else "No question is due again."
    )
    plain = ["Your progress", " | ".join(_HEAD), *(" | ".join(_cells(row)) for row in lines)]
    plain += [closing, *(f"- {text}" for text in texts)]
    page.show("\n".join(plain), _table(lines) + _list(closing, texts))


def rows(state: State) -> list[Row]:
    """One row for each lesson that stands."""
    found = []
    for lesson in catalogue.lessons():
        cards = [card for card in catalogue.exercise_cards() if card.lesson == lesson.number]
        open_ones = [card for card in cards if not _passed(state, card.id)]
        asked = _asked(lesson.number)
        right = [name for name in asked if name in state.questions and state.questions[name].right]
        due = [name for name in state.due() if name in asked]
        found.append(
            Row(
                lesson.notebook,
                f"{lesson.number} {lesson.title}",
                (len(cards) - len(open_ones), len(cards)),
                _named(open_ones[0]) if open_ones else "",
                (len(right), len(asked)),
                len(due),
            )
        )
    return found


def _cells(row: Row) -> tuple[str, str, str, str]:
    exercises = _of(row.exercises, "passed") + (f", next: {row.following}" if row.following else "")
    return row.title, exercises, _of(row.questions, "right"), str(row.due) if row.due else "none"


def _of(count: tuple[int, int], done: str) -> str:
    return f"{count[0]} of {count[1]} {done}" if count[1] else "none"


def _named(card: catalogue.ExerciseCard) -> str:
    return card.title + (f" ({card.minutes} min)" if card.minutes else "")


def _passed(state: State, name: str) -> bool:
    return name in state.exercises and state.exercises[name].passed


def _asked(lesson: str) -> dict[str, str]:
    """The text of each question of a lesson that counts as answered or not."""
    if lesson not in catalogue.bank_files():
        return {}
    return {one.id: one.ask for one in bank.load(lesson) if one.kind != "predict"}


def _texts() -> dict[str, str]:
    return {name: ask for lesson in catalogue.bank_files() for name, ask in _asked(lesson).items()}


def _title(name: str) -> str:
    titles = {lesson.number: lesson.title for lesson in catalogue.LESSONS}
    return titles.get(catalogue.lesson_of(name), "")


def _table(lines: list[Row]) -> str:
    head = "".join(f'<th scope="col" style="{_CELL}">{name}</th>' for name in _HEAD)
    body = []
    for row in lines:
        title, *cells = _cells(row)
        link = f'<a href="{row.notebook}.ipynb">{escape(title)}</a>'
        data = "".join(f'<td style="{_CELL}">{page.inline(cell)}</td>' for cell in cells)
        body.append(f'<tr><th scope="row" style="{_CELL}">{link}</th>{data}</tr>')
    caption = '<caption style="text-align: left">Your progress</caption>'
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"


def _list(closing: str, texts: list[str]) -> str:
    items = "".join(f"<li>{page.inline(text)}</li>" for text in texts)
    return f"<p>{page.inline(closing)}</p>" + (f"<ul>{items}</ul>" if items else "")
