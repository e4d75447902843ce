"""The flagship lab: its numbers against plain counts, its promises, and its sentence in each regime."""

import numpy as np
import pandas as pd
import pytest
from charts.drawing import assert_draws

from lessons_lib import board, reviews, traffic
from lessons_lib.charts import wire
from lessons_lib.labs import l01_both_modes
from lessons_lib.labs import l01_side_by_side as side_by_side
from lessons_lib.labs.l01_side_by_side import DAY, HOUR, LABELS, LOOKUP, REQUESTS, Case, demand

ONE_HOUR = {"latency": 3600, "inputs": "uniform", "rate": 0.3, "servers": 4}
TWO_MS = {"latency": 0.002, "inputs": "sentences", "rate": 100, "servers": 4}


def view(**settings):
    return l01_both_modes.flagship_view({**l01_both_modes.FLAGSHIP_SETTINGS, **settings})


def figures(**settings):
    """The exact figures of a view, by measure; columns ``static`` and ``dynamic``."""
    return view(**settings).table.set_index("measure")


def by_hand(arrive, seconds, servers):
    """Latencies where all work is equal: a client takes the server that the one c before left."""
    finish = []
    for i, t in enumerate(arrive):
        free = finish[i - servers] if i >= servers else t
        finish.append(max(t, free) + seconds)
    return np.array(finish) - arrive


@pytest.mark.parametrize(("latency", "servers"), [(0.002, 1), (0.35, 4), (3600, 32)])
def test_latencies_are_those_of_a_plain_count(latency, servers):
    case = Case(latency, "uniform", 10, servers)
    assert case.dynamic.latency == pytest.approx(by_hand(case.arrive, latency, servers))
    assert case.static.latency == pytest.approx(by_hand(case.arrive, LOOKUP, servers))


def test_every_input_distribution_can_be_chosen():
    assert tuple(LABELS.values()) == traffic.INPUTS
    assert all(demand(name).in_table.shape == (REQUESTS,) for name in traffic.INPUTS)


def test_table_and_requests_of_the_timetable_are_the_real_ones():
    flights = board.load_board()
    known = set(flights.loc[flights["month"] <= 9, "key"])
    later = flights.loc[flights["month"] > 9, "key"]
    assert demand("timetable").rows == len(known)
    assert demand("timetable").answered == pytest.approx(later.isin(known).mean(), abs=0.006)


def test_table_and_requests_of_the_words_are_the_real_ones():
    words = [word for text in reviews.load_reviews()["text"] for word in reviews.words(text)]
    known, later = set(words[: len(words) // 2]), words[len(words) // 2 :]
    assert demand("words").rows == len(known)
    share = sum(word in known for word in later) / len(later)
    assert demand("words").answered == pytest.approx(share, abs=0.008)


def test_lists_with_an_end_answer_all_and_inputs_without_end_do_not():
    answered = {name: demand(name).answered for name in traffic.INPUTS}
    assert answered["uniform"] == answered["zipf"] == 1
    assert answered["sentences"] == 0
    assert 0.8 < answered["growing"] <= 0.85


def test_one_hour_model_on_demand_keeps_most_clients_waiting_for_hours_or_days():
    shown, exact = view(**ONE_HOUR), figures(**ONE_HOUR)
    assert exact.loc["clients of this run who wait over 1 h (%)", "dynamic"] > 99
    assert exact.loc["clients of this run who wait over 1 day (%)", "dynamic"] > 95
    assert exact.loc["99th percentile of the latency (s)", "static"] == pytest.approx(LOOKUP)
    assert "Dynamic is unstable: it asks for 270 times what 4 servers can do" in shown.status
    assert "the job takes 10.4 d on 4 servers" in shown.status


def test_without_a_steady_state_there_is_growth_and_no_percentile():
    shown, exact = view(**ONE_HOUR), figures(**ONE_HOUR)
    assert set(shown.data["curve"]["mode"]) == set(shown.data["p99"]["mode"]) == {"static"}
    assert shown.data["note"]["text"] == ["dynamic: unstable, the queue only grows"]
    run = pd.DataFrame(shown.data["run"]).query("mode == 'dynamic'")["seconds"]
    assert (np.diff(run) > 0).all()
    assert np.isnan(exact.loc["99th percentile of the latency (s)", "dynamic"])
    growth = exact.loc["growth of the wait with each request (s)", "dynamic"]
    assert growth == pytest.approx(HOUR / 4 - 1 / 0.3)
    slope = (run.iloc[-1] - run.iloc[0]) / (REQUESTS * (len(run) - 1) / len(run))
    assert slope == pytest.approx(growth, rel=0.01)


def test_two_ms_model_on_demand_answers_everybody_in_milliseconds():
    shown, exact = view(**TWO_MS), figures(**TWO_MS)
    assert exact.loc["99th percentile of the latency (s)", "dynamic"] < 0.005
    assert exact.loc["requests with a prediction (%)"].tolist() == [0, 100]
    assert shown.status.startswith("Dynamic serves this case: every request gets a prediction")
    assert shown.data["note"]["text"] == [""]


@pytest.mark.parametrize(
    ("settings", "start", "part"),
    [
        ({}, "Either mode serves", "answers 95.1 % of the requests at once, from information 12 h"),
        ({}, "Either mode serves", "99 % within 2 ms. Static asks for less server time."),
        ({"rate": 0.02}, "Either mode serves", "Dynamic asks for less server time."),
        ({"latency": 1, "inputs": "zipf", "rate": 0.01, "servers": 1},
         "Either mode serves", "(the job takes 1 d 4 h on 1 server)"),
        ({"inputs": "sentences"}, "Dynamic serves", "the table leaves 100 % of them without one."),
        ({"inputs": "growing"}, "Dynamic serves", "the table leaves 16 % of them without one."),
        ({"latency": 0.5, "rate": 20, "servers": 11},
         "Static serves this case: the table", "queueing for 11 servers: more would help."),
        ({"latency": 0.4}, "Static serves this case: the table", "it asks for all that 4 servers can do"),
        ({"latency": 0.5}, "Static serves this case: the table", "and the wait with it."),
        ({"latency": 5, "rate": 0.1, "servers": 32},
         "Static serves this case: the table", "nobody waits less than the model's own 5 s"),
        ({"latency": 3600}, "Static serves this case if answers 39.3 d old will do",
         "over an hour, 99.5 % over a day."),
        ({"latency": 60, "inputs": "sentences", "rate": 1},
         "Neither mode serves", "it asks for 15 times what 4 servers can do"),
        ({"latency": 3600, "inputs": "sentences", "rate": 0.001},
         "Neither mode serves", "the model's own 1 h, with any number of servers."),
    ],
)  # fmt: skip
def test_the_sentence_says_which_mode_serves_and_why(settings, start, part):
    status = view(**settings).status
    assert status.startswith(start)
    assert part in status
    assert len(status) < 240, "the room under the chart is two lines"


@pytest.mark.parametrize("latency", [0.002, 0.09, 0.5, 3.0])
def test_more_servers_never_lengthen_the_wait(latency):
    servers = range(max(1, int(10 * latency) + 1), 33)
    tails = [Case(latency, "uniform", 10, count).dynamic.tail.value for count in servers]
    assert (np.diff(tails, axis=0) <= 1e-9).all()
    assert tails[-1][-1] >= latency, "and none removes the model's own time"


def test_a_slower_model_or_more_requests_never_shorten_the_wait():
    slower = [Case(0.002 * k, "uniform", 10, 4).dynamic.tail.value for k in (1, 10, 50, 100, 190)]
    busier = [Case(0.3, "uniform", rate, 4).dynamic.tail.value for rate in (0.1, 1, 4, 8, 12)]
    assert (np.diff(slower, axis=0) > 0).all()
    assert (np.diff(busier, axis=0) >= -1e-9).all()


@pytest.mark.parametrize("inputs", traffic.INPUTS)
def test_what_the_table_answers_depends_on_the_inputs_alone(inputs):
    shares = {
        Case(latency, inputs, rate, servers).static.answered
        for latency, rate, servers in [(0.002, 10, 4), (3600, 0.001, 1), (1e-4, 1000, 32)]
    }
    assert shares == {demand(inputs).answered}


def test_age_follows_the_job_when_it_takes_longer_than_a_day():
    daily, late = (Case(latency, "uniform", 1, 2) for latency in (1.0, 3600))
    assert daily.static.age == pytest.approx(500 + DAY / 2)
    job = 1000 * HOUR / 2
    assert late.job_time == late.refresh == job
    assert late.static.age == pytest.approx(job + job / 2)
    assert late.static.load > 1 > daily.static.load
    assert late.dynamic.age == 3600, "the information is read when the model starts"


def test_server_time_of_both_modes_meets_at_the_break_even_rate():
    rate = side_by_side.break_even_rate("zipf")
    below, above = (Case(0.002, "zipf", factor * rate, 4) for factor in (0.98, 1.02))
    assert below.dynamic.compute < below.static.compute
    assert above.dynamic.compute > above.static.compute
    assert above.dynamic.compute == pytest.approx(1.02 * rate * DAY * 0.002)


def test_fewest_servers_is_the_first_number_that_is_enough():
    count = side_by_side.fewest_servers(0.5, 20)
    assert (
        Case(0.5, "words", 20, count).dynamic.p99
        <= 1
        < Case(0.5, "words", 20, count - 1).dynamic.p99
    )
    with pytest.raises(ValueError, match=r"the model alone takes 3600 s"):
        side_by_side.fewest_servers(3600, 1)


@pytest.mark.parametrize(
    ("bad", "told"),
    [({"latency": 0}, "latency is 0"), ({"rate": -1}, "rate is -1"), ({"servers": 0}, "servers is 0"),
     ({"inputs": "tea leaves"}, "distribution is 'tea leaves'")],
)  # fmt: skip
def test_senseless_setting_is_named(bad, told):
    with pytest.raises(ValueError, match=told):
        view(**bad)


def test_moving_a_control_gives_the_plain_function_s_view():
    panel = l01_both_modes.flagship()
    assert panel.settings == l01_both_modes.FLAGSHIP_SETTINGS
    moved, wanted = panel.set(**ONE_HOUR), view(**ONE_HOUR)
    assert moved.status == wanted.status
    pd.testing.assert_frame_equal(moved.table, wanted.table)
    panel.set(latency=1e-4, inputs="words", rate=1000, servers=32)
    assert panel.view.status.startswith("Either mode serves")


@pytest.mark.parametrize("settings", [{}, ONE_HOUR])
def test_the_chart_draws_and_travels_light(settings):
    shown = view(**settings)
    assert sum(map(len, wire.pack(shown.data)[1])) < 10_000
    chart = l01_both_modes.flagship_chart()
    chart.datasets = {name: wire.rows(columns) for name, columns in shown.data.items()}
    assert_draws(chart)
