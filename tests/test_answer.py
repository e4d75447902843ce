"""The words that every predictor shares."""

import datetime

import pytest

from lessons_lib.answer import SOURCES, Answer, Predictor, VirtualClock, key_of, sleep_on
from lessons_lib.board import FlightRequest


def test_an_answer_reads_as_value_source_and_age():
    value, source, age = Answer(0.25, "table", 60.0)
    assert (value, source, age) == (0.25, "table", 60.0)
    assert source in SOURCES


def test_any_object_with_answer_is_a_predictor():
    class Constant:
        def answer(self, request):
            return Answer(0.2, "default", 0.0)

    assert isinstance(Constant(), Predictor)
    assert not isinstance(object(), Predictor)


def test_a_virtual_clock_moves_only_when_told():
    clock = VirtualClock(10)
    assert clock() == clock() == 10
    sleep_on(clock)(2.5)
    assert clock() == 12.5


@pytest.mark.parametrize("seconds", [-1, float("nan")])
def test_a_virtual_clock_never_goes_back(seconds):
    with pytest.raises(ValueError, match="seconds is"):
        VirtualClock().sleep(seconds)


def test_a_clock_without_a_sleep_of_its_own_waits_for_real():
    import time

    assert sleep_on(time.time) is time.sleep


def test_a_flight_names_its_key_and_a_sentence_is_its_own():
    flight = FlightRequest("UA", "EWR", "IAH", 5, datetime.date(2013, 1, 1))
    assert key_of(flight) == "UA EWR IAH 05"
    assert key_of("a fine film") == "a fine film"


@pytest.mark.parametrize("request_", [None, 7, 0.5, ("UA", "EWR")])
def test_what_has_no_key_is_refused(request_):
    with pytest.raises(TypeError, match="has no key"):
        key_of(request_)
