"""What clients ask for in the flagship lab, and what a table made ahead of time holds of it.

Used by lesson 01 through the lab `side_by_side`. Each of the six input distributions of `traffic`
comes with a list of keys that is known before anyone asks; the table holds one prediction for each
of them, and a request for any other key has none. The timetable and the words are real: the list
comes from the earlier part of the data, the requests from the later.

It knows the board, the reviews and the draws of `traffic`, and nothing of time, servers or charts.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from lessons_lib import board, reviews, traffic

REQUESTS = 20_000
LABELS = {
    "1,000 cities, all as popular": "uniform",
    "100,000 products, Zipf": "zipf",
    "flights of a timetable": "timetable",
    "words of film reviews": "words",
    "sentences of film reviews": "sentences",
    "searches, 15 % of them new": "growing",
}
"""What learners read for each of ``traffic.INPUTS``, from few keys to inputs without end."""

_CITIES, _PRODUCTS = 1_000, 100_000
_NEW_SHARE, _LOG = 0.15, 80_000
_SEED = 1


class Demand(NamedTuple):
    """The requests of one input distribution, and the table that was made for them.

    Parameters
    ----------
    rows : int
        Keys on the list, so predictions in the table.
    asked : int
        Different keys among the requests.
    in_table : ndarray of bool, shape (REQUESTS,)
        Which requests have a prediction in the table.
    """

    rows: int
    asked: int
    in_table: np.ndarray

    @property
    def answered(self) -> float:
        """The share of requests that have a prediction in the table, 0..1."""
        return float(self.in_table.mean())


@cache
def demand(inputs: str) -> Demand:
    """The demand of one of ``traffic.INPUTS``; computed once a process.

    Raises
    ------
    ValueError
        For any other name.
    """
    if inputs == "timetable":
        return _popular(*_timetable())
    if inputs == "words":
        return _popular(*_words())
    if inputs == "growing":
        keys = traffic.growing_keys(_NEW_SHARE, _LOG + REQUESTS, seed=_SEED)
        rows = int(keys[:_LOG].max()) + 1
        return _demand(keys[_LOG:], rows, keys[_LOG:] < rows)
    count = _CITIES if inputs == "uniform" else _PRODUCTS
    keys = traffic.draw_keys(inputs, REQUESTS, seed=_SEED, count=count)
    if inputs == "sentences":
        return _demand(keys, len(reviews.load_reviews()), np.zeros(REQUESTS, bool))
    return _demand(keys, count, np.ones(REQUESTS, bool))


def _popular(log: pd.Series, later: pd.Series) -> Demand:
    """A table of every key in `log`, asked by requests as popular as in `later`."""
    counts = later.value_counts(sort=False).sort_index()
    known = counts.index.isin(log.unique())
    keys = traffic.popular_keys(counts.to_numpy(), REQUESTS, seed=_SEED)
    return _demand(keys, log.nunique(), known[keys])


def _demand(keys: np.ndarray, rows: int, in_table: np.ndarray) -> Demand:
    in_table.setflags(write=False)
    return Demand(rows, len(np.unique(keys)), in_table)


def _timetable() -> tuple[pd.Series, pd.Series]:
    train, test = board.split(board.load_board(), cancelled=True)
    return train["key"], test["key"]


def _words() -> tuple[pd.Series, pd.Series]:
    texts = reviews.load_reviews()["text"]
    words = pd.Series([word for text in texts for word in reviews.words(text)])
    middle = len(words) // 2
    return words.iloc[:middle], words.iloc[middle:]
