"""The gate lab: one bound, a year of good tables, and the same tables with a unit slip.

Every week of 2013 a table is made from the four weeks before: the smoothed share of late flights by
key, the GROUP BY that the boosting model of the lesson hardly beats. Each table is compared with
the one of the week before, as the gate does it; and so is a faulty twin, in which a share of the
records gives delays in seconds, so that one minute late counts as fifteen.

It knows the board, the gate's limits and the panel. The gate itself reads files; here the same
comparison is made on arrays, for 48 tables at once.
"""

from functools import cache
from typing import NamedTuple

import altair as alt
import numpy as np
import pandas as pd

from lessons_lib import board, charts
from lessons_lib.static.gate import Limits

WEEK, WINDOW = 7, 28
"""Days from one table to the next, and days of flights behind each table."""
STRENGTH = 20
"""How many flights' worth of the overall share is added to each key."""
SHOWN = (0.0, 0.25)
"""The changes that the chart has room for, in probability; larger ones stand at its edge."""

HITS = {
    "every flight": None,
    "one airport (JFK)": ("origin", "JFK"),
    "one airline (DL)": ("carrier", "DL"),
    "one hour (17)": ("hour", 17),
}
"""Whose records carry the slip."""
SLICES = {
    "all rows together": None,
    "each airport": "origin",
    "each airline": "carrier",
    "each hour": "hour",
}
"""Whose means the gate compares."""
KINDS = {"good table": "static", "same table with the slip": "dynamic"}
BOUNDS = (0.005, 0.01, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.12, 0.15, 0.2)
"""What the bound can be set to."""


class Counts(NamedTuple):
    """What the tables are made from, one row a table and one column a key."""

    dates: np.ndarray
    """The day on which each table is published, shape (tables,)."""
    flights: np.ndarray
    """Departed flights of the four weeks before, shape (tables, keys)."""
    late: np.ndarray
    """Those of them that left 15 minutes late or more."""
    slipped: np.ndarray
    """Those one minute late or more, which count as late once minutes have become seconds."""
    keys: pd.DataFrame
    """As `board.timetable_keys` gives them."""


def largest_changes(hits: str, share: float, by: str) -> pd.DataFrame:
    """How far each table moves from the one before, without the slip and with it.

    A `share` (0..1) of the records of `hits` carries the slip; the means of the slices `by` are
    compared. Columns ``date`` and, for each of `KINDS`, the largest change of a mean in either
    direction, in probability; slices of fewer than ``Limits().slice_rows`` keys are left out.
    """
    rows, good = _means(by)
    # A table's means are linear in the share of records hit: no slip and all of them tell the rest.
    faulty = (1 - share) * good + share * _means(by, hits)[1]
    compared = rows[:-1] >= (Limits().slice_rows if SLICES[by] else 1)
    moved = {
        kind: np.where(compared, np.abs(now[1:] - good[:-1]), 0.0).max(axis=1)
        for kind, now in zip(KINDS, (good, faulty), strict=True)
    }
    return pd.DataFrame({"date": weekly_counts().dates[1:], **moved})


def false_alarms(hits: str, share: float, by: str) -> int:
    """How many good tables are refused by the widest of `BOUNDS` that stops all faulty ones."""
    good, faulty = (largest_changes(hits, share, by)[kind] for kind in KINDS)
    return int((good > max(bound for bound in BOUNDS if bound < faulty.min())).sum())


@cache
def weekly_counts() -> Counts:
    """The counts behind every weekly table of 2013; read once a process."""
    flights = board.load_board()
    keys = board.timetable_keys(flights)
    left = flights[~flights["cancelled"]]
    place = pd.Index(keys["key"]).get_indexer(left["key"])
    last_days = np.arange(WINDOW, 365 + 1, WEEK)
    shape = (len(last_days) + WINDOW // WEEK - 1, len(keys))
    # Week 0 ends where the first window has its first week behind it.
    week = (left["day"].to_numpy() - 1 - (last_days[0] - WINDOW)) // WEEK
    kept = week < shape[0]
    cell = week[kept] * shape[1] + place[kept]
    delay = left["delay"].to_numpy()[kept]

    def by_table(weights: np.ndarray) -> np.ndarray:
        weekly = np.bincount(cell, weights, minlength=shape[0] * shape[1]).reshape(shape)
        windows = np.lib.stride_tricks.sliding_window_view(weekly, WINDOW // WEEK, axis=0)
        return windows.sum(axis=-1)

    return Counts(
        dates=np.datetime64("2013-01-01") + last_days.astype("timedelta64[D]"),
        flights=by_table(np.ones(len(delay))),
        late=by_table(delay >= board.LATE),
        slipped=by_table(delay >= 1),
        keys=keys,
    )


def gate_view(settings: dict) -> charts.View:
    """What the lab shows for ``hits``, ``share`` (per cent), ``by`` and ``bound`` (probability)."""
    bound = settings["bound"]
    changes = largest_changes(settings["hits"], settings["share"] / 100, settings["by"])
    refused = {kind: int((changes[kind] > bound).sum()) for kind in KINDS}
    tall = changes.melt("date", list(KINDS), "table", "change")
    return charts.View(
        {
            "tables": tall.assign(date=tall["date"].astype("datetime64[ms]").astype("int64")),
            "bound": {"bound": [bound]},
        },
        _finding(settings, refused, len(changes)),
        pd.DataFrame(
            {
                "tables": list(KINDS),
                "compared": len(changes),
                "refused": list(refused.values()),
                "let through": [len(changes) - number for number in refused.values()],
                "largest change, median": [round(changes[kind].median(), 4) for kind in KINDS],
                "largest change, most": [round(changes[kind].max(), 4) for kind in KINDS],
            }
        ),
    )


def gate_lab() -> charts.LivePanel:
    """The lab: whose records slip and how many, what the gate compares, and its bound."""
    controls = [
        charts.Choice("hits", "The slip hits", list(HITS), "one airline (DL)"),
        charts.Slider("share", "Records hit", "%", value=50, start=0, stop=100, step=5),
        charts.Choice("by", "Compare the mean of", list(SLICES)),
        charts.Slider("bound", "Bound on the change", value=0.03, values=BOUNDS),
    ]
    return charts.LivePanel(
        gate_chart(),
        controls,
        gate_view,
        title="Where to put the gate's bound",
        description=(
            "For each week of 2013 the largest change of a mean from the table before: circles for "
            "the good table, triangles for the same table with the slip, and a line at the bound. "
            "The gate refuses what stands above the line."
        ),
    )


def gate_chart() -> alt.LayerChart:
    """The lab's chart, with the named data sets ``tables`` and ``bound``.

    The axis is of square roots, so that the small changes of good tables can be told apart.
    """
    scale = alt.Scale(type="sqrt", domain=list(SHOWN), clamp=True)
    x = alt.X(
        "date:T",
        title="table published (2013)",
        scale=alt.Scale(type="utc"),
        axis=alt.Axis(format="%b", tickCount="month"),
    )
    cues = charts.cues("table", KINDS, mark="point", title="candidate", legend="top")
    y = alt.Y("change:Q", title="largest change of a mean (probability)", scale=scale)
    points = alt.Chart(alt.NamedData("tables")).mark_point(size=45).encode(x, y, **cues)
    bound = alt.Chart(alt.NamedData("bound")).encode(alt.Y("bound:Q", scale=scale))
    line = bound.mark_rule(strokeWidth=2, strokeDash=[6, 3])
    text = bound.mark_text(align="left", text="bound").encode(x=alt.value(626))
    return (points + line + text).properties(width=620, height=280)


@cache
def _means(by: str, hits: str | None = None) -> tuple[np.ndarray, np.ndarray]:
    """The keys in each slice and their mean prediction, both of shape (tables, slices).

    The records of `hits` all carry the slip; without it none does.
    """
    counts, keys = weekly_counts(), weekly_counts().keys
    late = counts.late
    if hits is not None:
        column, value = HITS[hits] or ("key", keys["key"])
        late = np.where(keys[column] == value, counts.slipped, late)
    base = late.sum(axis=1, keepdims=True) / counts.flights.sum(axis=1, keepdims=True)
    smoothed = (late + STRENGTH * base) / (counts.flights + STRENGTH)
    present = (counts.flights > 0).astype(float)
    group = np.zeros(len(keys)) if SLICES[by] is None else keys[SLICES[by]].to_numpy()
    slices = np.column_stack([group == value for value in np.unique(group)]).astype(float)
    rows = present @ slices
    sums = (present * smoothed) @ slices
    return rows, np.divide(sums, rows, out=np.zeros_like(rows), where=rows > 0)


def _finding(settings: dict, refused: dict[str, int], number: int) -> str:
    """The sentence under the chart."""
    good, faulty = refused.values()
    if settings["share"] == 0:
        return f"No record is hit: the gate refuses {good} of {number} good tables for nothing."
    through = f"{number - faulty} of {number} faulty ones through"
    return f"The gate refuses {good} of {number} good tables and lets {through}."
