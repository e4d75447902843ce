"""What can be handed in, and what a design's own router does."""

from dataclasses import replace
from math import inf, nan

import numpy as np
import pytest

from lessons_lib.answer import Answer, VirtualClock
from lessons_lib.capstone import WORLDS, Design, Forecast, practise, submit
from lessons_lib.capstone.design import SPREAD, USUAL

FORECAST = Forecast(1.0, 3.0, 0.9)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"table_size": -1}, "table_size is -1: give a whole number of 0 or more"),
        ({"table_size": 1.5}, "table_size is 1.5"),
        ({"table_size": 10, "refresh": 59}, "refresh is 59: give 60 or more"),
        ({"table_size": 10, "refresh": nan}, "refresh is nan"),
        ({"servers": -2}, "servers is -2"),
        ({"servers": True}, "servers is True"),
        ({"servers": 1, "batch": 0}, "batch is 0"),
        ({"servers": 1, "batch": 65}, "batch is 65: give 64 or fewer"),
        ({"servers": 1, "ttl": -1}, "ttl is -1"),
        ({"servers": 1, "ttl": "60"}, "ttl is '60'"),
        ({"servers": 1, "fallback": "pray"}, "fallback is 'pray': give one of 'none'"),
        ({"servers": 1, "fallback": None}, "fallback is None"),
        ({"servers": 1, "alarms": -5}, "alarms is -5"),
        ({}, "table_size and servers are both 0, so nothing could answer: give a table"),
    ],
)
def test_an_impossible_design_is_refused_with_its_value_and_the_way_out(settings, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is compared below
        Design(**settings)
    assert message in str(caught.value)


def test_a_changed_copy_is_checked_too():
    with pytest.raises(ValueError, match="servers is -1"):
        replace(Design(servers=1), servers=-1)


def test_equal_designs_are_one_whatever_numbers_they_are_given():
    assert Design(np.int64(10), 60, np.int64(1)) == Design(10, 60.0, 1)
    assert type(Design(np.int64(10)).table_size) is int


def test_modes():
    assert Design(table_size=1).mode == "static"
    assert Design(servers=1).mode == "dynamic"
    assert Design(table_size=1, servers=1).mode == "hybrid"


@pytest.mark.parametrize(
    ("forecast", "message"),
    [
        (Forecast(0, 1, 0.5), "p99 is 0"),
        (Forecast(1, -1, 0.5), "cost is -1"),
        (Forecast(1, 1, 90), "coverage is 90: give 0 or more and at most 1"),
        (Forecast(nan, 1, 0.5), "p99 is nan"),
        (Forecast(1, inf, 0.5), "cost is inf"),
    ],
)
def test_an_impossible_forecast_is_refused(forecast, message):
    with pytest.raises(ValueError, match=message):
        submit("fraud", Design(servers=1), forecast)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("fraud", {"servers": 1}, FORECAST), r"give a Design\(\.\.\.\)"),
        (("fraud", Design(servers=1), 3.0), r"give a Forecast\(p99, cost, coverage\)"),
        (("fraud", Design(servers=1), FORECAST, 7), "record is 7: give a text"),
        (("fraud", Design(servers=1), FORECAST, "", object()), "give its class, or a function"),
    ],
)
def test_what_is_of_another_kind_is_refused(arguments, message):
    with pytest.raises(TypeError, match=message):
        submit(*arguments)


def test_an_unknown_world_and_a_seed_of_the_grader_are_refused():
    with pytest.raises(ValueError, match="no world 'moon': take one of 'catalogue'"):
        practise("moon", Design(servers=1))
    with pytest.raises(ValueError, match="seed is 9223372036854775808: give 2147483648 or less"):
        practise("fraud", Design(servers=1), seed=1 << 63)
    assert all(world.example().mode for world in WORLDS.values())


class Model:
    """Says what it is told, at once, or raises."""

    def __init__(self):
        self.says, self.calls = USUAL, 0

    def answer(self, request):
        self.calls += 1
        if self.says is None:
            raise TimeoutError
        return Answer(self.says, "model", 0.0)


class Table:
    def answer(self, request):
        return Answer(0.5 if request == "known" else None, "table", 9.0)


def routed(**settings):
    clock, model = VirtualClock(), Model()
    return Design(table_size=1, servers=1, **settings).router(Table(), model, clock), model, clock


def test_the_router_of_a_design_goes_table_cache_model_fallback():
    router, model, clock = routed(ttl=60.0)
    assert router.answer("known") == Answer(0.5, "table", 9.0)
    assert model.calls == 0
    assert router.answer("new").source == "model"
    clock.now = 59.0
    assert router.answer("new") == Answer(USUAL, "cache", 59.0)
    clock.now = 60.0
    assert router.answer("new").source == "model"
    model.says = None
    clock.now = 200.0
    assert router.answer("new").source == "default"


def test_the_fallback_is_what_was_chosen():
    for fallback, source in (("none", "default"), ("default", "default"), ("old", "cache")):
        router, model, clock = routed(fallback=fallback)
        router.answer("new")
        model.says, clock.now = None, 500.0
        found = router.answer("new")
        assert found.source == source
        assert (found.value is None) == (fallback == "none")
    assert found.age == 500.0


def test_the_alarm_stops_strange_answers_forgets_them_and_ends():
    router, model, _ = routed(ttl=60.0, alarms=4)
    for number in range(4):
        assert router.answer(f"well {number}").source == "model"
    model.says = USUAL + 5 * SPREAD
    sources = [router.answer(f"odd {number}").source for number in range(8)]
    assert sources == ["model"] + ["default"] * 7, "the second one rings"
    assert router.answer("odd 0").source == "default", "what rang is in the cache"
    model.says = USUAL
    sources = [router.answer(f"again {number}").source for number in range(40)]
    assert sources[-1] == "model"
