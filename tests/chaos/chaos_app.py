"""The service that is put through chaos: router, store, Redis and a model whose mood a file decides.

Every value says where it comes from: the table's rows hold the number of their version in thousandths,
the model always says 0.5, and the default is 0.196.
"""

import os
import time
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from lessons_lib.answer import Answer
from lessons_lib.dynamic.service import create_app
from lessons_lib.router import Breaker, Limits, Router, Threads
from lessons_lib.static.redis import RedisPredictionStore
from lessons_lib.static.store import PredictionStore


def told(name, otherwise):
    """What a file of the test says."""
    try:
        return Path(os.environ["CHAOS_FOLDER"], name).read_text()
    except OSError:
        return otherwise


def clock():
    """The wall clock, as somebody may have set it."""
    return time.time() + float(told("clock", "0"))


class Moody:
    """A model that answers, fails or hangs."""

    def answer(self, request):
        mood = told("mood", "well")
        if mood == "fails":
            raise RuntimeError("the model is out of order")
        while mood == "hangs" and told("mood", "well") == "hangs":
            time.sleep(0.02)
        time.sleep(0.002)
        return Answer(0.5, "model", 0.0)


class Either:
    """The shared table, or the own one where that has nothing."""

    def __init__(self, shared, own):
        self.shared, self.own = shared, own

    def answer(self, request):
        try:
            found = self.shared.answer(request)
            if found.value is not None:
                return found
        except Exception:
            pass
        return self.own.answer(request)


def shared_table():
    # A client that tries once and not for long: whoever waits has a deadline.
    settings = {"socket_timeout": 0.2, "socket_connect_timeout": 0.2}
    url = os.environ["CHAOS_REDIS"]
    client = redis.Redis.from_url(url, retry=Retry(NoBackoff(), 0), **settings)
    return RedisPredictionStore(client, clock=clock)


def make():
    own = PredictionStore(os.environ["CHAOS_STORE"], clock=clock)
    return Router(
        Either(shared_table(), own) if os.environ["CHAOS_REDIS"] else own,
        Moody(),
        default=0.196,
        ttl=0.5,
        stale=1.0,
        deadline=0.5,
        tries=2,
        limits=Limits(most_runs=20, retry_share=0.1),
        breaker=Breaker(failures=5, pause=0.5),
        servers=Threads(2),
    )


def app():
    return create_app(make, model="chaos", deadline=2.0, threads=3, queue_limit=2)
