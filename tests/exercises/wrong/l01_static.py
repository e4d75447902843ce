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
