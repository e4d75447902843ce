"""Wrong answers to the exercise: answer from the model."""

TEMPLATE = """
class LivePredictor:
    def __init__(self, model, inputs, clock):
        self.model, self.inputs, self.clock = model, inputs, clock
        self.kept = {{}}

    def answer(self, request):
        began = self.clock()
        known = self.inputs.known(request)
        {step}
"""


def with_step(step):
    return TEMPLATE.format(step=step.strip().replace("\n", "\n        "))


WRONG = [
    (
        "the bare probability",
        with_step("return self.model.predict_one(request, known)"),
        "no_answer",
        "`answer` gave 0.125",
    ),
    (
        "keeps the first answer for a flight",
        with_step("""
if request.key not in self.kept:
    self.kept[request.key] = self.model.predict_one(request, known)
return Answer(self.kept[request.key], "model", self.clock() - began)
"""),
        "calls",
        "made 1 calls",
    ),
    (
        "forgets what is known",
        with_step(
            'return Answer(self.model.predict_one(request), "model", self.clock() - began)',
        ),
        "other_inputs",
        "Give it the request and `known`",
    ),
    (
        "says late or not",
        with_step(
            "value = self.model.predict_one(request, known)\n"
            'return Answer(round(value), "model", self.clock() - began)',
        ),
        "value",
        "said 0.125, and the answer holds 0",
    ),
    (
        "claims to be a table",
        with_step(
            "value = self.model.predict_one(request, known)\n"
            'return Answer(value, "table", self.clock() - began)',
        ),
        "source",
        "The source is 'table'",
    ),
    (
        "age of nothing",
        with_step('return Answer(self.model.predict_one(request, known), "model", 0.0)'),
        "age",
        "The answer says 0.0",
    ),
    (
        "age by another clock",
        with_step(
            "import time\n"
            "value = self.model.predict_one(request, known)\n"
            'return Answer(value, "model", time.time() - began)',
        ),
        "age",
        "took 0.25 s on the predictor's own clock",
    ),
]
