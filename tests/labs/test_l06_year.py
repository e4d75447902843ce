"""The year: what refreshing the models is worth, from a frame at hand and from the board."""

import pandas as pd
import pytest
from charts.drawing import assert_draws

from lessons_lib import board, models
from lessons_lib.labs import l06_year
from lessons_lib.quiz.bank import find


@pytest.fixture(scope="module")
def year():
    return l06_year.months()


def test_januarys_table_wins_in_autumn_and_nowhere_else(year):
    assert year.index.tolist() == list(range(3, 13))
    assert l06_year.january_wins(year, "timetable") == [9, 11]
    assert l06_year.january_wins(year, "live") == []


def test_in_july_januarys_live_model_is_no_better_than_a_constant(year):
    july = year.loc[7]
    assert july["live", "January"] == pytest.approx(july["constant", "refreshed"], abs=0.001)
    assert july["live", "refreshed"] == pytest.approx(0.173, abs=0.001)


def test_a_refreshed_model_has_seen_no_flight_of_its_month(year):
    flights = board.load_board()
    left = flights[~flights["cancelled"]]
    june, before = left[left["month"] == 6], left[left["time"] < "2013-06-01"]
    error = (models.fit("key_mean", before).predict_proba(june)[:, 1] - june["late"]) ** 2
    assert year.loc[6, ("timetable", "refreshed")] == pytest.approx(error.mean())
    assert year.loc[6, ("late", "before")] == before["late"].mean()
    assert year.loc[6, ("late", "then")] == june["late"].mean()


def test_every_number_of_months_has_its_option():
    options = find("l06-p3").options
    found = [l06_year.how_often(list(range(count))) for count in range(11)]
    assert sorted(set(found), key=found.index) == [*options]
    assert [found.index(option) for option in options] == [0, 1, 3, 6]


def test_the_winner_of_last_month_is_a_poor_guide(year):
    assert l06_year.right_by_last_month(year, "timetable") == 5  # of nine: it changed four times
    assert l06_year.right_by_last_month(year, "live") == 9


def test_the_chart_draws():
    columns = pd.MultiIndex.from_product([l06_year.MODELS, ["January", "refreshed"]])
    year = pd.DataFrame([[0.2, 0.1, 0.16, 0.15], [0.1, 0.2, 0.16, 0.15]], [3, 4], columns)
    assert l06_year.january_wins(year, "timetable") == [4]
    assert l06_year.right_by_last_month(year, "timetable") == 0
    assert_draws(l06_year.year_chart(year))
