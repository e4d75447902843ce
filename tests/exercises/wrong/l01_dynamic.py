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
