"""Exercise: answer with the model, at the moment somebody asks (lesson 01)."""

from lessons_lib.answer import Answer, VirtualClock
from lessons_lib.exercises.probes import (
    FakeModel,
    an_answer,
    answered,
    breaks_down,
    expect,
    flight,
)

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
    "value": "The model says {wanted}, and your answer's value is {got}. Hand on what it says, as it is.",
    "source": "The answer says that it comes from {got}. It was computed now: its source is 'model'.",
    "age": "The model took {wanted:g} s, so what the answer rests on is {wanted:g} s old; yours says "
    "{got}. Take the time now, `self.clock()`, less `asked`.",
    "runs": "After request {wanted} the model had run {calls} times. On demand it runs once for each.",
    "asked": "The model was asked with {got}. Give it the `request` that came, as a whole.",
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
    pairs = []
    for start in (50_000.0, 0.0):
        clock = VirtualClock(start)
        model = FakeModel(lambda request, n: SAYS[n % len(SAYS)], clock, takes=1800.0)
        pairs.append((model, clock, candidate(model, clock)))
    for n, key in enumerate(
        ("UA EWR IAH 05", "ZZ EWR IAH 05", "UA EWR IAH 05", "UA EWR IAH 05"), 1
    ):
        for model, clock, predictor in pairs:
            request = flight(key, n)
            found = an_answer(predictor.answer(request))
            expect(model.calls, n, "runs", calls=model.calls)
            expect(model.asked[-1][0], request, "asked")
            answered(found, Answer(model.said[-1], "model", model.takes))
            clock.sleep(n)
            model.takes = 0.0 if n == 3 else n / 7
    breaks_down("The model", candidate(FakeModel(breaks=1), clock).answer, request)
