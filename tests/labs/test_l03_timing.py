"""Timing side by side: what is slower comes out slower, and it ends in time."""

import time

import pytest
from charts.drawing import assert_draws

from lessons_lib.labs.l03_timing import bars, milliseconds


def test_calls_take_turns_and_quick_ones_run_more_often_in_theirs():
    seen = []
    calls = {
        "slow": lambda: (seen.append("s"), time.sleep(0.002)),
        "quick": lambda: seen.append("q"),
    }
    taken = milliseconds(calls, rounds=5)
    turns = "".join(seen).split("ss")[1:]
    assert len(turns) == 5, "a slow one runs twice a turn: once uncounted, once counted"
    assert all(2 <= len(turn) <= 11 and set(turn) == {"q"} for turn in turns)
    assert list(taken.index) == ["slow", "quick"]
    assert taken["slow"] > 2 > taken["quick"]


def test_the_first_run_of_a_turn_is_not_counted():
    pauses = iter([0.02, 0.0] * 5)
    taken = milliseconds({"cold at first": lambda: time.sleep(next(pauses))}, rounds=5)
    assert taken.iloc[0] < 10


def test_it_stops_at_its_time_but_not_before_five_rounds():
    calls = []
    milliseconds({"slow": lambda: (calls.append(1), time.sleep(0.02))}, rounds=1000, seconds=0.05)
    assert 10 <= len(calls) < 30


def test_nothing_to_time_is_an_error():
    with pytest.raises(ValueError, match="5 rounds or more"):
        milliseconds({})
    with pytest.raises(ValueError, match="5 rounds or more"):
        milliseconds({"a": int}, rounds=1)


def test_bars_are_drawn():
    assert_draws(bars(milliseconds({"int": int, "float": float}, rounds=5), "Calls"))
