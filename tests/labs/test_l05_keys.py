"""Designs of a key, against counting by hand."""

import numpy as np
import pandas as pd
import pytest

from lessons_lib.labs.l05_keys import compare_keys


def test_a_table_of_each_design_is_counted_and_judged():
    flights = pd.DataFrame(
        {
            "origin": ["A", "A", "B", "B", "A", "B", "C", "C"],
            "hour": [1, 2, 1, 1, 1, 1, 1, 1],
            "late": [1.0, 0.0, 1.0, np.nan, 1.0, 1.0, 0.0, np.nan],
        }
    )
    table = compare_keys(flights, [["origin"], ["origin", "hour"]])
    assert table["rows"].to_dict() == {"origin": 2, "origin + hour": 3}
    assert table["unseen (%)"].tolist() == [50, 50]
    base = 2 / 3
    worst = (base - 1) ** 2 * 2 + base**2
    # A: one of two late; B: always; C is unknown and gets the mean of all.
    assert table.loc["origin", "skill"] == pytest.approx(1 - (0.25 + base**2) / worst, abs=0.001)
    assert table.loc["origin + hour", "skill"] == pytest.approx(1 - base**2 / worst, abs=0.001)
