"""What lesson 02 says of tables: how often a row is used, what the models are worth, how fast a batch is."""

import numpy as np
import pandas as pd
import pytest

from lessons_lib import board
from lessons_lib.labs.l02_tables import batch_speed, requests_a_row, skills


@pytest.fixture(scope="module")
def flights():
    return board.load_board()


def test_only_the_timetable_comes_again_and_again(flights):
    used = requests_a_row(flights)
    assert used.loc["timetable key", "requests a row"] > 50
    assert used.loc["key and weather", "requests a row"] < 1.1
    assert used.loc["film-review sentence", "requests a row"] == 1
    assert used.loc["timetable key", "different"] == flights["key"].nunique()


def test_boosting_barely_beats_the_mean_of_a_key(flights):
    table = skills(flights)
    assert len(table) == 4
    best, never = table["skill"].max(), table.loc["never late"]
    assert best - table["skill"].nlargest(2).iloc[-1] <= 0.02
    assert never["skill"] < 0 < best
    assert never["accuracy at 0.5"] == table["accuracy at 0.5"].max()


def test_speed_counts_the_rows_of_each_call():
    class Model:
        def predict_proba(self, rows):
            calls.append(len(rows))
            return np.zeros((len(rows), 2))

    calls = []
    speed = batch_speed(Model(), pd.DataFrame({"key": range(2_000)}), seconds=0.01)
    assert speed["rows a call"].tolist() == [1, 10, 100, 1_000, 2_000]
    assert set(calls) == {1, 10, 100, 1_000, 2_000}
    assert speed["times one row a call"].iloc[0] == 1
    assert speed["times one row a call"].iloc[-1] > 20, "2,000 rows a call"
