"""The learner's copy is made when absent, never overwritten, and an update is offered."""

import json
import os

import nbformat
import pytest

from lessons_lib.cli import working_copy
from lessons_lib.cli.environment import Problem


@pytest.fixture
def course(tmp_path):
    (tmp_path / "notebooks").mkdir()
    for name in ("00_start_here", "02_ahead_of_time"):
        (tmp_path / "notebooks" / f"{name}.ipynb").write_text(f'{{"original": "{name}"}}')
    return tmp_path


def test_copy_is_made_and_a_second_start_changes_nothing(course):
    assert working_copy.bring(course)[1] == []
    mine = course / "my_course" / "02_ahead_of_time.ipynb"
    mine.write_text("my answers")
    assert working_copy.bring(course)[1] == []
    assert mine.read_text() == "my answers"


def test_updated_lesson_is_offered_not_forced(course):
    working_copy.bring(course)
    mine = course / "my_course" / "02_ahead_of_time.ipynb"
    mine.write_text("my answers")
    (course / "notebooks" / "02_ahead_of_time.ipynb").write_text("second edition")
    assert working_copy.bring(course)[1] == ["02"]
    assert mine.read_text() == "my answers"


def test_lesson_added_later_is_copied(course):
    working_copy.bring(course)
    (course / "notebooks" / "03_on_demand.ipynb").write_text("new")
    working_copy.bring(course)
    assert (course / "my_course" / "03_on_demand.ipynb").read_text() == "new"


@pytest.mark.parametrize("lesson", ["02", "2", "02_ahead_of_time.ipynb"])
def test_reset_restores_and_keeps_every_old_file(course, lesson):
    working_copy.bring(course)
    mine = course / "my_course" / "02_ahead_of_time.ipynb"
    mine.write_text("first try")
    _, kept = working_copy.reset(lesson, course)
    assert kept.read_text() == "first try"
    mine.write_text("second try")
    fresh, kept_again = working_copy.reset(lesson, course)
    assert (kept.read_text(), kept_again.read_text()) == ("first try", "second try")
    assert fresh.read_text() == (course / "notebooks" / "02_ahead_of_time.ipynb").read_text()
    assert working_copy.bring(course)[1] == [], "a fresh copy is up to date"


def test_reset_of_an_unknown_lesson_names_the_known_ones(course):
    with pytest.raises(Problem, match=r"'99'.*00, 02"):
        working_copy.reset("99", course)


def test_unreadable_record_loses_nothing(course):
    working_copy.bring(course)
    mine = course / "my_course" / "02_ahead_of_time.ipynb"
    mine.write_text("my answers")
    (course / "my_course" / working_copy.RECORD).write_text("[half a rec")
    working_copy.bring(course)
    assert mine.read_text() == "my answers"
    assert json.loads((course / "my_course" / working_copy.RECORD).read_text()) is not None


def notebook(text, **more):
    """A notebook with one run cell, as text."""
    run = {
        "cell_type": "code",
        "execution_count": 7,
        "id": "a",
        "metadata": {"tags": ["é"]},
        "outputs": [{"output_type": "stream", "name": "stdout", "text": ["36.8 %\n"]}],
        "source": ["evening.reveal()"],
        **more,
    }
    words = {"cell_type": "markdown", "id": "b", "metadata": {}, "source": [text]}
    return json.dumps({"cells": [words, run], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def test_the_copy_starts_without_outputs_and_is_else_the_original(course):
    original = course / "notebooks" / "00_start_here.ipynb"
    original.write_text(notebook("words"), encoding="utf-8")
    working_copy.bring(course)
    copy = json.loads((course / "my_course" / original.name).read_text(encoding="utf-8"))
    wanted = json.loads(original.read_text(encoding="utf-8"))
    wanted["cells"][1].update(outputs=[], execution_count=None)
    assert copy == wanted
    assert "36.8" in original.read_text(encoding="utf-8"), "the tracked one keeps what it shows"


def test_a_fresh_copy_starts_without_outputs_too(course):
    original = course / "notebooks" / "00_start_here.ipynb"
    original.write_text(notebook("words"), encoding="utf-8")
    fresh, _ = working_copy.reset("00", course)
    assert "36.8" not in fresh.read_text(encoding="utf-8")


def test_outputs_stored_anew_are_no_update_and_a_changed_copy_is_left_alone(course):
    original = course / "notebooks" / "00_start_here.ipynb"
    original.write_text(notebook("words"), encoding="utf-8")
    working_copy.bring(course)
    mine = course / "my_course" / original.name
    mine.write_text(notebook("my words"), encoding="utf-8")
    original.write_text(notebook("words", outputs=[], execution_count=9), encoding="utf-8")
    assert working_copy.bring(course)[1] == []
    original.write_text(notebook("other words"), encoding="utf-8")
    assert working_copy.bring(course)[1] == ["00"]
    assert mine.read_text(encoding="utf-8") == notebook("my words"), "outputs and all"


def test_every_lesson_can_be_opened_blank():
    for original in working_copy.originals(working_copy.ROOT):
        copy = nbformat.reads(working_copy.blank(original).decode("utf-8"), as_version=4)
        nbformat.validate(copy)
        cells = [cell for cell in copy.cells if cell.cell_type == "code"]
        assert cells
        assert not any(cell.outputs or cell.execution_count for cell in cells)
        whole = nbformat.read(original, as_version=4)
        assert [cell.source for cell in copy.cells] == [cell.source for cell in whole.cells]
        assert copy.metadata == whole.metadata


def test_binder_makes_the_working_copy_that_its_badge_opens():
    script = working_copy.ROOT / "postBuild"
    assert os.name == "nt" or os.access(script, os.X_OK)
    assert "from lessons_lib.cli import working_copy; working_copy.bring()" in script.read_text()
