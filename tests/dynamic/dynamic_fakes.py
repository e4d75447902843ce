"""Predictors and applications small enough to be understood at a glance, for the tests beside."""

import threading
import time

from fastapi import FastAPI

from lessons_lib.answer import Answer
from lessons_lib.dynamic.service import create_app

FLIGHT = {"carrier": "UA", "origin": "EWR", "dest": "IAH", "hour": 5, "date": "2013-10-01"}
QUARTER = Answer(0.25, "model", 0.0)


class Fixed:
    """Always gives the same answer, and keeps what it was asked."""

    def __init__(self, answer=QUARTER):
        self.reply = answer
        self.asked = []

    def answer(self, request):
        self.asked.append(request)
        return self.reply


class Calls:
    """Answers by calling a function with the request."""

    def __init__(self, function):
        self.function = function

    def answer(self, request):
        return self.function(request)


class Held:
    """A predictor that waits inside the model until it is let go."""

    def __init__(self):
        self.entered = threading.Semaphore(0)
        self.go = threading.Event()

    def answer(self, request):
        self.entered.release()
        assert self.go.wait(10)
        return Answer(0.5, "model", 0.0)


def slow_to_load() -> FastAPI:
    """A service whose model takes a moment to load."""

    def load():
        time.sleep(0.5)
        return Fixed()

    return create_app(load)


def cannot_load() -> FastAPI:
    """A service whose model is missing."""

    def load():
        raise FileNotFoundError("model-7.bin")

    return create_app(load)
