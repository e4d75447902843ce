"""Exercise: answer with the model, at the moment somebody asks (lesson 01)."""

import math

from lessons_lib.answer import Answer, VirtualClock
from lessons_lib.exercises.probes import fail, show

NAME = "FromModel"
TITLE = "Answer with the model"
MINUTES = 3
ORDER = 3
HINTS = [
    "Again `Answer(value, source, age)`. Which of the four sources is it this time?",
    "What the model says rests on what was known when it started. While it ran, that grew older: "
    "by the time now, `self.clock()`, less `asked`.",
    'The line is `return Answer(value, "model", self.clock() - asked)`.',
]
FAILURES = {
    "no_answer": "`answer` should return an `Answer(value, source, age)`; it returned {got}.",
    "value": "The model says {wanted}, and your answer's value is {got}.",
    "source": "The answer says that it comes from {got}. It was computed now: its source is 'model'.",
    "age": "The model took {wanted:g} s, so what the answer rests on is {wanted:g} s old; yours says "
    "{got}. Take the time now, `self.clock()`, less `asked`.",
    "runs": "After request {wanted} the model had run {calls} times. On demand it runs once for each.",
}


class FromModel:
    """Dynamic: the model runs when somebody asks."""

    def __init__(self, model, clock):
        self.model, self.clock = model, clock

    def answer(self, request):
        asked = self.clock()
        value = self.model.predict_one(request)
        return Answer(value, "model", self.clock() - asked)


reference = FromModel


def check(candidate):
    clock = VirtualClock(50_000.0)
    model = _Model(clock)
    predictor = candidate(model, clock)
    for number, key in enumerate(("UA EWR IAH 05", "ZZ EWR IAH 05", "UA EWR IAH 05"), 1):
        model.seconds *= 2
        found = predictor.answer(_Request(key))
        if not all(hasattr(found, name) for name in Answer._fields):
            fail("no_answer", got=show(found))
        if model.calls != number:
            fail("runs", calls=model.calls, wanted=number)
        if found.value != _Model.SAYS:
            fail("value", got=show(found.value), wanted=_Model.SAYS)
        if found.source != "model":
            fail("source", got=show(found.source))
        if not isinstance(found.age, int | float) or not math.isclose(found.age, model.seconds):
            fail("age", got=show(found.age), wanted=model.seconds)


class _Model:
    """Says the same for every request, moves the clock, and counts its calls."""

    SAYS = 0.375

    def __init__(self, clock):
        self.clock, self.seconds, self.calls = clock, 900.0, 0

    def predict_one(self, request, known=None):
        self.calls += 1
        self.clock.sleep(self.seconds)
        return self.SAYS


class _Request:
    def __init__(self, key):
        self.key = key
