"""A day of requests: who asks, about which flights, and when."""

import numpy as np

from lessons_lib import board
from lessons_lib.labs import l07_day as day


def test_each_traveller_asks_within_the_hour_before_a_flight_really_left():
    flights = board.load_board()
    number = day.busiest_day(flights)
    asked = day.requests_of_day(flights, number)
    assert (np.diff(asked) >= 0).all()
    assert 0 <= asked[0] < asked[-1] < 86_400
    left = flights["minute"] + flights["delay"] - 1440 * (number - 1)
    left = 60.0 * left[left.between(0, 1439)]
    assert 0.98 * day.TRAVELLERS * len(left) < len(asked) <= day.TRAVELLERS * len(left)
    for moment in asked[:: len(asked) // 50]:
        assert ((left >= moment) & (left <= moment + day.AHEAD)).any()


def test_the_busiest_day_has_most_departures():
    flights = board.load_board()
    counts = flights[flights["delay"].notna()].groupby("day").size()
    assert counts[day.busiest_day(flights)] == counts.max()


def test_the_same_day_is_the_same_every_time():
    flights = board.load_board()
    assert (day.requests_of_day(flights, 3) == day.requests_of_day(flights, 3)).all()
