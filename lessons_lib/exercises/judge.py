"""Judges a learner's object by an exercise's hidden check, and says in words what came out.

Used by `lessons_lib.exercises.exercise`. Everything the learner's object raises is caught here. It
must not know where the object came from, nor where the outcome is shown.
"""

import inspect
import os
import sysconfig
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from lessons_lib.exercises.probes import Failed, show, tidy
from lessons_lib.exercises.sandbox import restored

KINDS = ("pass", "fail", "todo", "error", "timeout")
VERDICTS = {
    "pass": "Passed.",
    "fail": "Not yet.",
    "todo": "Not started:",
    "error": "Your code raised an error.",
    "timeout": "Stopped.",
}
_NOT_THE_LEARNERS = tuple(
    os.path.normcase(folder)
    for folder in (
        str(Path(__file__).parents[1]),
        *(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")),
    )
)


@dataclass(frozen=True, repr=False)
class Outcome:
    """What a check found.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    code : str
        For a failure the key in the exercise's ``FAILURES`` (or one of the frame's own codes:
        ``missing``, ``not_callable``, ``not_a_class``, ``coroutine``); for an error the name of
        the exception; else the kind.
    message : str
        What to tell the learner.
    printed : str
        What the learner's code printed during the check.
    """

    kind: str
    code: str
    message: str
    printed: str = ""

    @property
    def passed(self) -> bool:
        """Whether the object passed."""
        return self.kind == "pass"

    def __repr__(self) -> str:
        return f"{VERDICTS[self.kind]} {self.message}"

    def _ipython_display_(self) -> None:
        """Nothing: `check` has shown it already."""


def judge(module: ModuleType, candidate: Any) -> Outcome:
    """Check `candidate` by the exercise in `module`; whatever is raised becomes an outcome."""
    try:
        outcome = _wrong_kind(module, candidate)
        if outcome is None:
            with restored():
                module.check(candidate)
            outcome = Outcome("pass", "pass", f"{module.TITLE}.")
    except Failed as failure:
        outcome = Outcome("fail", failure.code, _message(module, failure))
    except BaseException as error:  # whatever the learner's code raises, SystemExit included
        outcome = _explain(module, error)
    return outcome


def _wrong_kind(module: ModuleType, candidate: Any) -> Outcome | None:
    """The outcome for an object that is not even of the kind of the reference solution."""
    name, reference = module.NAME, module.reference
    if inspect.isclass(reference) and not inspect.isclass(candidate):
        text = f"`{name}` should be a class, and it is {show(candidate)}."
        return Outcome("fail", "not_a_class", f"{text} Run the cell that defines it again.")
    if callable(reference) and not callable(candidate):
        text = f"`{name}` should be a function, and it is {show(candidate)}."
        return Outcome("fail", "not_callable", f"{text} Has its result been given the same name?")
    if inspect.iscoroutinefunction(candidate) and not inspect.iscoroutinefunction(reference):
        return Outcome("fail", "coroutine", f"Write `{name}` with `def`, not with `async def`.")
    return None


def _message(module: ModuleType, failure: Failed) -> str:
    template = module.FAILURES[failure.code]
    return template.format(**{name: _plain(value) for name, value in failure.values.items()})


def _plain(value: Any) -> Any:
    """Numbers and strings as they are, so that they can be formatted; else a short text."""
    if type(value).__module__ == "numpy" and getattr(value, "shape", None) == ():
        value = value.item()
    if type(value) in (int, float, bool):
        return value
    return tidy(value, 120) if type(value) is str else show(value)


def _explain(module: ModuleType, error: BaseException) -> Outcome:
    step = _unwritten_step(module, error)
    if step is not None:
        return Outcome("todo", "todo", step)
    kind, frames = type(error).__name__, _learners_frames(module, error)
    what = tidy(f"{kind}: {_text(error)}".removesuffix(": "), 240)
    if frames:
        source = (frames[-1].line or "").strip()
        where = f", in line {frames[-1].lineno} of your cell"
        where += f": `{tidy(source, 100)}`" if source else ""
        return Outcome("error", kind, f"{what}{where}")
    text = f"The check could not work with `{module.NAME}`: {what}. Expected form: "
    return Outcome("error", kind, f"{text}`{_form(module)}`.")


def _unwritten_step(module: ModuleType, error: BaseException) -> str | None:
    """The text of a ``NotImplementedError`` that stands in the learner's own code, or None."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, NotImplementedError):
            frames = traceback.extract_tb(error.__traceback__)
            if frames and _is_learners(module, frames[-1].filename):
                return tidy(_text(error), 200) or "this function has no code yet"
        error = error.__cause__ or error.__context__
    return None


def _learners_frames(module: ModuleType, error: BaseException) -> list[traceback.FrameSummary]:
    frames = traceback.extract_tb(error.__traceback__, limit=-200)
    return [frame for frame in frames if _is_learners(module, frame.filename)]


def _is_learners(module: ModuleType, filename: str) -> bool:
    """Whether a file is a notebook cell, and neither the course's nor a library's."""
    if filename == "<string>" or filename.startswith("<frozen"):
        return False
    others = (*_NOT_THE_LEARNERS, os.path.normcase(module.__file__))
    return not os.path.normcase(filename).startswith(others)


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except BaseException:  # the exception may be a class of the learner's
        return ""


def _form(module: ModuleType) -> str:
    try:
        return f"{module.NAME}{inspect.signature(module.reference)}"
    except (TypeError, ValueError):
        return module.NAME
