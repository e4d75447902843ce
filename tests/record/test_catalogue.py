"""The catalogue: lessons, exercises and banks are found where they stand, in no list kept by hand."""

import json
import re
import subprocess
import sys

import pytest

from lessons_lib.quiz import bank
from lessons_lib.record import catalogue
from lessons_lib.record.catalogue import Lesson, asked, lesson_of, lessons


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of an exercise and a bank, whose folder of notebooks is not there."""
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "l01_first.py").write_text('"""."""\nTITLE = "First"\nORDER = 2\n')
    (tmp_path / "exercises" / "l01_other.py").write_text('"""."""\nMINUTES = 5\nORDER = 1\n')
    (tmp_path / "quiz" / "questions").mkdir(parents=True)
    (tmp_path / "quiz" / "questions" / "03.yaml").write_text("questions: []")
    monkeypatch.setattr(catalogue, "PACKAGE", tmp_path)
    monkeypatch.setattr(catalogue, "NOTEBOOKS", tmp_path / "notebooks")
    return tmp_path


def test_without_notebooks_a_lesson_is_there_with_its_exercises_or_its_bank(course):
    assert lessons() == [Lesson("01", "", "Lesson 01"), Lesson("03", "", "Lesson 03")]


@pytest.mark.parametrize(
    ("content", "title"),
    [
        (json.dumps({"cells": [{"cell_type": "markdown", "source": "## A *title*"}]}), "A *title*"),
        (json.dumps({"cells": [{"cell_type": "code", "source": "# code"}]}), "Lesson 07"),
        (json.dumps({"cells": 5}), "Lesson 07"),
        ("[]", "Lesson 07"),
        ("no JSON", "Lesson 07"),
    ],
)
def test_a_notebook_adds_its_lesson_and_its_heading(course, content, title):
    (course / "notebooks").mkdir()
    (course / "notebooks" / "07_new.ipynb").write_text(content)
    (course / "notebooks" / "scratch.ipynb").write_text(content)
    assert lessons()[-1] == Lesson("07", "07_new", title)
    assert [lesson.number for lesson in lessons()] == ["01", "03", "07"]


def test_exercises_stand_in_their_order_with_what_their_files_say(course):
    cards = catalogue.exercise_cards()
    assert [(card.id, card.title, card.minutes) for card in cards] == [
        ("l01_other", "l01_other", 5),
        ("l01_first", "First", None),
    ]


@pytest.mark.parametrize("lesson", catalogue.bank_files())
def test_it_reads_the_questions_that_the_bank_holds(lesson):
    kept = {one.id: one.ask for one in bank.load(lesson) if one.kind != "predict"}
    assert asked(lesson) == kept


def test_a_lesson_without_a_bank_asks_nothing():
    assert asked("77") == {}


@pytest.mark.parametrize("name", ["", "l2_keys", "l²²_keys", "02_keys", "l02", "l02keys", "L02_x"])
def test_an_id_that_names_no_lesson_is_refused(name):
    with pytest.raises(ValueError, match="names no lesson"):
        lesson_of(name)


def test_the_map_names_each_lesson_as_its_notebook_does():
    start = json.loads((catalogue.NOTEBOOKS / "00_start_here.ipynb").read_text(encoding="utf-8"))
    text = "".join(line for cell in start["cells"] for line in cell["source"])
    mapped = re.findall(r"^\| (\d\d) \| \[(.+?)\]\((.+?)\.ipynb\)", text, re.MULTILINE)
    known = [(lesson.number, lesson.title, lesson.notebook) for lesson in lessons()]
    assert mapped == known[1:]


def test_the_start_page_imports_no_exercise():
    code = (
        "import sys; from lessons_lib.record import dashboard; dashboard(); "
        "assert not [n for n in sys.modules if n.startswith(('lessons_lib.exercises', "
        "'lessons_lib.quiz', 'sklearn', 'pandas'))]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
