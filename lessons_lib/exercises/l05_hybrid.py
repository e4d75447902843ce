"""Exercise: a table in front of a cache in front of a model (lesson 05)."""

from collections import OrderedDict

from lessons_lib.answer import Answer, VirtualClock, key_of
from lessons_lib.exercises.probes import MISS, FakeModel, an_answer, answered, expect, flight

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
    "model": "The table has nothing and neither has the cache, so the model's answer is wanted, "
    "{wanted}; yours is {got}.",
    "no_cache": "The same key was asked for again, and the model ran again. Keep what it said.",
    "by_request": "Two flights on different days have the same key, and the model ran for each. Keep "
    "answers under `key_of(request)`.",
    "value": "The model had said {wanted} for this key; from the cache comes {got}.",
    "source": 'An answer from the cache should say so: its source is `"cache"`, not {got}.',
    "age": "The information was {old:g} s old when the model answered, and {later:g} s have gone by: "
    "the age is {wanted:g} s, and you say {got}.",
    "too_big": "The cache has room for {size} answers, and an old one is still there after a third "
    "came in. Drop one when it is full.",
    "first_in": "The cache dropped a key that had just been used, and kept one that was not. A hit "
    "counts as use: move the key to the end.",
    "pollution": "Answers from the table took up room in the cache, and a key that only the model can "
    "answer was dropped for them. Cache only what the model said.",
}
OLD, LATER = 30.0, 60.0
SEQUENCES = [
    ("pollution", 1, "x x t1 t2 x", 1),
    ("first_in", 2, "x y x z x", 3),
    ("too_big", 2, "x y z x", 4),
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
    _one_key(candidate)
    hybrid, model, _ = _hybrid(candidate, 2)
    for day in (1, 2):
        hybrid.answer(flight("UA EWR IAH 05", day))
    expect(model.calls, 1, "by_request")
    for code, size, keys, runs in SEQUENCES:
        hybrid, model, _ = _hybrid(candidate, size)
        for key in keys.split():
            hybrid.answer(key)
        expect(model.calls, runs, code, size=size)


class _Table:
    """Holds two keys, computed an hour ago."""

    def answer(self, request):
        return Answer(0.75, "table", 3600.0) if key_of(request) in ("t1", "t2") else MISS


def _hybrid(candidate, size):
    clock = VirtualClock(10_000.0)
    model = FakeModel(lambda request, n: n / 7, clock, takes=0.25, age=OLD)
    return candidate(_Table(), model, size, clock), model, clock


def _one_key(candidate):
    """A hit of the table, then one key twice: from the model, from the cache."""
    hybrid, model, clock = _hybrid(candidate, 2)
    found = hybrid.answer("t1")
    expect(model.calls, 0, "model_first")
    expect(an_answer(found), _Table().answer("t1"), "table")
    expect(an_answer(hybrid.answer("x")), Answer(1 / 7, "model", OLD), "model")
    clock.sleep(LATER)
    found = hybrid.answer("x")
    expect(model.calls, 1, "no_cache")
    answered(found, Answer(1 / 7, "cache", OLD + LATER), old=OLD, later=LATER)
