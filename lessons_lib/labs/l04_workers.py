"""What lesson 04 measures on this machine, drawn: workers beside their simulation, and the frontier.

The simulation gets what was measured: when each request was due, and how long one takes if nobody
else is there. It is run twice: with one queue for all workers, and with a queue for each, where
chance decides who gets a request. A port that worker processes share lies between the two: a
connection, once made, stays with its worker.

It knows the simulator and Altair, no server and no model.
"""

from collections.abc import Mapping
from math import ceil, floor, inf, log10

import altair as alt
import numpy as np
import pandas as pd

from lessons_lib import charts, simulate

SERIES = {
    "measured": "dynamic",
    "simulated, one queue": "theory",
    "simulated, a queue each": "static",
}
"""What stands side by side, and whose colour each takes."""
WAYS = {"scikit-learn": "dynamic", "ONNX Runtime": "hybrid"}
"""What ran the models before and after they were made faster, and whose colour each takes."""
NARROW = "width < 420"
SECONDS_OF_A_ROW = "service time of one row"
WIDTH = 560
"""Pixels of the frontier's chart."""
_RANDOM_SPLITS = 20


def beside(
    runs: Mapping[int, pd.DataFrame], service_time: float, percentiles=(50, 90)
) -> pd.DataFrame:
    """Percentiles of the latency, measured and simulated, of the same requests.

    `runs` holds for each number of workers what `dynamic.load.open_loop` gave; one request takes
    `service_time` seconds by itself. Columns ``workers``, ``percentile`` (such as ``"p90"``),
    ``series`` (of `SERIES`), ``ms`` and ``requests``.
    """
    rows = []
    for workers, frame in runs.items():
        due = frame["intended"].to_numpy()
        kinds = (
            frame["latency"].to_numpy(),
            one_queue(due, service_time, workers),
            a_queue_each(due, service_time, workers),
        )
        for series, latency in zip(SERIES, kinds, strict=True):
            values = simulate.percentiles(latency, at=percentiles).value
            for p, value in zip(percentiles, values, strict=True):
                rows.append((workers, f"p{p:g}", series, 1000 * value, len(due)))
    return pd.DataFrame(rows, columns=["workers", "percentile", "series", "ms", "requests"])


def one_queue(due: np.ndarray, service_time: float, workers: int) -> np.ndarray:
    """Latencies if whoever is free next takes the request that has waited longest, seconds."""
    work = np.full(len(due), service_time)
    return simulate.fifo(due, work, workers) + work - due


def a_queue_each(due: np.ndarray, service_time: float, workers: int) -> np.ndarray:
    """Latencies if chance gives each request to a worker, pooled over 20 such splits, seconds."""
    pooled = []
    for seed in range(_RANDOM_SPLITS):
        mine = np.random.default_rng(seed).integers(workers, size=len(due))
        pooled += [one_queue(due[mine == w], service_time, 1) for w in set(mine.tolist())]
    return np.concatenate(pooled)


def beside_chart(table: pd.DataFrame) -> alt.LayerChart:
    """What `beside` gives: for each number of workers a line a series, from p50 up to p90."""
    chart = alt.Chart(table, title="The same requests, measured and simulated").encode(
        alt.X("workers:O", title="workers"),
        alt.XOffset("series:N", sort=list(SERIES)),
        alt.Y("ms:Q", title="latency (ms): p50 below, p90 above", scale=alt.Scale(zero=True)),
    )
    cues = charts.cues("series", SERIES, mark="point", title="", legend="top")
    span = chart.mark_line(strokeWidth=2).encode(cues["color"], detail=["workers:O", "series:N"])
    points = chart.mark_point(size=110, filled=False, strokeWidth=2.5).encode(**cues)
    return alt.layer(span, points, data=table).properties(width=480, height=240)


def frontier_chart(
    skill: pd.Series, before: pd.Series, after: pd.Series, deadline: float | None = None
) -> alt.LayerChart:
    """Skill against the seconds of one row, every model twice: in scikit-learn and in ONNX Runtime.

    An arrow leads from one to the other. A model whose time stayed the same was not exported, and
    stands once. All three go by name. A `deadline` in seconds is drawn as an upright line.
    """
    before, after = before[skill.index], after[skill.index]
    moved = after[after != before]
    runs = zip(WAYS, (before, moved), strict=True)
    rows = [pd.DataFrame({"skill": skill[s.index], "seconds": s, "by": way}) for way, s in runs]
    points = pd.concat(rows).rename_axis("model").reset_index()
    span = float(skill.max() - skill.min()) or 0.1
    least, most = float(skill.min()) - 0.15 * span, float(skill.max()) + 0.25 * span
    points["label"] = points["model"].map(_apart(skill, (most - least) / 20))
    ends = [*points["seconds"], *([deadline] if deadline else [])]
    decades = [10.0 ** floor(log10(min(ends)) - 0.5), 10.0 ** ceil(log10(max(ends)) + 0.5)]
    points["at"] = _clear(points, deadline, log10(decades[1] / decades[0]) / WIDTH)
    x = alt.X(
        "seconds:Q",
        scale=alt.Scale(type="log", domain=decades, nice=False),
        axis=charts.duration_axis(title=SECONDS_OF_A_ROW),
    )
    high = alt.Scale(domain=[least, most], nice=False)
    chart = alt.Chart(points, title="The floor has moved").encode(
        x, alt.Y("skill:Q", title="skill", scale=high)
    )
    cues = charts.cues("by", WAYS, mark="point", title="", legend="top")
    marks = chart.mark_point(size=90).encode(**cues)
    # On a narrow page one name above its arrow has to do for both ends of it.
    label = alt.Y("label:Q", scale=high, title="skill")
    beside = alt.X("at:Q", title=SECONDS_OF_A_ROW)
    slower, quicker = (chart.transform_filter(alt.datum.by == way) for way in WAYS)
    unmoved = [name for name in skill.index if name not in moved.index]
    stays = alt.FieldOneOfPredicate("model", unmoved)
    names = [
        slower.transform_filter(stays).mark_text(align="left", dx=9),
        slower.transform_filter({"not": stays.to_dict()}).mark_text(
            align=alt.expr(f"{NARROW} ? 'right' : 'left'"),
            dx=alt.expr(f"{NARROW} ? 3 : 9"),
            dy=alt.expr(f"{NARROW} ? -8 : 0"),
        ),
        quicker.mark_text(align="right", dx=-9, opacity=alt.expr(f"{NARROW} ? 0 : 1")),
    ]
    names = [name.encode(beside, label, text="model:N") for name in names]
    # A thin line leads from a name that had to move to the point that it names.
    leads = chart.transform_filter("datum.label - datum.skill > 1e-9").mark_rule(
        strokeWidth=0.75,
        xOffset=alt.expr(f"datum.by === '{list(WAYS)[1]}' ? -6 : 6"),
        opacity=alt.expr(f"{NARROW} ? 0 : 1"),
    )
    leads = leads.encode(beside, label, alt.X2("seconds:Q"), alt.Y2("skill:Q"))
    pairs = pd.DataFrame({"skill": skill[moved.index], "from": before[moved.index], "to": moved})
    layers = [leads, *_arrows(pairs, high), marks, *names]
    if deadline:
        line = alt.Chart(pd.DataFrame({"seconds": [deadline]})).encode(x)
        layers.append(line.mark_rule(strokeWidth=2, strokeDash=[6, 3]))
        text = line.mark_text(text="deadline", align="right", dx=-5).encode(y=alt.value(332))
        layers.append(text)
    return alt.layer(*layers, data=points).properties(width=WIDTH, height=340)


def _arrows(pairs: pd.DataFrame, scale: alt.Scale) -> list[alt.Chart]:
    """A shaft for each model, and its head beside the point to which it leads."""
    layers = []
    quicker = pairs["to"] < pairs["from"]
    for rows, shape in (
        (pairs[quicker], "M.5,0L1.1,-.35L1.1,.35Z"),
        (pairs[~quicker], "M-.5,0L-1.1,-.35L-1.1,.35Z"),
    ):
        if len(rows):  # a mark without any point has no name for screen readers
            there = alt.Chart(rows).encode(y=alt.Y("skill:Q", scale=scale, title="skill"))
            start, end = (alt.X(f"{name}:Q", title=SECONDS_OF_A_ROW) for name in ("from", "to"))
            colour = charts.MODE_COLOURS["theory"]
            layers.append(there.mark_rule(strokeWidth=1.5).encode(start, x2="to:Q"))
            layers.append(there.mark_point(shape=shape, size=400, color=colour).encode(end))
    return layers


def _clear(points: pd.DataFrame, deadline: float | None, decades_a_pixel: float) -> pd.Series:
    """Where each name begins or ends: at its point, but off the deadline and off other points.

    After the change names end left of the leftmost point among those they could reach. Before it
    names begin at their point, or right of the `deadline` if they would be struck through by it.
    """
    long = 10.0 ** (decades_a_pixel * (9 + 7 * points["model"].str.len()))
    quicker = points["by"] == list(WAYS)[1]
    at = points["seconds"].copy()
    for row in points.index[quicker]:
        others = points.loc[quicker & (points["seconds"] >= at[row] / long[row]), "seconds"]
        at[row] = min(at[row], others.min())
    if deadline:
        struck = ~quicker & (at < deadline) & (at * long > deadline)
        at[struck] = deadline
    return at


def _apart(places: pd.Series, least: float) -> dict[str, float]:
    """A place for each name near its own, `least` above the one below it."""
    placed: dict[str, float] = {}
    below = -inf
    for name, place in places.sort_values().items():
        below = placed[name] = max(float(place), below + least)
    return placed
