"""The count of lines of lesson 00."""

from pathlib import Path

import lessons_lib
from lessons_lib.labs.l00_code import lines_by_folder


def test_every_line_of_the_package_is_counted_once():
    lines = lines_by_folder()
    files = list(Path(lessons_lib.__file__).parent.rglob("*.py"))
    assert lines.sum() == sum(file.read_text(encoding="utf-8").count("\n") for file in files)
    assert {"models", "static", "dynamic", "simulate"} <= set(lines.index)
    assert lines.is_monotonic_decreasing
