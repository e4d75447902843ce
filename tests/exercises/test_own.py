"""Whose code an answer is."""

import pytest

from exercises.cases import cases
from lessons_lib.exercises import l00_look_up, l01_fill, l01_static
from lessons_lib.exercises.own import borrowed
from lessons_lib.latency import percentiles

FUNCTION, CLASS = ("l00_look_up", l00_look_up.look_up), ("l01_static", l01_static.FromTable)
IMPORT = "from lessons_lib.exercises import exercise\n"
BY_FUNCTION = {
    "imported inside": "def mine(*args):\n    from lessons_lib.exercises.l00_look_up import look_up\n"
    "    return look_up(*args)",
    "imported outside": "from lessons_lib.exercises.l00_look_up import look_up as theirs\n"
    "def mine(*args): return theirs(*args)",
    "from its package": "def mine(*args):\n    from lessons_lib.exercises import l00_look_up\n"
    "    return l00_look_up.look_up(*args)",
    "the module": "import lessons_lib.exercises.l00_look_up as m\n"
    "def helper(*args): return m.look_up(*args)\ndef mine(*args): return helper(*args)",
    "the exercise": IMPORT + "ex = exercise('l00_look_up')\n"
    "def mine(*args): return ex.reference(*args)",
    "the exercise inside": IMPORT
    + "def mine(*args): return exercise('l00_look_up').reference(*args)",
    "what use gave": IMPORT + "ask = exercise('l00_look_up').use()\n"
    "def mine(*args, ask=ask): return ask(*args)",
    "in a closure": IMPORT + "def make():\n    it = exercise('l00_look_up').use()\n"
    "    return lambda *args: it(*args)\nmine = make()",
    "in a nested function": IMPORT + "ask = exercise('l00_look_up').use()\n"
    "def mine(table, hour):\n    return [ask(table, one) for one in (hour,)][0]",
    "a partial": "from functools import partial\nfrom lessons_lib.exercises import l00_look_up\n"
    "mine = partial(l00_look_up.look_up)",
    "its code": "from types import FunctionType\nfrom lessons_lib.exercises import l00_look_up\n"
    "mine = FunctionType(l00_look_up.look_up.__code__, {})",
}
THEIRS = "from lessons_lib.exercises.l01_static import FromTable as Theirs\n"
BY_CLASS = {
    "a child": THEIRS + "class mine(Theirs): pass",
    "another that is asked": THEIRS + "class mine:\n"
    "    def __init__(self, *args): self.inner = Theirs(*args)\n"
    "    def answer(self, request): return self.inner.answer(request)",
    "a method": THEIRS + "class mine:\n    answer = Theirs.answer",
    "the class of an object": THEIRS + "static = Theirs({}, 0, None)\n"
    "class mine:\n    def __new__(cls, *args): return type(static)(*args)",
}
WAYS = [(FUNCTION, way) for way in BY_FUNCTION] + [(CLASS, way) for way in BY_CLASS]


@pytest.mark.parametrize(("of", "way"), WAYS, ids=[way for _, way in WAYS])
def test_what_rests_on_the_solution_is_found(of, way):
    name, part = of
    names = {}
    exec(compile((BY_FUNCTION | BY_CLASS)[way], "<cell>", "exec"), names)
    assert borrowed(names["mine"], name, (part,)) is part


@pytest.mark.parametrize(
    "source",
    [
        "from lessons_lib import latency\ndef mine(x): return latency.percentiles(x, [99])",
        "from lessons_lib.latency import percentiles as of\ndef mine(x): return of(x, [99])",
    ],
)
def test_a_part_of_the_package_is_found_by_its_name_and_through_its_module(source):
    names = {}
    exec(compile(source, "<cell>", "exec"), names)
    assert borrowed(names["mine"], "l00_none", (FUNCTION[1], percentiles)) is percentiles
    assert borrowed(names["mine"], "l00_none", (FUNCTION[1],)) is None


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_a_pasted_solution_is_ones_own_whatever_else_the_notebook_holds(case):
    mine = case.candidate(case.exercise.solution())
    spaces = vars(mine) if isinstance(mine, type) else {"mine": mine}
    for one in spaces.values():
        if hasattr(one, "__globals__"):
            one.__globals__.update(ex=case.exercise, course=case.exercise.reference, fill=l01_fill)
    assert borrowed(mine, case.id, (case.exercise.reference,)) is None
