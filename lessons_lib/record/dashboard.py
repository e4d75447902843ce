"""The dashboard: the lessons with what is done, the predictions, and the questions due again.

It must not change anything.
"""

from html import escape
from typing import NamedTuple

from lessons_lib.record import catalogue, page, progress
from lessons_lib.record.catalogue import Lesson
from lessons_lib.record.state import LETTERS, State, in_unit

_HEAD = ("Lesson", "Exercises", "Questions", "Due again")
_UNBROKEN = "\N{NO-BREAK SPACE}"
_GUESSED = ("Prediction", "You predicted", "The run gave", "How far off")


class Row(NamedTuple):
    """One lesson of the dashboard; counts are done and total, `due` the texts of its questions."""

    lesson: Lesson
    exercises: tuple[int, int]
    following: str
    questions: tuple[int, int]
    due: list[str]


def dashboard() -> None:
    """Show the exercises passed, the questions answered right and those due, and the predictions."""
    state = progress.current().state()
    lines, guessed = rows(state), predictions(state)
    due = [f"{row.lesson.title}: {text}" for row in lines for text in row.due]
    closing = "No question is due again."
    if due:
        closing = 'Due again, to be answered with `quiz("due")`:'
    cells, body = [_cells(row) for row in lines], []
    for row, (title, *rest) in zip(lines, cells, strict=True):
        file = row.lesson.notebook
        name = f'<a href="{file}.ipynb">{escape(title)}</a>' if file else escape(title)
        exercises, questions, again = map(page.inline, rest)
        exercises = exercises.replace(" min)", f"{_UNBROKEN}min)")
        body.append((name, exercises, questions.replace(" ", _UNBROKEN), again))
    items = "".join(f"<li>{page.inline(text)}</li>" for text in due)
    markup = f"<p>{page.inline(closing)}</p>{f'<ul>{items}</ul>' if due else ''}"
    plain = ["Your progress", *map(" | ".join, [_HEAD, *cells]), closing]
    plain += [f"- {text}" for text in due]
    if guessed:
        plain += ["Your predictions", *map(" | ".join, [_GUESSED, *guessed])]
        told = [map(page.inline, row) for row in guessed]
        markup += page.table("Your predictions", _GUESSED, told)
    table = page.table("Your progress", _HEAD, body)
    page.show("\n".join(plain), f'<div lang="en" dir="ltr">{table}{markup}</div>')


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
        # A measured number is asked for again by the measurement that it was judged by.
        known = {name for name, one in state.questions.items() if one.measured is not None}
        lost = catalogue.measured(lesson.number) - known
        due = [asked[name] for name in again if name in asked and name not in lost]
        found.append(Row(lesson, exercises, following, questions, due))
    return found


def predictions(state: State) -> list[tuple[str, str, str, str]]:
    """What was predicted, what the run gave, and how far off that was, in the lessons' order."""
    found = []
    for name, one in sorted(state.predictions.items()):
        entry = catalogue.entries(catalogue.lesson_of(name)).get(name, {})
        if one.answer is not None and entry.get("kind") == "predict":
            answer = _said(one.answer, entry) + (", after the run" if one.late else "")
            gave = "not run yet" if one.gave is None else _said(one.gave, entry)
            found.append((entry["ask"], answer, gave, one.off or "–"))
    return found


def _said(value: float | str, entry: dict) -> str:
    """A number with its unit, or the text of an option."""
    if isinstance(value, str):
        place, options = LETTERS.find(value), entry.get("options", [])
        return options[place] if 0 <= place < len(options) else value
    return in_unit(f"{float(f'{value:.3g}'):,.12g}", entry.get("unit", ""))


def _cells(row: Row) -> tuple[str, str, str, str]:
    exercises = _of(row.exercises, "passed") + (f", next: {row.following}" if row.following else "")
    title = f"{row.lesson.number} {row.lesson.title}"
    return title, exercises, _of(row.questions, "right"), str(len(row.due) or "none")


def _of(count: tuple[int, int], done: str) -> str:
    return f"{count[0]} of {count[1]} {done}" if count[1] else "none"
