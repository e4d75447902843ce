"""A fault does to one request what it does to a frame, and nothing else."""

import numpy as np
import pytest

from lessons_lib import board
from lessons_lib.labs.l03_faults import FaultyInputs


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
