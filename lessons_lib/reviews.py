"""Film-review sentences: inputs without end, where every request is new.

A sentence is its own key, so a table of exact matches never hits; its words repeat. It knows no
model. Where the sentences come from stands in ``data/SOURCES.md``.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from lessons_lib import validate

FILE = Path(__file__).parent / "data" / "reviews.csv.gz"
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")


class ReviewSplit(NamedTuple):
    """Sentences to learn from and sentences to be judged on."""

    train: pd.DataFrame
    test: pd.DataFrame


def load_reviews() -> pd.DataFrame:
    """All 10,148 sentences, in a copy of your own.

    Columns ``text``, ``rating`` (-4 to 4, the mean of several readers) and ``positive`` (1 when the
    rating is above 0, else 0).

    Examples
    --------
    >>> load_reviews().shape
    (10148, 3)
    """
    return _reviews().copy(deep=False)


def split(reviews: pd.DataFrame, *, test: float = 0.25, seed: int = 0) -> ReviewSplit:
    """Cut the sentences at random; `test` is the share to be judged on, between 0 and 1."""
    if validate.number("test", test, above=True, most=1) == 1:
        raise ValueError("test is 1: leave some sentences to learn from.")
    order = np.random.default_rng(seed).permutation(len(reviews))
    cut = round(len(reviews) * test)
    return ReviewSplit(reviews.iloc[np.sort(order[cut:])], reviews.iloc[np.sort(order[:cut])])


def words(text: str) -> list[str]:
    """The words of a sentence in lower case, without punctuation and digits.

    Examples
    --------
    >>> words("It's a GOOD film -- see it!")
    ["it's", 'a', 'good', 'film', 'see', 'it']
    """
    return _WORD.findall(text.lower().replace("\u2019", "'"))


@lru_cache(maxsize=1)
def _reviews() -> pd.DataFrame:
    table = pd.read_csv(FILE)
    return table.assign(positive=(table["rating"] > 0).astype(int))[["text", "rating", "positive"]]
