"""Exercise: a service that refuses bad requests and late answers (lesson 03)."""

import asyncio
import contextlib
import datetime
import re
import time
from typing import Annotated, Literal

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel, Field

from lessons_lib.answer import VirtualClock
from lessons_lib.board import FlightRequest
from lessons_lib.dynamic.notebook import ask, module_source
from lessons_lib.dynamic.service import create_app
from lessons_lib.exercises.probes import FakeModel, breaks_down, expect, fail, instance, show

NAME = "make_app"
TITLE = "Refuse bad requests, and answers that come too late"
MINUTES = 12
ORDER = 2
TAUGHT = (create_app,)
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
    "request": "The predictor that `make_app` was given was asked for {asked}. Ask it once, for the "
    "`FlightRequest` that was sent: {sent}.",
    "reply": "The predictor answered {wanted}, and the reply was {got}. Give value, source and age as JSON, "
    "and nothing else: `answer._asdict()`.",
    "computes_late": "The deadline had passed before the model was asked, by the `clock` that "
    "`make_app` was given, and the model was run all the same. Look at the clock first.",
    "late_answer": "The model took {took:g} s of the {deadline:g} s allowed, and the late answer was sent "
    "with the status {status}. Look at the clock again when the model is done.",
    "two_deadlines": "A request waited {queue:g} s for the model, which then took {took:g} s: more than the "
    "{deadline:g} s allowed, and the status was {status}. There is one deadline, from the arrival on.",
    "arrival": "The arrival was noted in the thread that runs the model, so what a request waits for such "
    "a thread does not count. Note it in `async def arrival`.",
    "status": "A request that was too late got the status {status}. The status for that is 504.",
    "hurried": "The answer was there in time, after {spent:g} s of the {deadline:g} s allowed, and was "
    "refused with {status}.",
    "leans": "{reason}",
}
FLIGHT = {"carrier": "UA", "origin": "EWR", "dest": "IAH", "hour": 5, "date": "2013-10-01"}
GOOD = [{}, {"hour": 0}, {"hour": 23, "date": "2013-12-31"}, {"origin": "LGA"}]
GOOD += [{"origin": "JFK", "dest": "SJU", "carrier": "B6", "hour": 14}]
BAD = {
    "hour": (24, -1, "soon", None),
    "origin": ("ORD", "EWRX", "XLGA", "XJFKX", "ewr"),
    "dest": ("Houston", "XIAH", "iah"),
    "carrier": ("UAL", "ua"),
    "date": ("soon", None),
}
"""Changes to `FLIGHT`, each of which makes another good request; and others that make a bad one."""
CASES = [
    ("hurried", 0.0, 0.5, 200),
    ("hurried", 0.6, 0.3, 200),
    ("late_answer", 0.0, 2.0, 504),
    ("two_deadlines", 0.75, 0.75, 504),
    ("computes_late", 2.0, 0.0, 504),
]
"""Waiting and service time as parts of the deadline, and the status: what goes wrong otherwise."""


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
    _check_form(_Bench(candidate, 2.0))
    for deadline in (2.0, 0.3):
        _check_deadline(_Bench(candidate, deadline), deadline)
    breaks_down("The model", _broken, _Bench(candidate, 2.0))
    try:
        module_source(candidate)
    except ValueError as reason:
        fail("leans", reason=str(reason))


class _Clock(VirtualClock):
    """Stands still, but for `queue` seconds between the arrival of a request and what follows."""

    queue, waited_in_line = 0.0, False

    def __call__(self):
        now = self.now
        if self.queue:
            with contextlib.suppress(RuntimeError):  # a worker's thread has no loop
                self.waited_in_line = bool(asyncio.get_running_loop())
        self.now, self.queue = self.now + self.queue, 0.0
        return now


class _Bench:
    """The learner's application with a predictor and a clock that the check holds."""

    def __init__(self, candidate, deadline):
        self.clock = _Clock(100.0)
        self.predictor = FakeModel(lambda request, n: n / 7, self.clock, age=0.5123)
        self.app = candidate(self.predictor, deadline, self.clock)
        instance(self.app, FastAPI, "not_an_app")

    def post(self, **changes):
        changed = {**FLIGHT, **changes}
        body = {field: value for field, value in changed.items() if value is not None}
        return ask(self.app, [body])[0]


def _check_form(bench):
    for n, changes in enumerate(GOOD, 1):
        reply = bench.post(**changes)
        sent = ", ".join(f"{field} = {value!r}" for field, value in changes.items())
        reason = f"{sent}: {reply.text}" if sent else reply.text
        expect(reply.status_code, 200, "refused", status=reply.status_code, reason=reason)
        _asked(bench.predictor, n - 1, {**FLIGHT, **changes})
        expect(_json(reply), {"value": n / 7, "source": "model", "age": 0.5123}, "reply")
    for field, values in BAD.items():
        for value in values:
            reply, what = bench.post(**{field: value}), "nothing" if value is None else repr(value)
            if reply.status_code == 200:
                fail("accepts", field=field, value=what)
            if reply.status_code != 422 or _named(reply) != {field}:
                fail("unnamed", field=field, value=what)


def _check_deadline(bench, deadline):
    predictor = bench.predictor
    for code, queue, takes, wanted in CASES:
        queue, takes, calls = queue * deadline, takes * deadline, predictor.calls
        times = {"queue": queue, "took": takes, "spent": queue + takes, "deadline": deadline}
        bench.clock.queue, predictor.takes = queue, takes
        status = bench.post().status_code
        if code == "computes_late":
            expect(predictor.calls, calls, code)
        elif status == 200:
            _asked(predictor, calls, FLIGHT)
        code = code if 200 in (wanted, status) else "status"
        expect(status, wanted, code, status=status, **times)
        if queue and not bench.clock.waited_in_line:
            fail("arrival")


def _broken(bench):
    """What a client gets when the model breaks down; an error as an error."""
    bench.predictor.breaks = 1
    reply = bench.post()
    if reply.status_code >= 500:
        raise ConnectionError
    return f"the status {reply.status_code}: {reply.text}"


def _asked(predictor, calls, body):
    """Fail unless the predictor was asked once since it had been asked `calls` times, for this."""
    request = FlightRequest(**{**body, "date": datetime.date.fromisoformat(body["date"])})
    asked = [one for one, _ in predictor.asked[calls:]]
    if asked != [request]:
        shown = [show(tuple(one)) if isinstance(one, FlightRequest) else show(one) for one in asked]
        fail("request", asked=", ".join(shown) or "nothing", sent=show(tuple(request)))


def _json(reply):
    try:
        return reply.json()
    except ValueError:
        return reply.text


def _named(reply):
    """The fields that a refusal names; what was sent stands in it too, as ``input``."""
    found = _json(reply)
    found = found.get("detail", found) if isinstance(found, dict) else found
    if isinstance(found, list):
        found = [{**error, "input": None} for error in found if isinstance(error, dict)]
    return {field for field in FLIGHT if re.search(rf"\b{field}\b", str(found))}
