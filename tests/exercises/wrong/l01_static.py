"""Wrong answers to "answer from the table"."""

FRAME = """
class FromTable:
    def __init__(self, table, as_of, clock):
        self.table, self.as_of, self.clock = table, as_of, clock

    def answer(self, request):
        value = self.table.get(request.key)
        if value is None:
            return Answer(None, "default", float("nan"))
        return {}
"""

WRONG = [
    ("only the number", FRAME.format("value"), "no_answer", "it returned 0.25"),
    (
        "fresh, since it was looked up just now",
        FRAME.format('Answer(value, "table", 0.0)'),
        "stuck",
        "its answer is 5400 s old; yours says 0.0",
    ),
    (
        "the time of filling in place of the age",
        FRAME.format('Answer(value, "table", self.as_of)'),
        "stuck",
        "yours says 1000.0",
    ),
    (
        "the time now in place of the age",
        FRAME.format('Answer(value, "table", self.clock())'),
        "stuck",
        "yours says 6400.0",
    ),
    (
        "the difference the wrong way round",
        FRAME.format('Answer(value, "table", self.as_of - self.clock())'),
        "stuck",
        "yours says -5400.0",
    ),
    (
        "the clock itself is not called",
        FRAME.format('Answer(value, "table", self.clock)'),
        "stuck",
        "less `self.as_of`",
    ),
    (
        "said to come from the model that made it",
        FRAME.format('Answer(value, "model", self.clock() - self.as_of)'),
        "source",
        "comes from 'model'",
    ),
    (
        "the key in place of the prediction",
        FRAME.format('Answer(request.key, "table", self.clock() - self.as_of)'),
        "value",
        "gave the value 'UA EWR IAH 05'",
    ),
    (
        "a miss gets the mean of the table",
        """
class FromTable:
    def __init__(self, table, as_of, clock):
        self.table, self.as_of, self.clock = table, as_of, clock

    def answer(self, request):
        mean = sum(self.table.values()) / len(self.table)
        return Answer(self.table.get(request.key, mean), "table", self.clock() - self.as_of)
""",
        "guess",
        "got (0.125, 'table'",
    ),
]

LINES = [
    ("value rounded", 'Answer(round(value, 3), "table", self.clock() - self.as_of)', "value", "gave the value 0.18"),
    ("age rounded", 'Answer(value, "table", round(self.clock() - self.as_of))', "stuck", "yours says"),
    ("age to milliseconds", 'Answer(value, "table", round(self.clock() - self.as_of, 3))', "stuck", "yours says"),
    ("whole seconds", 'Answer(value, "table", (self.clock() - self.as_of) // 1)', "stuck", "yours says"),
    ("age in hours", 'Answer(value, "table", (self.clock() - self.as_of) / 3600)', "stuck", "says 1.5"),
    ("age is unknown", 'Answer(value, "table", float("nan"))', "stuck", "yours says nan"),
    ("age as a text", 'Answer(value, "table", f"{self.clock() - self.as_of} s")', "stuck", "says '5400.0 s'"),
    ("value as a text", 'Answer(str(value), "table", self.clock() - self.as_of)', "value", "value '0.25'"),
    ("per cent", 'Answer(100 * value, "table", self.clock() - self.as_of)', "value", "value 25.0"),
    ("source in capitals", 'Answer(value, "Table", self.clock() - self.as_of)', "source", "'Table'"),
    ("source is the table", "Answer(value, self.table, self.clock() - self.as_of)", "source", "was looked up"),
    ("order of the parts", 'Answer("table", value, self.clock() - self.as_of)', "value", "value 'table'"),
    ("a plain tuple", '(value, "table", self.clock() - self.as_of)', "no_answer", "(0.25, 'table', 5400"),
    ("a dict", 'Answer(value, "table", self.clock() - self.as_of)._asdict()', "no_answer", "{'age'"),
    (
        "an object that cannot be unpacked",
        'type("A", (), dict(value=value, source="table", age=self.clock() - self.as_of))()',
        "no_answer",
        "<A object>",
    ),
    ("by the wall clock", 'Answer(value, "table", __import__("time").time() - self.as_of)', "stuck", "says 1"),
    ("no time is not zero", 'Answer(value, "table", self.clock() - (self.as_of or self.clock()))', "stuck", "filled at 0 s"),
]  # fmt: skip
RIGHT_LINE = FRAME.format('Answer(value, "table", self.clock() - self.as_of)')
PARTS = [
    ("zero taken for a miss", "value is None", "not value", "zero", "holds 0.0"),
    ("a miss has an age", 'float("nan")', "self.clock() - self.as_of", "guess", "(None, 'default', 7200.14"),
    ("a miss is 0 s old", 'float("nan")', "0.0", "guess", "got (None, 'default', 0.0)"),
    ("a miss is a zero", "Answer(None, ", "Answer(0.0, ", "guess", "got (0.0, 'default', nan)"),
    ("a miss from the table", '"default"', '"table"', "guess", "got (None, 'table', nan)"),
    ("a miss is None", 'Answer(None, "default", float("nan"))', "None", "no_answer", "returned None"),
    ("a miss is written down", ".get(request.key)", ".setdefault(request.key)", "changed", "'ZZ EWR"),
    ("each entry once", ".get(request.key)", ".pop(request.key, None)", "changed", "A table is only"),
    (
        "the age when it was made",
        "self.clock = table, as_of, clock",
        "self.clock = table, as_of, lambda now=clock(): now",
        "stuck",
        "yours says 3600.0",
    ),
    (
        "one table for all",
        "self.table, self.as_of, self.clock = table, as_of, clock",
        "FromTable.table, self.as_of, self.clock = table, as_of, clock",
        "kept",
        "comes from the other's table",
    ),
    (
        "one moment for all",
        "self.table, self.as_of, self.clock = table, as_of, clock",
        "self.table, FromTable.as_of, self.clock = table, as_of, clock",
        "stuck",
        "filled at 1000 s",
    ),
    (
        "all tables as one",
        "    def __init__(self, table, as_of, clock):",
        "    kept = {}\n    def __init__(self, table, as_of, clock):\n"
        "        self.kept.update(table)\n        table = self.kept",
        "kept",
        "Read `self.table`",
    ),
    (
        "answers are kept",
        "        value = self.table.get(request.key)",
        "        if not hasattr(self, 'seen'):\n            self.seen = {}\n"
        "        if request.key in self.seen:\n            return self.seen[request.key]\n"
        "        value = self.table.get(request.key)\n        if value is not None:\n"
        "            self.seen[request.key] = Answer(value, 'table', self.clock() - self.as_of)",
        "stuck",
        "yours says 5400.0",
    ),
]  # fmt: skip
WRONG += [
    *((name, FRAME.format(line), code, part) for name, line, code, part in LINES),
    *((name, RIGHT_LINE.replace(a, b), code, part) for name, a, b, code, part in PARTS),
]
assert all(old in RIGHT_LINE for _, old, *_ in PARTS)
