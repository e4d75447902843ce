"""Exercise: answer from a table, with the age of what it says (lesson 01)."""

from lessons_lib.answer import Answer, VirtualClock
from lessons_lib.exercises.probes import MISS, an_answer, answered, expect, flight

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
    "value": "For a key of the table `answer` gave the value {got}; the table holds {wanted}.",
    "source": "The answer says that it comes from {got}. It was looked up: its source is 'table'.",
    "stuck": "The table was filled at {as_of:g} s and asked at {now:g} s, so its answer is "
    "{wanted:g} s old; yours says {got}. Take the time now, `self.clock()`, less `self.as_of`.",
    "guess": "A key that is not in the table got {got}. Leave the lines for a miss as they were: no "
    "value, the source 'default', no age.",
}
TABLES = ({"UA EWR IAH 05": 0.25, "B6 JFK MCO 17": 0.0}, {"AA LGA ORD 09": 0.1803398874989485})
AS_OF = 1000.0


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
    clock = VirtualClock(4600.0)
    for table in TABLES:
        predictor = candidate(dict(table), AS_OF, clock)
        for key, value in table.items():
            clock.sleep(1800)
            wanted, now = Answer(value, "table", clock() - AS_OF), clock()
            answered(predictor.answer(flight(key)), wanted, age="stuck", as_of=AS_OF, now=now)
        missed = an_answer(predictor.answer(flight("ZZ EWR IAH 05")))
        expect(missed, MISS, "guess", got=tuple(missed))
