"""Exercise: answer from the model, with what is known now (lesson 03)."""

from lessons_lib.answer import Answer, VirtualClock
from lessons_lib.board import Known
from lessons_lib.exercises.probes import (
    FakeModel,
    an_answer,
    answered,
    breaks_down,
    expect,
    fail,
    flight,
    same,
    show,
)

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
    "shared": "The model of a second `LivePredictor` was asked in place of the first one's. Keep model, "
    "inputs and clock with the object: `self.model = model` in `__init__`.",
    "calls": "After {requests} requests the model had been asked {calls} times. Ask it once for each: what "
    "is known may have changed since the last request for the same flight.",
    "other_inputs": "The model was asked with ({asked}). Give it the request and `known`, in this order.",
    "value": "The model said {wanted}, and the answer holds {got}. Hand on the model's own number.",
    "source": 'The source is {got}. This answer comes from the `"model"`.',
    "age": "The model took {wanted} s on the predictor's own clock, so what it knew is that old when "
    "the answer is there. The answer says {got}.",
}
ASKED = (("UA EWR IAH 05", 0.2345678), ("UA EWR IAH 05", 3.1), ("B6 JFK MCO 14", 0.0))
"""What is asked for, and how long the model takes."""


class LivePredictor:
    def __init__(self, model, inputs, clock):
        self.model, self.inputs, self.clock = model, inputs, clock

    def answer(self, request):
        began = self.clock()
        known = self.inputs.known(request)
        value = self.model.predict_one(request, known)
        return Answer(value, "model", self.clock() - began)


def check(candidate):
    (model, inputs, predictor), (other, _, _) = (_bench(candidate) for _ in range(2))
    for n, (key, model.takes) in enumerate(ASKED, 1):
        request, before = flight(key), len(inputs.given)
        found = an_answer(predictor.answer(request))
        if other.calls:
            fail("shared")
        expect(model.calls, n, "calls", calls=model.calls, requests=n)
        parts = [("request", request), *(("known", given) for given in inputs.given[before:])]
        parts += [("what was known before", given) for given in inputs.given[:before]]
        asked = [
            next((name for name, part in parts if same(got, part)), show(got))
            for got in model.asked[-1]
        ]
        expect(asked, ["request", "known"], "other_inputs", asked=", ".join(asked))
        answered(found, Answer(model.said[-1], "model", model.takes))
    model.breaks = model.calls + 1
    breaks_down("The model", predictor.answer, request)


def _bench(candidate):
    clock, inputs = VirtualClock(1000.0), _Inputs()
    model = FakeModel(clock=clock)
    return model, inputs, candidate(model, inputs, clock)


class _Inputs:
    """A feed that reports something new at every call."""

    def __init__(self):
        self.given = []

    def known(self, request, *, age=0.0):
        self.given.append(Known(60.0, 50.0, 70.0, 10.0, 0.0, 1015.0, 10.0, float(len(self.given))))
        return self.given[-1]
