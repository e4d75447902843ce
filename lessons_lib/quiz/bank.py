"""Question banks: one YAML file a lesson, read and checked here.

Used by the quiz widget, the dashboard and the tests. It must not know widgets or progress.

Writing questions
-----------------
``lessons_lib/quiz/questions/02.yaml`` holds the lesson and its questions, in the order in which
they are shown. Texts may hold `code` in backticks. Quote a text that holds ``: `` or ``#``. ::

    lesson: "02"
    questions:
      - id: l02-q1                     # l, the lesson, a dash, a word of your choice
        kind: choose
        covers: [F9]                   # the facts that it asks for
        ask: The table holds every key of last year. A client asks for a new key. What comes back?
        options:                       # shown in this order; one is right
          - text: The prediction of the most similar key
            why: A look-up compares keys for equality. It knows no similarity.
          - text: A miss, which the caller must handle
            right: true
            why: Only what was computed ahead of time can be served.
          - text: The model's prediction, only later
            misconception: M16         # the false belief behind it, if it is a known one
            why: A static predictor has no model at hand. A hybrid one would.

      - id: l02-q2
        kind: choose
        several: true                  # any number of options may be right
        covers: [F11, F25]
        ask: Which of these can a gate check before the table is published?
        options:
          - {text: Every key is there once, right: true, why: The keys are known in advance.}
          - {text: All values lie in 0..1, right: true, why: The values are known in advance.}
          - {text: Clients act on the values, why: That shows only once they are served.}

      - id: l02-q3
        kind: number
        covers: [F13]
        ask: A job runs every 24 h and takes 2 h. How old is an answer from its table on average?
        unit: h                        # of the answer; others of the same kind are converted
        answer:                        # the right value is computed, never typed
          call: lessons_lib.theory:mean_age
          with: {interval: 24, job_time: 2}   # its keyword arguments
          # item: p99                  # a key or an attribute of what the call gives
          # times: 1000                # a factor, for example from s to ms
        within: 2 %                    # of the right value, or a plain number in the unit
        why: The inputs are 2 h old when the table is published and 26 h old when it is replaced.
        otherwise: Follow one row from the moment its inputs are read to its last use.
        near:                          # wrong numbers with a reason of their own
          - with: {job_time: 0}        # the same call with other arguments
            why: You left out the time that the job itself takes.
          - value: 26
            why: That is the greatest age. The question asks for the mean.
          - times: 60
            why: That is in minutes. The question asks for hours.

      - id: l02-q4
        kind: number
        covers: [F16]
        ask: How many look-ups did your table serve in a second?
        unit: /s
        answer: measured               # quiz("02", measured={"l02-q4": rate}) gives it
        within: 20 %
        why: It is one second divided by the seconds of one look-up.
        otherwise: Divide 1 s by the median that your cell printed.
        near:
          - {times: 0.001, why: That is the number in a millisecond.}

      - id: l02-p1                     # predict("l02-p1"), not part of the quiz
        kind: predict
        ask: How much longer does one row take than one look-up?
        unit: times                    # or options: [text, text, ...] instead of a unit
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lessons_lib.quiz import strict_yaml
from lessons_lib.record import catalogue


class BankError(ValueError):
    """A bank that breaks a rule; the message names file, question, field and the way out."""


@dataclass(frozen=True)
class Option:
    """One option of a `choose` question; `key` is its letter."""

    key: str
    text: str
    why: str
    right: bool = False
    misconception: str | None = None


@dataclass(frozen=True)
class Call:
    """A library call that gives a number: ``function(**arguments)[item] * times``."""

    function: str
    arguments: dict[str, Any]
    item: str | int | None = None
    times: float = 1.0


@dataclass(frozen=True)
class Near:
    """A wrong number with a reason of its own: a factor, a value, or the call changed."""

    why: str
    times: float | None = None
    value: float | None = None
    arguments: dict[str, Any] | None = None
    misconception: str | None = None


@dataclass(frozen=True)
class Question:
    """One question; which fields are filled depends on `kind`.

    `answer` is a `Call`, or None for a number that the learner measured. `within` is a share of
    the right value if `relative`, else in the unit.
    """

    id: str
    kind: str
    ask: str
    covers: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    several: bool = False
    unit: str = ""
    answer: Call | None = None
    within: float = 0.0
    relative: bool = False
    why: str = ""
    otherwise: str = ""
    near: tuple[Near, ...] = ()

    @property
    def lesson(self) -> str:
        """The number of its lesson."""
        return catalogue.lesson_of(self.id)

    @property
    def right_keys(self) -> frozenset[str]:
        """The letters of the right options."""
        return frozenset(option.key for option in self.options if option.right)

    def public(self) -> dict[str, Any]:
        """What a browser may know: the question and its options, no answer and no reason."""
        options = [{"key": option.key, "text": option.text} for option in self.options]
        return {
            "id": self.id,
            "kind": self.kind,
            "ask": self.ask,
            "options": options,
            "several": self.several,
            "unit": self.unit,
        }


@cache
def load(lesson: str) -> tuple[Question, ...]:
    """The questions of a lesson, in order, predictions included.

    Raises
    ------
    BankError
        If the lesson has no bank, or its bank breaks a rule.
    """
    files = catalogue.bank_files()
    if lesson not in files:
        known = ", ".join(files) or "none yet"
        raise BankError(f"Lesson {lesson!r} has no question bank. Lessons with one: {known}.")
    return load_file(files[lesson])


def load_file(path: Path) -> tuple[Question, ...]:
    """The questions of one file; see `load`."""
    from lessons_lib.quiz.schema import build

    try:
        content = strict_yaml.read(path)
    except strict_yaml.YamlError as error:
        raise BankError(str(error)) from None
    return build(content, path.name, path.stem)


def find(name: str) -> Question:
    """The question with this id; raises `BankError` if there is none."""
    if not re.fullmatch(r"l\d\d-[a-z0-9-]+", name):
        raise BankError(f"{name!r} is no question's id: one looks like l02-q1.")
    questions = load(catalogue.lesson_of(name))
    for question in questions:
        if question.id == name:
            return question
    known = ", ".join(question.id for question in questions)
    raise BankError(f"There is no question {name!r}. This lesson has {known}.")
