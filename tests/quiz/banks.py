"""The banks that the tests go through: the one of the docstring, and each lesson's."""

import textwrap

from lessons_lib.quiz import bank, strict_yaml
from lessons_lib.quiz.schema import build
from lessons_lib.record import catalogue


def example_text():
    """The bank that stands in the docstring of `bank.py`, as authors copy it."""
    text = bank.__doc__
    return textwrap.dedent(text[text.index('    lesson: "02"') :])


def example():
    return build(strict_yaml.parse(example_text(), "02.yaml"), "02.yaml", "02")


def all_banks():
    """Each bank by name; the example goes first, so that the proof is never about nothing."""
    found = {"example": example()}
    for lesson in catalogue.bank_files():
        found[lesson] = bank.load(lesson)
    return found
