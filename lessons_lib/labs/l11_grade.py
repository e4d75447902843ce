"""What lesson 11 shows of a grade: one chart, one table; and what goes into a submission.

It knows grades, predictions and charts.
"""

import re
from dataclasses import replace

import altair as alt
import pandas as pd

from lessons_lib import charts
from lessons_lib.capstone import ATTACKS, Design, Forecast, Grade
from lessons_lib.quiz.widget import Prediction

PARTS = ("Client", "Decision", "Rejected", "Would change it")
"""The headings of a decision record."""
UNITS = {
    "alarms": "predictions in the window of the alarm",
    "servers": "servers",
    "table_size": "rows",
    "refresh": "s",
    "ttl": "s",
}
"""What each setting that `mended` changes counts."""
CUES = {"your design": "hybrid", "the best that a search found": "theory"}


def written(record: str) -> dict[str, int]:
    """How many words of a decision record stand under each of `PARTS`, for example ``Client: ...``.

    >>> written("Client: a shop. Decision:")
    {'Client': 2, 'Decision': 0, 'Rejected': 0, 'Would change it': 0}
    """
    pieces = re.split(rf"({'|'.join(PARTS)}):", record)
    found = dict(zip(pieces[1::2], pieces[2::2], strict=False))
    return {part: len(found.get(part, "").split()) for part in PARTS}


def forecast_from(
    p99: Prediction, cost: Prediction, coverage: Prediction, practised: pd.DataFrame
) -> Forecast:
    """The forecast that was committed (in ms, USD a day, %); what was not, is the mean of practice."""
    given = {"p99": (p99, 0.001), "cost": (cost, 1.0), "coverage": (coverage, 0.01)}
    usual = practised.mean()
    return Forecast(
        **{
            name: float(usual[name]) if guess.value is None else unit * guess.value
            for name, (guess, unit) in given.items()
        }
    )


def misses(days: int, k: int) -> float:
    """The chance that the next day lies outside the k-th smallest and the k-th largest of some days.

    Each of the ``days + 1`` figures is as likely as any other to be the lowest, the second lowest, ...

    Source: Vovk, Gammerman and Shafer (2005), Algorithmic Learning in a Random World.

    >>> misses(days=19, k=1)
    0.1
    """
    return 2 * k / (days + 1)


def mended(design: Design, part: str) -> Design:
    """The design with one setting changed for the better: more of what it buys, half of a time."""
    known = {
        "alarms": 20,
        "servers": design.servers + max(1, design.servers // 2),
        "table_size": 2 * design.table_size,
        "refresh": max(60.0, design.refresh / 2),
        "ttl": design.ttl / 2,
    }
    return replace(design, **{part: known[part]})


def grade_table(grade: Grade) -> pd.DataFrame:
    """The figures of a grade beside those of the best design found, and beside the forecast."""
    if grade.caught:
        return pd.DataFrame({"not allowed": [grade.caught]})
    forms = {
        "value": ("value (USD/day)", charts.number),
        "cost": ("cost (USD/day)", charts.number),
        "p99": ("p99", charts.duration),
        "coverage": ("coverage", charts.share),
        "staleness": ("outdated", charts.share),
        "bad": ("from broken inputs", charts.share),
    }
    guessed = grade.forecast._asdict()
    rows = {
        label: (
            form(grade.figures[name]),
            form(grade.reference.figures[name]),
            form(guessed[name]) if name in guessed else "",
        )
        for name, (label, form) in forms.items()
    }
    rows["regret"] = f"{100 * grade.regret:.1f} %", "", ""
    rows["calibration"] = charts.share(grade.calibration), "", ""
    rows["grade of 100"] = charts.number(grade.grade), "", ""
    columns = ["your design", "best found", "forecast"]
    return pd.DataFrame.from_dict(rows, "index", columns=columns)


def grade_chart(grade: Grade) -> alt.LayerChart:
    """What a design earned under each attack, beside the best design that a search found."""
    rows = pd.concat(
        pd.DataFrame({"attack": list(ATTACKS), "value": one.parts.loc[list(ATTACKS), "value"], "who": who})
        for who, one in zip(CUES, (grade, grade.reference), strict=True)
    )  # fmt: skip
    x = alt.X("value:Q", title="value (USD a day)", axis=alt.Axis(tickCount=5))
    y = alt.Y("attack:N", title=None, sort=list(ATTACKS), axis=alt.Axis(grid=True))
    cues = charts.cues("who", CUES, mark="point", title="", legend="top")
    title = f"Attack by attack: {grade.world}"
    base = alt.Chart(rows, title=title)
    points = base.mark_point(size=130).encode(x, y, **cues)
    zero = alt.Chart().mark_rule(strokeWidth=1).encode(x=alt.datum(0))
    return alt.layer(zero, points, data=rows).properties(width=480, height=220)
