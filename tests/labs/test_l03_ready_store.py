"""The ready store: its information is of the moment of its clock, and ages by it."""

import pytest

from lessons_lib.answer import VirtualClock
from lessons_lib.labs.l03_ready_store import ready_store


def test_an_hour_of_its_clock_makes_its_answers_an_hour_older(tmp_path):
    clock = VirtualClock(1e9)
    with ready_store(tmp_path, clock) as store:
        assert store.lookup("UA EWR IAH 05").age == pytest.approx(0.0)
        clock.sleep(3600)
        assert store.lookup("UA EWR IAH 05").age == pytest.approx(3600.0)
