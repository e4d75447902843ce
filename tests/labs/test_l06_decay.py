"""The decay of the live model: against the curve of the package, and its chart."""

import pandas as pd
import pytest
from charts.drawing import assert_draws

from lessons_lib import board, models
from lessons_lib.labs import l06_decay


@pytest.fixture(scope="module")
def parts():
    return board.split(board.load_board())


def test_the_columns_are_the_skill_by_age_of_each_input(parts):
    skills, inputs = l06_decay.decays(), board.load_live_inputs()
    assert skills.index.tolist() == list(l06_decay.HOURS)
    model, base = models.fit_or_load("live"), parts.train["late"].mean()
    reads = {
        "both": board.LIVE,
        "weather alone": board.WEATHER,
        "airport delay alone": ["airport_delay"],
    }
    for name, only in reads.items():
        curve = models.skill_by_age(model, parts.test, inputs, base=base, hours=[0, 4], only=only)
        assert skills.loc[[0, 4], name].tolist() == pytest.approx(curve.tolist())


def test_an_old_live_answer_is_worse_than_the_static_table():
    skills, static = l06_decay.decays(), l06_decay.static_skill()
    assert skills["both"].loc[4] > static > skills["both"].loc[6] > -0.02 > skills["both"].loc[8]
    assert skills["weather alone"].loc[6] > skills["airport delay alone"].loc[6]


def test_the_chart_draws():
    skills = pd.DataFrame(
        {name: [0.2, 0.1] for name in l06_decay.OLD}, pd.Index([0.0, 1.0], name="age (h)")
    )
    assert_draws(l06_decay.decay_chart(skills, 0.05))
