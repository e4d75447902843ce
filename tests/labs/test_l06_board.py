"""The board's change feed, against a count by hand, and the chart of ages."""

import numpy as np
import pytest
from charts.drawing import assert_draws

from lessons_lib import board
from lessons_lib.labs import l06_board
from lessons_lib.labs.l06_board import DAY, HOUR, MIDNIGHT


@pytest.fixture(scope="module")
def flights():
    return board.load_board()


@pytest.fixture(scope="module")
def feed(flights):
    return l06_board.changes(flights)


def test_the_feed_has_every_flight_that_left_in_the_order_in_which_they_did(flights, feed):
    assert len(feed) == (~flights["cancelled"]).sum()
    assert feed["at"].is_monotonic_increasing


@pytest.mark.parametrize("until", [MIDNIGHT - 20 * DAY, MIDNIGHT, MIDNIGHT + 13 * HOUR])
def test_the_state_counts_what_had_left_by_then(flights, feed, until):
    state = l06_board.state(feed, until).set_index("key")
    left = flights[~flights["cancelled"]]
    moment = MIDNIGHT + 60 * (left["minute"] + left["delay"] - 273 * 1440)
    counts = left[moment <= until].groupby("key")["late"].agg(["sum", "size"])
    assert state.index.tolist() == counts.index.tolist()
    assert (state["late"] == counts["sum"]).all()
    assert (state["flights"] == counts["size"]).all()


def test_the_counts_predict_a_smoothed_mean(feed):
    model, state = l06_board.Counts(base=0.25), l06_board.state(feed, MIDNIGHT)
    late = model.predict_proba(state)[:, 1]
    wanted = [(row.late + 5) / (row.flights + 20) for row in state.itertuples()]
    assert late == pytest.approx(wanted)


def test_flights_are_asked_for_an_hour_before_they_are_to_leave(flights):
    asked = l06_board.asked_on(flights, 274)
    assert len(asked) == (flights["day"] == 274).sum()
    first = flights.loc[flights["day"] == 274, "minute"].min() - 273 * 1440
    assert asked[0] == MIDNIGHT + 60 * (first - 60)
    assert (np.diff(asked) >= 0).all()


def test_the_chart_of_ages_draws():
    moments = MIDNIGHT + np.arange(0, DAY, HOUR)
    assert_draws(
        l06_board.age_chart({"nightly": moments - MIDNIGHT, "often": moments * 0}, moments)
    )
