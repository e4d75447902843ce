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
BOUNDS = (0.005, 0.01, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.12, 0.15, 0.2)
"""Where the bound can be put, in probability."""
MISTAKES = {"refused for nothing": "hybrid", "missed": "theory"}
"""What the gate gets wrong, and whose colour each takes."""
KINDS = {"good table": "static", "with the slip": "dynamic"}


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
    date = changes["date"].astype("datetime64[ms]").astype("int64")
    changes = changes.assign(date=date)
    good, faulty = (changes[kind] for kind in KINDS)
    wrong = (
        (changes[good > bound], good),
        (changes[faulty <= bound] if settings["share"] else changes[:0], faulty),
    )
    mistakes = {
        name: {"date": rows["date"], "change": change[rows.index]}
        for name, (rows, change) in zip(MISTAKES, wrong, strict=True)
    }
    errors = _errors(good, faulty)
    return charts.View(
        {
            "tables": changes.melt("date", list(KINDS), "table", "change"),
            "twins": {"date": date, "good": good, "faulty": faulty},
            "mistakes": charts.stacked(mistakes, "mistake"),
            "bound": {"bound": [bound]},
            "bounds": errors,
            "here": errors[errors["bound"] == bound],
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
            "Left, for each week of 2013, the largest change of a mean from the table before: "
            "circles for the good table, triangles for the same table with the slip, joined by a "
            "thin line, and a dashed line at the bound. The gate refuses what stands above it: a "
            "square marks a good table that is refused, a diamond a faulty one that is let through. "
            "Right, how many of each there would be at every bound, with a ring at this one."
        ),
        longest=80,
    )


def gate_chart() -> alt.HConcatChart:
    """The chart; its data sets are ``tables``, ``twins``, ``mistakes``, ``bound``, ``bounds``, ``here``."""
    chart = alt.hconcat(_weeks(), _trade(), spacing=20)
    return chart.resolve_scale(color="independent", shape="independent")


def _weeks() -> alt.LayerChart:
    """Every table by week, on an axis of square roots, so that small changes can be told apart."""
    scale = alt.Scale(type="sqrt", domain=list(SHOWN), clamp=True)
    x = alt.X(
        "date:T",
        title="week of the table (2013)",
        scale=alt.Scale(type="utc"),
        axis=alt.Axis(format="%b", tickCount="month"),
    )
    title = "largest change of a mean (probability, square roots)"
    y = alt.Y(
        "change:Q",
        title=title,
        scale=scale,
        axis=alt.Axis(values=[0, 0.01, 0.02, 0.04, 0.07, 0.1, 0.15, 0.2, 0.25]),
    )
    kinds = charts.cues("table", KINDS, mark="point", title="", legend="bottom")
    wrong = charts.cues("mistake", MISTAKES, mark="point", title="", legend="bottom")
    pair = alt.Chart(alt.NamedData("twins")).mark_rule(opacity=0.5)
    pair = pair.encode(x, alt.Y("good:Q", scale=scale, title=title), alt.Y2("faulty:Q"))
    points = alt.Chart(alt.NamedData("tables")).mark_point(size=35).encode(x, y, **kinds)
    rings = alt.Chart(alt.NamedData("mistakes"))
    rings = rings.mark_point(size=150, filled=False, strokeWidth=2).encode(x, y, **wrong)
    bound = alt.Chart(alt.NamedData("bound")).encode(alt.Y("bound:Q", scale=scale, title=title))
    line = bound.mark_rule(strokeWidth=2, strokeDash=[6, 3])
    text = bound.mark_text(align="left", dx=4, dy=-8, text="bound").encode(x=alt.value(0))
    layers = alt.layer(pair, points, rings, line, text)
    layers = layers.resolve_scale(color="independent", shape="independent")
    return layers.properties(width=520, height=300, title="Each week's table")


def _trade() -> alt.LayerChart:
    """False alarms against misses, a point a bound."""
    scale = alt.Scale(domain=[0, 48])
    aside = alt.Scale(domain=[-2, 48], nice=False)  # a ring at 0 leaves the axis' labels alone
    x = alt.X("false alarms:Q", title="good tables refused (false alarms)", scale=aside)
    y = alt.Y("misses:Q", title="faulty tables let through (misses)", scale=scale)
    bounds = alt.Chart(alt.NamedData("bounds")).encode(x, y)
    line = bounds.mark_line(point=True, color=charts.MODE_COLOURS["theory"], strokeWidth=1.5)
    here = alt.Chart(alt.NamedData("here")).encode(x, y)
    ring = here.mark_point(size=180, filled=False, strokeWidth=3, color=charts.PALETTE[1])
    text = here.mark_text(align="left", dx=12, dy=-10, fontWeight="bold", text="this bound")
    return alt.layer(line, ring, text).properties(width=240, height=300, title="Every bound")


def _errors(good: pd.Series, faulty: pd.Series) -> pd.DataFrame:
    """What each of `BOUNDS` would get wrong: columns ``bound``, ``false alarms`` and ``misses``."""
    rows = [(bound, int((good > bound).sum()), int((faulty <= bound).sum())) for bound in BOUNDS]
    return pd.DataFrame(rows, columns=["bound", "false alarms", "misses"])


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
