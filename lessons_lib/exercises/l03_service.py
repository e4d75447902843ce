"""Exercise: a service that refuses bad requests and late answers (lesson 03)."""

import datetime
import time
from typing import Annotated, Literal

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel, Field

from lessons_lib.answer import VirtualClock
from lessons_lib.board import FlightRequest
from lessons_lib.dynamic.notebook import ask, module_source
from lessons_lib.exercises.probes import FakeModel, expect, fail, instance

NAME = "make_app"
TITLE = "Refuse bad requests, and answers that come too late"
MINUTES = 12
ORDER = 2
HINTS = [
    'Step 1: a type can list what is allowed, `Literal["EWR", "JFK", "LGA"]`, and a field can carry '
    "bounds, `Field(ge=0, le=23)`: greater than or equal, less than or equal.",
    "Step 2: `clock() - arrived` says how long the request has been here. If that is more than "
    "`deadline`, `raise HTTPException(504)` and do not run the model.",
    "Step 3: after `answer = predictor.answer(request)` look at the clock once more. If there was "
    "still time, return `answer._asdict()`.",
]
FAILURES = {
    "not_an_app": "`make_app` gave {got}. Give the FastAPI application: `return app`.",
    "refused": "A good request got the status {status} ({reason}). It should get 200.",
    "accepts": "A request with {field} = {value} was accepted. Refuse it by the form: 422.",
    "unnamed": "A request with {field} = {value} was refused, but not with a 422 that names the "
    "field. Put the rule into the form, and FastAPI will name it.",
    "request": "The predictor was asked {got}. Ask it for the `FlightRequest` that was sent.",
    "reply": "The reply was {got}. Give value, source and age as JSON: `answer._asdict()`.",
    "computes_late": "The deadline had passed before the model was asked, by the `clock` that "
    "`make_app` was given, and the model was run all the same. Look at the clock first.",
    "late_answer": "The model took longer than the deadline allows, and the late answer was sent "
    "with the status {status}. Look at the clock again when the model is done.",
    "status": "A request that was too late got the status {status}. The status for that is 504.",
    "hurried": "The answer was there in time, after {took:g} s of the {deadline:g} s allowed, and was "
    "refused with {status}.",
    "leans": "{reason}",
}
FLIGHT = {"carrier": "UA", "origin": "EWR", "dest": "IAH", "hour": 5, "date": "2013-10-01"}
REQUEST = FlightRequest("UA", "EWR", "IAH", 5, datetime.date(2013, 10, 1))
BAD = [("hour", 24), ("hour", -1), ("origin", "ORD"), ("dest", "Houston"), ("date", "soon")]
EDGES = [("hour", 0), ("hour", 23), ("origin", "LGA"), ("origin", "JFK")]
DEADLINE = 2.0


def make_app(predictor, deadline, clock=time.monotonic):
    class Flight(BaseModel):
        carrier: str = Field(pattern="^[A-Z0-9]{2}$")
        origin: Literal["EWR", "JFK", "LGA"]
        dest: str = Field(pattern="^[A-Z]{3}$")
        hour: int = Field(ge=0, le=23)
        date: datetime.date

    async def arrival():
        return clock()

    app = FastAPI(title="My Departure Board")

    @app.post("/predict")
    def late(flight: Flight, arrived: Annotated[float, Depends(arrival)]):
        request = FlightRequest(**flight.model_dump())
        if clock() - arrived > deadline:
            raise HTTPException(504, "too late to ask the model")
        answer = predictor.answer(request)
        if clock() - arrived > deadline:
            raise HTTPException(504, "the model answered too late")
        return answer._asdict()

    return app


def check(candidate):
    _check_form(candidate)
    _check_deadline(candidate)
    try:
        module_source(candidate)
    except ValueError as reason:
        fail("leans", reason=str(reason))


class _Clock(VirtualClock):
    """Stands still, but for `queue` seconds between the arrival of a request and what follows."""

    queue = 0.0

    def __call__(self):
        now = self.now
        self.now, self.queue = self.now + self.queue, 0.0
        return now


class _Bench:
    """The learner's application with a predictor and a clock that the check holds."""

    def __init__(self, candidate):
        self.clock = _Clock(100.0)
        self.predictor = FakeModel(lambda request, n: 0.25, self.clock, age=0.5)
        self.app = candidate(self.predictor, DEADLINE, self.clock)
        instance(self.app, FastAPI, "not_an_app")

    def post(self, **changes):
        return ask(self.app, [{**FLIGHT, **changes}])[0]


def _check_form(candidate):
    bench = _Bench(candidate)
    reply = bench.post()
    expect(reply.status_code, 200, "refused", status=reply.status_code, reason=reply.text)
    expect([request for request, _ in bench.predictor.asked], [REQUEST], "request")
    expect(reply.json(), {"value": 0.25, "source": "model", "age": 0.5}, "reply", got=reply.json())
    for field, value in EDGES:
        status = bench.post(**{field: value}).status_code
        expect(status, 200, "refused", status=status, reason=f"{field} = {value!r}")
    for field, value in BAD:
        reply = bench.post(**{field: value})
        if reply.status_code == 200:
            fail("accepts", field=field, value=repr(value))
        if reply.status_code != 422 or f'"{field}"' not in reply.text:
            fail("unnamed", field=field, value=repr(value))


def _check_deadline(candidate):
    bench = _Bench(candidate)
    bench.predictor.takes = DEADLINE / 2
    status = bench.post().status_code
    expect(status, 200, "hurried", took=DEADLINE / 2, deadline=DEADLINE, status=status)
    bench.predictor.takes = 2 * DEADLINE
    status = bench.post().status_code
    expect(status, 504, "status", [("late_answer", 200)], status=status)
    bench.predictor.takes, bench.clock.queue = 0.0, 2 * DEADLINE
    calls, status = bench.predictor.calls, bench.post().status_code
    expect(bench.predictor.calls, calls, "computes_late")
    expect(status, 504, "status", [("computes_late", 200)], status=status)
