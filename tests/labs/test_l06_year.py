"""The year: what refreshing the models is worth, from a frame at hand and from the board."""

import pandas as pd
import pytest
from charts.drawing import assert_draws

from lessons_lib import board, models
from lessons_lib.labs import l06_year


@pytest.fixture(scope="module")
def year():
    return l06_year.months()


def test_januarys_table_wins_in_autumn_and_nowhere_else(year):
    assert year.index.tolist() == list(range(3, 13))
    assert l06_year.january_wins(year, "timetable") == [9, 11]
    assert l06_year.january_wins(year, "live") == []


def test_in_july_januarys_live_model_is_no_better_than_a_constant(year):
    july = year.loc[7]
    assert july["live, January"] == pytest.approx(july["a constant"], abs=0.001)
    assert july["live, refreshed"] == pytest.approx(0.173, abs=0.001)


def test_a_refreshed_model_has_seen_no_flight_of_its_month(year):
    flights = board.load_board()
    left = flights[~flights["cancelled"]]
    june = left[left["month"] == 6]
    model = models.fit("key_mean", left[left["time"] < "2013-06-01"])
    error = (model.predict_proba(june)[:, 1] - june["late"]) ** 2
    assert year.loc[6, "timetable, refreshed"] == pytest.approx(error.mean())


def test_the_chart_draws():
    columns = [f"{name}, {made}" for name in l06_year.MODELS for made in ("January", "refreshed")]
    year = pd.DataFrame([[0.2, 0.1, 0.15, 0.16]] * 2, [3, 4], columns)
    assert l06_year.january_wins(year, "timetable") == []
    assert l06_year.january_wins(year, "live") == [3, 4]
    assert_draws(l06_year.year_chart(year))
