"""The alarm lab: against the requests themselves, and its panel without a browser."""

from itertools import pairwise

import numpy as np
import pytest

from lessons_lib.labs import l08_alarms as lab
from lessons_lib.labs import l08_days as days

ALL = [(watch, by) for watch in days.WATCHED.values() for by in days.SLICES.values()]


def view(**settings):
    return lab.alarm_view({**lab.EXAMPLE, **settings})


@pytest.mark.parametrize("window", [900, 14_400])
@pytest.mark.parametrize(("watch", "by"), ALL)
def test_a_higher_threshold_rings_less_and_lets_more_pass(watch, by, window):
    found = lab.outcomes(watch, by, window)
    assert found["false"].is_monotonic_decreasing
    assert found["bad"].is_monotonic_increasing
    assert found["missed"].is_monotonic_increasing


@pytest.mark.parametrize(("watch", "by"), ALL)
def test_harm_and_delay_are_those_of_a_loop_over_the_days(watch, by):
    window, threshold = 3_600, 3
    row = lab.outcomes(watch, by, window).set_index("threshold").loc[threshold]
    far = days.furthest(days.JUDGE, watch, by, window, fault=True)
    requests = days.requests(*days.JUDGE, fault=True)
    bad = requests["time"][requests["bad"]]
    served, delays = [], []
    for day in range(14):
        until = days.DAY
        for hour in range(12, 24):
            if far[24 * day + hour] > threshold:
                until = window * (hour + 1)
                delays.append(until - days.NOON)
                break
        today = bad[(bad >= day * days.DAY) & (bad < (day + 1) * days.DAY)] - day * days.DAY
        served.append((today < until).sum())
    assert row["bad"] == pytest.approx(np.mean(served))
    assert row["missed"] == 14 - len(delays)
    if delays:
        assert row["delay"] == np.median(delays)


def test_no_threshold_of_the_mean_tells_the_fault_from_a_healthy_day():
    found = lab.outcomes("answer", "everything", 60)
    assert (found["false"] > 10)[found["missed"] <= 7].all()
    assert found["missed"].iloc[-1] == 14


def test_the_temperatures_of_each_airline_ring_in_the_first_window():
    for before, after in pairwise((60, 900, 3_600, 14_400)):
        short, long = (
            lab.outcomes("temp", "carrier", w).set_index("threshold").loc[3]
            for w in (before, after)
        )
        assert (short["false"], short["missed"]) == (0, 0)
        assert short["bad"] < long["bad"]
        assert long["delay"] == after
    more = lab.price_of_a_window(14_400, 3_600)
    assert more == pytest.approx(long["bad"] - lab.outcomes("temp", "carrier", 3_600)["bad"][3])


def test_sentence_table_and_chart_tell_the_same():
    shown = view(watch="temp", by="carrier", window=900)
    assert "rings on 14 of 14 days" in shown.status
    assert "15 min after noon" in shown.status
    row = shown.table.set_index("threshold").loc[3]
    assert f"{row['bad answers a day']} bad answers a day" in shown.status
    assert shown.data["here"]["bad"].tolist() == shown.data["every"]["bad"][3:4].tolist()
    assert shown.data["rang"]["hour"].tolist() == [12.25]
    assert len(view(threshold=10).data["rang"]["hour"]) == 0


def test_panel_shows_what_the_function_gives():
    panel = lab.alarm_lab()
    assert panel.settings == lab.EXAMPLE
    panel.set(watch="temp", by="origin", window=1_800, threshold=4)
    wanted = lab.alarm_view(panel.settings)
    assert panel.view.status == wanted.status
    assert panel.view.table.equals(wanted.table)
    assert len(panel._repr_mimebundle_()[0]["image/png"]) > 1000
