"""The cliff lab: its hit ratios against the simulator, and its charts."""

import numpy as np
import pandas as pd
import pytest
from charts.drawing import assert_draws

from lessons_lib import board, simulate
from lessons_lib.labs import l05_cliff as cliff


@pytest.mark.parametrize("room", [1, 3, 20, 60])
def test_the_room_needed_tells_what_an_lru_cache_of_every_size_answers(room):
    keys = np.random.default_rng(3).zipf(1.3, 4_000) % 200
    assert ((cliff.room_needed(keys.tolist()) <= room) == simulate.lru(keys, room)).all()


def test_the_timetable_is_a_cliff():
    assert cliff.hit_ratio(100) < 0.03
    assert cliff.hit_ratio(1_000) > 0.85
    keys = pd.factorize(board.load_board()["key"])[0]
    assert cliff.hit_ratio(900) == pytest.approx(simulate.lru(keys, 900).mean())


def test_the_sentence_says_on_which_side_of_a_day_the_room_is():
    assert "has been dropped" in cliff.cliff_view({"room": 500}).status
    assert "still there" in cliff.cliff_view({"room": 1_000}).status


def test_the_curves_of_coverage_keep_their_dashes_in_the_legend():
    chart = cliff.coverage_chart(
        {"words": [0.1, 0.5], "Zipf's law, exponent 0.97": [0.2, 0.6]}, [1, 10]
    )
    assert_draws(chart)
    encoding = chart.to_dict()["encoding"]
    assert (
        encoding["strokeDash"]["legend"]["orient"] == encoding["color"]["legend"]["orient"] == "top"
    )
