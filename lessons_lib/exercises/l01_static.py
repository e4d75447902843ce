"""Exercise: answer from a table, with the age of what it says (lesson 01)."""

import math

from lessons_lib.answer import Answer, VirtualClock
from lessons_lib.exercises.probes import fail, show

NAME = "FromTable"
TITLE = "Answer from the table"
MINUTES = 3
ORDER = 2
HINTS = [
    "`Answer(value, source, age)`: three things. Value and source you have; the source is a word "
    'from `"table"`, `"cache"`, `"model"`, `"default"`.',
    "The age is how long ago the table was filled: the time now less `self.as_of`. The time now is "
    "`self.clock()`.",
    'The line is `return Answer(value, "table", self.clock() - self.as_of)`.',
]
FAILURES = {
    "no_answer": "`answer` should return an `Answer(value, source, age)`; it returned {got}.",
    "value": "For a key of the table `answer` gave the value {got}; the table holds {wanted}.",
    "source": "The answer says that it comes from {got}. It was looked up: its source is 'table'.",
    "stuck": "The table was filled at {as_of:g} s and asked at {now:g} s, so its answer is "
    "{wanted:g} s old; yours says {got}. Take the time now, `self.clock()`, less `self.as_of`.",
    "guess": "A key that is not in the table got {got}. Leave the lines for a miss as they were: no "
    "value, the source 'default', no age.",
}


class FromTable:
    """Static: the answer was computed ahead of time, at `as_of`."""

    def __init__(self, table, as_of, clock):
        self.table, self.as_of, self.clock = table, as_of, clock

    def answer(self, request):
        value = self.table.get(request.key)
        if value is None:
            return Answer(None, "default", float("nan"))
        return Answer(value, "table", self.clock() - self.as_of)


reference = FromTable


def check(candidate):
    table, as_of, clock = (
        {"UA EWR IAH 05": 0.25, "B6 JFK MCO 17": 0.0},
        1000.0,
        VirtualClock(4600.0),
    )
    predictor = candidate(table, as_of, clock)
    for key, wanted in table.items():
        found = _answer(predictor, key)
        if found.value != wanted:
            fail("value", got=show(found.value), wanted=wanted)
        if found.source != "table":
            fail("source", got=show(found.source))
        clock.sleep(1800)
        age, now = _answer(predictor, key).age, clock()
        if not isinstance(age, int | float) or not math.isclose(age, now - as_of):
            fail("stuck", as_of=as_of, now=now, wanted=now - as_of, got=show(age))
    missed = _answer(predictor, "ZZ EWR IAH 05")
    if missed.value is not None or missed.source != "default":
        fail("guess", got=show(tuple(missed)))


def _answer(predictor, key):
    found = predictor.answer(_Request(key))
    if not all(hasattr(found, name) for name in Answer._fields):
        fail("no_answer", got=show(found))
    return found


class _Request:
    def __init__(self, key):
        self.key = key
