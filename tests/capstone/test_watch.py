"""A router of the learner's own: what is true passes, what is not is caught and named."""

import contextlib
import functools
import gc
import inspect
import sys
import threading
import time
from math import nan
from time import sleep

import pytest

from lessons_lib.answer import Answer, key_of
from lessons_lib.capstone import WORLDS, Design, Forecast, practise, submit, watch
from lessons_lib.capstone.grade import submission
from lessons_lib.exercises.l09_router import Router as LessonRouter
from lessons_lib.router import Router as PackageRouter

DESIGN = Design(table_size=200, refresh=600.0, servers=3)
FORECAST = Forecast(1.0, 3.0, 0.9)
DEFAULT = Answer(0.3, "default", nan)


class Plain:
    """Table, cache, model, default; `turn` is where the dishonest ones differ."""

    ttl = 300.0

    def __init__(self, table, model, clock):
        self.table, self.model, self.clock, self.cache = table, model, clock, {}

    def answer(self, request):
        return self.turn(self.routed(request), request)

    def routed(self, request):
        found = self.table.answer(request)
        if found.value is not None:
            return found
        value, made = self.cache.get(request, (None, -1e9))
        age = self.clock() - made
        if age < self.ttl:
            return Answer(value, "cache", age)
        try:
            fresh = self.model.answer(request)
        except TimeoutError:
            return DEFAULT
        self.cache[request] = fresh.value, self.clock() - fresh.age
        return fresh

    def turn(self, found, request):
        return found


def caught(turn):
    """What is said about a router that answers by ``turn(router, answer, request)``."""
    return practise("shop", DESIGN, type("Turned", (Plain,), {"turn": turn})).caught


def test_an_honest_router_is_graded_as_the_design_that_does_the_same():
    same = Design(table_size=200, refresh=600.0, servers=3, ttl=300.0)
    assert practise("shop", DESIGN, Plain).table.equals(practise("shop", same).table)
    grade = submit("shop", DESIGN, FORECAST, "mine", Plain)
    assert not grade.caught
    assert grade.grade > 30


@pytest.mark.parametrize("made", [functools.partial, lambda make: lambda *parts: make(*parts)])
def test_a_router_may_be_made_by_any_function(made):
    assert not practise("shop", DESIGN, made(Plain)).caught


def test_the_routers_of_the_course_pass():
    def lesson(table, model, clock):
        return LessonRouter(table, model, 300.0, 0.3, clock)

    assert not practise("fraud", Design(table_size=50, servers=2), lesson).caught
    assert not practise("catalogue", DESIGN, PackagedInTurn).caught


class PackagedInTurn:
    """The package's router; its model runs in the same thread."""

    def __init__(self, table, model, clock):
        self.router = PackageRouter(
            table, model, clock=clock, ttl=60.0, default=0.3, servers=Here()
        )

    def answer(self, request):
        return self.router.answer(request)


class Here:
    def submit(self, function, *args):
        from concurrent.futures import Future

        future = Future()
        try:
            future.set_result(function(*args))
        except TimeoutError as error:
            future.set_exception(error)
        return future


def says(**parts):
    return lambda self, found, request: found._replace(**parts)


def other_key(self, found, request):
    self.kept = getattr(self, "kept", found)
    return self.kept


def borrowed(self, found, request):
    return self.model.answer("another word")


def as_cache(self, found, request):
    return found._replace(source="cache") if found.source == "model" else found


def younger(self, found, request):
    return found._replace(age=found.age / 2) if found.age else found


@pytest.mark.parametrize(
    ("turn", "message"),
    [
        (says(source="table"), "it said source 'table', and the value came from the model"),
        (says(source="model"), "it said source 'model', and the value came from the table"),
        (says(source="oracle"), "it said source 'oracle': say one of 'table'"),
        (as_cache, "it said source 'cache', and the value came from the model: say 'model'"),
        (says(age=0.0), "it said that the information is 0 s old, and it is "),
        (says(age=nan), "it said that the information is nan s old, and it is "),
        (younger, "count from the moment when it was taken"),
        (says(value=0.123), "neither table nor model has ever given the value 0.123"),
        (other_key, "keep answers under their own key"),
        (borrowed, "it gave what had been said about 'another word'"),
    ],
)
def test_a_lie_about_value_source_or_age_is_caught(turn, message):
    found = caught(turn)
    assert message in found
    assert "At request " in found


class Chameleon(float):
    """A number that is equal to every other one."""

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0


@pytest.mark.parametrize(
    "answer", [0.3, None, (0.3, "table"), ("0,3", "table", 1), ([1], "table", 0.0), object()]
)
def test_what_is_no_answer_is_caught(answer):
    found = caught(lambda self, found, request: answer)
    assert "return Answer(value, source, age)" in found


def test_a_number_that_pretends_to_be_another_is_caught():
    found = caught(lambda self, found, request: found._replace(value=Chameleon(0.123)))
    assert "neither table nor model has ever given" in found


def hushed(look):
    """A turn that looks where it must not, and keeps the error quiet."""

    def turn(self, found, request):
        with contextlib.suppress(Exception):
            look(self)
        return found

    return turn


LOOKS = {
    "an attribute": lambda self: self.model.truth,
    "a private one": lambda self: self.table._rows,
    "getattr": lambda self: getattr(self.model, "des" + "k"),
    "its dict": lambda self: vars(self.clock),
    "its dict by name": lambda self: self.model.__dict__,
    "the closure": lambda self: type(self.model).answer.__closure__[0].cell_contents,
    "the method's function": lambda self: self.model.answer.__func__,
    "the frame": lambda self: sys._getframe(1).f_locals,
    "the stack": lambda self: inspect.stack()[2],
    "the frame by inspect": lambda self: inspect.currentframe().f_back,
    "the collector": lambda self: gc.get_referrers(self.model),
    "its globals": lambda self: type(self.model).answer.__globals__,
    "a text that is run": lambda self: eval("self.model"),
    "the classes": lambda self: object.__subclasses__(),
    "a traceback": lambda self: ValueError().__traceback__.tb_frame,
}


@pytest.mark.parametrize("name", LOOKS)
def test_a_look_at_what_is_hidden_is_caught_even_when_it_is_kept_quiet(name):
    found = caught(hushed(LOOKS[name]))
    assert "request, table, model and clock alone" in found or "It looked for" in found


def test_an_import_of_the_grader_is_caught():
    def turn(self, found, request):
        from lessons_lib.capstone import attacks

        return found if attacks else None

    assert "names 'lessons_lib.capstone'" in caught(turn)


def test_what_a_router_is_given_cannot_be_changed():
    def turn(self, found, request):
        self.clock.now = 0.0
        return found

    assert "it raised AttributeError" in caught(turn)


def helper():
    sleep(0.001)


@pytest.mark.parametrize(
    "turn",
    [
        lambda self, found, request: time.sleep(0.001) or found,
        lambda self, found, request: sleep(0.001) or found,
        lambda self, found, request: helper() or found,
        hushed(lambda self: getattr(time, "sle" + "ep")(0.001)),
    ],
    ids=["time.sleep", "sleep", "in a helper", "by another name"],
)
def test_who_sleeps_in_real_time_is_caught(turn):
    assert "It sleeps in real time" in caught(turn)
    sleep(0)  # and it is itself again
    assert time.sleep is sleep


def test_to_wait_on_the_clock_is_allowed_and_takes_its_time():
    def turn(self, found, request):
        self.clock.sleep(0.25)
        return found._replace(age=found.age + 0.25)

    slow = type("Slow", (Plain,), {"turn": turn})
    patient = practise("catalogue", Design(table_size=100, servers=4), slow)
    world = WORLDS["catalogue"]
    assert not patient.caught
    assert patient.parts.loc["calm", "p99"] == pytest.approx(
        0.25 + world.fixed + world.per_item, rel=0.1
    )


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ZeroDivisionError("a b"), "it raised ZeroDivisionError: a b. A client gets nothing then"),
        (TimeoutError(), "it let the model's TimeoutError out: catch it"),
        (SystemExit(), "it raised SystemExit."),
        (KeyboardInterrupt(), "it raised KeyboardInterrupt."),
    ],
)
def test_who_raises_is_caught(error, message):
    def turn(self, found, request):
        raise error

    found = caught(turn)
    assert message in found
    assert "At request 1 (" in found


def test_who_cannot_be_made_or_cannot_answer_is_caught():
    assert "raised TypeError" in practise("shop", DESIGN, lambda: None).caught
    assert "has no answer(request)" in practise("shop", DESIGN, lambda *parts: object()).caught


def endless(self, found, request):
    while True:
        pass


def stubborn(self, found, request):
    while endings:
        try:
            while endings:
                pass
        except BaseException:
            continue
    return found


def waiting(self, found, request):
    threading.Event().wait()


endings: list[int] = []


@pytest.mark.parametrize("turn", [endless, stubborn, waiting])
def test_who_never_returns_is_given_up(turn, monkeypatch):
    monkeypatch.setattr(watch, "STUCK", 0.5)
    endings.append(1)
    found = caught(turn)
    endings.clear()  # the stubborn one goes now, else it would take time from all tests to come
    assert found.startswith("At request 1 it had not returned after 0.5 s: look for a loop")


def test_who_takes_too_long_in_all_is_given_up(monkeypatch):
    monkeypatch.setattr(watch, "LONGEST", 0.5)

    def turn(self, found, request):
        for _ in range(20_000):
            pass
        return found

    assert caught(turn).startswith("After 0.5 s of real time it was no further than request ")


def test_a_router_that_was_caught_gets_no_grade_and_its_submission_still_tells_all():
    grade = submit("shop", DESIGN, FORECAST, "", lambda *parts: Turned(*parts))
    assert grade.grade == 0
    assert grade.caught.startswith("At request ")
    assert grade.to_dict()["figures"]["value"] is None


class Turned(Plain):
    turn = says(source="table")


def test_another_router_has_other_hidden_traffic_and_the_same_one_the_same():
    code = functools.partial(submission, WORLDS["shop"], DESIGN, FORECAST, "")
    assert code(Plain) == code(Plain)
    assert len({code(None), code(Plain), code(Turned), code(LessonRouter)}) == 4
    first, second = (functools.partial(Plain, setting) for setting in (1, 2))
    assert code(first) != code(second)


def test_chance_in_a_router_is_the_same_each_time():
    import random

    def turn(self, found, request):
        self.ttl = 300.0 * random.random()
        return found

    make = type("Random", (Plain,), {"turn": turn})
    state = random.getstate()
    one, other = (submit("fraud", DESIGN, FORECAST, "", make).figures for _ in range(2))
    assert one == other
    assert random.getstate() == state
    assert key_of("x") == "x"
