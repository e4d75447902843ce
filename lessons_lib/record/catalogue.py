"""Which lessons there are, and what belongs to each: read from the files that stand in the course.

A lesson is there with its notebook, an exercise or a question bank. No exercise is imported and no
bank is checked here, so the start page stays quick. It must not know what a learner has done.
"""

import ast
import json
import re
from pathlib import Path
from typing import NamedTuple

import yaml

PACKAGE = Path(__file__).parents[1]
NOTEBOOKS = PACKAGE.parent / "notebooks"
_YamlLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Lesson(NamedTuple):
    """One lesson: its two digits, its notebook without the ending ("" if not there), its title."""

    number: str
    notebook: str
    title: str


class ExerciseCard(NamedTuple):
    """What can be said about an exercise without importing it; `minutes` is None if not given."""

    id: str
    lesson: str
    title: str
    minutes: int | None


def lessons() -> list[Lesson]:
    """The lessons in their order; the title is the first heading of the notebook."""
    numbers = {*bank_files(), *(card.lesson for card in exercise_cards())}
    found = {number: Lesson(number, "", f"Lesson {number}") for number in numbers}
    for path in sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb")):
        found[path.stem[:2]] = Lesson(path.stem[:2], path.stem, _heading(path))
    return sorted(found.values())


def bank_files() -> dict[str, Path]:
    """The question bank of each lesson that has one, by lesson number."""
    folder = PACKAGE / "quiz" / "questions"
    return {path.stem: path for path in sorted(folder.glob("[0-9][0-9].yaml"))}


def asked(lesson: str) -> dict[str, str]:
    """The text of each question of a lesson by its id, without the predictions."""
    found = entries(lesson).items()
    return {name: entry["ask"] for name, entry in found if entry["kind"] != "predict"}


def measured(lesson: str) -> set[str]:
    """The ids of the questions whose right answer is the learner's own measurement."""
    return {name for name, one in entries(lesson).items() if one.get("answer") == "measured"}


def entries(lesson: str) -> dict[str, dict]:
    """The entry of each question and prediction in the bank of a lesson, by its id."""
    path = bank_files().get(lesson)
    found = yaml.load(path.read_bytes(), _YamlLoader)["questions"] if path else []
    return {entry["id"]: {**entry, "ask": entry["ask"].strip()} for entry in found}


def exercise_cards() -> list[ExerciseCard]:
    """The card of each exercise, in the order of its lesson and of its `ORDER` within it."""
    cards = []
    for path in (PACKAGE / "exercises").glob("l[0-9][0-9]_*.py"):
        known, lesson = {}, lesson_of(path.stem)
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            match node:
                case ast.Assign([ast.Name(name)], ast.Constant(value)):
                    known[name] = value
        card = ExerciseCard(path.stem, lesson, known.get("TITLE", path.stem), known.get("MINUTES"))
        cards.append((lesson, known.get("ORDER", 0), card))
    return [card for *_, card in sorted(cards)]


def lesson_of(name: str) -> str:
    """The lesson number in the id of an exercise, a question or a prediction.

    Examples
    --------
    >>> lesson_of("l02_keys"), lesson_of("l01-p1")
    ('02', '01')
    """
    match = re.match("l([0-9]{2})[_-]", name)
    if not match:
        raise ValueError(f"{name!r} names no lesson: an id starts like l02_ or l02-.")
    return match[1]


def _heading(notebook: Path) -> str:
    """The first heading of a notebook; its number where a learner's edit left none."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] != "code")
    except (OSError, ValueError, KeyError, TypeError):
        text = ""
    heading = re.search(r"^#+ +(.+)$", text, re.MULTILINE)
    return heading[1].strip() if heading else f"Lesson {notebook.stem[:2]}"
