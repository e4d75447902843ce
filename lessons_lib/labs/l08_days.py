"""Days of requests to the Departure Board, with what the live model says to each; some with a fault.

Each flight of a day is asked for by some clients in the three hours before it leaves. On days with
the fault the weather feed of one airline turns to degrees Celsius at noon. It knows the board and
the model; no service.
"""

from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from lessons_lib import board, models, monitor
from lessons_lib.labs.l08_service import MODEL, to_celsius
from lessons_lib.static.job import ScoringJob

ASKED, BEFORE = 20, 3 * 3_600
"""Clients of each flight, and within how many seconds before its departure they come."""
DAY, NOON = 86_400.0, 43_200.0
AIRLINE = "9E"
LEARN, JUDGE = (295, 336), (337, 350)
"""First and last day of the year: six weeks to learn from, and the fortnight after them."""
SLICES = {"all requests": "everything", "each airport": "origin", "each airline": "carrier"}
WATCHED = {"the answers": "answer", "the temperatures": "temp"}


@cache
def flights() -> pd.DataFrame:
    """The flights from September on, with the ``answer`` of a model trained until then."""
    rows = board.load_board()
    rows = rows[rows["month"] >= 9]
    rows = rows.assign(answer=models.fit_or_load(MODEL).predict_proba(rows)[:, 1])
    return rows.reset_index(drop=True)


def pairs(first: int, last: int, signal: str) -> list[tuple[np.ndarray, np.ndarray]]:
    """A `signal` of the flights of each of some days, beside the same of the four weeks before it."""
    day, values = flights()["day"].to_numpy(), flights()[signal].to_numpy()
    return [(values[(day >= d - 28) & (day < d)], values[day == d]) for d in range(first, last + 1)]


@lru_cache(maxsize=8)
def requests(first: int, last: int, *, fault: bool = False) -> pd.DataFrame:
    """Requests for the flights of the days `first` to `last` of the year, by time.

    Columns ``time`` in seconds from the beginning of the first day, ``origin``, ``carrier`` and
    ``everything`` as categories, ``temp`` as it was read (degrees Fahrenheit), the ``answer``, and
    ``bad``: whether it was computed from a wrong reading.
    """
    rows = flights()
    rows = rows[rows["day"].between(first, last)]
    if fault:
        wrong = rows.assign(**to_celsius(rows))
        celsius = models.fit_or_load(MODEL).predict_proba(wrong)[:, 1]
    leaves = 60.0 * (rows["minute"].to_numpy() - (first - 1) * 1440)
    draws = np.random.default_rng([2013, first, last])
    time = np.repeat(leaves, ASKED) - draws.uniform(0, BEFORE, ASKED * len(rows))
    order = np.argsort(time, kind="stable")
    which = np.repeat(np.arange(len(rows)), ASKED)[order]
    found = {"time": np.maximum(time[order], 0.0)}
    for name in ("origin", "carrier"):
        names = sorted(flights()[name].unique())
        found[name] = pd.Categorical(rows[name], names)[which]
    found["everything"] = pd.Categorical.from_codes(np.zeros(len(which), int), ["all"])
    temp, answer = (rows[name].to_numpy()[which] for name in ("temp", "answer"))
    bad = np.zeros(len(which), bool)
    if fault:
        bad = (found["carrier"] == AIRLINE) & (found["time"] % DAY >= NOON) & ~np.isnan(temp)
        temp = np.where(bad, to_celsius({"temp": temp})["temp"], temp)
        answer = np.where(bad, celsius[which], answer)
    return pd.DataFrame({**found, "temp": temp, "answer": answer, "bad": bad})


def means(
    span: tuple[int, int], watch: str, by: str, window: float, *, fault: bool = False
) -> np.ndarray:
    """The mean of `watch` in each window of some days, of each slice: shape (windows, slices)."""
    rows = requests(*span, fault=fault)
    rows = rows[rows[watch].notna()]
    slices = rows[by].cat.codes.to_numpy().astype(int)
    found = monitor.window_means(rows["time"].to_numpy(), rows[watch], window, slices).mean
    whole = np.full(
        (round((span[1] - span[0] + 1) * DAY / window), len(rows[by].cat.categories)), np.nan
    )
    whole[: len(found), : found.shape[1]] = found[: len(whole)]
    return whole


@lru_cache(maxsize=64)
def healthy_means(watch: str, by: str, window: float) -> tuple[np.ndarray, np.ndarray]:
    """Centre and standard deviation of the means of each slice on the days to learn from."""
    found = np.ma.masked_invalid(means(LEARN, watch, by, window))
    return found.mean(axis=0).filled(np.nan), found.std(axis=0).filled(np.nan)


def furthest(
    span: tuple[int, int], watch: str, by: str, window: float, *, fault: bool = False
) -> np.ndarray:
    """How far the furthest slice of each window is from healthy, in standard deviations."""
    centre, spread = healthy_means(watch, by, window)
    far = np.abs(means(span, watch, by, window, fault=fault) - centre) / spread
    return np.nan_to_num(far, nan=0.0).max(axis=1)


def limits(watch: str, by: str, window: float) -> dict[str, tuple[float, float]]:
    """Lowest and highest healthy mean of each slice: no window of the six weeks is outside.

    They lie equally far from the centre of the slice, in its standard deviations, for all slices.
    """
    centre, spread = healthy_means(watch, by, window)
    far = monitor.threshold(furthest(LEARN, watch, by, window), 0) * spread * 1.000001
    names = requests(*LEARN)[by].cat.categories
    return {n: (c - f, c + f) for n, c, f in zip(names, centre, far, strict=True)}


def afternoon(day: int, watch: str, by: str, *, fault: bool = True) -> pd.DataFrame:
    """The requests of a day from noon on: ``time`` since noon, ``slice``, ``value`` and ``bad``."""
    rows = requests(*JUDGE, fault=fault)
    time = rows["time"] - (day - JUDGE[0]) * DAY - NOON
    rows = rows[time.between(0, DAY - NOON, inclusive="left") & rows[watch].notna()]
    columns = {"time": time[rows.index], "slice": rows[by].astype(str)}
    return pd.DataFrame({**columns, "value": rows[watch], "bad": rows["bad"]})


def fortnight(harm: Callable, watch: str, by: str, window: float) -> dict[str, float]:
    """How an alarm does on the days with the fault, and on the same days without it.

    ``harm(log, window, limits)`` gives when it rings and how many bad answers were served by then.
    """
    healthy, every = limits(watch, by, window), range(JUDGE[0], JUDGE[1] + 1)
    runs = [harm(afternoon(day, watch, by), window, healthy) for day in every]
    rang = [when / 60 for when, _ in runs if np.isfinite(when)]
    quiet = furthest(JUDGE, watch, by, window) > monitor.threshold(
        furthest(LEARN, watch, by, window), 0
    )
    return {
        "rang on days": len(rang),
        "after (min, median)": float(np.median(rang)) if rang else np.nan,
        "bad answers served a day": float(np.mean([served for _, served in runs])),
        "false alarms a day": quiet.sum() / len(runs),
    }


def nightly_table(path: str | Path, day: int, *, fault: bool = False) -> pd.DataFrame:
    """Write the candidate that a job makes the night before `day`; gives its keys.

    It holds the mean answer of each key over the four weeks before, the `fault` all the time.
    """
    rows = flights()
    if fault:
        hit = rows["carrier"] == AIRLINE
        wrong = models.fit_or_load(MODEL).predict_proba(rows[hit].assign(**to_celsius(rows[hit])))
        rows = rows.assign(answer=rows["answer"].mask(hit, pd.Series(wrong[:, 1], rows.index[hit])))
    rows = rows[rows["day"].between(day - 28, day - 1)]
    keys = board.timetable_keys(rows)
    said = keys.assign(answer=keys["key"].map(rows.groupby("key")["answer"].mean()))
    ScoringJob(_AsWritten(), said, path, as_of=86_400.0 * day, overwrite=True, progress=False).run()
    return keys


class _AsWritten:
    """A model whose answers stand in the frame already."""

    def predict_proba(self, frame: pd.DataFrame) -> np.ndarray:
        return np.column_stack([1 - frame["answer"], frame["answer"]])
