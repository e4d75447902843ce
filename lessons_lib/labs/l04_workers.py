"""What lesson 04 measures on this machine, drawn: workers beside their simulation, and the frontier.

The simulation gets what was measured: when each request was due, and how long one takes if nobody
else is there. It is run twice: with one queue for all workers, and with a queue for each, where
chance decides who gets a request. A port that worker processes share lies between the two: a
connection, once made, stays with its worker.

It knows the simulator and Altair, no server and no model.
"""

from collections.abc import Mapping

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


def beside_chart(table: pd.DataFrame) -> alt.Chart:
    """What `beside` gives, as points: a column for each percentile, workers from left to right."""
    return (
        alt.Chart(table, title="The same requests, measured and simulated")
        .mark_point(size=110, filled=False, strokeWidth=2.5)
        .encode(
            alt.X("workers:O", title="workers", axis=alt.Axis(labelAngle=0)),
            alt.Y("ms:Q", title="latency (ms)", scale=alt.Scale(zero=True)),
            alt.Column("percentile:N", title=None),
            alt.XOffset("series:N", sort=list(SERIES)),
            **charts.cues("series", SERIES, mark="point", title="", legend="top"),
        )
        .properties(width=220, height=220)
    )


def frontier_chart(skill: pd.Series, before: pd.Series, after: pd.Series) -> alt.LayerChart:
    """Skill against the seconds of one row, every model twice: in scikit-learn and in ONNX Runtime.

    A model whose time stayed the same was not exported, and stands once. All three go by name.
    """
    before, after = before[skill.index], after[skill.index]
    runs = zip(WAYS, (before, after[after != before]), strict=True)
    rows = [pd.DataFrame({"skill": skill[s.index], "seconds": s, "by": way}) for way, s in runs]
    points = pd.concat(rows).rename_axis("model").reset_index()
    scale = alt.Scale(type="log", domain=[1e-6, 1.0])
    chart = alt.Chart(points, title="The floor has moved").encode(
        alt.X("seconds:Q", scale=scale, axis=charts.duration_axis(title="service time of one row")),
        alt.Y("skill:Q", title="skill", scale=alt.Scale(domain=[0, 0.18])),
    )
    marks = chart.mark_point(size=90).encode(
        **charts.cues("by", WAYS, mark="point", title="run by")
    )
    # One name a model, beside its slower twin, so that close models stay readable.
    names = chart.transform_filter(alt.datum.by == "scikit-learn")
    best = float(skill.max())
    beside = names.transform_filter(alt.datum.skill < best).mark_text(align="left", dx=9, dy=4)
    above = names.transform_filter(alt.datum.skill == best).mark_text(dy=-12)
    text = [layer.encode(text="model:N") for layer in (beside, above)]
    return alt.layer(marks, *text).properties(width=560, height=300)
