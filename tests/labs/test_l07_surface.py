"""The break-even lab: its border against the bills themselves, the formula, and its panel."""

from itertools import pairwise
from math import inf

import numpy as np
import pytest

from lessons_lib import cost
from lessons_lib.labs import l07_surface as surface

START = {"keys": 1_000_000, "run": 0.3, "sized": "the mean load", "stale": 0}


def borders(**settings):
    return np.array([surface.border_at(row, {**START, **settings}) for row in surface.ROWS])


def view(**settings):
    return surface.surface_view({**START, **settings})


@pytest.mark.parametrize("stale", [0, 0.02])
@pytest.mark.parametrize("sized", surface.SIZED)
def test_each_mark_says_whose_bill_is_lower(sized, stale):
    cells = view(sized=sized, stale=stale).data["cells"]
    assert len(cells) == len(surface.ROWS) * len(surface.ASKED)
    for cell in cells.iloc[::17].itertuples():
        table = surface.static(cell.asked, cell.row, 1_000_000, 0.3, stale).total
        model = surface.dynamic(cell.asked, 1_000_000, 0.3, sized).total
        assert cell.cheaper == ("the table" if table <= model else "the model")
        wanted = min(max(table, model) / min(table, model), surface.MOST)
        assert cell.ratio == pytest.approx(wanted)


def test_without_idle_servers_a_large_table_follows_the_formula():
    wanted = [surface.formula(row, 3.0) for row in surface.ROWS[:4]]
    assert borders(run=3.0)[:4] == pytest.approx(wanted, rel=0.2)


def test_the_table_pays_at_the_border_and_not_before():
    for row, asked in zip(surface.ROWS, borders(), strict=True):
        for factor, sign in ((0.999, 1), (1.001, -1)):
            table = surface.static(asked * factor, row, 1_000_000, 0.3, 0).total
            gap = table - surface.dynamic(asked * factor, 1_000_000, 0.3, "the mean load").total
            assert gap * sign >= 0


def test_head_room_for_the_tail_lets_the_table_pay_sooner():
    sized = [borders(sized=name) for name in surface.SIZED]
    for loose, tight in pairwise(sized):
        assert (tight <= loose * (1 + 1e-9)).all()
    assert sized[-1][0] < sized[0][0] / 2


def test_stale_answers_let_it_pay_later_and_in_the_end_never():
    assert (borders(stale=0.01) >= borders()).all()
    assert (borders(stale=0.5) == inf).all()
    assert "dearer everywhere" in view(stale=0.5).status
    assert len(view(stale=0.5).data["border"]["row"]) == 0


def test_where_the_table_is_cheaper_in_between_only_the_sentence_says_so():
    shown = view(stale=0.1, sized="the peak, p99 within 5 runs")
    places = int((shown.data["cells"]["cheaper"] == "the table").sum())
    assert 0 < places < len(shown.data["cells"])
    assert f"cheaper at {places} of" in shown.status


def test_few_keys_never_pay_for_less_than_a_server():
    asked = borders(keys=1_000)[0]
    assert asked * 1_000 / cost.DAY * 0.3 > 0.9 or asked == inf


def test_the_sentence_and_the_table_tell_the_same():
    shown = view()
    rows = shown.table.set_index("a row costs (runs)")["the table pays from (requests per key)"]
    for row in (0.5, 0.01):
        assert rows[row] in shown.status


def test_panel_shows_what_the_function_gives():
    panel = surface.surface_lab()
    assert panel.settings == START
    panel.set(keys=1_000, run=1.0, sized="the peak, p99 within 5 runs", stale=0.05)
    wanted = surface.surface_view(panel.settings)
    assert panel.view.status == wanted.status
    assert panel.view.table.equals(wanted.table)
    assert {data["name"] for data in panel.spec["data"]} >= {"cells", "border"}
    assert len(panel._repr_mimebundle_()[0]["image/png"]) > 1000
