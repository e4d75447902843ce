"""Exercise: answer from the model, with what is known now (lesson 03)."""

import datetime

from lessons_lib.answer import Answer, VirtualClock
from lessons_lib.board import FlightRequest, Known
from lessons_lib.exercises.probes import fail

NAME = "LivePredictor"
TITLE = "Answer from the model, with what is known now"
MINUTES = 5
ORDER = 1
HINTS = [
    "The model wants two things, `self.model.predict_one(request, known)`, and gives a probability.",
    'An `Answer` has three parts: the value, the source (`"model"` here) and the age in seconds.',
    "What is known was read at `began`, and the clock has moved on since: `self.clock() - began`.",
]
FAILURES = {
    "no_answer": "`answer` gave {got}. Give an `Answer(value, source, age)`.",
    "calls": "Two requests made {calls} calls of the model. Ask it once for each: what is known may "
    "have changed since the last request for the same flight.",
    "other_inputs": "The model was asked with {got}. Give it the request and `known`, in this order.",
    "value": "The model said {wanted}, and the answer holds {got}. Hand on the model's own number.",
    "source": 'The source is {got}. This answer comes from the `"model"`.',
    "age": "The model took {wanted} s on the predictor's own clock, so what it knew is that old when "
    "the answer is there. The answer says {got}.",
}
TOOK = 0.25
FLIGHT = FlightRequest("UA", "EWR", "IAH", 5, datetime.date(2013, 10, 1))


class LivePredictor:
    def __init__(self, model, inputs, clock):
        self.model, self.inputs, self.clock = model, inputs, clock

    def answer(self, request):
        began = self.clock()
        known = self.inputs.known(request)
        value = self.model.predict_one(request, known)
        return Answer(value, "model", self.clock() - began)


reference = LivePredictor


def check(candidate):
    clock = VirtualClock(1000.0)
    model, inputs = _Model(clock), _Inputs()
    predictor = candidate(model, inputs, clock)
    answers = [predictor.answer(FLIGHT) for _ in range(2)]
    for answer in answers:
        if not isinstance(answer, Answer):
            fail("no_answer", got=answer)
    if len(model.asked) != 2:
        fail("calls", calls=len(model.asked))
    for asked, known in zip(model.asked, inputs.given, strict=True):
        if asked[0] is not FLIGHT or asked[1] is not known:
            fail("other_inputs", got=asked)
    for answer, wanted in zip(answers, model.said, strict=True):
        if answer.value != wanted:
            fail("value", wanted=wanted, got=answer.value)
        if answer.source != "model":
            fail("source", got=repr(answer.source))
        if not isinstance(answer.age, int | float) or abs(answer.age - TOOK) > 1e-9:
            fail("age", wanted=TOOK, got=answer.age)


class _Model:
    """Says something else each time, takes its time, and keeps what it was asked."""

    def __init__(self, clock: VirtualClock):
        self.clock = clock
        self.asked: list[tuple] = []
        self.said: list[float] = []

    def predict_one(self, request, known=None) -> float:
        self.asked.append((request, known))
        self.clock.sleep(TOOK)
        self.said.append(len(self.asked) / 8)
        return self.said[-1]


class _Inputs:
    """A feed that reports something new at every call."""

    def __init__(self):
        self.given: list[Known] = []

    def known(self, request, *, age: float = 0.0) -> Known:
        self.given.append(Known(60.0, 50.0, 70.0, 10.0, 0.0, 1015.0, 10.0, float(len(self.given))))
        return self.given[-1]
