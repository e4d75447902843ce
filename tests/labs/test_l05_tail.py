"""The long-tail lab: against the theory, against a dict, and its panel without a browser."""

from collections import OrderedDict
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from theory.oracles import lru_hit_ratio

from lessons_lib import theory
from lessons_lib.labs import l05_tail as tail

STILL = {"skew": 1.0, "size": 100, "unseen": 0.0, "drift": 0.0}
NOISE = 0.04  # of a share over 1,800 requests: about three and a half standard errors


def view(**settings):
    return tail.tail_view({**STILL, **settings})


def wide(rows, index):
    return pd.DataFrame(rows).pivot_table(index=index, columns="kind", values="hit")


def hit(shown):
    return wide(shown.data["run"], "size")


def asked_one_by_one(keys, room, cache_room):
    """A table of the first `room` keys in front of a cache, counted with a dict."""
    cache, found = OrderedDict(), []
    for key in keys.tolist():
        found.append(key < room or key in cache)
        if key >= room:
            cache[key] = None
            cache.move_to_end(key)
            if len(cache) > cache_room:
                cache.popitem(last=False)
    return found


@pytest.mark.parametrize("size", [2, 11, 100])
def test_each_contender_hits_what_a_dict_says(size):
    keys = tail._requests(0.9, 0.1, 0.5)
    found = tail.hits(keys, size)
    half = size // 2
    assert found["top-k table"].tolist() == (keys < size).tolist()
    assert found["LRU cache"].tolist() == asked_one_by_one(keys, 0, size)
    assert found["half of each"].tolist() == asked_one_by_one(keys, half, size - half)


@pytest.mark.parametrize("skew", [0.0, 0.6, 1.0, 1.4])
def test_the_table_agrees_with_its_theory(skew):
    shown = view(skew=skew)
    for size, ratio in hit(shown)["top-k table"].items():
        wanted = theory.top_k_hit_ratio(theory.zipf(skew, tail.KEYS), size)
        assert ratio == pytest.approx(wanted, abs=NOISE)


def test_the_cache_agrees_with_its_theory_and_never_beats_the_best_table():
    ratios = hit(view(skew=0.8))
    for size in (100, 200):
        wanted = lru_hit_ratio(theory.zipf(0.8, tail.KEYS), size)
        assert ratios.loc[size, "LRU cache"] == pytest.approx(wanted, abs=NOISE)
    assert (ratios["LRU cache"] <= ratios["top-k table"] + NOISE).all()


@pytest.mark.parametrize("change", [{}, {"unseen": 0.3}, {"drift": 0.6}, {"skew": 0.0}])
def test_more_room_never_hits_less(change):
    ratios = hit(view(**change))
    assert (ratios[["top-k table", "LRU cache"]].diff().dropna() >= 0).all(axis=None)


@pytest.mark.parametrize("unseen", [0.0, 0.1, 0.25, 0.5])
def test_unseen_keys_cap_everybody(unseen):
    assert (hit(view(unseen=unseen)) <= 1 - unseen + NOISE).all(axis=None)


def test_a_control_moves_the_curves_one_way():
    shares = [hit(view(unseen=u))["top-k table"] for u in np.arange(0, 0.55, 0.05).round(2)]
    assert all((after <= before).all() for before, after in pairwise(shares))
    drifts = [hit(view(drift=d))["top-k table"] for d in np.arange(0, 1.1, 0.1).round(1)]
    assert all((after <= before).all() for before, after in pairwise(drifts))


def test_still_traffic_favours_the_table_and_drift_the_cache():
    assert "the top-k table leads" in view().status
    assert "the LRU cache leads" in view(drift=1.0).status
    between = hit(view(drift=0.3, unseen=0.15)).loc[100]
    assert between["half of each"] >= between.drop("half of each").max()


def test_drift_is_seen_along_the_run_of_the_table_only():
    line = wide(view(drift=1.0).data["time"], "request")
    early, late = line.iloc[2:6].mean(), line.iloc[-4:].mean()
    assert late["top-k table"] < early["top-k table"] - 0.2
    assert late["LRU cache"] > early["LRU cache"] - 0.1


def test_theory_is_drawn_only_where_it_holds():
    assert len(view().data["theory"]["hit"]) > 20
    assert "Grey line: theory" in view().status
    assert "theory of the table (%)" in view().table
    for change in ({"unseen": 0.05}, {"drift": 0.1}):
        assert len(view(**change).data["theory"]["hit"]) == 0
        assert "No theory line" in view(**change).status
        assert "theory of the table (%)" not in view(**change).table


def test_the_sentence_and_the_table_tell_the_same():
    shown = view(size=30, unseen=0.2)
    row = shown.table.set_index("entries").loc[30]
    for kind in tail.KINDS:
        assert f"{row[f'{kind} (%)']:g} %" in shown.status
    assert "None can pass 80 %" in shown.status


def test_a_close_race_is_called_one():
    assert "no clear lead" in view(skew=0.0, size=10).status


def test_panel_shows_what_the_function_gives():
    panel = tail.tail_lab()
    assert panel.settings == STILL
    panel.set(skew=0.6, size=600, unseen=0.15, drift=0.5)
    wanted = tail.tail_view(panel.settings)
    assert panel.view.status == wanted.status
    assert panel.view.table.equals(wanted.table)
    assert {data["name"] for data in panel.spec["data"]} >= {"run", "theory", "here", "time"}
    assert len(panel._repr_mimebundle_()[0]["image/png"]) > 1000
