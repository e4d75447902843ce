"""The learner's copy is made when absent, never overwritten, and an update is offered."""

import json

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
