"""January's models beside refreshed ones, month by month. It knows the board and the models."""

from functools import cache

import altair as alt
import numpy as np
import pandas as pd

from lessons_lib import board, charts, models

MODELS = {"timetable": "key_mean", "live": "live_logistic"}
"""What a model reads, and its recipe: the smoothed mean of each key, and a logistic regression."""
ENOUGH = 40_000
"""A live model learns from about so many flights, every n-th of the months before: a second, not ten."""


@cache
def months() -> pd.DataFrame:
    """The Brier score of four models and a constant in each month from March on; lower is better.

    The columns are pairs: what a model reads, and what it learned from: January alone, or all months
    before the one it forecasts. The constant is the share of late flights in all of these. The last
    two are shares of late flights: in the months before, and in the month itself.
    """
    flights = board.load_board()
    left = flights[~flights["cancelled"]]
    parts = {month: left[left["month"] == month] for month in range(1, 13)}
    january = {name: models.fit(recipe, parts[1]) for name, recipe in MODELS.items()}
    rows = {}
    for month in range(3, 13):
        known = left[left["month"] < month]
        rows[month] = row = {}
        for name, recipe in MODELS.items():
            every = max(1, len(known) // ENOUGH) if name == "live" else 1
            refreshed = models.fit(recipe, known[::every])
            for made, model in {"January": january[name], "refreshed": refreshed}.items():
                row[name, made] = brier(model.predict_proba(parts[month])[:, 1], parts[month])
        before = known["late"].mean()
        row["constant", "refreshed"] = brier(before, parts[month])
        row["late", "before"], row["late", "then"] = before, parts[month]["late"].mean()
    return pd.DataFrame(rows).T.rename_axis("month")


def brier(probability, flights: pd.DataFrame) -> float:
    """The mean squared error of probabilities of "late".

    Source: Brier (1950), as for `lessons_lib.models.skill`.
    """
    return float(np.mean((probability - flights["late"].to_numpy()) ** 2))


def january_wins(year: pd.DataFrame, name: str) -> list[int]:
    """The months in which January's model forecasts better than the refreshed one of its kind."""
    return year.index[year[name, "January"] < year[name, "refreshed"]].tolist()


def how_often(wins: list[int]) -> str:
    """So many of the ten months, as the lesson's prediction calls it."""
    for most, words in ((0, "none"), (2, "one or two"), (5, "three to five")):
        if len(wins) <= most:
            return f"In {words} of them"
    return "In more than five of them"


def right_by_last_month(year: pd.DataFrame, name: str) -> int:
    """In how many months, but the first, the better of the two was also the better the month before."""
    wins = (year[name, "January"] < year[name, "refreshed"]).to_numpy()
    return int((wins[1:] == wins[:-1]).sum())


def year_chart(year: pd.DataFrame) -> alt.Chart:
    """By how much each refreshed model is better than January's, a bar a month; below 0 it is worse."""
    gains = {f"{name} model": year[name, "January"] - year[name, "refreshed"] for name in MODELS}
    names = [pd.Timestamp(2013, month, 1).strftime("%b") for month in year.index]
    rows = charts.stacked({k: {"month": names, "gain": v} for k, v in gains.items()}, "model")
    modes = {"timetable model": "static", "live model": "dynamic"}
    cues = charts.cues("model", modes, mark="point", title="", legend="top")
    x = alt.X("month:N", title="month of 2013", sort=names)
    y = alt.Y("gain:Q", title="gain in Brier score by refreshing")
    points = alt.Chart(pd.DataFrame(rows), title="What refreshing is worth")
    points = points.mark_point(size=90).encode(x, y, **cues)
    zero = alt.Chart(pd.DataFrame({"gain": [0.0]})).mark_rule(strokeWidth=2).encode(y)
    return alt.layer(zero, points).properties(width=480, height=240)
