"""Lesson 00 in a real browser: all of it runs and can be read."""

from visit import visit


def test_the_whole_lesson(desk):
    visit(desk, "00_start_here")
