"""Days of requests to the Departure Board, with what the live model says to each; some with a fault.

Each flight of a day is asked for by some clients in the three hours before it leaves. On days with
the fault the weather feed of one airline turns to degrees Celsius at noon. It knows the board, the
model and the batch job; no service.
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
    """The flights from September on, with the model's ``answer``, and its ``wrong`` one in Celsius."""
    rows = board.load_board()
    rows = rows[rows["month"] >= 9].assign(everything="all")
    model = models.fit_or_load(MODEL)
    answer, wrong = (
        model.predict_proba(read)[:, 1] for read in (rows, rows.assign(**to_celsius(rows)))
    )
    rows = rows.assign(answer=answer, wrong=wrong).reset_index(drop=True)
    return rows.astype(dict.fromkeys(SLICES.values(), "category"))


def pairs(first: int, last: int, signal: str) -> list[tuple[np.ndarray, np.ndarray]]:
    """A `signal` of the four weeks before each of some days of the year, and that of the day."""
    day, values = flights()["day"].to_numpy(), flights()[signal].to_numpy()
    return [(values[(day >= d - 28) & (day < d)], values[day == d]) for d in range(first, last + 1)]


@lru_cache(maxsize=8)
def requests(first: int, last: int, *, fault: bool = False) -> pd.DataFrame:
    """Requests for the flights of the days `first` to `last` of the year, by time.

    Columns ``time`` in seconds from the beginning of the first day, those of `SLICES`, ``temp`` as
    it was read, the ``answer``, and ``bad``: whether that was computed from a wrong reading.
    """
    rows = flights()[flights()["day"].between(first, last)]
    leaves = 60.0 * (rows["minute"].to_numpy() - (first - 1) * 1440)
    draws = np.random.default_rng([2013, first, last])
    time = np.repeat(leaves, ASKED) - draws.uniform(0, BEFORE, ASKED * len(rows))
    order = np.argsort(time, kind="stable")
    names = [*SLICES.values(), "temp", "answer", "wrong"]
    found = rows[names].iloc[np.repeat(np.arange(len(rows)), ASKED)[order]].reset_index(drop=True)
    found["time"] = np.maximum(time[order], 0.0)
    found["bad"] = (found["carrier"] == AIRLINE) & (found["time"] % DAY >= NOON) & fault
    found["bad"] &= found["temp"].notna()
    found["answer"] = found["answer"].mask(found["bad"], found.pop("wrong"))
    found["temp"] = found["temp"].mask(found["bad"], to_celsius(found)["temp"])
    return found


def means(span: tuple[int, int], watch: str, by: str, window: float, fault: bool) -> np.ndarray:
    """The mean of `watch` in each window of some days, of each slice: shape (windows, slices)."""
    rows = requests(*span, fault=fault)
    rows = rows[rows[watch].notna()]
    slices = rows[by].cat.codes.to_numpy().astype(int)
    found = monitor.window_means(rows["time"], rows[watch], window, slices).mean
    whole = np.full(
        (round((span[1] - span[0] + 1) * DAY / window), len(rows[by].cat.categories)), np.nan
    )
    whole[: len(found), : found.shape[1]] = found
    return whole


@lru_cache(maxsize=64)
def healthy(watch: str, by: str, window: float) -> tuple[np.ndarray, np.ndarray]:
    """Centre and standard deviation of each slice's means on the days to learn from."""
    found = np.ma.masked_invalid(means(LEARN, watch, by, window, False))
    return found.mean(axis=0).filled(np.nan), found.std(axis=0).filled(np.nan)


def furthest(
    span: tuple[int, int], watch: str, by: str, window: float, *, fault: bool = False
) -> np.ndarray:
    """How far the furthest slice of each window is from healthy, in standard deviations."""
    centre, spread = healthy(watch, by, window)
    far = np.abs(means(span, watch, by, window, fault) - centre) / spread
    return np.nan_to_num(far, nan=0.0).max(axis=1)


def fortnight(harm: Callable, watch: str, by: str, window: float) -> dict[str, float]:
    """How an alarm does on the days with the fault from noon on, and on the same days without it.

    ``harm(log, window, limits)`` gives when it rings and how many bad answers were served by then.
    The limits lie equally far from the centre of each slice, in its standard deviations: so far
    that no window of the days to learn from is outside.
    """
    level = monitor.threshold(furthest(LEARN, watch, by, window), 0) * 1.000001
    names = flights()[by].cat.categories
    limits = {
        n: (c - level * s, c + level * s)
        for n, c, s in zip(names, *healthy(watch, by, window), strict=True)
    }
    rows = requests(*JUDGE, fault=True)
    rows = rows[rows[watch].notna()]
    day, time = np.divmod(rows["time"] - NOON, DAY)
    log = {"time": time, "slice": rows[by].astype(str), "value": rows[watch], "bad": rows["bad"]}
    log = pd.DataFrame(log)[time < NOON]
    runs = [harm(part, window, limits) for _, part in log.groupby(day)]
    rang = [when / 60 for when, _ in runs if np.isfinite(when)]
    return {
        "rang on days": len(rang),
        "after (min, median)": float(np.median(rang)) if rang else np.nan,
        "bad answers served a day": float(np.mean([served for _, served in runs])),
        "false alarms a day": (furthest(JUDGE, watch, by, window) > level).sum() / len(runs),
    }


def nightly_table(path: str | Path, day: int, *, fault: bool = False) -> pd.DataFrame:
    """Write the candidate that a job makes the night before `day`; gives its keys.

    It holds the mean answer of each key over the four weeks before, with the `fault` all the time.
    """
    rows = flights()[flights()["day"].between(day - 28, day - 1)]
    hit = (rows["carrier"] == AIRLINE) & fault
    said = rows["answer"].mask(hit, rows["wrong"]).groupby(rows["key"]).mean()
    keys = board.timetable_keys(rows)
    keys["carrier"] = keys["carrier"].astype(str)
    frame = keys.assign(answer=keys["key"].map(said))
    ScoringJob(_AsWritten(), frame, path, as_of=DAY * day, overwrite=True, progress=False).run()
    return keys


class _AsWritten:
    """A model whose answers stand in the frame already."""

    def predict_proba(self, frame: pd.DataFrame) -> np.ndarray:
        return np.column_stack([1 - frame["answer"], frame["answer"]])
