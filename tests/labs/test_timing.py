"""Timing side by side: what is slower comes out slower, and it ends in time."""

import time

import pytest

from lessons_lib.charts import assert_draws
from lessons_lib.labs.timing import bars, milliseconds


def test_calls_take_turns_and_the_first_is_not_counted():
    seen = []
    calls = {"a": lambda: seen.append("a"), "b": lambda: seen.append("b")}
    taken = milliseconds(calls, rounds=5)
    assert "".join(seen) == "ab" * 6
    assert list(taken.index) == ["a", "b"]
    assert (taken >= 0).all()


def test_it_stops_at_its_time_but_not_before_five_rounds():
    calls = []
    milliseconds({"slow": lambda: (calls.append(1), time.sleep(0.02))}, rounds=1000, seconds=0.05)
    assert 6 <= len(calls) < 20


def test_nothing_to_time_is_an_error():
    with pytest.raises(ValueError, match="5 rounds or more"):
        milliseconds({})
    with pytest.raises(ValueError, match="5 rounds or more"):
        milliseconds({"a": int}, rounds=1)


def test_bars_are_drawn():
    assert_draws(bars(milliseconds({"int": int, "float": float}, rounds=5), "Calls"))
