"""Lesson 09's pieces: a model that can be broken, a crowd of clients, and a table written over by half.

It knows models, board and threads, no router.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from math import inf, nan

import numpy as np
import pandas as pd

from lessons_lib import models
from lessons_lib.answer import Answer, Clock, Predictor, key_of, sleep_on
from lessons_lib.drive import Driven


class Breakable:
    """A predictor that counts its runs and takes `seconds` for each; while ``broken`` it then fails.

    With a virtual clock it is also broken from the first to the second moment of `out`.
    """

    def __init__(
        self,
        predictor: Predictor,
        seconds: float = 0.0,
        *,
        clock: Clock = time.time,
        out: tuple[float, float] = (inf, inf),
    ):
        self.predictor, self.seconds, self.broken, self.runs = predictor, seconds, False, 0
        self._clock, self._out, self._lock = clock, out, threading.Lock()

    def answer(self, request) -> Answer:
        """The predictor's answer, or a RuntimeError."""
        with self._lock:
            self.runs += 1
        sleep_on(self._clock)(self.seconds)
        if self.broken or self._out[0] <= self._clock() < self._out[1]:
            raise RuntimeError("The model is out of order.")
        return self.predictor.answer(request)


def stampede(predictor: Predictor, request, clients: int) -> list[Answer]:
    """What so many clients get who ask for one thing at one moment, each in a thread of its own."""
    ready = threading.Barrier(clients)

    def ask(_) -> Answer:
        ready.wait()
        return predictor.answer(request)

    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(ask, range(clients)))


def by_phase(run: Driven, arrive: np.ndarray, edges: dict[str, float]) -> pd.DataFrame:
    """Shares by source in per cent and the oldest answer, for the time from each edge to the next."""
    begins, rows = [*edges.values(), np.inf], {}
    for name, first, last in zip(edges, begins, begins[1:], strict=False):
        part = (arrive >= first) & (arrive < last)
        shares = {
            f"{source} (%)": 100 * (run.source[part] == source).mean()
            for source in ("table", "cache", "model", "default")
        }
        cached = part & (run.source == "cache")
        oldest = run.age[cached].max() if cached.any() else np.nan
        rows[name] = {**shares, "oldest from the cache (s)": oldest}
    return pd.DataFrame.from_dict(rows, "index").round(1)


class Rows:
    """Predictions in memory, as old as they say, or of an age that nobody knows."""

    def __init__(self, rows: dict[str, float], age: float = nan, source: str = "table"):
        self.rows, self.age, self.source = rows, age, source

    def answer(self, request) -> Answer:
        """The row of the request's key."""
        value = self.rows.get(key_of(request))
        known = value is not None
        return Answer(value, self.source, self.age) if known else Answer(None, "default", nan)


def two_versions(
    flights: pd.DataFrame, keys: pd.DataFrame
) -> tuple[models.ModelPredictor, dict, dict]:
    """A model of the flights until September, its table, and the table of one until June."""
    known = flights[flights["late"].notna()]
    old, new = (models.fit("key_mean", known[known["month"] <= month]) for month in (6, 9))
    tables = [dict(zip(keys["key"], m.predict_proba(keys)[:, 1], strict=True)) for m in (new, old)]
    return models.ModelPredictor(new), *tables


def overwritten(old: dict[str, float], new: dict[str, float], share: float) -> Rows:
    """The old table after so many of the new rows, in the order of their keys, were written over it."""
    first = sorted(new)[: round(share * len(new))]
    return Rows({**old, **{key: new[key] for key in first}})
