"""Exercise: a router that gives the freshest answer at hand, and earns more than its parts alone (lesson 11)."""

from functools import cache
from math import nan

from lessons_lib.answer import Answer, VirtualClock
from lessons_lib.capstone import Design, practise
from lessons_lib.capstone.design import Routed
from lessons_lib.exercises.probes import MISS, FakeModel, an_answer, expect, fail

NAME = "Freshest"
TITLE = "Build a router that beats its parts"
MINUTES = 15
ORDER = 2
TAUGHT = (Routed,)
HINTS = [
    "First collect what is at hand: the table's answer, if there is a table, and what the model said of this "
    'key earlier, as `Answer(value, "cache", self.clock() - taken)`. A value of None is no answer.',
    'The younger one is `min(known, key=lambda one: one.age, default=Answer(0.3, "default", nan))`. Give it if '
    "its age is below `self.fresh`, or if there is no model.",
    "Else ask the model in a `try`. On a `TimeoutError` give the younger one, however old. Otherwise note "
    "`self.cache[request] = found.value, self.clock() - found.age` and give what the model said.",
]
FAILURES = {
    "no_part": "Where `{part}` is None, the other one answers: {wanted} is wanted for {asked!r}; yours is "
    "{got}.",
    "table": "The table's answer is {age:g} s old, younger than `fresh`, {fresh:g} s. Hand it on as it is: "
    "{wanted}; yours is {got}.",
    "asked": "The table's answer was young enough, and the model was asked all the same. Stop there.",
    "old_table": "The table's answer is {age:g} s old, and `fresh` is {fresh:g} s: the model's answer is "
    "wanted, {wanted}; yours is {got}.",
    "model": "Nothing is at hand for this key, so the model's answer is wanted, {wanted}; yours is {got}.",
    "not_kept": "The same key was asked for again within `fresh`, and the model ran again. Keep what it said.",
    "cache": "The model's answer is {age:.6g} s old by now, younger than `fresh`: {wanted} is wanted from the "
    "cache; yours is {got}.",
    "older": "Both are younger than `fresh`: the table's answer with {age:g} s, the cache's with {other:g} s. "
    "The younger one is wanted, {wanted}; yours is {got}.",
    "expired": "What the model said is {age:.6g} s old, and `fresh` is {fresh:g} s: ask it again. Yours gave "
    "{got}.",
    "no_room": "The model raised a TimeoutError, and what is at hand is the {source}'s old answer: {wanted} "
    "is wanted; yours is {got}.",
    "default": "Nothing is at hand and the model has no room: give {wanted}; yours is {got}.",
    "let_out": "The model's TimeoutError came out of `answer`. Catch it: a client gets nothing then.",
    "shared": "A second `Freshest` knew what the first had been told. Make the cache in `__init__`.",
    "caught": "In the shop's practice traffic: {why}",
    "not_better": "In the shop's practice traffic it earns {got:.4g} dollars a day; its table alone earns "
    "{static:.4g}, its model alone {dynamic:.4g}. Both have to be beaten.",
}
DEFAULT = Answer(0.3, "default", nan)
FRESH, LATER, AGE = 400.5, 60.125, 30.25
"""Seconds: what the check calls fresh, its steps, and the age of what its model says."""
SHOP = Design(table_size=2_000, refresh=600, servers=3)
"""What the router has in the shop; each mode alone has its part of it."""


class Freshest:
    def __init__(self, table, model, clock, fresh=300.0):
        self.table, self.model, self.clock, self.fresh = table, model, clock, fresh
        self.cache = {}  # key -> (value, when its information was taken)

    def answer(self, request):
        known = []
        if self.table is not None:
            known.append(self.table.answer(request))
        if request in self.cache:
            value, taken = self.cache[request]
            known.append(Answer(value, "cache", self.clock() - taken))
        known = [one for one in known if one.value is not None]
        best = min(known, key=lambda one: one.age, default=Answer(0.3, "default", nan))
        if best.age < self.fresh or self.model is None:
            return best
        try:
            found = self.model.answer(request)
        except TimeoutError:
            return best
        self.cache[request] = found.value, self.clock() - found.age
        return found


def check(candidate):
    (one, *_), (two, *_) = _made(candidate), _made(candidate)
    wanted = Answer(1 / 7, "model", AGE)
    _ask(one, "x", "model", wanted)
    if an_answer(two.answer("x")).source == "cache":
        fail("shared")
    _from_the_table(candidate)
    _in_turn(candidate)
    _without_room(candidate)
    for table, model in ((None, _Model(VirtualClock())), (_Table(VirtualClock()), None)):
        router, request = candidate(table, model, (table or model).clock, FRESH), "old"
        wanted = Answer(0.5, "table", 5_000.25) if table else Answer(1 / 7, "model", AGE)
        _ask(router, request, "no_part", wanted, part="model" if table else "table", asked=request)
    found = practise("shop", SHOP, candidate)
    if found.caught:
        fail("caught", why=found.caught)
    earned = found.figures["value"]
    if not earned > max(_modes().values()):
        fail("not_better", got=earned, **_modes())


@cache
def _modes():
    """What each mode alone earns in the shop's practice traffic."""
    alone = {
        "static": Design(table_size=SHOP.table_size, refresh=SHOP.refresh),
        "dynamic": Design(servers=SHOP.servers),
    }
    return {name: practise("shop", design).figures["value"] for name, design in alone.items()}


class _Table:
    """Two young rows, one of them 0.0, and an old one."""

    def __init__(self, clock):
        self.clock = clock
        made = {"young": (0.75, 20.5), "zero": (0.0, 20.5), "old": (0.5, 5_000.25)}
        self.rows = {key: (value, clock() - age) for key, (value, age) in made.items()}

    def answer(self, request):
        if request not in self.rows:
            return MISS
        value, made = self.rows[request]
        return Answer(value, "table", self.clock() - made)


class _Model(FakeModel):
    """Says n / 7 in its n-th call, and has no room when it is `full`."""

    full = False

    def __init__(self, clock):
        super().__init__(lambda request, n: n / 7, clock, takes=0.25, age=AGE)

    def answer(self, request):
        if self.full:
            raise TimeoutError("No server comes to it within the deadline.")
        return super().answer(request)


def _made(candidate):
    clock = VirtualClock(10_000.0)
    table, model = _Table(clock), _Model(clock)
    return candidate(table, model, clock, FRESH), table, model


def _ask(router, request, code, wanted=None, **values):
    """Ask, and fail with this code unless the answer is the wanted one, if one is."""
    try:
        found = an_answer(router.answer(request))
    except TimeoutError:
        fail("let_out")
    if wanted is not None:
        expect(found, wanted, code, fresh=FRESH, **values)


def _from_the_table(candidate):
    router, _, model = _made(candidate)
    _ask(router, "young", "table")
    if model.calls:
        fail("asked")
    for request, value in (("young", 0.75), ("zero", 0.0)):
        _ask(router, request, "table", Answer(value, "table", 20.5), age=20.5)
    _ask(router, "old", "old_table", Answer(1 / 7, "model", AGE), age=5_000.25)


def _in_turn(candidate):
    """One key: from the model, from the cache, from a newer row, from the cache again, from the model."""
    router, table, model = _made(candidate)
    _ask(router, "old", "old_table", Answer(1 / 7, "model", AGE), age=5_000.25)
    model.clock.sleep(LATER)
    _ask(router, "old", "not_kept")
    if model.calls > 1:
        fail("not_kept")
    kept = AGE + LATER
    _ask(router, "old", "cache", Answer(1 / 7, "cache", kept), age=kept)
    for age, wanted in ((9.5, Answer(0.25, "table", 9.5)), (99.5, Answer(1 / 7, "cache", kept))):
        table.rows["old"] = 0.25, model.clock() - age
        _ask(router, "old", "older", wanted, age=age, other=kept)
    table.rows["old"] = 0.25, 0.0
    model.clock.sleep(FRESH - kept)  # now it is as old as `fresh`
    _ask(router, "old", "expired", Answer(2 / 7, "model", AGE), age=FRESH)
    _ask(router, "x", "model", Answer(3 / 7, "model", AGE))


def _without_room(candidate):
    """What is at hand when the model has no room: a row, an old entry, the younger of both, nothing."""
    router, table, model = _made(candidate)
    _ask(router, "x", "model")
    model.full = True
    model.clock.sleep(1_000.0)
    kept = AGE + 1_000.0
    _ask(router, "x", "no_room", Answer(1 / 7, "cache", kept), source="cache")
    _ask(router, "old", "no_room", Answer(0.5, "table", 6_000.5), source="table")
    table.rows["x"] = 0.25, model.clock() - 900.0
    _ask(router, "x", "no_room", Answer(0.25, "table", 900.0), source="table")
    table.rows["x"] = 0.25, model.clock() - 2_000.0
    _ask(router, "x", "no_room", Answer(1 / 7, "cache", kept), source="cache")
    _ask(router, "never", "default", DEFAULT)
