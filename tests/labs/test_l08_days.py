"""The simulated days: who asks when, which answers are bad, and what the alarms and the gate make of it."""

import numpy as np
import pytest

from lessons_lib import models
from lessons_lib.exercises.l08_harm import harm_until_alarm
from lessons_lib.labs import l08_days as days
from lessons_lib.labs.l08_service import MODEL, to_celsius
from lessons_lib.static.gate import Limits, verify


def test_each_flight_is_asked_for_in_the_three_hours_before_it_leaves():
    rows = days.flights()[days.flights()["day"].between(*days.JUDGE)]
    asked = days.requests(*days.JUDGE)
    assert len(asked) == days.ASKED * len(rows)
    assert asked["time"].is_monotonic_increasing
    assert asked["time"].between(0, days.DAY * 14).all()
    assert asked["carrier"].value_counts().equals(days.ASKED * rows["carrier"].value_counts())
    assert not asked["bad"].any()


def test_the_fault_changes_the_bad_answers_and_nothing_else():
    healthy, faulty = (days.requests(*days.JUDGE, fault=fault) for fault in (False, True))
    bad = faulty["bad"]
    assert healthy["time"].equals(faulty["time"])
    assert (faulty["carrier"][bad] == days.AIRLINE).all()
    assert (faulty["time"][bad] % days.DAY >= days.NOON).all()
    for name in ("temp", "answer"):
        assert healthy[name][~bad].equals(faulty[name][~bad])
    assert np.allclose(faulty["temp"][bad], (healthy["temp"][bad] - 32) / 1.8)
    assert 0.05 < (faulty["carrier"] == days.AIRLINE).mean() < 0.07
    assert -0.12 < (faulty["answer"] - healthy["answer"])[bad].mean() < -0.08


def test_answers_are_those_of_the_model():
    rows = days.flights().iloc[5_000:5_050]
    model = models.fit_or_load(MODEL)
    assert np.allclose(rows["answer"], model.predict_proba(rows)[:, 1])
    assert np.allclose(rows["wrong"], model.predict_proba(rows.assign(**to_celsius(rows)))[:, 1])


def test_a_pair_is_a_day_and_the_four_weeks_before_it():
    flights = days.flights()
    [(before, day)] = days.pairs(310, 310, "temp")
    assert np.array_equal(day, flights["temp"][flights["day"] == 310], equal_nan=True)
    assert len(before) == flights["day"].between(282, 309).sum()


@pytest.mark.parametrize(
    ("watch", "by", "window", "rang"),
    [
        ("answer", "everything", 60, 0),
        ("answer", "carrier", 3_600, 0),
        ("temp", "everything", 3_600, 0),
        ("temp", "carrier", 900, 14),
    ],
)
def test_the_mean_never_rings_and_the_sliced_temperature_rings_every_day(watch, by, window, rang):
    found = days.fortnight(harm_until_alarm, watch, by, window)
    assert found["rang on days"] == rang
    everything = days.requests(*days.JUDGE, fault=True)["bad"].sum() / 14
    if rang:
        assert found["after (min, median)"] == window / 60
        assert found["bad answers served a day"] < 0.03 * everything
    else:
        assert found["bad answers served a day"] == pytest.approx(everything)


def test_the_gate_lets_good_nights_pass_and_stops_each_faulty_one(tmp_path):
    limits = Limits(slice_change=0.03)
    previous = tmp_path / "previous.sqlite"
    days.nightly_table(previous, days.JUDGE[0] - 1)
    for day in range(days.JUDGE[0], days.JUDGE[1] + 1, 3):
        days.nightly_table(previous, day - 1)
        for fault in (False, True):
            path = tmp_path / f"{fault}.sqlite"
            keys = days.nightly_table(path, day, fault=fault)
            how = {"expected_keys": keys, "previous": previous, "slices": ["carrier"]}
            failures = verify(path, limits=limits, **how).failures
            means = failures[failures["check"] == "mean by carrier"]["key"].tolist()
            assert [key.split()[0] for key in means] == ([days.AIRLINE] if fault else [])


def test_the_dew_point_is_never_above_the_temperature_and_always_above_a_wrong_one():
    rows = days.flights()
    assert not (rows["dewp"] > rows["temp"]).any()
    winter = rows[(rows["day"] >= 337) & rows["temp"].notna()]
    assert (winter["dewp"] > to_celsius(winter)["temp"]).mean() > 0.99
