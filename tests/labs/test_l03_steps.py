"""One prediction taken apart: the steps are those of the pipeline, and the arithmetic is the same."""

import datetime

import pytest

from lessons_lib import board, models
from lessons_lib.labs.l03_steps import ARITHMETIC, steps


@pytest.mark.parametrize("hour", [5, 17])
def test_the_steps_end_in_the_prediction_and_so_does_the_arithmetic(hour):
    model = models.fit_or_load("live_logistic")
    request = board.FlightRequest("UA", "EWR", "IAH", hour, datetime.date(2013, 12, 17))
    known = board.load_live_inputs().known(request)
    calls = steps(model, request, known)
    *handling, last = calls
    assert last == ARITHMETIC
    wanted = model.predict_one(request, known)
    assert calls[last]() == pytest.approx(wanted)
    assert calls[handling[-1]]()[0, 1] == pytest.approx(wanted)
    assert len(calls[handling[0]]()) == 1
