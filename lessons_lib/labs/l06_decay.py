"""How the live model's skill falls as what it reads grows old: weather, airport delay, and both.

It knows the board and the models, no cache and no clock.
"""

from functools import cache

import altair as alt
import numpy as np
import pandas as pd

from lessons_lib import board, charts, models

HOURS = (0, 1, 2, 3, 4, 6, 8)
OLD = {
    "both": board.LIVE,
    "weather alone": board.WEATHER,
    "airport delay alone": ("airport_delay",),
}
"""Which live inputs are old; the others stay fresh."""


@cache
def decays() -> pd.DataFrame:
    """Skill of the live model in October to December, by age in `HOURS`, a column for each of `OLD`.

    The index is in hours. The model was trained on fresh inputs, once.
    """
    found = {name: [skill_at(**ages) for ages in _ages(only)] for name, only in OLD.items()}
    return pd.DataFrame(found, index=pd.Index([float(h) for h in HOURS], name="age (h)"))


@cache
def skill_at(*, weather: float, delay: float) -> float:
    """The same skill with the weather and the airport delay so many hours old."""
    _, test = _months()
    old = test
    inputs = board.load_live_inputs()
    if weather:
        old = inputs.aged(old, 3600 * weather, only=board.WEATHER)
    if delay:
        old = inputs.aged(old, 3600 * delay, only=("airport_delay",))
    return _skill("live", old)


@cache
def static_skill() -> float:
    """The skill of the timetable's model, which reads nothing live, in the same months."""
    return _skill("timetable", _months()[1])


def decay_chart(skills: pd.DataFrame, static: float) -> alt.LayerChart:
    """The columns of `decays` against age, and the static table's skill across."""
    long = skills.melt(ignore_index=False, var_name="old", value_name="skill").reset_index()
    x = alt.X("age (h):Q", title="age of what the model reads (h)", axis=alt.Axis(tickCount=8))
    y = alt.Y("skill:Q", title="skill, October to December")
    cues = charts.cues("old", list(OLD), title="Old is", legend="top")
    lines = alt.Chart(long, title="Skill as the inputs grow old").mark_line()
    rule = alt.Chart(pd.DataFrame({"skill": [static]})).encode(y)
    name = rule.mark_text(align="right", dy=-8, dx=-4, text="the static table")
    rule = rule.mark_rule(strokeWidth=2, strokeDash=[6, 3])
    chart = alt.layer(rule, lines.encode(x, y, **cues), name.encode(x=alt.value(480)))
    return chart.properties(width=480, height=240)


def _ages(only) -> list[dict[str, float]]:
    names = {"weather": "temp" in only, "delay": "airport_delay" in only}
    return [{name: float(hours * old) for name, old in names.items()} for hours in HOURS]


def _skill(name: str, flights: pd.DataFrame) -> float:
    base = _months()[0]
    late = models.fit_or_load(name).predict_proba(flights)[:, 1]
    return models.skill(flights["late"].to_numpy(), late, base)


@cache
def _months() -> tuple[float, pd.DataFrame]:
    train, test = board.split(board.load_board())
    return float(np.mean(train["late"])), test
