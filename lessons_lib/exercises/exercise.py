"""Exercises that check themselves: ``exercise(id)`` with ``check``, ``help`` and ``use``.

Used by every lesson from 01 on. It must not know any particular exercise.

Writing an exercise
-------------------
1. One module ``lessons_lib/exercises/l02_keys.py`` (lesson number, underscore, a word)::

       \"\"\"Exercise: list every key that the table must hold (lesson 02).\"\"\"

       from lessons_lib.exercises.probes import fail, unchanged

       NAME = "distinct_keys"            # the object's name in the notebook
       TITLE = "List the keys"
       MINUTES = 5                       # optional, shown on the start page
       ORDER = 1                         # optional, place within the lesson
       SECONDS = 20                      # optional, time limit of the check
       HINTS = ["Keys repeat. Which method of a Series drops repeats?", "…"]
       FAILURES = {
           "repeats": "The list has {found:,} entries for {wanted:,} keys. Drop the repeats.",
           "changed": "Your function changed the frame it was given. Work on a copy.",
       }

       def distinct_keys(board):
           return sorted(board["key"].unique())

       reference = distinct_keys         # its source is the solution that learners see

       def check(candidate):
           board = small_board()         # made anew: a learner's code may change it
           with unchanged("changed", board):
               keys = candidate(board)
           if len(keys) != 2:
               fail("repeats", found=len(keys), wanted=2)

   `check` returns for a right object and calls `fail` for a wrong one; the probes that help are in
   `lessons_lib.exercises.probes`. An exercise whose reference is neither a function nor a class also
   gives its source as ``SOLUTION``.
2. In the notebook, the stub in a cell tagged ``exercise:l02_keys``. The notebook is the only place
   where it stands. It raises inside the function only, naming the step::

       def distinct_keys(board):
           raise NotImplementedError("step 1: collect the keys of the board")

   then, in cells of their own, ``ex = exercise("l02_keys")`` with ``ex.check()``, ``ex.help()``,
   and ``keys_of = ex.use()`` (any name but ``NAME``).
3. ``tests/exercises/wrong/l02_keys.py`` with at least three wrong answers, so that each failure is
   reached by one: ``WRONG = [(what is wrong, object or source, code, part of the message), …]``.

The tests then prove that the stub is "not started", that the solution passes, also when its source
is pasted into the notebook, and that each wrong answer gets its message. Pasted code sees what the
cells above the stub give it: their imports, their plain constants, the solutions of their exercises.
"""

import contextlib
import importlib
import inspect
import sys
from difflib import get_close_matches
from types import ModuleType
from typing import Any

from lessons_lib.exercises.judge import VERDICTS, Outcome, judge
from lessons_lib.exercises.sandbox import Run, run_bounded
from lessons_lib.record import catalogue, page, progress

TIME_LIMIT = 20.0
"""Seconds a check may take unless its exercise gives ``SECONDS``."""

_STYLES = {"pass": "good", "todo": "plain"}
_PRINTED_LINES = 10


def exercise(name: str) -> "Exercise":
    """The exercise with this id, for example ``exercise("l02_keys")``.

    Raises
    ------
    ValueError
        If there is no such exercise; the message names the nearest ones.
    """
    known = [card.id for card in catalogue.exercise_cards()]
    if name not in known:
        near = ", ".join(get_close_matches(name, known, 3, 0.4) or known) or "none yet"
        raise ValueError(f"There is no exercise {name!r}. Try one of: {near}.")
    return Exercise(name, importlib.import_module(f"lessons_lib.exercises.{name}"))


class Exercise:
    """One exercise; see the module's docstring for what stands behind it.

    Parameters
    ----------
    name : str
        Its id; the two digits in it are the lesson.
    module : module
        Where its check and its solution stand.
    """

    def __init__(self, name: str, module: ModuleType):
        self.name = name
        self.module = module
        self._out_of_time: list[tuple[Any, Outcome]] = []

    def __repr__(self) -> str:
        minutes = getattr(self.module, "MINUTES", None)
        about = f" (about {minutes} minutes)" if minutes else ""
        return f"Exercise {self.name}: {self.module.TITLE}{about}"

    def check(self, candidate: Any = None) -> Outcome:
        """Check the learner's object and say what came out. Never raises.

        Parameters
        ----------
        candidate : object, optional
            What to check; by default the object that has the exercise's name in the notebook.
        """
        outcome = self._outcome(candidate)
        with contextlib.suppress(Exception):  # whatever the learner's code may have patched
            if outcome.kind != "todo":
                fields = {"outcome": outcome.kind, "code": outcome.code}
                progress.current().record("exercise", self.name, **fields)
            page.show(_text(outcome), _markup(outcome))
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
        mine = self._mine()
        outcome = self._outcome(mine)
        name = self.module.NAME
        if outcome.passed:
            text = f"From here on your own `{name}` is used: it passes."
        else:
            text = f"From here on the course's own `{name}` is used, until yours passes."
        page.show(text, page.box("", text))
        return mine if outcome.passed else self.module.reference

    def solution(self) -> str:
        """The source text of the reference solution."""
        given = getattr(self.module, "SOLUTION", None)
        return given or inspect.getsource(self.module.reference).rstrip()

    def _outcome(self, candidate: Any) -> Outcome:
        try:
            return self._judged(self._mine() if candidate is None else candidate)
        except Exception as error:
            text = f"The check itself did not run ({type(error).__name__}). Restart the kernel."
            return Outcome("error", "frame", text)

    def _judged(self, candidate: Any) -> Outcome:
        if candidate is None:
            text = f"there is no `{self.module.NAME}` here yet. Run the cell that defines it."
            return Outcome("todo", "missing", text)
        for known, outcome in self._out_of_time:
            if known is candidate:
                return outcome
        seconds = getattr(self.module, "SECONDS", TIME_LIMIT)
        run = run_bounded(lambda: judge(self.module, candidate), seconds)
        outcome = _after(run, seconds)
        if run.end == "timeout":  # the same object is not waited for twice
            self._out_of_time.append((candidate, outcome))
        return outcome

    def _mine(self) -> Any:
        """The learner's object, or None; the reference under its name does not count."""
        found = _namespace().get(self.module.NAME)
        return None if found is self.module.reference else found


def _text(outcome: Outcome) -> str:
    return repr(outcome) + (f"\nYour code printed:\n{outcome.printed}" if outcome.printed else "")


def _markup(outcome: Outcome) -> str:
    printed = ""
    if outcome.printed:
        printed = page.disclosure("What your code printed", page.code(outcome.printed))
    style = _STYLES.get(outcome.kind, "bad")
    return page.box(VERDICTS[outcome.kind], outcome.message, style=style, more=printed)


def _after(run: Run, seconds: float) -> Outcome:
    """The outcome of a run, with what was printed, or of one that gave none."""
    printed = _first_lines(run.printed)
    if run.end == "done":
        outcome = run.value
        return Outcome(outcome.kind, outcome.code, outcome.message, printed)
    if run.end == "lost":
        return Outcome("error", "lost", "It ended the check itself. Look for calls that exit.")
    left = " It still runs: restart the kernel to end it." if run.alive else ""
    if run.end == "interrupted":
        return Outcome("timeout", "interrupted", f"You interrupted the check.{left}", printed)
    text = f"The check took longer than {seconds:g} s. Look for a loop or a wait without end.{left}"
    return Outcome("timeout", "timeout", text, printed)


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
