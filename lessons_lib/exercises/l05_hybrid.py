"""Exercise: a table in front of a cache in front of a model (lesson 05)."""

from collections import OrderedDict

from lessons_lib.answer import Answer, VirtualClock, key_of
from lessons_lib.exercises.probes import fail

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


reference = Hybrid


def check(candidate):
    _one_key(candidate)
    _by_key(candidate)
    _ask(candidate, "x x t1 t2 x", "pollution", size=1)
    _ask(candidate, "x y x z x", "first_in", size=2)
    _ask(candidate, "x y z x", "too_big", size=2, runs=4)


def _one_key(candidate) -> None:
    """A hit of the table, then one key twice: from the model, from the cache."""
    clock = VirtualClock(10_000.0)
    model = _Model(clock)
    hybrid = candidate(_Table(), model, 2, clock)
    got, wanted = hybrid.answer("t1"), _Table().answer("t1")
    if model.asked:
        fail("model_first")
    if _shaped(got) != wanted:
        fail("table", got=got, wanted=wanted)
    got, wanted = _shaped(hybrid.answer("x")), Answer(1 / 8, "model", OLD)
    if got != wanted:
        fail("model", got=got, wanted=wanted)
    clock.sleep(LATER)
    got = _shaped(hybrid.answer("x"))
    if len(model.asked) > 1:
        fail("no_cache")
    if got.value != wanted.value:
        fail("value", got=got.value, wanted=wanted.value)
    if got.source != "cache":
        fail("source", got=repr(got.source))
    if not isinstance(got.age, int | float) or abs(got.age - OLD - LATER) > 1e-6:
        fail("age", got=got.age, old=OLD, later=LATER, wanted=OLD + LATER)


def _by_key(candidate) -> None:
    clock = VirtualClock()
    model = _Model(clock)
    hybrid = candidate(_Table(), model, 2, clock)
    for day in (1, 2):
        hybrid.answer(_Flight(day))
    if len(model.asked) > 1:
        fail("by_request")


def _ask(candidate, requests: str, code: str, *, size: int, runs: int | None = None) -> None:
    """Ask for the keys in turn; unless told, the model runs once for each that the table lacks."""
    clock = VirtualClock()
    model = _Model(clock)
    hybrid = candidate(_Table(), model, size, clock)
    for request in requests.split():
        hybrid.answer(request)
    runs = len(set(requests.split()) - _Table.KEYS) if runs is None else runs
    if len(model.asked) != runs:
        fail(code, size=size)


def _shaped(answer) -> Answer:
    if not isinstance(answer, Answer):
        fail("no_answer", got=answer)
    return answer


class _Flight:
    """A request that is another one each day, under the same key."""

    def __init__(self, day: int):
        self.day, self.key = day, "UA EWR IAH 05"


class _Table:
    """Holds two keys, computed an hour ago."""

    KEYS = frozenset({"t1", "t2"})

    def answer(self, request) -> Answer:
        if key_of(request) in self.KEYS:
            return Answer(0.75, "table", 3600.0)
        return Answer(None, "default", float("nan"))


class _Model:
    """Says something else each time, from inputs that are `OLD` when it has answered."""

    def __init__(self, clock: VirtualClock):
        self.clock = clock
        self.asked: list = []

    def answer(self, request) -> Answer:
        self.asked.append(request)
        self.clock.sleep(0.25)
        return Answer(len(self.asked) / 8, "model", OLD)
