"""Sentences about films as visitors type them: simulated logs, and the table that one of them fills.

It knows the traffic and the batch job, and the model as something that predicts for a column of
sentences. Who answers the requests is the learner's to write.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from lessons_lib import theory, traffic
from lessons_lib.drive import Driven
from lessons_lib.latency import percentiles
from lessons_lib.static.job import ScoringJob
from lessons_lib.static.store import PredictionStore

SPELLINGS = (str, str.upper, str.title, "{} !".format, " {}".format)
"""How a visitor may type a sentence; a model that reads words takes all of them alike."""


def typed_log(sentences: pd.Series, *, different: int = 500, visitors: int = 4_000) -> pd.Series:
    """What `visitors` type: one of the first sentences by Zipf's law, each in one of `SPELLINGS`."""
    style = np.random.default_rng(5).integers(0, len(SPELLINGS), visitors)
    asked = traffic.zipf_keys(1.0, different, visitors)
    return pd.Series([SPELLINGS[j](sentences[i]) for i, j in zip(asked, style, strict=True)])


def drifting_log(sentences: pd.Series, *, count: int = 5_000) -> pd.Series:
    """Popular sentences by Zipf's law, half of them replaced on the way, and 15 % never seen."""
    drawn = traffic.drifting_keys(theory.zipf(1.0, 1_000), count, drift=0.5, new_share=0.15)
    return sentences[pd.factorize(drawn)[0]].reset_index(drop=True)


def publish_top(log: Sequence[str], model, folder: str | Path, *, size: int = 200) -> None:
    """Publish the predictions of the `size` most frequent sentences of a log, as of second 0."""
    keys = pd.Series(log).value_counts().index[:size].to_frame(name="key")
    folder = Path(folder)
    candidate = folder.with_suffix(".sqlite")
    job = ScoringJob(_BySentence(model), keys, candidate, as_of=0.0, overwrite=True, progress=False)
    job.run()
    with PredictionStore(folder, keep=1) as store:
        store.publish(candidate)


def summary(runs: Mapping[str, Driven], arrive: np.ndarray) -> pd.DataFrame:
    """One row a run of the requests that came at `arrive`: sources, latency, and the oldest answer."""
    rows = {}
    for name, run in runs.items():
        shares = {
            f"from {s} (%)": 100 * (run.source == s).mean() for s in ("table", "cache", "model")
        }
        p50, p99 = 1_000 * percentiles(run.finish - arrive, at=(50, 99)).value
        oldest = np.nanmax(run.age)
        rows[name] = {**shares, "p50 (ms)": p50, "p99 (ms)": p99, "oldest (s)": oldest}
    return pd.DataFrame.from_dict(rows, "index").round(1)


class _BySentence:
    """A model of sentences, asked for a frame with a column ``key``, as the batch job does."""

    def __init__(self, model):
        self._model = model

    def predict_proba(self, frame: pd.DataFrame) -> np.ndarray:
        return self._model.predict_proba(frame["key"])
