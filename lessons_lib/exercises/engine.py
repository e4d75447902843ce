"""Exercises that check themselves: ``exercise(id)`` with ``check``, ``help`` and ``use``.

It must not know any particular exercise.

Writing an exercise
-------------------
1. A module ``lessons_lib/exercises/l02_keys.py`` (lesson number, underscore, a word)::

       \"\"\"Exercise: list every key that the table must hold (lesson 02).\"\"\"

       from lessons_lib.exercises.probes import call, fail

       NAME = "distinct_keys"            # the object's name in the notebook, and below
       TITLE = "List the keys"
       MINUTES = 5                       # optional, as are ORDER within the lesson, and SECONDS,
       HINTS = ["Keys repeat. …"]        # the time limit of the check
       FAILURES = {"repeats": "The list has {found:,} entries for {wanted:,} keys."}

       def distinct_keys(board):         # the solution that learners see
           return sorted(board["key"].unique())

       def check(candidate):             # returns for a right object, fails for a wrong one
           keys = call(candidate, small_board())
           if len(keys) != 2:
               fail("repeats", found=len(keys), wanted=2)

   `probes` has the tools. Ask for several results, with many digits, zero, and sizes that are no
   multiple; of other inputs for the same key, so that what is kept between calls shows; let what
   the code calls break down. The whole check is run twice. An answer that calls the solution, or
   the functions and classes in ``TAUGHT``, a tuple that is optional, does not pass as one's own.
2. Its stub, in the notebook only, in a cell tagged ``exercise:l02_keys``. It raises inside the
   function, naming the step: ``raise NotImplementedError("step 1: collect the keys")``. The next
   cell has ``ex = exercise("l02_keys")``, ``ex.check()``, ``ex.help()`` and ``keys_of = ex.use()``.
3. ``tests/exercises/wrong/l02_keys.py`` with three wrong answers or more, one for each failure:
   ``WRONG = [(what is wrong, object or source, code, part of the message), …]``.

The tests prove that the stub is "not started", that the solution passes, also when pasted below the
imports, constants and solutions of its notebook, and that each wrong answer gets its message.
"""

import ast
import contextlib
import importlib
import inspect
import os
import re
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from types import ModuleType
from typing import Any

from lessons_lib.exercises.own import borrowed, is_own
from lessons_lib.exercises.probes import COMMON, Failed, fail, python_value, show, tidy
from lessons_lib.exercises.sandbox import run_bounded
from lessons_lib.record import catalogue, page, progress

TIME_LIMIT = 20.0
"""Seconds a check may take unless its exercise gives ``SECONDS``."""

VERDICTS = {
    "pass": "Passed.",
    "fail": "Not yet.",
    "todo": "Not started:",
    "error": "Your code raised an error.",
    "timeout": "Stopped.",
}
_PRINTED_LINES = 10


@dataclass(frozen=True, repr=False)
class Outcome:
    """What a check found.

    The code of a failure is its key in ``FAILURES`` or `probes.COMMON`, that of an error the name of
    the exception, and ``missing`` says that there is no object; else it is the kind.
    """

    kind: str  # one of VERDICTS
    code: str
    message: str
    printed: str = ""  # the first lines that the learner's code printed

    @property
    def passed(self) -> bool:
        return self.kind == "pass"

    def __repr__(self) -> str:
        return f"{VERDICTS[self.kind]} {self.message}"

    def _ipython_display_(self) -> None:
        """Nothing: `check` has shown it already."""


def exercise(name: str) -> "Exercise":
    """The exercise with this id, such as ``"l02_keys"``; a ValueError names the nearest ones."""
    known = [card.id for card in catalogue.exercise_cards()]
    if name not in known:
        near = ", ".join(get_close_matches(name, known, 3, 0.4) or known) or "none yet"
        raise ValueError(f"There is no exercise {name!r}. Try one of: {near}.")
    with _without_the_folder():
        return Exercise(name, importlib.import_module(f"lessons_lib.exercises.{name}"))


class Exercise:
    """One exercise: its id, and the module with its check and its solution."""

    def __init__(self, name: str, module: ModuleType):
        self.name, self.module = name, module
        self.reference = getattr(module, module.NAME)
        self._out_of_time: list[tuple[Any, Outcome]] = []

    def __repr__(self) -> str:
        minutes = getattr(self.module, "MINUTES", None)
        about = f" (about {minutes} minutes)" if minutes else ""
        return f"Exercise {self.name}: {self.module.TITLE}{about}"

    def check(self, candidate: Any = None) -> Outcome:
        """Check an object, by default the learner's, and say what came out. Never raises."""
        broken = _unreadable(self.module.NAME) if candidate is None else None
        outcome = broken or self._outcome(self._mine() if candidate is None else candidate)
        text, more = repr(outcome), ""
        if outcome.printed:
            text += f"\nYour code printed:\n{outcome.printed}"
            more = page.disclosure("What your code printed", page.code(outcome.printed))
        style = {"pass": "good", "todo": "plain"}.get(outcome.kind, "bad")
        markup = page.box(VERDICTS[outcome.kind], outcome.message, style=style, more=more)
        with contextlib.suppress(Exception):  # whatever the learner's code may have patched
            if outcome.kind != "todo":
                fields = {"outcome": outcome.kind, "code": outcome.code}
                progress.current().record("exercise", self.name, **fields)
            page.show(text, markup)
        return outcome

    def help(self) -> None:
        """Show the hints one by one and then the solution, each in a part that opens by hand."""
        hints = self.module.HINTS
        numbered = [(f"Hint {i} of {len(hints)}", hint) for i, hint in enumerate(hints, 1)]
        parts = [page.disclosure(title, page.inline(hint)) for title, hint in numbered]
        parts.append(page.disclosure("A solution", page.code(self.solution())))
        text = "\n".join(f"{title}: {hint}" for title, hint in numbered)
        where = f"lessons_lib/exercises/{self.name}.py"
        page.show(f"{text}\nA solution stands in {where}.", "".join(parts))

    def use(self) -> Any:
        """The learner's object if it passes, else the reference; one line says which."""
        name, found = self.module.NAME, self._mine()
        text = f"From here on your own `{name}` is used: it passes."
        if _unreadable(name) or not self._outcome(found).passed:
            found = self.reference
            text = f"From here on the course's own `{name}` is used, until yours passes."
        page.show(text, page.box("", text))
        return found

    def solution(self) -> str:
        """The source text of the reference solution."""
        return inspect.getsource(self.reference).rstrip()

    def _mine(self) -> Any:
        """The learner's object, or None; the reference under its name does not count."""
        found = _namespace().get(self.module.NAME)
        return None if found is self.reference else found

    def _outcome(self, candidate: Any) -> Outcome:
        """The outcome of two checks: what is kept between calls shows the second time."""
        if candidate is None:
            text = f"there is no `{self.module.NAME}` here yet. Run the cell that defines it."
            return Outcome("todo", "missing", text)
        for known, outcome in self._out_of_time:
            if known is candidate:
                return outcome
        outcome = self._run(candidate)
        if outcome.passed:
            again = self._run(candidate)
            if not again.passed:
                text = f"It passed once and not a second time. {again.message}"
                outcome = replace(again, message=text, printed=outcome.printed)
        if outcome.code == "timeout":  # the same object is not waited for twice
            self._out_of_time.append((candidate, outcome))
        return outcome

    def _run(self, candidate: Any) -> Outcome:
        """The outcome of one check, with what was printed."""
        seconds = getattr(self.module, "SECONDS", TIME_LIMIT)

        def task() -> None:
            if inspect.isclass(self.reference) and not inspect.isclass(candidate):
                fail("not_a_class", got=candidate)
            if not callable(candidate):
                fail("not_callable", got=candidate)
            if inspect.iscoroutinefunction(candidate):
                fail("coroutine")
            self.module.check(candidate)
            parts = (self.reference, *getattr(self.module, "TAUGHT", ()))
            lent = candidate is not self.reference and borrowed(candidate, self.name, parts)
            if lent:
                fail("borrowed", found=lent.__name__)

        try:
            run = run_bounded(task, self._explain, seconds)
        except Exception as error:
            text = f"The check itself did not run ({type(error).__name__}). Restart the kernel."
            return Outcome("error", "frame", text)
        left = " It still runs: restart the kernel to end it." if run.alive else ""
        text = f"The check took longer than {seconds:g} s. Look for a loop or a wait without end."
        exits = "It ended the check itself. Look for calls that exit."
        outcome = {
            "done": run.value,
            "lost": Outcome("error", "lost", exits),
            "timeout": Outcome("timeout", "timeout", f"{text}{left}"),
            "interrupted": Outcome("timeout", "interrupted", f"You interrupted the check.{left}"),
        }[run.end]
        return replace(outcome, printed=_first_lines(run.printed))

    def _explain(self, error: BaseException | None) -> Outcome:
        """The outcome in words of a check that raised this, or nothing."""
        if error is None:
            return Outcome("pass", "pass", f"The exercise “{self.module.TITLE}” is done.")
        if isinstance(error, Failed):
            template = {**COMMON, **self.module.FAILURES}[error.code]
            values = {name: _plain(name, value) for name, value in error.values.items()}
            text = template.format(**{"name": self.module.NAME, **values})
            return Outcome("fail", error.code, text)
        step = self._unwritten_step(error)
        if step is not None:
            return Outcome("todo", "todo", step)
        kind, frames = type(error).__name__, self._own_frames(error)
        what = tidy(f"{kind}: {_words(error)}".removesuffix(": "), 240)
        if not frames:
            form = f"{self.module.NAME}{inspect.signature(self.reference)}"
            text = f"The check could not work with `{self.module.NAME}`: {what}. Expected form: "
            return Outcome("error", kind, f"{text}`{form}`.")
        source = tidy(frames[-1].line or "", 100)
        where = f", in line {frames[-1].lineno} of your cell" + (f": `{source}`" if source else "")
        return Outcome("error", kind, f"{what}{where}")

    def _unwritten_step(self, error: BaseException | None) -> str | None:
        """The text of a ``NotImplementedError`` that stands in the learner's own code, or None."""
        seen: set[int] = set()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            frames, own = traceback.extract_tb(error.__traceback__), self._own_frames(error)
            if isinstance(error, NotImplementedError) and own and own[-1] == frames[-1]:
                return tidy(_words(error), 200) or "this function has no code yet"
            error = error.__cause__ or error.__context__
        return None

    def _own_frames(self, error: BaseException) -> list[traceback.FrameSummary]:
        """The frames of notebook cells, and neither of the course's nor of a library's files."""
        frames = traceback.extract_tb(error.__traceback__, limit=-200)
        return [f for f in frames if is_own(f.filename) and f.filename != self.module.__file__]


class _Text(str):
    """A text that may stand where a message formats a number."""

    def __format__(self, spec: str) -> str:
        return str(self)


def _plain(name: str, value: Any) -> Any:
    """A value as a message formats it: numbers and texts as they are, else a short text."""
    value = python_value(value)
    if type(value) in (int, float, bool):
        return value
    return _Text(tidy(value, 120) if type(value) is str and name != "got" else show(value))


def _words(error: BaseException) -> str:
    try:
        return str(error).strip()
    except BaseException:  # the exception may be of a class of the learner's
        return ""


def _first_lines(printed: str) -> str:
    lines = printed.rstrip().splitlines()
    shown = [line[:200] for line in lines[:_PRINTED_LINES]]
    if len(lines) > len(shown):
        shown.append(f"... and {len(lines) - len(shown):,} more lines")
    return "\n".join(shown)


def _namespace() -> dict[str, Any]:
    """The notebook's own names, or those of the running script."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell.user_ns if shell is not None else vars(sys.modules["__main__"])


def _unreadable(name: str) -> Outcome | None:
    """The outcome if the last cell that was to define `name` is no Python, or None.

    Such a cell defines nothing, and what an earlier one has defined would be judged in its place.
    """
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    for cell in reversed(list(_namespace().get("In", ()))):
        if re.search(rf"^\s*(async\s+)?[a-z]+\s+{name}\b\s*($|[(:\[])", str(cell), re.MULTILINE):
            try:
                compile(cell, "<cell>", "exec", flags, True)
            except SyntaxError as error:
                line = f", in line {error.lineno} of that cell: `{tidy((error.text or '').strip(), 100)}`"
                text = (
                    f"The last cell that defines `{name}` is not Python yet, so nothing of it was "
                )
                text += f"run: {type(error).__name__}: {error.msg}{line}. Mend it and run it again."
                return Outcome("error", type(error).__name__, text)
            except ValueError:  # a null character
                continue
            return None
    return None


@contextlib.contextmanager
def _without_the_folder() -> Iterator[None]:
    """Import in the block past the notebook's folder: a file there may be called ``calendar.py``."""
    before, here = list(sys.path), {"", "."}
    with contextlib.suppress(OSError):  # the folder may have been deleted
        here.add(os.getcwd())
    sys.path[:] = [entry for entry in before if entry not in here]
    try:
        yield
    finally:
        sys.path[:] = before
