"""Exercise: answer from a table, with the age of what it says (lesson 01)."""

from lessons_lib.answer import Answer, VirtualClock
from lessons_lib.exercises.probes import MISS, an_answer, answered, expect, flight, unchanged

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
    "value": "For a key of its table `answer` gave the value {got}; the table holds {wanted}. Hand on "
    "what it holds, as it is.",
    "kept": "Of two predictors with a table each, one answered {got}, which comes from the other's "
    "table. Read `self.table` at each answer.",
    "zero": "The table holds 0.0 for a key, and `answer` gave {got}. A probability of 0 is an answer "
    "too: ask whether the value is None.",
    "source": "The answer says that it comes from {got}. It was looked up: its source is 'table'.",
    "stuck": "The table was filled at {as_of:g} s and asked at {now:g} s, so its answer is "
    "{wanted:g} s old; yours says {got}. Take the time now, `self.clock()`, less `self.as_of`.",
    "guess": "A key that is not in the table got {got}. Leave the lines for a miss as they were: no "
    "value, the source 'default', and NaN for the age.",
    "changed": "Answering changed the table: it holds {found}, once {before}. A table is only read.",
}
TABLES = (
    {"UA EWR IAH 05": 0.25, "B6 JFK MCO 17": 0.0},
    {"AA LGA ORD 09": 0.1803398874989485, "UA EWR IAH 05": 0.0},
)
FILLED = (1000.0, 0.0)
KEYS = ("UA EWR IAH 05", "ZZ EWR IAH 05", "B6 JFK MCO 17", "AA LGA ORD 09")


class FromTable:
    """Static: the answer was computed ahead of time, at `as_of`."""

    def __init__(self, table, as_of, clock):
        self.table, self.as_of, self.clock = table, as_of, clock

    def answer(self, request):
        value = self.table.get(request.key)
        if value is None:
            return Answer(None, "default", float("nan"))
        return Answer(value, "table", self.clock() - self.as_of)


def check(candidate):
    clock, tables = VirtualClock(4600.0), [dict(table) for table in TABLES]
    made = [candidate(table, as_of, clock) for table, as_of in zip(tables, FILLED, strict=True)]
    for n, key in enumerate((*KEYS, *KEYS)):
        clock.sleep(1800 + n / 7)
        for predictor, table, other in zip(made, tables, TABLES[::-1], strict=True):
            with unchanged(table):
                found = an_answer(predictor.answer(flight(key)))
            ideas = [("kept", other[key])] if key in other else []
            if key not in table:
                expect(found.value, None, "guess", ideas, got=tuple(found))
                expect(found, MISS, "guess", got=tuple(found))
                continue
            as_of, now = FILLED[tables.index(table)], clock()
            ideas += [("zero", None)] if table[key] == 0 else []
            wanted = Answer(table[key], "table", now - as_of)
            answered(found, wanted, ideas=ideas, age="stuck", as_of=as_of, now=now)
