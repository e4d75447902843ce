"""How the live model's skill falls as what it reads grows old: weather, airport delay, and both.

It knows the board and the models, no cache and no clock.
"""

from functools import cache

import altair as alt
import pandas as pd

from lessons_lib import board, charts, models

HOURS = (0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0)
OLD = {"both": (1, 1), "weather alone": (1, 0), "airport delay alone": (0, 1)}
"""Whether the weather and the airport delay are old; what is not stays fresh."""


@cache
def decays() -> pd.DataFrame:
    """Skill of the live model in October to December by age in `HOURS`, a column for each of `OLD`.

    The model was trained on fresh inputs, once.
    """
    found = {
        name: [skill_at(weather=hours * weather, delay=hours * delay) for hours in HOURS]
        for name, (weather, delay) in OLD.items()
    }
    return pd.DataFrame(found, index=pd.Index(HOURS, name="age (h)"))


@cache
def skill_at(*, weather: float, delay: float) -> float:
    """The same skill with the weather and the airport delay so many hours old."""
    inputs, old = board.load_live_inputs(), board.split(board.load_board()).test
    for hours, only in ((weather, board.WEATHER), (delay, ("airport_delay",))):
        if hours:
            old = inputs.aged(old, 3600 * hours, only=only)
    return _skill("live", old)


@cache
def static_skill() -> float:
    """The skill of the timetable's model, which reads nothing live, in the same months."""
    return _skill("timetable", board.split(board.load_board()).test)


def decay_chart(skills: pd.DataFrame, static: float) -> alt.LayerChart:
    """The columns of `decays` against age, and the static table's skill across."""
    long = skills.melt(ignore_index=False, var_name="old", value_name="skill").reset_index()
    axis = alt.Axis(tickCount=8)
    x = alt.X("age (h):Q", title="age of what it reads (h)", axis=axis)
    y = alt.Y("skill:Q", title="skill, October to December")
    lines = alt.Chart(long, title="Skill as the inputs grow old").mark_line()
    lines = lines.encode(x, y, **charts.cues("old", list(OLD), title="Old is", legend="top"))
    across = alt.Chart(pd.DataFrame({"skill": [static]})).encode(y)
    name = across.mark_text(align="right", dy=-8, dx=-4, text="the static table")
    rule = across.mark_rule(strokeWidth=2, strokeDash=[6, 3])
    chart = alt.layer(rule, lines, name.encode(x=alt.value("width")))
    return chart.properties(width=480, height=240)


def _skill(name: str, flights: pd.DataFrame) -> float:
    late = models.fit_or_load(name).predict_proba(flights)[:, 1]
    return models.skill(flights["late"], late, board.split(board.load_board()).train["late"].mean())
