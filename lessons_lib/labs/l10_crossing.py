"""Where an engine pays, a fleet's traffic, and what a code base consists of: the figures of lesson 10.

It knows the board, the job and charts; the fit is the learner's own.
"""

import math
import time
from collections.abc import Callable
from pathlib import Path

import altair as alt
import numpy as np
import pandas as pd

from lessons_lib import charts, models, traffic, validate
from lessons_lib.labs import l10_dask
from lessons_lib.static.dask_job import DaskScoringJob
from lessons_lib.static.job import ScoringJob

PACKAGE = Path(__file__).parents[1]
SIZE = 2_000
"""Rows of a partition, when the three sizes are measured."""
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


def crossing_chart(pays: Callable[[int], float]) -> alt.LayerChart:
    """From how many rows on an engine is faster, by cores; ``pays(cores)`` gives it."""
    rows = pd.DataFrame({"cores": CORES, "rows": [float(pays(cores)) for cores in CORES]})
    shown = rows[np.isfinite(rows["rows"]) & (rows["rows"] > 0)]
    top = 10.0 ** math.ceil(math.log10(max([1e6, *shown["rows"]])) + 0.5)
    scale = alt.Scale(type="log", domain=[1e4, top], nice=False, clamp=True)
    ticks = [10.0**e for e in range(4, 14) if 10.0**e <= top]
    x = alt.X("cores:O", title="cores", axis=alt.Axis(labelAngle=0))
    y = alt.Y("rows:Q", title="rows", scale=scale, axis=alt.Axis(values=ticks, format="~s"))
    line = alt.Chart(shown, title="From how many rows on an engine is faster").encode(x, y)
    marks = line.mark_line(point=alt.OverlayMarkDef(size=70), color=charts.PALETTE[0])
    here = alt.Chart(pd.DataFrame({"cores": [2], "rows": [2_893.0]})).encode(x, y)
    table = here.mark_text(align="left", dx=8, dy=-8, text="the timetable: far below")
    return alt.layer(marks, table).properties(width=520, height=260)


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
