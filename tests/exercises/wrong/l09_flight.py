"""Wrong answers to "let a stampede cost one run"."""

from exercises.variants import changes

but = changes("l09_flight")
RUN = "flight.set_result(self.model.answer(request))"
LOCKED = """with self.lock:
            flight = self.flights.get(key)
            first = flight is None
            if first:
                flight = self.flights[key] = Future()"""
FAILS = """except Exception as error:
                flight.set_exception(error)
            finally:"""
OVER = """finally:
                with self.lock:
                    del self.flights[key]"""

WRONG = [
    (
        "asks the model each time",
        "class SingleFlight:\n    def __init__(self, model):\n        self.model = model\n"
        "    def answer(self, request):\n        return self.model.answer(request)\n",
        "stampede",
        "clients asked for one key",
    ),
    (
        "one after the other",
        "from threading import Lock\nclass SingleFlight:\n    def __init__(self, model):\n"
        "        self.model, self.lock = model, Lock()\n    def answer(self, request):\n"
        "        with self.lock:\n            return self.model.answer(request)\n",
        "holds_up",
        "had to wait for it",
    ),
    (
        "a cache",
        but("del self.flights[key]", "pass"),
        "cache",
        "the cache's part",
    ),
    (
        "a cache of good answers",
        but(
            OVER,
            "finally:\n    if flight.exception() is not None:\n        del self.flights[key]",
        ),
        "cache",
        "was not asked again",
    ),
    (
        "a failed flight stays",
        but(OVER, "else:\n    del self.flights[key]"),
        "stuck",
        "also when it fails",
    ),
    (
        "who waits is not told of a failure",
        but(FAILS, "finally:"),
        "left_waiting",
        "must be told",
    ),
    (
        "a failure is a default",
        but(
            "flight.set_exception(error)",
            "flight.set_result(Answer(None, 'default', 0.0))",
        ),
        "error",
        "source='default'",
    ),
    (
        "who waits gets nothing when it fails",
        but(
            "return flight.result()",
            "if not first and flight.exception() is not None:\n    return None\n"
            "return flight.result()",
        ),
        "error",
        "a client got None",
    ),
    (
        "who waits tries again by itself",
        but(
            "return flight.result()",
            "if not first and flight.exception() is not None:\n"
            "    return Answer(0.0, 'model', 0.0)\nreturn flight.result()",
        ),
        "error",
        "a client got Answer",
    ),
    (
        "the lock while the model runs",
        but(
            "flight.set_result(self.model.answer(request))",
            "with self.lock:\n    flight.set_result(self.model.answer(request))",
        ),
        "holds_up",
        "Do not hold the lock",
    ),
    (
        "one flight for all keys",
        but("key = key_of(request)", "key = 'all'"),
        "other_key",
        "the answer of another",
    ),
    (
        "by the request",
        but("key = key_of(request)", "key = request"),
        "by_request",
        "Two flights on different days",
    ),
    (
        "flights of the class",
        but(
            "self.model, self.lock, self.flights = model, Lock(), {}",
            "self.model, self.lock, self.flights = model, Lock(), vars(SingleFlight)['all']",
            "class SingleFlight:",
            "class SingleFlight:\n    all = {}\n",
        ),
        "shared",
        "with the object",
    ),
    (
        "runs twice to be sure",
        but(RUN, f"self.model.answer(request)\n{RUN}"),
        "lonely",
        "ran 2 times",
    ),
    (
        "who waits says cache",
        but(
            "return flight.result()",
            "return flight.result() if first else flight.result()._replace(source='cache')",
        ),
        "source",
        "was told 'cache'",
    ),
    (
        "who waits says just now",
        but(
            "return flight.result()",
            "return flight.result() if first else flight.result()._replace(age=0.0)",
        ),
        "age",
        "was told 0",
    ),
    (
        "the value alone",
        but("return flight.result()", "return flight.result().value"),
        "no_answer",
        "returned 0.14",
    ),
    (
        "who waits gets the rounded value",
        but(
            "return flight.result()",
            "found = flight.result()\n"
            "return found if first else found._replace(value=round(found.value, 2))",
        ),
        "value",
        "got 0.14",
    ),
]
