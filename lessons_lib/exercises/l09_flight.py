"""Exercise: many requests for one key at one time cost one run (lesson 09)."""

import sys
import threading
import time
from concurrent.futures import Future
from contextlib import suppress
from threading import Lock

from lessons_lib import router
from lessons_lib.answer import Answer, key_of
from lessons_lib.exercises.probes import Breakdown, an_answer, answered, fail, flight

NAME = "SingleFlight"
TITLE = "Let a stampede cost one run"
MINUTES = 12
ORDER = 2
TAUGHT = (router.Router,)
HINTS = [
    "Who comes first for a key puts something into `self.flights[key]` that the others can wait for, "
    "and runs the model. Who finds something there waits for it. Looking and putting must be one step: "
    "`with self.lock:`.",
    "`concurrent.futures.Future` is made for it: `flight.set_result(...)` and `flight.set_exception(...)` "
    "for the first, `flight.result()` for all; it waits, then gives the result or raises the error.",
    "Run the model outside the lock, or all other keys wait too. Take the flight out of `self.flights` "
    "when it is over, in a `finally`, so that the next request runs anew.",
]
FAILURES = {
    "stampede": "{clients} clients asked for one key while its run was on its way, and the model ran "
    "{calls} times. One run is enough for all of them.",
    "value": "The run gave {wanted}, and a client that waited for it got {got}.",
    "source": "The run's answer says source {wanted}, and a client that waited for it was told {got}. "
    "Hand the answer on as it is.",
    "age": "The run's answer says age {wanted}, and a client that waited for it was told {got}. Hand the "
    "answer on as it is.",
    "lonely": "Asked by a single client, the model ran {calls} times. Once is right.",
    "left_waiting": "{what}, and {waiting} of {clients} clients still waited a second later. Whatever "
    "comes of a run, those who wait for it must be told.",
    "holds_up": "While the run for one key was on its way, a request for another key had to wait for "
    "it. Do not hold the lock while the model runs.",
    "error": "The shared run failed, and a client got {got}. All who waited for it should get its error.",
    "stuck": "The run before this one had failed, and the next request got its error without a run of "
    "its own. Take a flight out when it is over, also when it fails.",
    "cache": "The run was over when the next request came, and the model was not asked again. What is "
    "shared is a run on its way; keeping answers is the cache's part.",
    "by_request": "Two flights on different days have the same key, asked for at one time, and the model "
    "ran for each. Share by `key_of(request)`.",
    "other_key": "A request for one key got the answer of another: {got}.",
    "shared": "Two `SingleFlight` objects with a model each shared a run. Keep flights with the object.",
}
CLIENTS = 6
PATIENCE = 1.0


class SingleFlight:
    def __init__(self, model):
        self.model, self.lock, self.flights = model, Lock(), {}

    def answer(self, request):
        key = key_of(request)
        with self.lock:
            flight = self.flights.get(key)
            first = flight is None
            if first:
                flight = self.flights[key] = Future()
        if first:
            try:
                flight.set_result(self.model.answer(request))
            except Exception as error:
                flight.set_exception(error)
            finally:
                with self.lock:
                    del self.flights[key]
        return flight.result()


def check(candidate):
    model = _Held()
    model.go.set()
    alone = candidate(model)
    for calls in (1, 2):
        found = alone.answer("x")
        if model.calls < calls:
            fail("cache")
        if model.calls > calls:
            fail("lonely", calls=model.calls)
        answered(found, model.says("x", calls))
    _other_keys(candidate)
    _stampede(candidate, ["x"] * CLIENTS, "stampede")
    _stampede(candidate, [flight("UA EWR IAH 05", day) for day in (1, 2, 1)], "by_request")
    _failure(candidate)


class _Held:
    """A model that works until it is let go; it notes each call, and may fail."""

    def __init__(self, fails=False):
        self.fails, self.calls, self.go, self.entered = (
            fails,
            0,
            threading.Event(),
            threading.Event(),
        )
        self.crowd = threading.Event()  # a second run began
        self.lock = threading.Lock()

    def says(self, key, number):
        return Answer(number / 7 + (key == "y"), "model", 12.345678 * number)

    def answer(self, request):
        with self.lock:
            self.calls += 1
            number = self.calls
        self.entered.set()
        if number > 1:
            self.crowd.set()
        self.go.wait(10)
        if self.fails:
            raise Breakdown("the model broke down")
        return self.says(key_of(request), number)


class _Client(threading.Thread):
    """One that asks once, and keeps what came of it."""

    def __init__(self, predictor, request):
        super().__init__(daemon=True)
        self.predictor, self.request, self.found, self.error = predictor, request, None, None
        self.start()

    def run(self):
        try:
            self.found = self.predictor.answer(self.request)
        except BaseException as error:
            self.error = error


def _crowd(predictor, model, requests):
    """Clients that all wait: the first in the model, the others behind it (or in it as well)."""
    clients = [_Client(predictor, requests[0])]
    until = time.monotonic() + PATIENCE
    while not model.entered.wait(0.005) and clients[0].is_alive() and time.monotonic() < until:
        pass
    if isinstance(clients[0].error, NotImplementedError):
        raise clients[0].error
    clients += [_Client(predictor, request) for request in requests[1:]]
    still, before = 0, None
    while still < 8 and not model.crowd.wait(0.002):  # until all stand still, each at its place
        frames = sys._current_frames()
        now = [(c.is_alive(), getattr(frames.get(c.ident), "f_lasti", None)) for c in clients]
        still, before = (still + 1 if now == before else 0), now
        del frames
    model.go.set()
    return clients


def _finished(clients, what):
    until = time.monotonic() + PATIENCE
    for client in clients:
        client.join(max(0.0, until - time.monotonic()))
    waiting = sum(client.is_alive() for client in clients)
    if waiting:
        fail("left_waiting", what=what, waiting=waiting, clients=len(clients))
    for client in clients:
        if isinstance(client.error, NotImplementedError):
            raise client.error


def _stampede(candidate, requests, code):
    for _ in range(3):  # on a busy machine a client may come when the run is over: then once more
        model = _Held()
        clients = _crowd(candidate(model), model, requests)
        _finished(clients, "The shared run was over")
        if model.calls == 1:
            break
    else:
        fail(code, clients=len(requests), calls=model.calls)
    for client in clients:
        if client.error is not None:
            raise client.error
        answered(client.found, model.says("x", 1))


def _failure(candidate):
    for _ in range(3):
        model = _Held(fails=True)
        shared = candidate(model)
        clients = _crowd(shared, model, ["x"] * CLIENTS)
        _finished(clients, "The shared run failed")
        if model.calls == 1:
            break
    for client in clients:
        if not isinstance(client.error, Breakdown):
            fail("error", got=client.found if client.error is None else client.error)
    model.fails, calls = False, model.calls
    with suppress(Breakdown):
        shared.answer("x")
    if model.calls == calls:
        fail("stuck")


def _other_keys(candidate):
    """A request for another key, and one to another object, while a run is on its way."""
    model, other = _Held(), _Held()
    shared, apart = candidate(model), candidate(other)
    first = _Client(shared, "x")
    model.entered.wait(PATIENCE)
    elsewhere = _Client(apart, "x")
    other.go.set()
    elsewhere.join(PATIENCE)
    model.crowd.clear()
    second = _Client(shared, "y")
    came = model.crowd.wait(PATIENCE)
    model.go.set()
    _finished([first, second, elsewhere], "A run was over")
    if not other.calls:
        fail("shared")
    if not came:
        fail("holds_up" if model.calls > 1 else "other_key", got=second.found)
    for client, key in ((first, "x"), (second, "y")):
        if client.error is not None:
            raise client.error
        if (an_answer(client.found).value > 1) != (key == "y"):
            fail("other_key", got=client.found)
