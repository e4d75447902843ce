"""The break-even lab: where a table is cheaper than a model, over requests and the price of a row.

It knows the bill and the panel. The traffic is even but for its busiest hour, the table is made anew
once a day, and both modes keep at least one server.
"""

from functools import lru_cache
from math import ceil, inf

import altair as alt
import numpy as np
import pandas as pd

from lessons_lib import charts, cost

ASKED = np.geomspace(0.001, 10, 21)
"""Requests per key and day, the horizontal axis."""
ROWS = np.array([1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001])
"""The price of a row in a batch over that of a run of the model, the vertical axis."""
LOOK_UP = 2e-5  # seconds
PEAK = 2.0
"""The busiest hour over the mean one; that of real departures is a little below."""
SIZED = {
    "the mean load": inf,
    "the peak, p99 within 20 runs": 20,
    "the peak, p99 within 10 runs": 10,
    "the peak, p99 within 5 runs": 5,
}
"""What the live servers are sized for: the deadline in mean service times."""
CHEAPER = {"the table": "static", "the model": "dynamic"}
MOST = 10.0  # a mark is largest where one costs this many times as much as the other
_FEW = [1.0, 0.5, 0.1, 0.01, 0.001]


def surface_view(settings: dict) -> charts.View:
    """What the lab shows for ``keys``, ``run`` (s), ``sized`` (of `SIZED`) and ``stale`` (share)."""
    keys, run, stale = (settings[name] for name in ("keys", "run", "stale"))
    live = [dynamic(asked, keys, run, settings["sized"]).total for asked in ASKED]
    cells = [
        (asked, row, static(asked, row, keys, run, stale).total, other)
        for row in ROWS
        for asked, other in zip(ASKED, live, strict=True)
    ]
    frame = pd.DataFrame(cells, columns=["asked", "row", "table", "model"])
    frame["cheaper"] = np.where(frame["table"] <= frame["model"], *CHEAPER)
    ratio = frame[["table", "model"]].max(axis=1) / frame[["table", "model"]].min(axis=1)
    frame["ratio"] = ratio.clip(upper=MOST)
    border = {row: border_at(row, settings) for row in ROWS}
    shown = pd.DataFrame({"asked": border.values(), "row": border.keys()}, dtype=float)
    shown = shown[shown["asked"].between(ASKED[0], ASKED[-1])]
    return charts.View(
        {
            "cells": frame[["asked", "row", "cheaper", "ratio"]],
            "border": shown,
            "named": shown.head(1),
        },
        _finding(border, frame["cheaper"]),
        pd.DataFrame(
            {
                "a row costs (runs)": _FEW,
                "the table pays from (requests per key)": [_from(border[row]) for row in _FEW],
                "by the formula": [_from(formula(row, run)) for row in _FEW],
            }
        ),
    )


def surface_lab() -> charts.LivePanel:
    """The lab: keys, model, what servers are sized for, and answers that are no longer true."""
    runs = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
    shares = (0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
    controls = [
        charts.Slider("keys", "Keys", value=1_000_000, values=(1_000, 10_000, 100_000, 1_000_000)),
        charts.Slider(
            "run", "One run of the model", value=0.3, values=runs, format=charts.duration
        ),
        charts.Choice("sized", "Live servers for", list(SIZED)),
        charts.Slider(
            "stale", "Stale answers of the table", value=0, values=shares, format=charts.share
        ),
    ]
    return charts.LivePanel(
        surface_chart(),
        controls,
        surface_view,
        title="Where a table is cheaper than a model",
        description=(
            "Requests per key and day across, the price of a row in a batch over that of a run "
            "upwards, both logarithmic. Circles where the table is cheaper, triangles where the "
            "model is; the larger, the more. A thick line is the border, a grey dashed one the "
            "formula without idle servers."
        ),
        longest=230,
    )


def surface_chart() -> alt.LayerChart:
    """The lab's chart, with the named data sets ``cells``, ``border`` and ``named``."""
    x = _axis(alt.X, "asked", "requests per key and refresh", ASKED[[0, -1]], 1.25)
    y = _axis(alt.Y, "row", "price of a batch row / price of a run", ROWS[[-1, 0]], 1.5)
    size = alt.Size(
        "ratio:Q",
        title="costs times",
        scale=alt.Scale(type="log", domain=[1, MOST], range=[6, 190]),
        legend=alt.Legend(
            orient="right",
            values=[1, 2, 5, 10],
            symbolFillColor=charts.PALETTE[4],
            symbolStrokeWidth=0,
        ),
    )
    cues = charts.cues("cheaper", CHEAPER, mark="point", title="Cheaper", legend="right")
    cells = alt.Chart(alt.NamedData("cells")).mark_point().encode(x, y, size=size, **cues)
    border = alt.Chart(alt.NamedData("border"))
    border = border.mark_line(color=charts.PALETTE[3], strokeWidth=4).encode(x, y, order="row:Q")
    ends = alt.Chart(pd.DataFrame({"asked": [0.001, 1], "row": [0.001, 1]})).encode(x, y)
    line = ends.mark_line(strokeDash=[6, 4], color=charts.MODE_COLOURS["theory"])
    named = [_name("formula", {"asked": [0.02], "row": [0.026]}, x, y)]
    named += [_name("border", alt.NamedData("named"), x, y)]
    return alt.layer(cells, line, border, *named).properties(width=520, height=300)


def static(asked: float, row: float, keys: int, run: float, stale: float) -> cost.Bill:
    """A day of the table: every key scored once, and a look-up for each request."""
    requests = asked * keys
    servers = cost.servers_within(PEAK * requests / cost.DAY, LOOK_UP, run)
    return cost.bill(
        server_seconds=servers * cost.DAY,
        batch_seconds=keys * row * run * cost.price("server") / cost.price("batch"),
        stale=stale * requests,
    )


@lru_cache(maxsize=4096)
def dynamic(asked: float, keys: int, run: float, sized: str) -> cost.Bill:
    """A day of the model: servers alone, busy or not."""
    rate = asked * keys / cost.DAY
    servers = max(1, ceil(rate * run))
    if SIZED[sized] < inf:
        servers = cost.servers_within(PEAK * rate, run, SIZED[sized] * run)
    return cost.bill(server_seconds=servers * cost.DAY)


def border_at(row: float, settings: dict) -> float:
    """The requests per key and refresh from which on the table is no dearer, at one price of a row."""
    keys, run = settings["keys"], settings["run"]
    return cost.break_even(
        lambda asked: static(asked, row, keys, run, settings["stale"]).total,
        lambda asked: dynamic(asked, keys, run, settings["sized"]).total,
        low=ASKED[0],
        high=ASKED[-1],
    )


def formula(row: float, run: float) -> float:
    """The border for busy seconds alone; `row` is the price of a row over that of a run."""
    return row * run / (run - LOOK_UP)


def _from(asked: float) -> str:
    if asked == 0:
        return f"below {ASKED[0]:g}"
    return f"not at {ASKED[-1]:g}" if asked == inf else charts.number(float(asked))


def _finding(border: dict[float, float], cheaper: pd.Series) -> str:
    """The sentence under the chart."""
    places = int((cheaper == "the table").sum())
    if not places:
        return f"The table is dearer everywhere, up to {ASKED[-1]:g} requests per key and refresh."
    if border[0.01] == inf:
        text = f"The table is cheaper at {places} of {len(cheaper)} marks, and dearer again where many "
        return text + "ask: what stale answers lose grows with each request, what idles does not."
    half, hundredth = (_from(border[row]) for row in (0.5, 0.01))
    text = "The table pays from this many requests per key and refresh on: "
    text += f"{half}, where a row costs half as much as a run, and {hundredth}, where it costs a "
    return text + "hundredth."


def _name(text: str, where: object, x: alt.X, y: alt.Y) -> alt.Chart:
    """The name of a line, at a point of it."""
    data = pd.DataFrame(where) if isinstance(where, dict) else where
    mark = {"text": text, "dy": -10, "dx": 4, "align": "right", "fontWeight": "bold"}
    return alt.Chart(data).mark_text(**mark).encode(x, y)


def _axis(channel: type, name: str, title: str, ends: np.ndarray, room: float) -> alt.SchemaBase:
    scale = alt.Scale(type="log", domain=[ends[0] / room, ends[1] * room], nice=False)
    ticks = [10.0**e for e in range(-3, 3) if ends[0] * 0.99 <= 10.0**e <= ends[1] * 1.01]
    return channel(f"{name}:Q", title=title, scale=scale, axis=alt.Axis(values=ticks, format="~r"))
