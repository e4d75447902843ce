"""The gate on a year of real tables: good weeks go through, and made-up bugs of many kinds do not."""

import numpy as np
import pandas as pd
import pytest
from static_tables import write_candidate

from lessons_lib.labs.l02_gate import STRENGTH, weekly_counts
from lessons_lib.static.gate import verify
from lessons_lib.static.store import PredictionStore

WEEK, FIRST = 7 * 86_400, 1_359_000_000
SLICES = ["carrier", "origin", "hour"]
LAST, NOW = 19, 20  # two neighbouring weeks that lie near the middle of what good weeks do


def weekly_tables():
    """The smoothed four-week share of late flights for each key of the year, week by week."""
    counts = weekly_counts()
    base = counts.late.sum(axis=1, keepdims=True) / counts.flights.sum(axis=1, keepdims=True)
    values = (counts.late + STRENGTH * base) / (counts.flights + STRENGTH)
    keys = counts.keys.set_index("key", drop=False)
    return keys, [keys.assign(value=row) for row in values]


@pytest.fixture(scope="module")
def year():
    return weekly_tables()


@pytest.fixture
def store(tmp_path):
    with PredictionStore(tmp_path / "store", clock=lambda: FIRST + 60 * WEEK) as store:
        yield store


@pytest.mark.slow
def test_good_weeks_in_order_are_seldom_refused(year, store, tmp_path):
    keys, tables = year
    path, refused = tmp_path / "week.sqlite", []
    for week, table in enumerate(tables):
        write_candidate(path, table["value"].to_dict(), as_of=FIRST + week * WEEK)
        report = verify(path, expected_keys=keys, previous=store, slices=SLICES)
        if not report.passed:
            refused.append((week, report.headline()))
        store.publish(path)
    assert len(tables) == 49
    assert len(refused) <= 7, refused


def shuffled(table, by=None):
    def mix(values):
        return np.random.default_rng(0).permutation(values.to_numpy())

    group = table[by].astype(str) if by else pd.Series("all", table.index)
    return table["value"].groupby(group).transform(mix)


def exchanged(table, one, other):
    """Each key gets the value that stands at the same key of the other airport."""
    airport = table["origin"].map({one: other, other: one}).fillna(table["origin"])
    hour = table["hour"].map("{:02d}".format)
    keys = table["carrier"] + " " + airport + " " + table["dest"] + " " + hour
    return table["value"].reindex(keys.to_numpy()).set_axis(table.index).fillna(table["value"])


def where(table, mask, value):
    return table["value"].mask(mask, value)


def some(table, count):
    chosen = np.random.default_rng(1).choice(len(table), count, replace=False)
    return pd.Series(np.isin(np.arange(len(table)), chosen), table.index)


def flat(table, mask):
    return where(table, mask, table["value"][mask].mean())


def rare(table):
    return table.groupby("carrier")["value"].transform("size") < 30


def noisy(table, scale):
    return (table["value"] + np.random.default_rng(2).normal(0, scale, len(table))).clip(0, 1)


BUGS = {
    "shuffled": shuffled,
    "shuffled within an hour": lambda t: shuffled(t, "hour"),
    "shuffled within an airline": lambda t: shuffled(t, "carrier"),
    "shuffled within an airport": lambda t: shuffled(t, "origin"),
    "reversed": lambda t: t["value"][::-1].set_axis(t.index),
    "off by one": lambda t: t["value"].shift(1, fill_value=0.2),
    "off by ten": lambda t: t["value"].shift(10, fill_value=0.2),
    "JFK and LGA exchanged": lambda t: exchanged(t, "JFK", "LGA"),
    "EWR and LGA exchanged": lambda t: exchanged(t, "EWR", "LGA"),
    "EWR and JFK exchanged": lambda t: exchanged(t, "EWR", "JFK"),
    "DL constant": lambda t: flat(t, t["carrier"] == "DL"),
    "US constant": lambda t: flat(t, t["carrier"] == "US"),
    "JFK constant": lambda t: flat(t, t["origin"] == "JFK"),
    "one hour constant": lambda t: flat(t, t["hour"] == 17),
    "all constant": lambda t: flat(t, t["hour"] >= 0),
    "mean by hour only": lambda t: t.groupby("hour")["value"].transform("mean"),
    "small airlines at .99": lambda t: where(t, rare(t), 0.99),
    "one tiny airline at .99": lambda t: where(t, t["carrier"] == "HA", 0.99),
    "25 keys at 1": lambda t: where(t, some(t, 25), 1.0),
    "25 keys at 0": lambda t: where(t, some(t, 25), 0.0),
    "60 keys at a default": lambda t: where(t, some(t, 60), 0.5),
    "a tenth at a default": lambda t: where(t, some(t, 290), t["value"].mean()),
    "the last chunk is zero": lambda t: where(t, np.arange(len(t)) >= len(t) - 93, 0.0),
    "all zero": lambda t: 0 * t["value"],
    "inverted": lambda t: 1 - t["value"],
    "DL inverted": lambda t: where(t, t["carrier"] == "DL", 1 - t["value"]),
    "per cent": lambda t: 100 * t["value"],
    "one airline in per cent": lambda t: where(t, t["carrier"] == "HA", 100 * t["value"]),
    "odds": lambda t: t["value"] / (1 - t["value"]),
    "halved": lambda t: t["value"] / 2,
    "DL halved": lambda t: where(t, t["carrier"] == "DL", t["value"] / 2),
    "squared": lambda t: t["value"] ** 2,
    "square root": lambda t: t["value"] ** 0.5,
    "shrunk to the mean": lambda t: t["value"].mean() + 0.4 * (t["value"] - t["value"].mean()),
    "one digit": lambda t: t["value"].round(1),
    "cut off at .25": lambda t: t["value"].clip(upper=0.25),
    "noise": lambda t: noisy(t, 0.05),
    "NaN in a slice": lambda t: where(t, t["carrier"] == "HA", np.nan),
    "a slice is gone": lambda t: t["value"][t["carrier"] != "YV"],
}


@pytest.mark.slow
def test_bugs_of_many_kinds_are_stopped(year, store, tmp_path):
    keys, tables = year
    path, through = tmp_path / "week.sqlite", []
    store.publish(write_candidate(path, tables[LAST]["value"].to_dict(), as_of=FIRST))
    for name, bug in BUGS.items():
        write_candidate(path, bug(tables[NOW]).to_dict(), as_of=FIRST + WEEK)
        if verify(path, expected_keys=keys, previous=store, slices=SLICES).passed:
            through.append(name)
    assert len(BUGS) == 39
    assert len(through) <= 2, through


@pytest.mark.parametrize("name", ["all zero", "25 keys at 1", "per cent", "inverted"])
def test_a_first_publish_has_bounds_too(year, tmp_path, name):
    keys, tables = year
    table = tables[0]
    good = write_candidate(tmp_path / "good.sqlite", table["value"].to_dict(), as_of=FIRST)
    assert verify(good, expected_keys=keys, slices=SLICES).passed
    bad = write_candidate(tmp_path / "bad.sqlite", BUGS[name](table).to_dict(), as_of=FIRST)
    assert not verify(bad, expected_keys=keys, slices=SLICES).passed


def test_a_slow_drift_cannot_walk_away_from_the_first_version(year, store, tmp_path):
    keys, tables = year
    path, night = tmp_path / "night.sqlite", 0
    start = tables[0]["value"] + (0.25 - tables[0]["value"].mean())
    for night in range(20):
        write_candidate(path, (start + 0.029 * night).to_dict(), as_of=FIRST + night)
        report = verify(path, expected_keys=keys, previous=store, slices=["carrier"])
        if not report.passed:
            break
        store.publish(path, report)
    assert night == 7, "0.25 + 7 x 0.029 is more than 0.2 from where it began"
    assert set(report.failures["check"]) == {"drift"}


def test_where_few_versions_are_kept_a_reference_can_be_given(year, tmp_path):
    keys, tables = year
    paths = [tmp_path / f"{name}.sqlite" for name in ("first", "last", "now")]
    for path, more in zip(paths, (0.0, 0.18, 0.21), strict=True):
        write_candidate(path, (tables[0]["value"] + more).to_dict(), as_of=FIRST)
    first, last, now = paths
    assert verify(now, expected_keys=keys, previous=last).passed
    report = verify(now, expected_keys=keys, previous=last, reference=first)
    assert report.failures["check"].tolist() == ["drift"]
