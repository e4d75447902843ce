"""The services of lesson 08: the log tells skew and fault apart, and a table has the age it is given."""

import numpy as np
import pytest

from lessons_lib import board, models
from lessons_lib.board import load_live_inputs, requests_of
from lessons_lib.labs import l08_service as service
from lessons_lib.static.store import PredictionStore


@pytest.fixture
def logged(tmp_path):
    ready = models.ModelPredictor(models.fit_or_load(service.MODEL), load_live_inputs())
    return service.Logged(ready, tmp_path), tmp_path


def flights(shared_board):
    """Flights with and without a gap in the pressure."""
    day = shared_board[shared_board["day"] == 341]
    return day.iloc[::25]


def test_the_log_holds_what_was_read_served_and_answered(logged, shared_board):
    predictor, folder = logged
    rows = flights(shared_board)
    answers = [predictor.answer(request).value for request in requests_of(rows)]
    log, served = service.read_log(folder, 341)
    assert log["answer"].tolist() == answers
    assert log["scheduled"].tolist() == rows["minute"].tolist()
    assert np.allclose(log[list(board.LIVE)], rows[list(board.LIVE)], atol=0.006, equal_nan=True)
    gap = rows["pressure"].isna().to_numpy()
    assert 0 < gap.sum() < len(gap)
    assert (served["pressure"][gap] == 0).all()
    trained = service.training_features(log)
    apart = (served - trained).abs().gt(0.01) | (served.isna() != trained.isna())
    assert apart.mean().drop("pressure").eq(0).all()
    assert apart["pressure"].tolist() == gap.tolist()


def test_a_file_turns_the_feed_to_celsius_and_both_paths_agree(logged, shared_board):
    predictor, folder = logged
    (folder / service.CELSIUS).touch()
    rows = flights(shared_board)
    for request in requests_of(rows):
        predictor.answer(request)
    log, served = service.read_log(folder, 341)
    assert np.allclose(log["temp"], (rows["temp"] - 32) / 1.8, atol=0.006)
    assert np.allclose(served["temp"], service.training_features(log)["temp"], atol=0.01)


def test_a_table_is_as_old_as_it_is_said_to_be(tmp_path):
    for hours in (3, 30):
        service.publish_table(tmp_path, hours_old=hours)
        with PredictionStore(tmp_path) as store:
            assert store.age() / 3_600 == pytest.approx(hours, abs=0.1)
