"""What the questions of lessons 03 to 05 take for true is tried, by a run or by the model itself; how options are made."""

import datetime
import re

import numpy as np
import pytest

from lessons_lib import board, models, simulate, traffic
from lessons_lib.exercises.l04_batcher import micro_batches
from lessons_lib.labs.l03_faults import FaultyInputs
from lessons_lib.quiz.bank import find
from quiz.banks import all_banks

CHOSEN = [q for bank in all_banks().values() for q in bank if q.kind == "choose"]


def right_options(name):
    return {option.text: option.right for option in find(name).options}


def p99(rate, seconds, servers, count=100_000):
    arrive = traffic.poisson(rate, count)
    work = np.full(count, seconds)
    latency = simulate.fifo(arrive, work, servers) + work - arrive
    return simulate.percentiles(latency, at=[99]).value[0]


def test_the_trips_wait_for_servers_and_the_hotels_for_a_faster_model():
    trips = {"servers": p99(26, 0.1, 4), "engine": p99(26, 0.075, 2), "now": p99(26, 0.1, 2)}
    assert trips["servers"] < 0.25 < trips["engine"] < trips["now"]
    hotels = {"servers": p99(20, 0.3, 40), "engine": p99(20, 0.225, 20)}
    assert hotels["engine"] < 0.25 < hotels["servers"]
    same = [list(right_options(name)) for name in ("l04-double", "l04-wait")]
    assert same[0] == same[1], "only the case decides between the same four cures"


def test_a_room_of_half_a_day_hits_next_to_nothing_on_a_loop_with_some_changes():
    rng, day = np.random.default_rng(1), np.arange(1_900)
    days = []
    for number in range(60):
        # Two hundred keys a day are flown at another time, thirty are others than the day before.
        mixed = day.astype(float)
        moved = rng.choice(1_900, 200, replace=False)
        mixed[moved] += rng.normal(0, 100, 200)
        keys = day[np.argsort(mixed)].copy()
        keys[rng.choice(1_900, 30, replace=False)] = 10_000 + 30 * number + np.arange(30)
        days.append(keys)
    assert simulate.lru(np.concatenate(days), 1_000).mean() < 0.05


def test_the_pairs_that_may_share_a_key_get_one_answer_and_the_other_does_not():
    model = models.fit_or_load("reviews")
    for text, right in right_options("l05-same").items():
        one, other = re.findall("“([^”]+)”", text)
        assert (model.predict_one(one) == model.predict_one(other)) == right, text


def test_how_many_are_right_varies():
    several = [question for question in CHOSEN if question.several]
    assert len({len(question.right_keys) for question in several}) >= 3


@pytest.mark.parametrize("question", CHOSEN, ids=lambda question: question.id)
def test_no_option_speaks_of_another_one(question):
    for option in question.options:
        assert not re.search(r"\b(above|below|[Oo]ption|[abcd]\)|both|neither)\b", option.text)


@pytest.mark.parametrize("question", CHOSEN, ids=lambda question: question.id)
def test_the_options_are_of_one_length(question):
    words = [len(option.text.split()) for option in question.options]
    assert max(words) <= 2 * min(words) + 1, f"{question.id}: {words}"


def test_the_age_at_which_the_static_table_wins_has_its_neighbours_as_near_misses():
    train, test = board.split(board.load_board())
    base, hours = train["late"].mean(), (0, 1, 2, 3, 4, 6)
    model = models.fit_or_load("live_logistic")
    ages = models.skill_by_age(model, test, board.load_live_inputs(), base=base, hours=hours)
    static = models.fit_or_load("timetable").predict_proba(test)[:, 1]
    first = next(age for age in hours if ages[age] < models.skill(test["late"], static, base))
    near = [miss.times * first for miss in find("l03-keep").near]
    assert near[:2] == [hours[hours.index(first) - 1], hours[hours.index(first) + 1]]


def test_only_means_tell_celsius_while_no_flight_has_left():
    inputs, model = board.load_live_inputs(), models.fit_or_load("live_logistic")
    to_celsius = FaultyInputs(inputs, lambda x: {"temp": (x["temp"] - 32) / 1.8})
    day = datetime.date(2013, 12, 17)
    flights = [board.FlightRequest("UA", "EWR", "IAH", hour, day) for hour in range(5, 23)]
    healthy, changed = (
        np.mean([model.predict_one(flight, feed.known(flight)) for flight in flights])
        for feed in (inputs, to_celsius)
    )
    assert abs(healthy - changed) > 0.05
    assert {text for text, right in right_options("l03-celsius").items() if right} == {
        "The mean of the temperatures that were read",
        "The mean of the answers that were given",
    }


def test_the_table_of_batches_supports_what_the_question_takes_for_right():
    p50, p99 = {}, {}
    for rate in (400, 50):
        times = traffic.poisson(rate, 10 * rate)
        for way, (most, window) in {"one": (1, 0), "none": (16, 0), "long": (16, 0.02)}.items():
            finish = micro_batches(times, most, window, fixed=0.004, per_item=0.0005)
            p50[rate, way], p99[rate, way] = simulate.percentiles(finish - times, at=(50, 99)).value
            if (rate, way) == (400, "one"):
                assert 200 < len(times) / finish[-1] < 240
    assert p99[400, "none"] < p99[400, "one"]
    assert p50[50, "long"] > 2 * p50[50, "one"]
    assert p50[50, "none"] == pytest.approx(p50[50, "one"], rel=0.02)
