"""The Departure Board against slow, independent ways of computing the same."""

import csv
import datetime
import gzip
import math
import random
import subprocess
import sys
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from lessons_lib import board as module
from lessons_lib.board import (
    COLUMNS,
    LIVE,
    WEATHER,
    FlightRequest,
    LiveInputs,
    coverage,
    load_board,
    requests_of,
    split,
    timetable_keys,
)


def rows_of(name):
    with gzip.open(module.DATA / name, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@pytest.fixture(scope="module")
def flights():
    """The flights as plain tuples, read without pandas: minute, origin, delay or None."""
    return [
        (int(row["minute"]), row["origin"], float(row["delay"]) if row["delay"] else None)
        for row in rows_of("flights.csv.gz")
    ]


@pytest.fixture(scope="module")
def observations():
    return {(row["origin"], row["time_hour"]): row for row in rows_of("weather.csv.gz")}


CHOSEN = random.Random(2013).sample(range(336_776), 30)


# --- the frame


def test_the_documentation_names_exactly_the_columns_of_the_frame(board):
    assert list(board.columns) == list(COLUMNS)
    assert len(board) == 336_776


def test_columns_hold_what_their_documentation_says(board):
    departed = board[~board["cancelled"]]
    assert board["cancelled"].sum() == 8_255
    assert board["late"].isna().equals(board["cancelled"])
    assert (departed["late"] == (departed["delay"] >= 15)).all()
    assert board["time"].dt.hour.equals(board["hour"].astype("int32"))
    assert board["day"].between(1, 365).all()
    assert board["weekday"].iloc[0] == 1  # 1 January 2013 was a Tuesday
    assert board["minute"].is_monotonic_increasing
    known = board["airport_delay"].dropna()
    assert known.between(-15, 180).all()
    assert board["wind_speed"].max() < 200


def test_a_key_says_carrier_origin_dest_and_hour(board):
    made = (
        board["carrier"]
        + " "
        + board["origin"]
        + " "
        + board["dest"]
        + " "
        + board["hour"].astype(str).str.zfill(2)
    )
    assert (made == board["key"]).all()


def test_what_a_learner_does_to_the_frame_stays_with_the_learner(board):
    mine = load_board()
    mine["late"] = 0.0
    mine.loc[0, "delay"] = 99.0
    del mine["key"]
    fresh = load_board()
    assert fresh["late"].sum() == board["late"].sum() > 0
    assert fresh.loc[0, "delay"] == 2.0
    assert "key" in fresh


def test_the_board_is_read_in_three_cpu_seconds_and_600_mb():
    resource = pytest.importorskip("resource", reason="no getrusage on this system")
    code = (
        "import resource, time\n"
        "from lessons_lib.board import load_board\n"
        "start = time.process_time(); load_board()\n"
        "print(time.process_time() - start,"
        " resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    # By way of a small process: on Linux a child's peak starts at that of whoever started it.
    start = (
        "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1]], check=True)"
    )
    command = [sys.executable, "-c", start, code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, peak = map(float, done.stdout.split())
    megabytes = peak / (2**20 if sys.platform == "darwin" else 2**10)
    assert seconds < 3
    assert megabytes < 600
    assert resource


# --- live inputs


@pytest.mark.parametrize("row", CHOSEN)
def test_airport_delay_equals_a_brute_force_count(board, flights, row):
    minute, origin, _ = flights[row]
    seen = [
        min(max(delay, -15), 180)
        for scheduled, other, delay in flights
        if other == origin and delay is not None and minute - 180 <= scheduled + delay < minute - 60
    ]
    expected = sum(seen) / len(seen) if seen else math.nan
    assert board["airport_delay"].iloc[row] == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize("row", CHOSEN)
def test_weather_is_the_observation_of_the_hour_before(board, flights, observations, row):
    minute, origin, _ = flights[row]
    wall = datetime.datetime(2013, 1, 1) + datetime.timedelta(minutes=minute)
    local = wall.replace(minute=0, tzinfo=ZoneInfo("America/New_York"))
    before = local.astimezone(datetime.UTC) - datetime.timedelta(hours=1)
    observed = observations.get((origin, before.strftime("%Y-%m-%dT%H:%MZ")), {})
    for name in WEATHER:
        text = observed.get(name)
        expected = float(text) if text else math.nan
        assert board[name].iloc[row] == pytest.approx(expected, nan_ok=True)


def test_about_four_flights_in_a_thousand_have_no_weather(board):
    assert board["visib"].isna().mean() == pytest.approx(0.0041, abs=0.0002)


def test_what_happens_after_the_hour_of_notice_changes_nothing(board):
    """Delay everything that left too late to be known: the live inputs must not notice."""
    weather = pd.read_csv(module.DATA / "weather.csv.gz")
    for row in CHOSEN[:3]:
        cut = board["minute"].iloc[row] - 60
        left = board["minute"] + board["delay"]
        changed = board.assign(delay=board["delay"].where(left < cut, board["delay"] + 500))
        flight = requests_of(board.iloc[[row]])[0]
        known = LiveInputs(changed, weather).known(flight)
        assert known.airport_delay == pytest.approx(board["airport_delay"].iloc[row], nan_ok=True)


@pytest.fixture(scope="module")
def sample(shared_board):
    return shared_board.sample(400, random_state=1)


@pytest.mark.parametrize("hours", [0, 1, 6.5])
def test_one_request_meets_the_same_live_inputs_as_the_frame(sample, live_inputs, hours):
    frame = live_inputs.aged(sample, hours * 3600)
    for request, expected in zip(requests_of(sample), frame[list(LIVE)].to_numpy(), strict=True):
        known = live_inputs.known(request, age=hours * 3600)
        np.testing.assert_array_equal(np.array(known), expected)


def test_no_age_means_the_frame_as_it_is(sample, live_inputs):
    pd.testing.assert_frame_equal(live_inputs.aged(sample, 0), sample)


def test_only_the_named_columns_grow_old(sample, live_inputs):
    aged = live_inputs.aged(sample, 6 * 3600, only=["airport_delay"])
    pd.testing.assert_frame_equal(aged[list(WEATHER)], sample[list(WEATHER)])
    assert not aged["airport_delay"].equals(sample["airport_delay"])


def test_knowledge_of_some_age_is_that_of_an_earlier_departure(live_inputs):
    late = FlightRequest("UA", "EWR", "IAH", 15, datetime.date(2013, 5, 2), 30)
    early = late._replace(hour=11)
    assert live_inputs.known(late, age=4 * 3600) == live_inputs.known(early)


@pytest.mark.parametrize("year", [2012, 2014, 2026])
def test_nothing_is_known_outside_the_year(live_inputs, year):
    request = FlightRequest("UA", "EWR", "IAH", 5, datetime.date(year, 6, 1))
    assert all(math.isnan(value) for value in live_inputs.known(request))


def test_a_strange_airport_or_age_is_named(live_inputs, sample):
    request = FlightRequest("UA", "SFO", "IAH", 5, datetime.date(2013, 6, 1))
    with pytest.raises(ValueError, match="'SFO'"):
        live_inputs.known(request)
    with pytest.raises(ValueError, match="'SFO'"):
        live_inputs.columns(["EWR", "SFO"], [600, 600])
    for age in (-1, math.nan, math.inf):
        with pytest.raises(ValueError, match="age is"):
            live_inputs.known(request._replace(origin="EWR"), age=age)
        with pytest.raises(ValueError, match="age is"):
            live_inputs.aged(sample, age)


# --- requests, keys and splits


def test_requests_carry_the_key_and_the_minute_of_their_row(sample):
    requests = requests_of(sample)
    assert [request.key for request in requests] == sample["key"].tolist()
    assert [request.scheduled for request in requests] == sample["minute"].tolist()


def test_timetable_keys_are_distinct_sorted_and_spell_themselves(board):
    keys = timetable_keys(board)
    assert keys["key"].is_unique
    assert keys["key"].is_monotonic_increasing
    assert list(keys.columns) == ["key", "carrier", "origin", "dest", "hour"]
    first = keys.iloc[0]
    assert module.key_text(*first[["carrier", "origin", "dest", "hour"]]) == first["key"]


def test_the_split_is_in_time_and_leaves_out_cancelled_flights(board):
    train, test = split(board)
    assert train["month"].max() == 9
    assert test["month"].min() == 10
    assert len(test) == 82_798
    assert test["late"].mean() == pytest.approx(0.196, abs=0.0005)
    assert not train["cancelled"].any()
    everything = split(board, cancelled=True)
    assert sum(map(len, everything)) == len(board)


def test_a_split_may_be_cut_on_another_day(board):
    train, test = split(board, at=datetime.date(2013, 2, 1))
    assert set(train["month"]) == {1}
    assert test["month"].min() == 2


# --- coverage: the figures of the course's scenario


def test_the_number_of_keys(board):
    assert len(timetable_keys(board)) == 2_893
    assert len(timetable_keys(split(board).train)) == 2_511


def test_the_share_that_the_most_frequent_keys_carry(board):
    counts = board["key"].value_counts(normalize=True)
    shares = {top: counts.iloc[:top].sum() for top in (10, 100, 1000)}
    assert shares == pytest.approx({10: 0.018, 100: 0.12, 1000: 0.79}, abs=0.005)


def test_the_second_half_of_the_year_asks_for_new_keys(board):
    middle = len(board) // 2
    first, second = board.iloc[:middle], board.iloc[middle:]
    assert second["time"].iloc[0].date() == datetime.date(2013, 7, 3)
    assert 1 - coverage(first["key"], second["key"]) == pytest.approx(0.072, abs=0.005)


def test_a_month_in_the_key_destroys_coverage(board):
    finer = board["key"] + " " + board["month"].astype(str)
    middle = len(board) // 2
    unseen = 1 - coverage(finer.iloc[:middle], finer.iloc[middle:])
    assert unseen == pytest.approx(0.848, abs=0.005)


def test_a_frozen_table_misses_one_request_in_twenty(board):
    train, test = split(board)
    assert 1 - coverage(train["key"], test["key"]) == pytest.approx(0.048, abs=0.005)
