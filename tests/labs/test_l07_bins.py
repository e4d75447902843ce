"""Bins of the live inputs: where they are cut, what stands for each, and what a table of them costs."""

import numpy as np
import pandas as pd
import pytest

from lessons_lib import board, cost
from lessons_lib.answer import Answer
from lessons_lib.labs import l07_bins


@pytest.fixture(scope="module")
def train():
    return board.split(board.load_board()).train


@pytest.fixture(scope="module")
def cuts(train):
    return l07_bins.cut_inputs(train)


def test_each_bin_holds_about_as_many_flights(train, cuts):
    for name, edges in cuts.items():
        count = l07_bins.BINS[name]
        assert len(edges) == count - 1
        assert edges == sorted(set(edges))
        reached = np.searchsorted(edges, train[name].dropna(), side="right")
        shares = np.bincount(reached, minlength=count) / len(reached)
        assert shares.min() > 0.5 / count
        assert shares.max() < 2 / count


def test_a_bin_is_stood_for_by_the_medians_of_its_flights(train, cuts):
    bins = l07_bins.typical(train, cuts)
    assert len(bins) == 125
    assert list(bins) == list(board.LIVE)
    assert not bins.isna().any(axis=None)
    delay, humid = cuts["airport_delay"], cuts["humid"]
    inside = train["airport_delay"].between(delay[2], delay[3], inclusive="left")
    inside &= train["humid"].between(humid[0], humid[1], inclusive="left")
    for name in board.LIVE:
        assert bins.loc[3 * 5 + 1, name] == pytest.approx(train.loc[inside, name].median())


def test_what_is_not_known_falls_into_the_first_bin(train, cuts):
    few = train.head(50).assign(airport_delay=np.nan, humid=np.nan, temp=77.0)
    bins = l07_bins.typical(few, cuts)
    assert bins.loc[0, "temp"] == 77.0


def test_a_table_lacks_the_keys_that_it_was_not_made_for(train):
    flights = board.split(board.load_board()).test.head(500)
    keys = flights["key"].unique()[:20].tolist()

    class Half:
        def answer(self, request):
            known = request.key in keys
            return Answer(0.5, "table", 0.0) if known else Answer(None, "default", float("nan"))

    said = l07_bins.answers(Half(), flights, keys)
    missing = ~flights["key"].isin(keys).to_numpy()
    for name in ("key alone", "key and bins"):
        assert (said[name].isna().to_numpy() == missing).all()
    assert said["live"].between(0, 1).all()


def test_the_bill_counts_what_is_missing_and_what_is_far_from_the_live_answer():
    said = pd.DataFrame(
        {"key alone": [0.1, 0.31, np.nan, 0.5], "live": [0.15, 0.2, 0.3, 0.5]},
    )
    days = l07_bins.bills(said, requests=1_000, rows={"key alone": 10**6}, row=0.001)
    wanted = cost.bill(
        server_seconds=cost.DAY,
        batch_seconds=1_000,
        stored=10**6 * l07_bins.ROW_BYTES,
        stale=250,
        missing=250,
    )
    assert days["key alone"].tolist() == pytest.approx(list(wanted))
    assert days["live"].tolist() == pytest.approx([wanted.servers, 0, 0, 0, 0])
