"""Exercise: table, cache, model, default, in this order, and what is said is true (lesson 09)."""

import math
from contextlib import suppress

from lessons_lib import router
from lessons_lib.answer import Answer, VirtualClock, key_of
from lessons_lib.exercises.probes import (
    MISS,
    Breakdown,
    FakeModel,
    an_answer,
    answered,
    expect,
    fail,
    flight,
)

NAME = "Router"
TITLE = "Route between table, cache, model and default"
MINUTES = 12
ORDER = 1
TAUGHT = (router.Router,)
HINTS = [
    "Four steps. A part that raises has nothing to say, so wrap the questions to table and model: "
    "`try: ... except Exception: ...`, or `with suppress(Exception):` and a value set before it.",
    "Keep `(value, made)` in `self.cache[key_of(request)]`, with `made = self.clock() - fresh.age`. "
    "The age of an entry is `self.clock() - made`, whenever it is asked for.",
    "When the model has nothing: an entry, however old, comes before the default. Read the clock again "
    "for its age, since the model may have taken its time to fail. The default is "
    '`Answer(self.default, "default", math.nan)`, and it is not kept.',
]
FAILURES = {
    "table": "The table holds this key, and its answer is {wanted}; yours is {got}. Hand it on as it is.",
    "table_first": "The table holds this key, and the {part} was asked or used all the same. Ask the "
    "table first and stop there.",
    "zero": "The {place} holds 0.0 for this key, and yours went on as if it held nothing. 0.0 is a "
    "prediction; only None says that there is none.",
    "table_down": "The table raised an error ({got}), and it came out of your router. Go on as if the "
    "table held nothing.",
    "model": "Neither table nor cache has this key, so the model's answer is wanted, {wanted}; yours is "
    "{got}.",
    "twice": "One request made the model run {calls} times. Run it once.",
    "no_cache": "An answer is {age:.9g} s old, younger than the {ttl:.9g} s of `ttl`, and the model was "
    "run again. Keep what it says.",
    "expired": "An answer is {age:.9g} s old, no longer younger than the {ttl:.9g} s of `ttl`, and the "
    "model was not asked.",
    "by_request": "Two flights on different days have the same key, and the model ran for each. Keep "
    "answers under `key_of(request)`.",
    "value": "The model had said {wanted} for this key; from the cache comes {got}.",
    "source": 'This answer comes from the cache, so its source is `"cache"`, not {got}.',
    "age": "The information behind this answer is {wanted:.10g} s old, and you say {got}.",
    "model_down": "The model raised an error, and it came out of your router ({got}). Give the old answer "
    "from the cache, or the default.",
    "no_old": "The model failed, the cache held an answer of {age:.9g} s, and yours was {got}. Old "
    "information that says its age is better than a default.",
    "old_age": "The model took {took:.9g} s to fail. By then the old answer is {wanted:.10g} s old, and "
    "you say {got}. Read the clock when you answer.",
    "default": "The model failed and nothing is known: {wanted} is the answer, and you gave {got}.",
    "default_kept": "The model is back, and the answer still comes from its failure: {got}. Keep only "
    "what the model said.",
    "lost_old": "The model failed twice in a row, and the second time the old answer was gone: {got}.",
    "shared": "A second `Router` answered from what the first one had been given. Keep table, model and "
    "cache with the object.",
}
TTL, OLD, TAKES, DEFAULT = 600.25, 30.123456, 0.25, 0.196


class Router:
    def __init__(self, table, model, ttl, default, clock):
        self.table, self.model, self.clock = table, model, clock
        self.ttl, self.default = ttl, default
        self.cache = {}

    def answer(self, request):
        with suppress(Exception):
            found = self.table.answer(request)
            if found.value is not None:
                return found
        key = key_of(request)
        value, made = self.cache.get(key, (None, -math.inf))
        age = self.clock() - made
        if age < self.ttl:
            return Answer(value, "cache", age)
        with suppress(Exception):
            fresh = self.model.answer(request)
            self.cache[key] = fresh.value, self.clock() - fresh.age
            return fresh
        if key in self.cache:
            return Answer(value, "cache", self.clock() - made)
        return Answer(self.default, "default", math.nan)


def check(candidate):
    (one, _), (two, other) = (_router(candidate) for _ in range(2))
    one.answer("x")
    if other.calls or getattr(two.answer("x"), "source", None) == "cache":
        fail("shared")
    for ttl, default in ((TTL, DEFAULT), (3.5, 0.0)):
        _table_comes_first(candidate, ttl, default)
        _fresh_until_ttl(candidate, ttl, default)
        _model_fails(candidate, ttl, default)
    router, model = _router(candidate)
    for day in (1, 2):
        router.answer(flight("UA EWR IAH 05", day))
    expect(model.calls, 1, "by_request")


class _Table:
    """Holds two keys, computed an hour ago; breaks down on request."""

    def __init__(self):
        self.rows, self.broken = {"t0": 0.0, "t1": 0.75}, False

    def answer(self, request):
        if self.broken:
            raise Breakdown("the table broke down")
        value = self.rows.get(key_of(request))
        return MISS if value is None else Answer(value, "table", 3600.0)


class _Model(FakeModel):
    """Fails, after its time, while `broken`; told how often it was asked even then."""

    broken = False

    def answer(self, request):
        self.breaks = self.calls + 1 if self.broken else 0
        return super().answer(request)


def _router(candidate, ttl=TTL, default=DEFAULT, age=OLD):
    clock = VirtualClock(10_000.0)
    model = _Model(lambda key, n: 0.0 if key == "zero" else n / 7, clock, takes=TAKES, age=age)
    model.table = _Table()
    return candidate(model.table, model, ttl, default, clock), model


def _asked(router, request, code):
    """The answer; an error that comes out fails with `code`."""
    try:
        return router.answer(request)
    except NotImplementedError:
        raise
    except Breakdown as error:
        fail(code, got=str(error))


def _table_comes_first(candidate, ttl, default):
    router, model = _router(candidate, ttl, default, age=0.5)
    table = model.table
    found = _asked(router, "t1", "table_down")
    expect(model.calls, 0, "table_first", part="model")
    expect(an_answer(found), table.answer("t1"), "table")
    found = router.answer("t0")
    if model.calls:
        fail("zero", place="table")
    expect(an_answer(found), table.answer("t0"), "table")
    router.answer("x")
    table.rows["x"] = 0.25
    found = an_answer(router.answer("x"))
    if found.source != "table":
        fail("table_first", part="cache")
    expect(found, table.answer("x"), "table")
    table.broken = True
    found = an_answer(_asked(router, "y", "table_down"))
    expect(found, Answer(model.calls / 7, "model", 0.5), "model")


def _fresh_until_ttl(candidate, ttl, default):
    router, model = _router(candidate, ttl, default, age=1.125)
    clock = model.clock
    found = router.answer("x")
    if model.calls > 1:
        fail("twice", calls=model.calls)
    expect(an_answer(found), Answer(1 / 7, "model", 1.125), "model")
    taken = clock() - 1.125
    for age in (1.125, ttl / 2, ttl - 0.125):
        clock.now = taken + age
        found = router.answer("x")
        if model.calls > 1:
            fail("no_cache", age=age, ttl=ttl)
        answered(found, Answer(1 / 7, "cache", age))
    for calls, age in ((2, ttl), (3, 5 * ttl)):
        clock.now = taken + age
        found = an_answer(router.answer("x"))
        if model.calls < calls:
            fail("expired", age=age, ttl=ttl)
        expect(found, Answer(calls / 7, "model", 1.125), "model")
        taken = clock() - 1.125
    for _ in range(2):
        router.answer("zero")
    if model.calls > 4:
        fail("zero", place="cache")


def _model_fails(candidate, ttl, default):
    router, model = _router(candidate, ttl, default)
    clock, model.age = model.clock, 0.5
    nothing = Answer(default, "default", math.nan)
    model.broken = True
    for _ in range(2):
        expect(an_answer(_asked(router, "x", "model_down")), nothing, "default")
    model.broken = False
    found = an_answer(router.answer("x"))
    if found.source != "model":
        fail("default_kept", got=found)
    value, taken = found.value, clock() - 0.5
    clock.sleep(3 * ttl)
    model.broken = True
    for code in ("no_old", "lost_old"):
        before = clock()
        found = an_answer(_asked(router, "x", "model_down"))
        if found.source == "default":
            fail(code, age=clock() - taken, got=found)
        answered(found, Answer(value, "cache", before + TAKES - taken), age="old_age", took=TAKES)
    expect(an_answer(_asked(router, "y", "model_down")), nothing, "default")
