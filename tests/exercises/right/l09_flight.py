"""Right answers to "let a stampede cost one run"."""

from exercises.wrong.l09_flight import LOCKED, OVER, but

EVENTS = """
import threading
from lessons_lib.answer import key_of

class SingleFlight:
    def __init__(self, model):
        self.model, self.lock, self.flights = model, threading.Lock(), {}

    def answer(self, request):
        key = key_of(request)
        with self.lock:
            mine = key not in self.flights
            if mine:
                self.flights[key] = {"over": threading.Event()}
            flight = self.flights[key]
        if not mine:
            flight["over"].wait()
            if "error" in flight:
                raise flight["error"]
            return flight["answer"]
        try:
            flight["answer"] = self.model.answer(request)
            return flight["answer"]
        except Exception as error:
            flight["error"] = error
            raise
        finally:
            with self.lock:
                del self.flights[key]
            flight["over"].set()
"""
CONDITION = """
import threading
from lessons_lib.answer import key_of

class SingleFlight:
    def __init__(self, model):
        self.model, self.news, self.running = model, threading.Condition(), {}

    def answer(self, request):
        key = key_of(request)
        with self.news:
            flight = self.running.get(key)
            if flight is not None:
                self.news.wait_for(lambda: flight)
                if isinstance(flight[0], Exception):
                    raise flight[0]
                return flight[0]
            flight = self.running[key] = []
        try:
            found = self.model.answer(request)
        except Exception as error:
            found = error
        with self.news:
            del self.running[key]
            flight.append(found)
            self.news.notify_all()
        if isinstance(found, Exception):
            raise found
        return found
"""
POOL = """
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from lessons_lib.answer import key_of

class SingleFlight:
    def __init__(self, model):
        self.model, self.lock, self.flights = model, Lock(), {}
        self.pool = ThreadPoolExecutor(4)

    def answer(self, request):
        key = key_of(request)
        with self.lock:
            if key not in self.flights:
                self.flights[key] = self.pool.submit(self.run, key, request)
            flight = self.flights[key]
        return flight.result()

    def run(self, key, request):
        try:
            return self.model.answer(request)
        finally:
            with self.lock:
                del self.flights[key]
"""

RIGHT = [
    ("events", EVENTS),
    ("a condition", CONDITION),
    ("a pool", POOL),
    (
        "setdefault in place of the lock",
        but(
            LOCKED,
            "mine = Future()\nflight = self.flights.setdefault(key, mine)\nfirst = flight is mine",
        ),
    ),
    ("taken out without the lock", but(OVER, "finally:\n    self.flights.pop(key, None)")),
]
