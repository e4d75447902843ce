"""Which lessons there are, and which exercises and question banks belong to them.

Used by the exercises, the quizzes and the dashboard. It reads file names and constants only: no
exercise is imported here, so the start page stays quick. It must not know what a learner has done.
"""

import ast
from pathlib import Path
from typing import NamedTuple

PACKAGE = Path(__file__).parents[1]
NOTEBOOKS = PACKAGE.parent / "notebooks"


class Lesson(NamedTuple):
    """One lesson: its two-digit number, its notebook without the ending, and its title."""

    number: str
    notebook: str
    title: str


class ExerciseCard(NamedTuple):
    """What can be said about an exercise without importing it; `minutes` is None if not given."""

    id: str
    lesson: str
    title: str
    minutes: int | None


LESSONS = (
    Lesson("00", "00_start_here", "Start here"),
    Lesson("01", "01_one_hour_or_two_milliseconds", "One hour or two milliseconds"),
    Lesson("02", "02_ahead_of_time", "Ahead of time"),
    Lesson("03", "03_on_demand", "On demand"),
    Lesson("04", "04_why_more_servers_do_not_help", "Why more servers do not help"),
    Lesson("05", "05_the_long_tail", "The long tail"),
    Lesson("06", "06_how_stale_is_stale", "How stale is stale"),
    Lesson("07", "07_what_does_it_cost", "What does it cost"),
    Lesson("08", "08_fire_alarms", "Fire alarms"),
    Lesson("09", "09_hybrid_under_attack", "Hybrid under attack"),
    Lesson("10", "10_beyond_one_machine", "Beyond one machine"),
    Lesson("11", "11_capstone", "Capstone"),
)


def lessons() -> list[Lesson]:
    """The lessons that stand: those with a notebook, a question bank or an exercise."""
    numbers = set(bank_files()) | {card.lesson for card in exercise_cards()}
    return [
        lesson
        for lesson in LESSONS
        if lesson.number in numbers or (NOTEBOOKS / f"{lesson.notebook}.ipynb").exists()
    ]


def bank_files() -> dict[str, Path]:
    """The question bank of each lesson that has one, by lesson number."""
    return {
        path.stem: path for path in sorted((PACKAGE / "quiz" / "questions").glob("[0-9][0-9].yaml"))
    }


def exercise_cards() -> list[ExerciseCard]:
    """The card of each exercise, in the order of its lesson and of its `ORDER` within it."""
    cards = []
    for path in sorted((PACKAGE / "exercises").glob("l[0-9][0-9]_*.py")):
        constants = _constants(path)
        card = ExerciseCard(
            path.stem,
            lesson_of(path.stem),
            constants.get("TITLE", path.stem),
            constants.get("MINUTES"),
        )
        cards.append((card.lesson, constants.get("ORDER", 0), card.id, card))
    return [entry[-1] for entry in sorted(cards)]


def lesson_of(name: str) -> str:
    """The lesson number in the id of an exercise, a question or a prediction.

    Examples
    --------
    >>> lesson_of("l02_keys"), lesson_of("l01-p1")
    ('02', '01')
    """
    number = name[1:3]
    if name[:1] != "l" or not number.isdigit() or name[3:4] not in {"_", "-"}:
        raise ValueError(f"{name!r} names no lesson: an id starts like l02_ or l02-.")
    return number


def _constants(path: Path) -> dict:
    """The constants assigned at the top level of a Python file."""
    found = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found[target.id] = node.value.value
    return found
