"""What the questions of lesson 06 take for true, tried by the library or by the model itself."""

import numpy as np
import pytest

from lessons_lib import theory
from lessons_lib.labs import l06_refresh
from lessons_lib.quiz.bank import find
from quiz.test_answers import right_options

A_MONTH = 30 * 24 * 60
EVERY = {"a minute": 1, "three minutes": 3, "half an hour": 30, "a month": A_MONTH}


def right_minutes(every, refreshes):
    """Minutes of an hour in which a key is right that changes once in `every` minutes."""
    return 60 * (1 - float(theory.outdated_share(1 / every, 60 / refreshes)))


def test_one_more_refresh_is_worth_most_where_the_question_says():
    gain = {
        name: right_minutes(every, 2) - right_minutes(every, 1) for name, every in EVERY.items()
    }
    (right,) = (text for text, right in right_options("l06-gain").items() if right)
    assert right.endswith(max(gain, key=gain.get))
    assert gain["half an hour"] > 3 * sorted(gain.values())[-2]
    assert [round(right_minutes(30, n)) for n in (1, 2)] == [26, 38]
    assert gain["a minute"] == pytest.approx(1, abs=0.01)
    assert gain["three minutes"] == pytest.approx(3, abs=0.01)


def test_the_site_keeps_what_the_prediction_states():
    changes, popularity = l06_refresh.site(10_000, skew=0.9, changes_a_day=2.1)
    alike = np.full(10_000, 500 / 10_000)
    assert round(100 * theory.stale_share(changes, popularity, alike)) == 32
    assert all(told in find("l06-p2").ask for told in ("32 %", "10,000 keys", "500 refreshes"))


def test_the_refresh_of_the_case_keeps_its_promise():
    rows, a_row, interval = 900 / 12, 0.001, 300
    assert rows * a_row < 0.1
    assert interval + rows * a_row < 600 < 1_000_000 * a_row
