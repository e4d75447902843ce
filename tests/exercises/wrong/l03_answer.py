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


VALUE = "value = self.model.predict_one(request, known)"
GIVE = 'return Answer(value, "model", self.clock() - began)'


def give(value="value", source='"model"', age="self.clock() - began", answer="Answer", first=VALUE):
    return with_step(f"{first}\nreturn {answer}({value}, {source}, {age})")


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
        "After 2 requests the model had been asked 1 times",
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
        "took 0.2345678 s on the predictor's own clock",
    ),
    ("a plain tuple", give(answer=""), "no_answer", "gave (0.125, 'model'"),
    (
        "an object that cannot be unpacked",
        with_step(
            f"{VALUE}\nfound = type('Answer', (), {{}})()\nfound.value = value\nreturn found"
        ),
        "no_answer",
        "<Answer object>",
    ),
    (
        "a dict",
        give(answer="(lambda v, s, a: {'value': v, 'source': s, 'age': a})"),
        "no_answer",
        "{'age'",
    ),
    ("nothing given back", with_step(VALUE), "no_answer", "gave None"),
    ("rounded", give(value="round(value, 3)"), "value", "holds 0.354"),
    ("a text", give(value="str(value)"), "value", "holds '0.125'"),
    ("per cent", give(value="100 * value"), "value", "holds 12.5"),
    ("no number", give(value="float('nan')"), "value", "holds nan"),
    ("a label for a probability", give(value="value > 0.5"), "value", "holds False"),
    ("an age in milliseconds", give(age="1000 * (self.clock() - began)"), "age", "says 234.56"),
    ("a rounded age", give(age="round(self.clock() - began, 2)"), "age", "says 0.23"),
    ("an age in text", give(age="str(self.clock() - began)"), "age", "says '0.2345"),
    ("no age", give(age="float('nan')"), "age", "says nan"),
    ("the moment, not the age", give(age="self.clock()"), "age", "says 1000.23"),
    ("an age that fits the first", give(age="0.2345678"), "age", "took 3.1 s"),
    (
        "an age that adds up",
        give(
            first=f"self.since = getattr(self, 'since', began)\n{VALUE}",
            age="self.clock() - self.since",
        ),
        "age",
        "says 3.33",
    ),
    (
        "the age before the model",
        give(first=f"age = self.clock() - began\n{VALUE}", age="age"),
        "age",
        "says 0.0",
    ),
    (
        "in the wrong order",
        with_step(GIVE.replace("(value,", "(self.model.predict_one(known, request),")),
        "other_inputs",
        "asked with (known, request)",
    ),
    (
        "the key for the request",
        give(first="value = self.model.predict_one(request.key, known)"),
        "other_inputs",
        "asked with ('UA EWR IAH 05', known)",
    ),
    (
        "what was known at first",
        give(
            first="self.kept.setdefault(0, known)\nvalue = self.model.predict_one(request, self.kept[0])"
        ),
        "other_inputs",
        "known before",
    ),
    (
        "asks twice",
        give(value="self.model.predict_one(request, known)"),
        "calls",
        "had been asked 2 times",
    ),
    (
        "one model for all",
        give().replace("self.model, self.inputs", "LivePredictor.model, self.inputs"),
        "shared",
        "second `LivePredictor`",
    ),
    (
        "a break-down is a default",
        with_step(
            f"try:\n    {VALUE}\nexcept Exception:\n    return Answer(None, 'default', 0.0)\n{GIVE}"
        ),
        "swallowed",
        "source='default'",
    ),
    (
        "the first answer for all",
        with_step(
            f"if self.kept:\n    return self.kept[0]\n{VALUE}\nself.kept[0] = Answer(value, 'model', self.clock() - began)\nreturn self.kept[0]"
        ),
        "calls",
        "After 2 requests",
    ),
]
