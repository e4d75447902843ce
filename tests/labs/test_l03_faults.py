"""A fault does to one request what it does to a frame, and nothing else."""

import numpy as np
import pytest

from lessons_lib import board, models
from lessons_lib.exercises.l03_service import make_app
from lessons_lib.labs.l03_faults import FaultyInputs, under_faults


def fill_with_zero(values):
    return {name: np.nan_to_num(values[name]) for name in board.WEATHER}


def nothing(values):
    return {}


def to_celsius(values):
    return {"temp": (values["temp"] - 32) / 1.8}


@pytest.mark.parametrize("fault", [nothing, to_celsius, fill_with_zero])
def test_one_request_and_a_frame_are_changed_alike(fault):
    rows = board.load_board().iloc[200_000:200_400:40]
    inputs = FaultyInputs(board.load_live_inputs(), fault)
    changed = rows.assign(**fault(rows))[list(board.LIVE)].to_numpy()
    one_by_one = [inputs.known(request) for request in board.requests_of(rows)]
    assert np.allclose(changed, np.array(one_by_one), equal_nan=True)


def test_an_unknown_value_is_an_error():
    inputs = FaultyInputs(board.load_live_inputs(), lambda values: {"snow": 1.0})
    request = board.requests_of(board.load_board().head(1))[0]
    with pytest.raises((TypeError, ValueError), match="snow"):
        inputs.known(request)


def test_every_fault_gets_an_answer_and_costs_skill():
    rows = board.load_board().iloc[200_000:240_000:8]
    rows = rows[rows["late"].notna()]
    model, base = models.fit_or_load("live_logistic"), rows["late"].mean()
    body = {"carrier": "UA", "origin": "EWR", "dest": "IAH", "hour": 17, "date": "2013-12-17"}
    faults = {"healthy": nothing, "Celsius": to_celsius, "zero": fill_with_zero}
    table = under_faults(faults, make_app, model, [body, {**body, "hour": 25}], rows, base)
    assert table["statuses"].tolist() == ["{200: 1, 422: 1}"] * 3
    late = model.predict_proba(rows)[:, 1]
    assert table.loc["healthy", "mean answer"] == pytest.approx(late.mean())
    assert table.loc["healthy", "skill"] == pytest.approx(models.skill(rows["late"], late, base))
    assert (table["skill"].drop("healthy") < table.loc["healthy", "skill"]).all()
