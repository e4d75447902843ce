"""One run: a router answers under an attack, in virtual time, and what it says is checked.

The table and the model that a router gets note what they gave; an answer that says something else is
a lie. It knows no grade.
"""

import gc
from bisect import bisect_right
from heapq import heapify, heapreplace
from math import ceil, floor, inf, nan
from typing import NamedTuple

import numpy as np

from lessons_lib import cost
from lessons_lib.answer import SOURCES, Answer, VirtualClock
from lessons_lib.capstone.attacks import LOG, Attack
from lessons_lib.capstone.design import SPREAD, USUAL, Design
from lessons_lib.capstone.watch import Caught, Shut, Stopped, seen
from lessons_lib.capstone.worlds import ROW_BYTES, World
from lessons_lib.drive import drive

LOOK_UP = 1e-4
"""Seconds of an answer for which no model ran."""
SHIFT = 1.5
"""By how many of their standard deviations predictions move while the inputs are broken."""
EXACT = 1e-6
"""Seconds by which an age may be off."""
_new = tuple.__new__  # makes an Answer in half the time that Answer(...) takes
NOTHING = Answer(None, "default", nan)
UNKNOWN = ("", None, nan, False)
"""What stands behind a value: who gave it, for which key, when it was taken (s), whether it is bad."""


class Run(NamedTuple):
    """What came of each request of a run; arrays of shape (n,)."""

    latency: np.ndarray
    """Seconds; infinite for who left without an answer."""
    source: np.ndarray
    """One of `lessons_lib.answer.SOURCES`."""
    true: np.ndarray
    """How likely the answer is still true, 0..1; NaN where there was no prediction."""
    bad: np.ndarray
    """Whether it was computed while the inputs were broken."""
    none: np.ndarray
    """Whether there was no answer at all."""
    bill: cost.Bill
    """Of servers, batch jobs and storage, a day."""


def run(desk: "Desk", make=None) -> Run:
    """Let the router of the desk's design, or the one that ``make(table, model, clock)`` gives, answer."""
    world, attack = desk.world, desk.attack
    seen.clear()
    checked = Checked(desk, _made(desk, make))
    times = attack.times[LOG:]
    collecting = gc.isenabled()
    gc.disable()  # all of it is in use until the end: to look for garbage takes a third of the time
    try:
        found = drive(
            checked,
            attack.requests,
            times,
            desk.clock,
            seconds_for=dict.fromkeys(SOURCES, LOOK_UP),
            servers=len(times),  # a request is taken when it comes; only the model has a queue
        )
    finally:
        if collecting:
            gc.enable()
    latency = found.finish - times
    in_time = latency <= world.deadline
    change = np.full(len(times), world.change)
    if attack.name == "drift":
        change[(times >= attack.begin) & (times < attack.end)] *= world.change_drift
    predicted = np.array(checked.bad) >= 0
    true = np.where(predicted & in_time, np.exp(-change * np.maximum(found.age, 0.0)), nan)
    none = ~in_time | np.array(checked.none)
    bad = (np.array(checked.bad) > 0) & in_time
    return Run(np.where(in_time, latency, inf), found.source, true, bad, none, desk.bill())


def _made(desk: "Desk", make):
    """A new router of this kind."""
    if make is None:
        return desk.design.router(*desk.parts())
    try:
        router = make(*desk.parts())
    except Exception as error:
        raise Caught(
            f"router(table, model, clock) raised {_told(error)}: take these three and keep them."
        ) from error
    if not callable(getattr(router, "answer", None)):
        raise Caught(
            f"router(table, model, clock) gave {type(router).__name__}, which has no answer(request): "
            "give a class whose objects have one."
        )
    return router


def _told(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:120]}".removesuffix(": ")


class Desk:
    """What a router must not see: the traffic to come, the servers, the jobs, and what was given."""

    def __init__(self, world: World, design: Design, attack: Attack):
        self.world, self.design, self.attack = world, design, attack
        self.clock = VirtualClock(-1.0)
        self.given: dict[float, tuple] = {}  # no value is given twice, but by one row of a table
        self.now: list[float] = []  # what was given for the request that is being answered
        self.number = 0  # of that request
        self.draws = np.random.default_rng([attack.seed, 7])
        self.free = [-inf] * design.servers  # a heap: when each server is next free
        self.open = (-inf, 0)  # when the batch that may be joined begins, and the places in it
        self.lost = attack.name == "loss"
        self.values: list[float] = []
        self._versions()

    def _versions(self) -> None:
        """When each version's job began, and from when on it is served."""
        world, design, attack = self.world, self.design, self.attack
        self.rows = min(design.table_size, len(world.names()[0]) if world.listed else LOG)
        job = self.rows * world.row
        self.period = max(design.refresh, job)
        starts: list[float] = []
        if self.rows and self.period == inf:
            starts = [-job - attack.length / 2]
        elif self.rows:
            # A job starts half a period into the attack, so that luck does not decide how many do.
            middle = attack.begin + self.period / 2
            first = floor((-job - middle) / self.period)  # the one that is served at the start
            last = ceil((attack.length - middle) / self.period)
            starts = [middle + k * self.period for k in range(first, last)]
        if design.alarms:  # the gate keeps back what was made from broken inputs
            starts = [start for start in starts if not attack.during("fault", start)]
        self.starts = starts
        self.served = [s + job for s in self.starts]
        self.made: dict[int, dict] = {}
        self.since = self.until = nan  # of the version that is served: none yet

    def table(self, number: int) -> dict[str, float]:
        """The rows of a version."""
        if number not in self.made:
            attack, start = self.attack, self.starts[number]
            end = max(int(np.searchsorted(attack.times, start)), LOG // 2)
            counts = np.bincount(attack.keys[max(0, end - LOG) : end]).astype(float)
            if self.world.listed:
                weights = self.world.names()[1]
                counts = np.pad(counts, (0, max(0, len(weights) - len(counts))))
                counts[: len(weights)] += 1e-3 * weights / weights.max() + 1e-9
            asked = np.flatnonzero(counts)
            best = asked[np.argsort(-counts[asked], kind="stable")[: self.rows]]
            bad = attack.during("fault", start)
            values = USUAL + SPREAD * (self.draws.standard_normal(len(best)) + SHIFT * bad)
            texts = self.world.texts(best)
            self.made[number] = dict(zip(texts, values.tolist(), strict=True))
        return self.made[number]

    def look_up(self, request: str) -> Answer:
        """The table's answer."""
        now = self.clock.now
        if not self.since <= now < self.until:
            self._turn_to(now)
        value = self.rows_now.get(request)
        if value is None:
            return NOTHING
        if value not in self.given:
            self.given[value] = "table", request, self.start_now, self.bad_now
        self.now.append(value)
        return _new(Answer, (value, "table", now - self.start_now))

    def _turn_to(self, now: float) -> None:
        """Serve the version of this moment."""
        number = bisect_right(self.served, now) - 1
        self.since = self.served[number] if number >= 0 else -inf
        self.until = self.served[number + 1] if number + 1 < len(self.served) else inf
        self.rows_now = self.table(number) if number >= 0 else {}
        self.start_now = self.starts[number] if number >= 0 else nan
        self.bad_now = self.attack.during("fault", self.start_now)

    def compute(self, request: str) -> Answer:
        """The model's answer when a server has come to it; a TimeoutError if none does in time."""
        now, world, attack = self.clock.now, self.world, self.attack
        if self.lost and now >= attack.begin:
            self._lose()
        seconds = world.fixed + world.per_item * self.design.batch
        if attack.during("drift", now):
            seconds *= world.work_drift
        begin, places = self.open
        joins = begin > now and places
        if not joins:
            begin, places = max(now, self.free[0]), self.design.batch
        if begin + seconds - now > world.deadline:
            raise TimeoutError("No server would be done with it within the deadline.")
        if not joins:
            heapreplace(self.free, begin + seconds)
        self.open = begin, places - 1
        finish = begin + seconds
        bad = attack.during("fault", now)
        value = float(USUAL + SPREAD * (self._draw() + SHIFT * bad))
        self.given[value] = "model", request, finish, bad
        self.now.append(value)
        self.clock.now = finish
        return _new(Answer, (value, "model", 0.0))

    def _draw(self) -> float:
        if not self.values:
            self.values = self.draws.standard_normal(1000).tolist()
        return self.values.pop()

    def _lose(self) -> None:
        """Half of the servers, one at least, take nothing new until the attack is over."""
        self.lost = False
        gone = (len(self.free) + 1) // 2
        for i in range(gone):
            self.free[i] = max(self.free[i], self.attack.end)
        heapify(self.free)

    def parts(self) -> tuple:
        """Table, model and clock: objects that lead nowhere else."""
        clock = self.clock
        look_up, compute = self.look_up, self.compute

        class Table(Shut):
            __slots__ = ()

            def answer(self, request):
                return look_up(request)

        class Model(Shut):
            __slots__ = ()

            def answer(self, request):
                return compute(request)

        class Clock(Shut):
            __slots__ = ()

            def __call__(self):
                return clock.now

            def sleep(self, seconds):
                clock.sleep(seconds)

        return (
            Table() if self.rows else None,
            Model() if self.design.servers else None,
            Clock(),
        )

    def bill(self) -> cost.Bill:
        """What the design costs a day, without what its answers lose."""
        seconds = self.rows * self.world.row
        return cost.bill(
            server_seconds=self.design.servers * cost.DAY,
            batch_seconds=seconds * cost.DAY / self.period if self.rows else 0.0,
            stored=self.rows * ROW_BYTES,
        )


class Checked:
    """A router whose answers are compared with what its parts have given."""

    def __init__(self, desk: Desk, router):
        self.desk, self.router = desk, router
        self.clock, self.given, self.now = desk.clock, desk.given, desk.now
        self.bad: list[int] = []  # -1 without a prediction
        self.none: list[bool] = []

    def answer(self, request: str) -> Answer:
        """The router's answer, once it is found to be true."""
        self.desk.number += 1
        self.now.clear()
        began = self.clock.now
        try:
            reply = self.router.answer(request)
        except Stopped:
            raise
        except BaseException as error:  # an exit, too, is the router's failure
            raise self._raised(request, error) from error
        if seen:
            raise Caught(seen[0])
        try:
            value, source, age = reply
            if not (type(value) is type(age) is float and type(source) is str):
                value = None if value is None else float(value)
                source, age = str(source), float(age)
        except Exception:
            what = f"gave {_short(reply)}: return Answer(value, source, age)."
            raise self._caught(request, what) from None
        if source == "default":
            self.bad.append(-1)
            self.none.append(value is None)
            return NOTHING
        given = came_from, key, taken, bad = self.given.get(value, UNKNOWN)
        now = self.clock.now
        if (
            key != request
            or source != (came_from if value in self.now else "cache")
            or not began - EXACT <= taken + age <= now + EXACT
        ):
            raise self._caught(request, self._lie(request, value, source, age, given))
        self.bad.append(bad)
        self.none.append(False)
        return _new(Answer, (value, source, age))

    def _caught(self, request: str, what: str) -> Caught:
        return Caught(f"At request {self.desk.number} ({request[:40]!r}) it {what}")

    def _raised(self, request: str, error: BaseException) -> Caught:
        if seen:
            return Caught(seen[0])
        if isinstance(error, TimeoutError):
            return self._caught(
                request,
                "let the model's TimeoutError out: catch it, and answer from an old entry or with a "
                "default.",
            )
        return self._caught(
            request,
            f"raised {_told(error)}. A client gets nothing then: catch it, and answer with a default.",
        )

    def _lie(self, request, value, source, age, given) -> str:
        """What is not true about an answer."""
        if source not in SOURCES:
            return f"said source {_short(source)}: say one of {', '.join(map(repr, SOURCES))}."
        if given is UNKNOWN:
            return (
                f"said source {source!r}, and neither table nor model has ever given the value "
                f"{_short(value)}: an answer of its own has the source 'default'."
            )
        came_from, key, taken, _ = given
        if key != request:
            return f"gave what had been said about {key[:40]!r}: keep answers under their own key."
        true = came_from if value in self.now else "cache"
        if source != true:
            return f"said source {source!r}, and the value came from the {true}: say {true!r}."
        return (
            f"said that the information is {age:.6g} s old, and it is "
            f"{self.clock.now - taken:.6g} s: count from the moment when it was taken."
        )


def _short(value) -> str:
    """A short text for anything that a learner's code gave."""
    try:
        text = " ".join(repr(value).split())
    except Exception:
        text = f"an object of class {type(value).__name__}"
    return text if len(text) <= 80 else text[:77] + "..."
