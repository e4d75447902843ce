"""The frontier chart: every model twice, whatever the order of the times."""

import pandas as pd
from charts.drawing import assert_draws

from lessons_lib.labs.l04_frontier import frontier_chart


def test_every_model_stands_before_and_after_at_its_own_skill():
    skill = pd.Series({"tree": 0.1, "forest": 0.15})
    before = pd.Series({"forest": 0.01, "tree": 0.001})
    after = pd.Series({"tree": 1e-5, "forest": 1e-4})
    chart = frontier_chart(skill, before, after)
    assert_draws(chart)
    points = chart.data.set_index(["model", "by"])
    assert points.loc[("forest", "scikit-learn"), "seconds"] == 0.01
    assert points.loc[("forest", "ONNX Runtime"), "seconds"] == 1e-4
    assert points.loc[("tree", "scikit-learn"), "skill"] == 0.1
    assert len(points) == 4
    after["tree"] = before["tree"]
    assert len(frontier_chart(skill, before, after).data) == 3
