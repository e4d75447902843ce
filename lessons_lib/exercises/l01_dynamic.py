"""Exercise: answer with the model, at the moment somebody asks (lesson 01)."""

from lessons_lib.answer import Answer, VirtualClock
from lessons_lib.exercises.probes import FakeModel, an_answer, answered, expect, flight

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
    "value": "The model says {wanted}, and your answer's value is {got}.",
    "source": "The answer says that it comes from {got}. It was computed now: its source is 'model'.",
    "age": "The model took {wanted:g} s, so what the answer rests on is {wanted:g} s old; yours says "
    "{got}. Take the time now, `self.clock()`, less `asked`.",
    "runs": "After request {wanted} the model had run {calls} times. On demand it runs once for each.",
}
SAYS = (0.0, 0.375, 0.6180339887498949)


class FromModel:
    """Dynamic: the model runs when somebody asks."""

    def __init__(self, model, clock):
        self.model, self.clock = model, clock

    def answer(self, request):
        asked = self.clock()
        value = self.model.predict_one(request)
        return Answer(value, "model", self.clock() - asked)


def check(candidate):
    clock = VirtualClock(50_000.0)
    model = FakeModel(lambda request, n: SAYS[n % len(SAYS)], clock, takes=900.0)
    predictor = candidate(model, clock)
    for n, key in enumerate(("UA EWR IAH 05", "ZZ EWR IAH 05", "UA EWR IAH 05"), 1):
        model.takes *= 2
        found = an_answer(predictor.answer(flight(key)))
        expect(model.calls, n, "runs", calls=model.calls)
        answered(found, Answer(model.said[-1], "model", model.takes))
