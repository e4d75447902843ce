"""Exercise: a table in front of a cache in front of a model (lesson 05)."""

from collections import OrderedDict

from lessons_lib.answer import Answer, VirtualClock, key_of
from lessons_lib.exercises.probes import (
    MISS,
    FakeModel,
    an_answer,
    answered,
    breaks_down,
    expect,
    fail,
    flight,
)

NAME = "Hybrid"
TITLE = "Put a table and a cache in front of the model"
MINUTES = 12
ORDER = 4
HINTS = [
    "Three steps, and each may end the call. Ask the table: if the value is not None, return its "
    "answer as it came. Look for `key_of(request)` in `self.cache`. Only then ask the model.",
    "On a hit, `self.cache.move_to_end(key)` marks the key as used last, and the answer is "
    '`Answer(value, "cache", self.clock() - made)`, with `made` the moment of its information.',
    "After the model has answered: `self.cache[key] = (fresh.value, self.clock() - fresh.age)`; if "
    "the cache is longer than `self.size`, `self.cache.popitem(last=False)` drops the key that was "
    "used longest ago; and return `fresh`.",
]
FAILURES = {
    "no_answer": "`answer` gave {got}. Give an `Answer(value, source, age)`.",
    "table": "The table holds this key, and its answer is {wanted}; yours is {got}. Hand it on as it "
    "is, with its source and its age.",
    "model_first": "The table holds this key, and the model was asked all the same. Look at the table "
    "first and stop there.",
    "shared": "A second `Hybrid` answered from what the first one had been given. Keep table, model and "
    "cache with the object: `self.cache = OrderedDict()` in `__init__`.",
    "zero": "The {place} holds 0.0 for this key, and yours went on as if it held nothing. 0.0 is a "
    "prediction; only None says that there is none.",
    "model": "The table has nothing and neither has the cache, so the model's answer is wanted, "
    "{wanted}; yours is {got}.",
    "twice": "One request that only the model can answer made it run {calls} times. Run it once.",
    "no_cache": "The same key was asked for again, and the model ran again. Keep what it said.",
    "cache_first": "The key was in the cache when a new table came that holds it, and the answer was "
    "{got}. Ask the table first: {wanted}.",
    "by_request": "Two flights on different days have the same key, and the model ran for each. Keep "
    "answers under `key_of(request)`.",
    "value": "The model had said {wanted} for this key; from the cache comes {got}.",
    "source": 'An answer from the cache should say so: its source is `"cache"`, not {got}.',
    "age": "The information was {old} s old when the model answered, and {later} s have gone by: "
    "the age is {wanted:.10g} s, and you say {got}. A hit makes no answer younger.",
    "too_big": "The cache has room for {size} answers, and an old one is still there after a third "
    "came in. Drop one when it is full.",
    "first_in": "The cache dropped a key that had just been used, and kept one that was not. A hit "
    "counts as use: move the key to the end.",
    "order": "Asked for {keys!r}, with a cache of size {size}, the model ran {calls} times and should "
    "run {wanted} times. Drop nothing while there is room, then the one key used longest ago.",
    "pollution": "Answers from the table took up room in the cache, and a key that only the model can "
    "answer was dropped for them. Cache only what the model said.",
}
OLD, LATER = 30.123456, 3723.456789
SEQUENCES = [
    ("order", 3, "x y z x y z", 3),
    ("order", 1, "x x", 1),
    ("too_big", 2, "x y z x", 4),
    ("order", 2, "x y z z y", 3),
    ("first_in", 2, "x y x z x", 3),
    ("order", 2, "x x x y z y", 3),
    ("pollution", 1, "x x t1 t2 x", 1),
    ("order", 3, " ".join("abcdefgh"[n * n % 61 % 8] for n in range(200)), 117),
]
"""Code, size of the cache, what is asked for, and how often the model should run."""


class Hybrid:
    def __init__(self, table, model, size, clock):
        self.table, self.model, self.size, self.clock = table, model, size, clock
        self.cache = OrderedDict()

    def answer(self, request):
        found = self.table.answer(request)
        if found.value is not None:
            return found
        key = key_of(request)
        if key in self.cache:
            self.cache.move_to_end(key)
            value, made = self.cache[key]
            return Answer(value, "cache", self.clock() - made)
        fresh = self.model.answer(request)
        self.cache[key] = (fresh.value, self.clock() - fresh.age)
        if len(self.cache) > self.size:
            self.cache.popitem(last=False)
        return fresh


def check(candidate):
    (one, _), (two, other) = (_hybrid(candidate, 2) for _ in range(2))
    one.answer("x")
    if other.calls or getattr(two.answer("x"), "source", None) == "cache":
        fail("shared")
    _one_key(candidate)
    hybrid, model = _hybrid(candidate, 2)
    for day in (1, 2):
        hybrid.answer(flight("UA EWR IAH 05", day))
    expect(model.calls, 1, "by_request")
    for code, size, keys, runs in SEQUENCES:
        hybrid, model = _hybrid(candidate, size)
        for key in keys.split():
            hybrid.answer(key)
        expect(model.calls, runs, code, size=size, calls=model.calls, keys=keys)


class _Table:
    """Holds three keys, computed an hour ago."""

    def __init__(self):
        self.rows = {"t0": 0.0, "t1": 0.75, "t2": 0.5}

    def answer(self, request):
        value = self.rows.get(key_of(request))
        return MISS if value is None else Answer(value, "table", 3600.0)


def _hybrid(candidate, size):
    clock = VirtualClock(10_000.0)
    model = FakeModel(lambda key, n: 0.0 if key == "zero" else n / 7, clock, takes=0.25, age=OLD)
    model.table = _Table()
    return candidate(model.table, model, size, clock), model


def _one_key(candidate):
    """Hits of the table, then one key three times: from the model, from the cache, from a new table."""
    hybrid, model = _hybrid(candidate, 2)
    table, clock = model.table, model.clock
    found = hybrid.answer("t1")
    expect(model.calls, 0, "model_first")
    expect(an_answer(found), table.answer("t1"), "table")
    found = hybrid.answer("t0")
    if model.calls or found == MISS:
        fail("zero", place="table")
    expect(an_answer(found), table.answer("t0"), "table")
    found = hybrid.answer("x")
    if model.calls > 1:
        fail("twice", calls=model.calls)
    expect(an_answer(found), Answer(1 / 7, "model", OLD), "model")
    for hit in (1, 2):
        clock.sleep(LATER)
        found = hybrid.answer("x")
        expect(model.calls, 1, "no_cache")
        age = OLD + hit * LATER
        answered(found, Answer(1 / 7, "cache", age), old=OLD, later=hit * LATER)
    for _ in range(2):
        hybrid.answer("zero")
    if model.calls > 2:
        fail("zero", place="cache")
    model.breaks = model.calls + 1
    breaks_down("The model", hybrid.answer, "y")
    table.rows["x"] = 0.25
    expect(an_answer(hybrid.answer("x")), table.answer("x"), "cache_first")
