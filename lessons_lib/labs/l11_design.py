"""The design lab: what happens to a design under one attack, and what it earns beside each mode alone.

One run at a time, on practice traffic, so that the panel follows the hand. It knows the capstone's
engine and the panel.
"""

from dataclasses import asdict, replace
from functools import lru_cache

import altair as alt
import numpy as np
import pandas as pd

from lessons_lib import charts
from lessons_lib.capstone import ATTACKS, WORLDS, Design
from lessons_lib.capstone.attacks import Attack, attack
from lessons_lib.capstone.grade import figures_of
from lessons_lib.capstone.run import Desk, Run, run

HAPPENS = dict(
    zip(
        ATTACKS,
        (
            "nothing: a calm run",
            "what is popular drifts",
            "a surge of unseen requests",
            "a spike of traffic",
            "upstream inputs are broken",
            "half of the servers are lost",
        ),
        strict=True,
    )
)
ROWS = (0, 10, 30, 100, 200, 400, 700, 1_000, 1_500, 2_000, 3_000)
TTLS = (0, 10, 30, 60, 120, 300, 600, 1_800, 3_600)
SOURCES = {
    "table": "static",
    "cache": "hybrid",
    "model": "dynamic",
    "default or none": "theory",
}
"""Where answers come from, and whose colour each takes."""
CONTENDERS = {"as you set it": "hybrid", "table alone": "static", "model alone": "dynamic"}
_BINS = 24


def design_lab(world: str = "shop", design: Design | None = None) -> charts.LivePanel:
    """The lab for a world: what happens, rows, servers and time to live; the rest is `design`'s."""
    design = WORLDS[world].example() if design is None else design
    happens = {text.capitalize(): name for name, text in HAPPENS.items()}
    controls = [
        charts.Choice("happens", "What happens", happens),
        charts.Slider("rows", "Table", "rows", value=_near(ROWS, design.table_size), values=ROWS),
        charts.Slider("servers", "Servers", value=min(design.servers, 8), start=0, stop=8, step=1),
        charts.Slider(
            "ttl",
            "Time to live",
            value=_near(TTLS, design.ttl),
            values=TTLS,
            format=charts.duration,
        ),
    ]
    return charts.LivePanel(
        design_chart(),
        controls,
        lambda settings: design_view(world, design, settings),
        title=f"Before you hand it in: {WORLDS[world].title.lower()}",
        description=(
            "Left: where the answers come from along the run, as shares; solid for the table, dotted "
            "for the cache, dashed for the model, a dash and a dot for a default or none. Upright lines "
            "mark begin and end of the trouble. Right: dollars a day, of the design as set (square), of "
            "its table alone (circle) and of its model alone (triangle)."
        ),
        longest=280,
    )


def design_view(world: str, design: Design, settings: dict) -> charts.View:
    """What the lab shows for ``happens`` (of `ATTACKS`), ``rows``, ``servers`` and ``ttl`` (s)."""
    happens = settings["happens"]
    wanted = replace_settings(design, settings)
    parts = {
        "as you set it": wanted,
        "table alone": wanted and {**wanted, "servers": 0},
        "model alone": wanted and {**wanted, "table_size": 0},
    }
    found = {
        name: _run(world, happens, **part)
        for name, part in parts.items()
        if part and (part["servers"] or part["table_size"])
    }
    trouble, along = _attack(world, happens), {}
    if found:
        along = _along(found["as you set it"][0], trouble)
    empty = {"second": np.array([]), "share": np.array([])}
    ends = [trouble.begin, trouble.end] if happens not in ("calm", "drift") else []
    return charts.View(
        {
            "along": charts.stacked({name: along.get(name, empty) for name in SOURCES}, "source"),
            "trouble": {"second": np.array(ends, float)},
            "earned": {
                "who": np.array(list(found), dtype=object),
                "value": np.array([figures["value"] for _, figures in found.values()]),
            },
        },
        _finding({name: figures for name, (_, figures) in found.items()}),
        _table({name: figures for name, (_, figures) in found.items()}),
    )


def replace_settings(design: Design, settings: dict) -> dict | None:
    """The settings of the design with those of the lab in it; None where nothing could answer."""
    if not settings["rows"] and not settings["servers"]:
        return None
    ours = {"table_size": settings["rows"], "servers": settings["servers"], "ttl": settings["ttl"]}
    return asdict(replace(design, **ours))


def design_chart() -> alt.HConcatChart:
    """The lab's chart, with the named data sets ``along``, ``trouble`` and ``earned``."""
    x = alt.X("second:Q", title="time (s)", axis=alt.Axis(tickCount=4), scale=alt.Scale(nice=False))
    y = alt.Y("share:Q", title="of the requests", scale=alt.Scale(domain=[0, 1]))
    y.axis = alt.Axis(format="%")
    rule = alt.Chart(alt.NamedData("trouble")).mark_rule(strokeWidth=2, strokeDash=[6, 3]).encode(x)
    line = alt.Chart(alt.NamedData("along")).mark_line()
    line = line.encode(x, y, **charts.cues("source", SOURCES, title="Answered by", legend="top"))
    left = alt.layer(rule, line).properties(width=330, height=240)
    value = alt.X("value:Q", title="value (USD a day)", axis=alt.Axis(tickCount=4))
    who = alt.Y("who:N", title=None, sort=list(CONTENDERS), axis=alt.Axis(grid=True))
    who.scale = alt.Scale(domain=list(CONTENDERS))
    cues = charts.cues("who", CONTENDERS, mark="point", legend=None)
    right = alt.Chart(alt.NamedData("earned")).mark_point(size=150).encode(value, who, **cues)
    zero = alt.Chart(alt.NamedData("earned")).mark_rule(strokeWidth=1).encode(x=alt.datum(0))
    right = alt.layer(zero, right).properties(width=200, height=240)
    chart = alt.hconcat(left, right, spacing=24)
    return chart.resolve_scale(color="independent", strokeDash="independent", shape="independent")


@lru_cache(maxsize=64)
def _attack(world: str, happens: str) -> Attack:
    return attack(WORLDS[world], happens, ATTACKS.index(happens))


@lru_cache(maxsize=512)
def _run(world: str, happens: str, **settings) -> tuple[Run, dict]:
    """One run of a design, and its figures."""
    desk = Desk(WORLDS[world], Design(**settings), _attack(world, happens))
    found = run(desk)
    return found, figures_of(WORLDS[world], desk.design, found)


def _along(found: Run, trouble: Attack) -> dict:
    """The share of each of `SOURCES` along the run, in equal steps."""
    times = trouble.times[trouble.times >= 0]
    place = np.minimum((times / trouble.length * _BINS).astype(int), _BINS - 1)
    source = np.where(found.none | (found.source == "default"), "default or none", found.source)
    total = np.maximum(np.bincount(place, minlength=_BINS), 1)
    seconds = (np.arange(_BINS) + 0.5) * trouble.length / _BINS
    return {
        name: {
            "second": seconds,
            "share": np.bincount(place, source == name, minlength=_BINS) / total,
        }
        for name in SOURCES
    }


def _near(values: tuple, wanted: float) -> float:
    """The one of a slider's values that is nearest."""
    return min(values, key=lambda value: abs(value - wanted))


def _finding(found: dict) -> str:
    """The sentence under the chart."""
    if not found:
        return "Without a row and without a server nothing could answer: give it one of them."
    ours = found["as you set it"]
    text = f"It earns {charts.number(ours['value'])} USD a day"
    others = {name: figures["value"] for name, figures in found.items() if name != "as you set it"}
    text += "".join(f", the {name} {charts.number(value)}" for name, value in others.items())
    text += (
        f". It costs {charts.number(ours['cost'])} USD a day; {charts.share(ours['coverage'])} of "
    )
    text += (
        f"the requests get a prediction in time, 99 in 100 within {charts.duration(ours['p99'])}."
    )
    if ours["bad"] > 0:
        text += f" {charts.share(ours['bad'])} get one from broken inputs."
    return text


def _table(found: dict) -> pd.DataFrame:
    rows = {
        name: {
            "value (USD/day)": charts.number(one["value"]),
            "cost (USD/day)": charts.number(one["cost"]),
            "p99": charts.duration(one["p99"]),
            "coverage": charts.share(one["coverage"]),
            "outdated": charts.share(one["staleness"]),
            "from broken inputs": charts.share(one["bad"]),
        }
        for name, one in found.items()
    }
    return pd.DataFrame.from_dict(rows, "index").rename_axis("design").reset_index()
