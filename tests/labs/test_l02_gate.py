"""The gate lab: its numbers against a plain GROUP BY, and what its controls promise."""

import numpy as np
import pandas as pd
import pytest
from charts.drawing import assert_draws

from lessons_lib import board
from lessons_lib.labs import l02_gate as gate
from lessons_lib.static.gate import Limits

GOOD, FAULTY = gate.KINDS
SETTINGS = {"hits": "one airline (DL)", "share": 50, "by": "each airline", "bound": 0.03}


def plain_table(last_day, *, slipped_carrier=None):
    """One table by pandas alone: smoothed share of late flights by key, from four weeks."""
    flights = board.load_board()
    flights = flights[~flights["cancelled"] & flights["day"].between(last_day - 27, last_day)]
    late = flights["late"]
    if slipped_carrier:
        late = late.mask(flights["carrier"] == slipped_carrier, flights["delay"] >= 1).astype(float)
    by_key = late.groupby(flights["key"]).agg(["sum", "count"])
    return (by_key["sum"] + 20 * late.mean()) / (by_key["count"] + 20)


def plain_change(before, now):
    """The largest change of an airline's mean, for airlines with enough keys before."""
    means = [table.groupby(table.index.str[:2]).mean() for table in (before, now)]
    enough = before.groupby(before.index.str[:2]).size() >= Limits().slice_rows
    return (means[1] - means[0][enough]).abs().max()


@pytest.mark.parametrize("row", [0, 20, 47])
def test_changes_are_those_of_a_plain_group_by(row):
    changes = gate.largest_changes("one airline (DL)", 1.0, "each airline").iloc[row]
    last_day = 35 + 7 * row
    before, now = plain_table(last_day - 7), plain_table(last_day)
    slipped = plain_table(last_day, slipped_carrier="DL")
    assert changes["date"] == pd.Timestamp("2013-01-01") + pd.Timedelta(days=last_day)
    assert changes[GOOD] == pytest.approx(plain_change(before, now))
    assert changes[FAULTY] == pytest.approx(plain_change(before, slipped))


@pytest.mark.parametrize("by", gate.SLICES)
def test_without_a_slip_both_tables_are_the_same(by):
    changes = gate.largest_changes("every flight", 0.0, by)
    assert np.array_equal(changes[GOOD], changes[FAULTY])


def test_a_wider_bound_refuses_fewer_and_lets_more_through():
    views = [gate.gate_view(SETTINGS | {"bound": bound}) for bound in (0.01, 0.03, 0.1)]
    refused = np.array([view.table["refused"] for view in views])
    assert (np.diff(refused, axis=0) < 0).all()
    assert (views[0].table["refused"] + views[0].table["let through"] == 48).all()


def test_the_mean_of_all_rows_hides_what_the_slice_shows():
    hidden, shown = (
        gate.gate_view(SETTINGS | {"share": 100, "by": by, "bound": 0.05}).table["let through"]
        for by in ("all rows together", "each airline")
    )
    assert hidden[1] > 40
    assert shown[1] < 8


def test_good_tables_move_most_at_the_turn_of_july_and_at_christmas():
    changes = gate.largest_changes("every flight", 0.0, "all rows together")
    widest = changes.nlargest(2, GOOD)["date"].dt.strftime("%d %b").tolist()
    assert widest == ["24 Dec", "02 Jul"], "lesson 02 names these weeks"


def test_the_finding_states_what_the_table_holds():
    view = gate.gate_view(SETTINGS)
    refused, through = view.table["refused"][0], view.table["let through"][1]
    assert view.status == (
        f"The gate refuses {refused} of 48 good tables and lets {through} of 48 faulty ones through."
    )
    assert "for nothing" in gate.gate_view(SETTINGS | {"share": 0}).status


def test_moving_a_control_gives_the_plain_function_s_view():
    panel = gate.gate_lab()
    moved = panel.set(**SETTINGS)
    pd.testing.assert_frame_equal(moved.table, gate.gate_view(SETTINGS).table)
    assert moved.status == gate.gate_view(SETTINGS).status


def test_the_chart_draws():
    view = gate.gate_view(SETTINGS)
    data = {name: pd.DataFrame(columns) for name, columns in view.data.items()}
    chart = gate.gate_chart().properties(
        datasets={name: frame.to_dict("records") for name, frame in data.items()}
    )
    assert_draws(chart)


def test_false_alarms_are_those_of_the_widest_bound_that_lets_no_faulty_table_through():
    settings = {"hits": "one airline (DL)", "share": 100, "by": "each airline"}
    refused = [
        tuple(gate.gate_view({**settings, "bound": bound}).table["refused"])
        for bound in gate.BOUNDS
    ]
    alarms = min(good for good, faulty in refused if faulty == 48)
    assert gate.false_alarms("one airline (DL)", 1.0, "each airline") == alarms
