"""Exercise: answer from the model, with what is known now (lesson 03)."""

from lessons_lib.answer import Answer, VirtualClock
from lessons_lib.board import Known
from lessons_lib.exercises.probes import FakeModel, an_answer, answered, expect, flight

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
TOOK, FLIGHT = 0.25, flight("UA EWR IAH 05")


class LivePredictor:
    def __init__(self, model, inputs, clock):
        self.model, self.inputs, self.clock = model, inputs, clock

    def answer(self, request):
        began = self.clock()
        known = self.inputs.known(request)
        value = self.model.predict_one(request, known)
        return Answer(value, "model", self.clock() - began)


def check(candidate):
    clock = VirtualClock(1000.0)
    model, inputs = FakeModel(clock=clock, takes=TOOK), _Inputs()
    predictor = candidate(model, inputs, clock)
    answers = [an_answer(predictor.answer(FLIGHT)) for _ in range(2)]
    expect(model.calls, 2, "calls", calls=model.calls)
    for asked, known in zip(model.asked, inputs.given, strict=False):
        expect(asked, (FLIGHT, known), "other_inputs")
    for found, said in zip(answers, model.said, strict=True):
        answered(found, Answer(said, "model", TOOK))


class _Inputs:
    """A feed that reports something new at every call."""

    def __init__(self):
        self.given = []

    def known(self, request, *, age=0.0):
        self.given.append(Known(60.0, 50.0, 70.0, 10.0, 0.0, 1015.0, 10.0, float(len(self.given))))
        return self.given[-1]
