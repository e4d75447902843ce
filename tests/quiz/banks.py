"""The banks that the tests go through: the example for authors, and each lesson's."""

import shutil
import tempfile
from pathlib import Path

from lessons_lib.quiz import bank
from lessons_lib.record import catalogue

EXAMPLE = catalogue.PACKAGE / "quiz" / "questions" / "example.yaml"


def example():
    """The bank that authors copy, as that of lesson 02."""
    with tempfile.TemporaryDirectory() as folder:
        return bank.load_file(shutil.copy(EXAMPLE, Path(folder) / "02.yaml"))


def all_banks():
    """Each bank by name; the example goes first, so that the proof is never about nothing."""
    found = {"example": example()}
    for lesson in catalogue.bank_files():
        found[lesson] = bank.load(lesson)
    return found


def parts(question):
    """What stands under a question: its options or its near misses."""
    found = [*getattr(question, "options", []), *getattr(question, "near", [])]
    return [part for part in found if not isinstance(part, str)]


def whys(question):
    """Every explanation of a question: what a browser may not know before it is earned."""
    own = [getattr(question, name, "") for name in ("why", "otherwise")]
    return [text for text in [*own, *(part.why for part in parts(question))] if text]
