"""The picture of the clients who wait for a one-hour model."""

import numpy as np
import pytest

from lessons_lib.labs.l01_queue import waits_chart


def test_each_client_of_both_runs_is_drawn_in_hours_from_zero():
    spec = waits_chart({"one": np.arange(1.0, 6.0), "many": np.ones(5)}).to_dict()
    (rows,) = spec["datasets"].values()
    assert [row["hours"] for row in rows if row["with"] == "one"] == [1, 2, 3, 4, 5]
    assert [row["client"] for row in rows if row["with"] == "many"] == [0, 1, 2, 3, 4]
    assert "type" not in spec["encoding"]["y"].get("scale", {}), "growth is drawn as growth"


def test_another_number_of_runs_is_refused():
    with pytest.raises(ValueError, match="zip"):
        waits_chart({"one": np.ones(3)})
