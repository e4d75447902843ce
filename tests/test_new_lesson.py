"""A lesson is there once its own files are: its notebook, its exercises and its bank; no list names it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from lessons_lib.cli import environment, working_copy

ROOT = Path(__file__).parents[1]
EXERCISES = ("l12_one", "l12_two", "l12_three", "l12_four")
LOOK = """
import json
from lessons_lib.exercises import exercise
from lessons_lib.quiz import quiz, bank
from lessons_lib.record import catalogue, dashboard

def look_up(table, hour):
    return table.get(hour)

lesson = catalogue.lessons()[-1]
dashboard()
quiz("12")
print(json.dumps({
    "lesson": [lesson.number, lesson.notebook],
    "cards": [card.id for card in catalogue.exercise_cards() if card.lesson == "12"],
    "asked": len(bank.load("12")),
    "used": [exercise(card).use() is look_up for card in %r],
}))
"""


@pytest.fixture
def course(tmp_path):
    """A copy of the course with the files of a new lesson in it, and nothing else changed."""
    shutil.copytree(
        ROOT / "lessons_lib",
        tmp_path / "lessons_lib",
        ignore=shutil.ignore_patterns("__pycache__", "data"),
    )
    shutil.copytree(ROOT / "lessons_lib" / "data", tmp_path / "lessons_lib" / "data")
    (tmp_path / "notebooks").mkdir()
    cells = [nbformat.v4.new_markdown_cell("# A new lesson")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "notebooks" / "12_new.ipynb")
    exercises = tmp_path / "lessons_lib" / "exercises"
    for name in EXERCISES:
        shutil.copy(exercises / "l00_look_up.py", exercises / f"{name}.py")
    banks = tmp_path / "lessons_lib" / "quiz" / "questions"
    text = (banks / "00.yaml").read_text(encoding="utf-8")
    text = text.replace('lesson: "00"', 'lesson: "12"').replace("id: l00", "id: l12")
    (banks / "12.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_new_lesson_with_four_exercises_needs_its_own_files_only(course):
    code = f"import sys; sys.path.insert(0, {str(course)!r})\n" + LOOK % (EXERCISES,)
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        cwd=course,
        env={**environment.settings(), "LESSONS_PROGRESS": str(course / "progress.jsonl")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["lesson"] == ["12", "12_new"]
    assert sorted(found["cards"]) == sorted(EXERCISES)
    assert found["asked"] > 5
    assert found["used"] == [True] * 4


def test_its_working_copy_is_made_and_can_be_reset(course):
    copies, updated = working_copy.bring(course)
    assert (sorted(os.listdir(copies)), updated) == ([working_copy.RECORD, "12_new.ipynb"], [])
    assert working_copy.reset("12", course)[1] is not None
