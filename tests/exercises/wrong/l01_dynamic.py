"""Wrong answers to "answer with the model"."""

FRAME = """
class FromModel:
    def __init__(self, model, clock):
        self.model, self.clock = model, clock

    def answer(self, request):
        asked = self.clock()
        value = self.model.predict_one(request)
        return {}
"""

WRONG = [
    ("only the number", FRAME.format("value"), "no_answer", "it returned 0.375"),
    (
        "computed now, so it has no age",
        FRAME.format('Answer(value, "model", 0.0)'),
        "age",
        "The model took 1800 s",
    ),
    (
        "the moment of asking in place of the age",
        FRAME.format('Answer(value, "model", asked)'),
        "age",
        "yours says 50000.0",
    ),
    (
        "the time now in place of the age",
        FRAME.format('Answer(value, "model", self.clock())'),
        "age",
        "yours says 51800.0",
    ),
    (
        "the source of the other predictor",
        FRAME.format('Answer(value, "table", self.clock() - asked)'),
        "source",
        "comes from 'table'",
    ),
    (
        "a yes or no in place of the probability",
        FRAME.format('Answer(value > 0.5, "model", self.clock() - asked)'),
        "value",
        "your answer's value is False",
    ),
    (
        "the model runs a second time for the value",
        FRAME.format('Answer(self.model.predict_one(request), "model", self.clock() - asked)'),
        "runs",
        "After request 1 the model had run 2 times",
    ),
    (
        "answers are kept for the next one who asks",
        """
class FromModel:
    def __init__(self, model, clock):
        self.model, self.clock, self.kept = model, clock, {}

    def answer(self, request):
        asked = self.clock()
        if request.key not in self.kept:
            self.kept[request.key] = self.model.predict_one(request)
        return Answer(self.kept[request.key], "model", self.clock() - asked)
""",
        "runs",
        "After request 3 the model had run 2 times",
    ),
]

LINES = [
    ("value rounded", 'Answer(round(value, 3), "model", self.clock() - asked)', "value", "value is 0.618"),
    ("value as a text", 'Answer(str(value), "model", self.clock() - asked)', "value", "value is '0.375'"),
    ("no value", 'Answer(None, "model", self.clock() - asked)', "value", "value is None"),
    ("NaN", 'Answer(float("nan"), "model", self.clock() - asked)', "value", "value is nan"),
    ("a zero becomes none", 'Answer(value or None, "model", self.clock() - asked)', "value", "says 0.0"),
    ("age rounded", 'Answer(value, "model", round(self.clock() - asked, 2))', "age", "yours says 0.14"),
    ("whole seconds", 'Answer(value, "model", int(self.clock() - asked))', "age", "yours says 0"),
    ("age in hours", 'Answer(value, "model", (self.clock() - asked) / 3600)', "age", "yours says 0.5"),
    ("age unknown", 'Answer(value, "model", float("nan"))', "age", "yours says nan"),
    ("age as a text", 'Answer(value, "model", str(self.clock() - asked))', "age", "says '1800.0'"),
    ("no age", 'Answer(value, "model", None)', "age", "yours says None"),
    ("age of the example", 'Answer(value, "model", 3600.0)', "age", "yours says 3600.0"),
    ("age by the model", 'Answer(value, "model", 1800.0)', "age", "yours says 1800.0"),
    ("the wrong way round", 'Answer(value, "model", asked - self.clock())', "age", "says -1800.0"),
    ("by the wall clock", 'Answer(value, "model", __import__("time").time() - asked)', "age", "says 1"),
    ("source default", 'Answer(value, "default", self.clock() - asked)', "source", "'default'"),
    ("source is the model", "Answer(value, self.model, self.clock() - asked)", "source", "computed now"),
    ("a plain tuple", '(value, "model", self.clock() - asked)', "no_answer", "(0.375, 'model'"),
    ("a dict", 'dict(value=value, source="model", age=self.clock() - asked)', "no_answer", "{'age'"),
    (
        "an object that cannot be unpacked",
        'type("A", (), dict(value=value, source="model", age=self.clock() - asked))()',
        "no_answer",
        "should return an `Answer",
    ),
]  # fmt: skip
RIGHT_LINE = FRAME.format('Answer(value, "model", self.clock() - asked)')
PARTS = [
    ("the key goes to the model", "predict_one(request)", "predict_one(request.key)", "asked", "'UA EWR IAH 05'"),
    (
        "the clock is read when the model is done",
        "        asked = self.clock()\n        value = self.model.predict_one(request)",
        "        value = self.model.predict_one(request)\n        asked = self.clock()",
        "age",
        "yours says 0.0",
    ),
    (
        "counted from when it was made",
        "        asked = self.clock()",
        "        asked = self.born",
        "age",
        "yours says 1801.14",
    ),
    (
        "one model for all",
        "self.model, self.clock = model, clock",
        "FromModel.model, self.clock = model, clock",
        "runs",
        "After request 1 the model had run 0 times",
    ),
    (
        "one clock for all",
        "self.model, self.clock = model, clock",
        "self.model, FromModel.clock = model, clock",
        "age",
        "yours says 0.0",
    ),
    (
        "a break-down becomes a default",
        "        value = self.model.predict_one(request)",
        "        try:\n            value = self.model.predict_one(request)\n"
        "        except Exception:\n            return Answer(None, 'default', float('nan'))",
        "swallowed",
        "gave Answer(value=None",
    ),
    (
        "the last answer in place of a break-down",
        "        value = self.model.predict_one(request)",
        "        try:\n            self.last = self.model.predict_one(request)\n"
        "        except: self.last = 0.0\n        value = self.last",
        "swallowed",
        "The model raised an error",
    ),
    (
        "the first answer for all",
        "        value = self.model.predict_one(request)",
        "        if not hasattr(self, 'first'):\n            self.first = self.model.predict_one(request)\n"
        "        value = self.first",
        "runs",
        "After request 2 the model had run 1 times",
    ),
    (
        "the answer to the request before",
        "        value = self.model.predict_one(request)",
        "        new = self.model.predict_one(request)\n"
        "        value, self.before = getattr(self, 'before', new), new",
        "value",
        "The model says 0.618",
    ),
    (
        "asked twice for the mean",
        "        value = self.model.predict_one(request)",
        "        value = (self.model.predict_one(request) + self.model.predict_one(request)) / 2",
        "runs",
        "had run 2 times",
    ),
]  # fmt: skip
assert all(old in RIGHT_LINE for _, old, *_ in PARTS)
WRONG += [
    *((name, FRAME.format(line), code, part) for name, line, code, part in LINES),
    *(
        (
            name,
            RIGHT_LINE.replace(a, b).replace(
                "= model, clock", "= model, clock; self.born = clock()"
            ),
            code,
            part,
        )
        for name, a, b, code, part in PARTS
    ),
]
