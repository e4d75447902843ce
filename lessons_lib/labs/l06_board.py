"""The departure board as lesson 06 refreshes it: nightly tables, a feed of changes, ages along a day.

It knows the board and the stores, and no lab.
"""

import altair as alt
import numpy as np
import pandas as pd

from lessons_lib import charts
from lessons_lib.models.estimators import two_columns

HOUR, DAY = 3_600.0, 86_400.0
MIDNIGHT = 1_380_600_000.0
"""1 October 2013, 00:00 in New York, in seconds since 1970; day `FIRST` of the year."""
FIRST = 274
STRENGTH = 20.0


class Counts:
    """The share of late flights of each key, drawn towards `base`: the smoothed mean as a model.

    It reads the counts of a key, ``late`` and ``flights``, so that another flight of the key is
    nothing but another input. `base` stays as it was learned, and counts for 20 flights.
    """

    def __init__(self, base: float):
        self.base = base

    def predict_proba(self, frame: pd.DataFrame) -> np.ndarray:
        """Probabilities of rows with ``late`` and ``flights``, shape (n, 2)."""
        late, flights = (frame[name].to_numpy(float) for name in ("late", "flights"))
        return two_columns((late + STRENGTH * self.base) / (flights + STRENGTH))

    def predict(self, counts: list[tuple[float, int]]) -> list[float]:
        """The probability of "late" for each pair of ``late`` and ``flights``."""
        frame = pd.DataFrame(counts, columns=["late", "flights"])
        return self.predict_proba(frame)[:, 1].tolist()


def changes(flights: pd.DataFrame) -> pd.DataFrame:
    """The change feed of the board: each flight that left, at the moment in which it did.

    Columns ``key``, ``at`` (seconds since 1970), and the counts of the key from then on, ``late``
    and ``flights``, this flight included; in the order of time. Cancelled flights change nothing.
    """
    left = flights[~flights["cancelled"]]
    moment = left["minute"] + left["delay"] - (FIRST - 1) * DAY / 60
    feed = pd.DataFrame({"key": left["key"], "at": MIDNIGHT + 60 * moment, "late": left["late"]})
    feed = feed.sort_values("at", kind="stable", ignore_index=True)
    by_key = feed.groupby("key", sort=False)["late"]
    return feed.assign(late=by_key.cumsum(), flights=by_key.cumcount() + 1)


def state(feed: pd.DataFrame, until: float) -> pd.DataFrame:
    """What a full job scores: the last entry of every key up to the moment `until`."""
    last = feed[feed["at"] <= until].drop_duplicates("key", keep="last")
    return last.drop(columns="at").sort_values("key", ignore_index=True)


def pairs(feed: pd.DataFrame, after: float, until: float) -> list[tuple[str, tuple[float, int]]]:
    """The changes within a time as the lesson writes them: a key, and what the model reads of it."""
    new = feed[(feed["at"] > after) & (feed["at"] <= until)]
    counts = zip(new["late"].tolist(), new["flights"].tolist(), strict=True)
    return list(zip(new["key"].tolist(), counts, strict=True))


def asked_on(flights: pd.DataFrame, day: int) -> np.ndarray:
    """When the flights of a day are asked for, seconds since 1970: an hour before each is to leave."""
    minutes = flights.loc[flights["day"] == day, "minute"].sort_values().to_numpy()
    return MIDNIGHT + 60.0 * (minutes - (FIRST - 1) * 1440 - 60)


def age_chart(ages: dict[str, np.ndarray], moments: np.ndarray) -> alt.Chart:
    """The age of an answer along a day from `MIDNIGHT` on, a line for each name of `ages`."""
    rows = charts.stacked(
        {k: {"hour": (moments - MIDNIGHT) / HOUR, "age": v / HOUR} for k, v in ages.items()},
        "table",
    )
    axis = alt.Axis(values=list(range(0, 25, 4)))
    x = alt.X("hour:Q", title="hour of the day", scale=alt.Scale(domain=[0, 24]), axis=axis)
    y = alt.Y("age:Q", title="age of the answer (h)")
    chart = alt.Chart(pd.DataFrame(rows), title="The age of an answer in a day").mark_line()
    return chart.encode(
        x, y, **charts.cues("table", list(ages), title="", legend="top")
    ).properties(width=480, height=220)
