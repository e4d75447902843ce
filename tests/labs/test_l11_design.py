"""Lesson 11's labs: one run of the panel against the engine's own report, and what is shown of a grade."""

import json
import re
from dataclasses import asdict

import numpy as np
import pandas as pd
import pytest
from charts.drawing import assert_draws

from lessons_lib import charts
from lessons_lib.capstone import ATTACKS, WORLDS, Design, Forecast, practise, submit
from lessons_lib.capstone.grade import COLUMNS
from lessons_lib.exercises import l11_router
from lessons_lib.labs import l11_design as lab
from lessons_lib.labs import l11_grade as shown
from lessons_lib.labs.l11_letters import facts, two_days
from lessons_lib.record import catalogue

START = {"happens": "calm", "rows": 1_000, "servers": 2, "ttl": 60}
BASE = Design(table_size=1_000, servers=2, ttl=60, refresh=900)


@pytest.fixture(scope="module")
def lesson():
    text = (catalogue.NOTEBOOKS / "11_capstone.ipynb").read_text(encoding="utf-8")
    return "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])


@pytest.fixture(scope="module")
def grade():
    return submit("shop", BASE, Forecast(p99=1.0, cost=3.0, coverage=0.9), "Client: a shop.")


def view(**settings):
    return lab.design_view("shop", BASE, {**START, **settings})


def test_a_run_of_the_lab_is_near_that_of_a_practice_day():
    parts = practise("shop", BASE).parts
    for happens in ATTACKS:
        _, figures = lab._run("shop", happens, **asdict(BASE))
        assert figures["cost"] == parts.loc[happens, "cost"]
        for name, apart in (("value", 1.0), ("coverage", 0.05), ("staleness", 0.05), ("bad", 0.03)):
            assert figures[name] == pytest.approx(parts.loc[happens, name], abs=apart)
        table = view(happens=happens).table.set_index("design")
        said = table.loc["as you set it", "value (USD/day)"]
        assert said == charts.number(figures["value"])


def test_shares_along_the_run_add_up_and_the_trouble_stands_where_it_is():
    data = view(happens="loss").data
    along = pd.DataFrame(data["along"])
    np.testing.assert_allclose(along.groupby("second")["share"].sum(), 1.0)
    begin, end = data["trouble"]["second"]
    shares = along.set_index("second")
    during = shares[(shares.index > begin) & (shares.index < end)]
    late = during[during["source"] == "default or none"]["share"].mean()
    early = shares[(shares.index < begin) & (shares["source"] == "default or none")]["share"].mean()
    assert late > early
    assert len(view().data["trouble"]["second"]) == 0


def test_a_mode_that_is_not_there_is_not_drawn():
    assert list(view(servers=0).data["earned"]["who"]) == ["as you set it", "table alone"]
    assert list(view(rows=0).data["earned"]["who"]) == ["as you set it", "model alone"]
    nothing = view(rows=0, servers=0)
    assert len(nothing.data["earned"]["who"]) == len(nothing.data["along"]["second"]) == 0
    assert "nothing could answer" in nothing.status


def test_the_panel_shows_what_the_function_gives():
    panel = lab.design_lab("shop", BASE)
    assert panel.settings == START
    panel.set(happens="fault", servers=3)
    assert panel.view.status == view(happens="fault", servers=3).status
    assert "broken inputs" in panel.view.status
    assert len(panel._repr_mimebundle_()[0]["image/png"]) > 1000
    assert {data["name"] for data in panel.spec["data"]} >= {"along", "trouble", "earned"}


@pytest.mark.parametrize("world", WORLDS)
def test_it_opens_for_each_client(world):
    assert "USD a day" in lab.design_lab(world).view.status


def test_the_grade_is_one_chart_and_one_table(grade):
    chart = shown.grade_chart(grade)
    assert_draws(chart)
    table = shown.grade_table(grade)
    assert table.loc["grade of 100", "your design"] == charts.number(grade.grade)
    assert list(table.loc["p99"])[2] == "1 s"
    assert table.loc["from broken inputs", "forecast"] == ""


def test_a_router_that_was_caught_is_told_of(grade):
    def lying(table, model, clock):
        class Liar:
            def answer(self, request):
                from lessons_lib.answer import Answer

                return Answer(0.5, "model", 0.0)

        return Liar()

    caught = submit("shop", BASE, grade.forecast, "", router=lying)
    assert "neither table nor model" in shown.grade_table(caught).iloc[0, 0]


def test_words_of_a_record_are_counted_part_by_part():
    record = "Client: a shop with spikes\nDecision: two paths\nRejected:\nWould change it: drift"
    assert list(shown.written(record).values()) == [4, 2, 0, 1]
    assert set(shown.written("").values()) == {0}


class Guess:
    def __init__(self, value=None):
        self.value = value


def test_what_was_not_committed_comes_from_practice():
    practised = pd.DataFrame({"p99": [0.2, 0.4], "cost": [3.0, 3.0], "coverage": [0.9, 1.0]})
    found = shown.forecast_from(Guess(250.0), Guess(), Guess(95.0), practised)
    assert tuple(found) == pytest.approx((0.25, 3.0, 0.95))


@pytest.mark.parametrize("part", shown.UNITS)
def test_a_part_is_mended_and_the_others_stay(part):
    after = shown.mended(BASE, part)
    assert getattr(after, part) != getattr(BASE, part)
    assert sum(getattr(after, name) != getattr(BASE, name) for name in vars(BASE)) == 1


def test_the_letters_in_numbers_are_the_worlds_own():
    assert list(facts()) == list(WORLDS)
    yesterday, today, arrive = two_days("shop")
    assert len(today) == len(arrive)
    assert arrive.min() >= 0
    rate = len(arrive) / arrive.max()
    assert rate == pytest.approx(WORLDS["shop"].rate, rel=0.05)
    assert len(yesterday) > 1_000


@pytest.mark.parametrize(("days", "k"), [(4, 1), (39, 2)])
def test_the_chance_to_miss_is_that_of_draws(days, k):
    """Against 40,000 draws of as many days and one more."""
    draws = np.random.default_rng(11).random((40_000, days + 1))
    ranked = np.sort(draws[:, :-1], axis=1)
    outside = (draws[:, -1] < ranked[:, k - 1]) | (draws[:, -1] > ranked[:, -k])
    assert outside.mean() == pytest.approx(shown.misses(days, k), rel=0.05)


@pytest.mark.parametrize("name", ATTACKS[1:])
def test_each_attack_is_explained_before_the_lab(lesson, name):
    assert f"- *{name}*: " in lesson.split("import design_lab")[0]


@pytest.mark.parametrize("name", COLUMNS)
def test_each_figure_is_named_before_it_is_shown(lesson, name):
    assert re.search(
        rf"\b{name}\b|\*{name}s\*", lesson.split("moved = ")[0].split("## Four letters")[1]
    )


def test_the_router_of_the_lesson_has_what_its_exercise_gave_it(lesson):
    [settings] = re.findall(r"bought = Design\((.*)\)", lesson)
    assert eval(f"dict({settings})").items() <= asdict(l11_router.SHOP).items()
