"""A semantic cache on film reviews: how many requests it answers, and how many of these it gets wrong.

Such a cache hands out the answer to the most similar input that it holds, if that is similar enough.
Those in front of language models compare embeddings; this one compares the TF-IDF weights of the
review model, cosine against cosine. It knows the reviews and the model, no server.
"""

from collections.abc import Sequence
from typing import NamedTuple

import altair as alt
import numpy as np
import pandas as pd

from lessons_lib import charts, reviews, traffic

FORGET = 0.25
"""The chance that a visitor who types a sentence from memory leaves out a word."""
THRESHOLDS = np.arange(0.2, 1.0, 0.05).round(2)


class Nearest(NamedTuple):
    """The most similar cached input of each request, arrays of shape (n,)."""

    similarity: np.ndarray
    """Cosine, 0..1."""
    changed: np.ndarray
    """Whether its answer is another verdict than the model's for the request itself."""


def nearest(model, cached: Sequence[str], asked: Sequence[str]) -> Nearest:
    """Look up each of the `asked` among the `cached` sentences by similarity."""
    weigh = model.pipeline[0].transform
    held = weigh(cached).T.tocsc()
    best, place = [], []
    for start in range(0, len(asked), 250):
        alike = (weigh(asked[start : start + 250]) @ held).toarray()
        place.append(alike.argmax(axis=1))
        best.append(alike.max(axis=1))
    verdicts = [model.predict_proba(each)[:, 1] >= 0.5 for each in (cached, asked)]
    return Nearest(np.concatenate(best), verdicts[0][np.concatenate(place)] != verdicts[1])


def from_memory(sentences: Sequence[str], count: int) -> list[str]:
    """`count` popular sentences by Zipf's law, each typed from memory: some words are missing."""
    draws = np.random.default_rng(3)
    typed = []
    for i in traffic.zipf_keys(1.0, len(sentences), count):
        words = reviews.words(sentences[i])
        kept = [word for word in words if draws.random() >= FORGET]
        typed.append(" ".join(kept or words))
    return typed


def curve(found: Nearest) -> pd.DataFrame:
    """Per threshold: ``hits`` (share of requests), ``changed`` and ``wrong`` (share of the hits)."""
    rows = []
    for threshold in THRESHOLDS:
        hit = found.similarity >= threshold
        changed = (hit & found.changed).mean()
        wrong = changed / hit.mean() if hit.any() else np.nan
        rows.append((threshold, hit.mean(), changed, wrong))
    return pd.DataFrame(rows, columns=["threshold", "hits", "changed", "wrong"])


def curve_chart(curves: dict[str, pd.DataFrame]) -> alt.Chart:
    """The hits of both logs, and those that change the verdict, against the threshold."""
    parts = {"hits": "hits", "changed": "wrong hits"}
    lines = {
        f"{log}: {told}": {"threshold": rows["threshold"], "share": rows[part]}
        for log, rows in curves.items()
        for part, told in parts.items()
    }
    y = alt.Y("share:Q", title="share of the requests", axis=alt.Axis(format="%"))
    x = alt.X(
        "threshold:Q",
        title="similarity from which on it is a hit (cosine)",
        scale=alt.Scale(domain=[THRESHOLDS[0], 1], nice=False),
        axis=alt.Axis(format=".1f", tickCount=8),
    )
    frame = pd.DataFrame(charts.stacked(lines, "line"))
    chart = alt.Chart(frame, title="Hits of a semantic cache, by its threshold").mark_line()
    cues = charts.cues("line", list(lines), title="", legend="top")
    return chart.encode(x, y, **cues).properties(width=520, height=260)
