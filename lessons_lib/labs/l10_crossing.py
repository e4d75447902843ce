"""Where an engine pays, a fleet's traffic, and what a code base consists of: the figures of lesson 10.

It knows the board, the job and charts; the fit is the learner's own.
"""

import math
import time
from pathlib import Path

import altair as alt
import numpy as np
import pandas as pd

from lessons_lib import charts, models, traffic, validate
from lessons_lib.labs import l10_dask
from lessons_lib.static.dask_job import DaskScoringJob
from lessons_lib.static.job import ScoringJob

PACKAGE = Path(__file__).parents[1]
SIZE = 10_000
"""Rows of a partition, when the three sizes are measured."""
DEAR = 1e-3
"""Seconds that a row of a dear model takes."""
CORES = (2, 4, 8, 16, 32, 64, 128, 256)
PARTS = {
    "the model": ("models/estimators.py", "models/recipes.py"),
    "data and features": ("board", "reviews.py", "models"),
    "tables: job, gate, store": ("static",),
    "service: queue, deadline, clients": ("dynamic",),
    "router, watching, cost": ("router.py", "monitor.py", "cost.py"),
    "shared: files, processes, checks": ("files.py", "process.py", "validate.py", "answer.py", "latency.py"),
}  # fmt: skip
"""The part of the package that serves predictions; what stands in an earlier part counts there."""


def code_lines() -> pd.Series:
    """Lines of Python that are neither empty nor a comment, by what they are for."""
    counted, seen = {}, set()
    for name, places in PARTS.items():
        found = {file for place in places for file in _files(PACKAGE / place)} - seen
        seen |= found
        counted[name] = sum(map(_lines, found))
    return pd.Series(counted, name="lines of code")


def timetables(keys: pd.DataFrame, rows: int) -> pd.DataFrame:
    """So many rows to score: the keys of the timetable, again for one day after the other."""
    day = np.arange(rows) // len(keys)
    made = keys.iloc[np.arange(rows) % len(keys)].reset_index(drop=True)
    return made.assign(key=made["key"] + pd.Series(day).map(" day {:04d}".format))


def both_ways(keys: pd.DataFrame, rows: int, folder: str | Path, size: int = SIZE) -> dict:
    """Seconds by the wall of the plain job and of the job on the cluster, for the same rows."""
    model, frame, folder = models.fit_or_load("timetable"), timetables(keys, rows), Path(folder)
    shared = {"chunk_size": size, "overwrite": True, "progress": False}
    client = l10_dask.client()
    jobs = {
        "plain (s)": ScoringJob(model, frame, folder / "plain.sqlite", **shared),
        "cluster (s)": DaskScoringJob(client, model, frame, folder / "dask.sqlite", **shared),
    }
    found = {"rows": rows}
    for name, job in jobs.items():
        began = time.perf_counter()
        job.run()
        found[name] = time.perf_counter() - began
    return found


def crossing_chart(startup: float, per_partition: float, row: float) -> alt.LayerChart:
    """From how many rows on an engine with these overheads is faster, by cores: for two prices of a row.

    `row` is that of this model, seconds. Where it never pays there is no mark.
    """
    names = {
        f"this model, {charts.duration(row)} a row": row,
        f"{charts.duration(DEAR)} a row": DEAR,
    }
    rows = [
        {"cores": cores, "model": name, "rows": pays_from(startup, per_partition, one, SIZE, cores)}
        for name, one in names.items()
        for cores in CORES
    ]
    shown = pd.DataFrame(rows, dtype=object).astype({"rows": float})
    shown = shown[np.isfinite(shown["rows"]) & (shown["rows"] > 0)]
    ends = [min([1e3, *shown["rows"]]), max([1e6, *shown["rows"]])]
    ticks = [
        10.0**e for e in range(math.floor(math.log10(ends[0])), math.ceil(math.log10(ends[1])) + 1)
    ]
    scale = alt.Scale(type="log", domain=[ticks[0], ticks[-1]], nice=False)
    x = alt.X("cores:O", title="cores", axis=alt.Axis(labelAngle=0), scale=alt.Scale(domain=CORES))
    y = alt.Y("rows:Q", title="rows", scale=scale, axis=alt.Axis(values=ticks, format="~s"))
    known = alt.Scale(domain=list(names))
    legend = alt.Legend(title=None, orient="top", labelLimit=300)
    chart = alt.Chart(shown, title="From how many rows on an engine is faster")
    colour = alt.Color("model:N", scale=alt.Scale(domain=list(names), range=charts.PALETTE[:2]))
    colour.legend = legend
    shape = alt.Shape("model:N", scale=known, legend=legend)
    line = chart.mark_line(strokeWidth=2).encode(x, y, colour)
    return alt.layer(
        line, chart.mark_point(size=80, filled=True).encode(x, y, colour, shape)
    ).properties(width=520, height=260)


def pays_from(startup: float, per_partition: float, row: float, size: float, cores: float) -> float:
    """Rows from which on an engine with these overheads (seconds) is faster than one core.

    `row` is what a row takes the plain job, seconds, and `size` the rows of a partition.

    >>> round(pays_from(startup=6.0, per_partition=0.04, row=2e-5, size=10_000, cores=8))
    444444
    """
    saved = row - row / validate.count("cores", cores) - per_partition / size
    return startup / saved if saved > 0 else math.inf


def fleet_traffic(
    rate: float, keys: int, look_up: float, run: float, unseen: float, n: int = 100_000
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Arrivals, keys and work (s) of `n` requests to a very large table, popular keys first.

    Keys are asked for by Zipf's law with exponent 0.9; a share `unseen` is not in the table, and takes
    the model. The law's sum is taken as an integral, since 10^8 weights would fill the memory.
    """
    power = 0.1  # one less the exponent
    low, high = 0.5**power, (keys + 0.5) ** power
    key = (low + (high - low) * traffic.unit_draws("key", n, 0)) ** (1 / power)
    seldom = traffic.unit_draws("new", n, 0) < unseen
    return traffic.poisson(rate, n), np.rint(key).astype(np.int64), np.where(seldom, run, look_up)


def _files(place: Path) -> list[Path]:
    return [place] if place.is_file() else sorted(place.rglob("*.py"))


def _lines(file: Path) -> int:
    lines = map(str.strip, file.read_text(encoding="utf-8").splitlines())
    return sum(bool(line) and not line.startswith("#") for line in lines)
