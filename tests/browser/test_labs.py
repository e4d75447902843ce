"""Every lab of the course in a real JupyterLab: each control, moved by keyboard, moves the marks."""

import importlib
import os
import pkgutil

import pytest
from lab import ROOT
from layout import IN_ORDER, LEGIBLE, at_width, turned

from lessons_lib import labs
from lessons_lib.charts import LivePanel

SETUP = "import lessons_lib; lessons_lib.setup()"
WIDTHS = [320, 640, 700, 1024, 1400]
"""Pixels of the page; 640 are 1280 at a zoom of 200 %."""
STILLS = """
import numpy as np, pandas as pd, altair as alt
from lessons_lib import charts
from lessons_lib.labs.l04_workers import beside, beside_chart, frontier_chart

names = ["key_mean", "tree", "live_logistic", "live", "forest", "blend"]
skill = pd.Series([0.098, 0.118, 0.13, 0.155, 0.157, 0.161], names)
alone = pd.Series([2e-6, 1e-3, 3e-3, 1.2e-3, 2e-2, 4.2e-3], names)
moved = pd.Series([2e-6, 2e-5, 4e-5, 8e-5, 1.2e-4, 1.2e-4], names)
frontier_chart(skill, alone, moved, 4.2e-3)
####
due = np.cumsum(np.random.default_rng(1).exponential(0.03, 220))
frame = pd.DataFrame({"latency": 0.02 + due / 100, "intended": due, "sent": due})
beside_chart(beside({1: frame, 2: frame, 4: frame}, 0.022))
####
from lessons_lib.labs.l05_cliff import coverage_chart
curves = ["timetable keys", "film words", "film sentences", "Zipf's law, exponent 0.97"]
coverage_chart({name: [0, 0.1 * i, 0.2 * i] for i, name in enumerate(curves)}, [1, 100, 4000])
####
from lessons_lib.labs.l03_timing import bars
bars(pd.Series({"regression, with its checks": 0.21, "the arithmetic alone": 0.0021}), "One prediction, step by step")
####
from lessons_lib.labs.l03_load import Run, measured_chart
measured_chart(Run(np.linspace(0, 5, 90), np.full(90, 0.02)), Run(np.array([0.5]), np.array([1.0])))
####
from lessons_lib.labs.l01_queue import waits_chart
waits_chart({"one server": np.arange(1000) * 0.7, "1,000 servers": np.ones(1000)})
####
from lessons_lib.labs.l07_day import load_chart
load_chart(np.linspace(0, 86_399, 90), np.full(90, 900.0), 6)
####
from lessons_lib.labs.l07_semantic import THRESHOLDS, curve_chart
rows = pd.DataFrame({"threshold": THRESHOLDS, "hits": 1 - THRESHOLDS, "changed": 0.1 - THRESHOLDS / 10})
curve_chart({"new": rows.assign(hits=rows["changed"]), "from memory": rows})
####
charts.beside(60, 51, ["60 servers", "51 servers"], "servers")
####
bars = pd.DataFrame({"hour": range(5, 24), "share": np.linspace(0.05, 0.35, 19)})
alt.Chart(bars, title="Late departures by scheduled hour, New York 2013").mark_bar().encode(
    x=alt.X("hour:O", title="scheduled hour of departure"),
    y=alt.Y("share:Q", title="share 15 min late or more", axis=alt.Axis(format="%")),
).properties(width=480, height=220)
"""
"""The still charts of the lessons, on invented numbers."""
HOMES = {
    name: f"lessons_lib.labs.{module.name}"
    for module in pkgutil.iter_modules(labs.__path__)
    for name in dir(importlib.import_module(f"lessons_lib.labs.{module.name}"))
    if name == "flagship" or name.endswith("_lab")
}
"""The name of each lab, and the module in which it stands."""
PANELS = sorted(HOMES)
MARKS = "[...panel.querySelectorAll('.lm-chart .role-mark path[d], .lm-chart .role-mark text')]"
SHAPES = f"panel => JSON.stringify({MARKS}.map(e => (e.getAttribute('d') || e.textContent) + e.getAttribute('transform')))"


@pytest.fixture(scope="module")
def benches(shared_desk):
    """One notebook with every lab in it, run and drawn."""
    shared_desk.write(
        "labs", [SETUP, *(f"from {HOMES[name]} import {name}\n{name}()" for name in PANELS)]
    )
    shared_desk.open("labs")
    shared_desk.run_all()
    assert shared_desk.errors() == []
    shared_desk.page.wait_for_function(
        "count => document.querySelectorAll('.lm-chart svg').length === count", arg=len(PANELS)
    )
    return shared_desk


@pytest.fixture(scope="module")
def stills(shared_desk, benches):
    """The still charts, in place of the labs: `benches` comes first, so these tests come last."""
    shared_desk.write("stills", [SETUP, *STILLS.split("####")])
    shared_desk.open("stills")
    shared_desk.run_all()
    assert shared_desk.errors() == []
    shared_desk.marks(".vega-embed")
    return shared_desk


@pytest.mark.parametrize("width", WIDTHS)
def test_labs_can_be_read_as_they_open(benches, width):  # first: nobody has moved a control yet
    with turned(benches, width, "ltr") as found:
        assert found == IN_ORDER
    with at_width(benches, width) as found:
        shot(benches, f"labs-opened-{width}")
        assert found == LEGIBLE


@pytest.mark.parametrize("name", PANELS)
def test_every_control_moves_the_marks_by_keyboard(benches, name):
    panel = benches.page.locator(".lm-panel").nth(PANELS.index(name))
    controls = panel.locator("input[type=range], select")
    assert 1 <= controls.count() <= 4
    height = panel.bounding_box()["height"]
    for i in range(controls.count()):
        control = controls.nth(i)
        before = panel.evaluate(SHAPES)
        # From wherever it stands, one of the two ends is another place.
        for key in ("End", "Home"):
            control.press(key)
            if moved(benches, panel, before):
                break
        else:
            pytest.fail(f"control {i + 1} of {name} moves nothing")
        said = panel.locator(".lm-status").inner_text()
        assert said, "one sentence states the finding"
        assert "No result" not in said
        assert "could not be drawn" not in said
    assert panel.bounding_box()["height"] == pytest.approx(height, abs=40), "the page does not jump"


def moved(desk, panel, before):
    """Whether the marks differ from `before` within a few seconds."""
    for _ in range(40):
        if panel.evaluate(SHAPES) != before:
            return True
        desk.page.wait_for_timeout(100)
    return False


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_labs_can_be_read_in_both_themes(benches, theme):
    benches.theme(theme)
    benches.screenshot(f"labs-{theme}")
    assert benches.axe() == []


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("width", [320, 1280])
def test_labs_fit_a_narrow_page_and_one_that_is_written_right_to_left(benches, width, direction):
    benches.page.evaluate("document.querySelectorAll('details').forEach(d => (d.open = true))")
    with turned(benches, width, direction) as found:
        assert found == IN_ORDER


@pytest.mark.parametrize("width", WIDTHS)
def test_labs_can_be_read_at_every_width(benches, width):
    benches.page.evaluate("document.querySelectorAll('details').forEach(d => (d.open = false))")
    with at_width(benches, width) as found:
        shot(benches, f"labs-{width}")
        assert found == LEGIBLE


def shot(desk, name):
    """A picture of the page at its present width, which `Desk.screenshot` changes; on request."""
    if os.environ.get("LESSONS_SCREENSHOTS"):
        path = ROOT / f"screenshots/{name}.png"
        desk.page.locator(".jp-Notebook").first.screenshot(path=path)


@pytest.mark.parametrize("width", [700, 1400])  # stacked, and side by side
def test_labs_keep_their_heights_while_their_controls_move(benches, width):
    with at_width(benches, width):
        sweep(benches, ["Home"])  # both sweeps then pass through the same settings
        first, second = sweep(benches, ["End", "Home"]), sweep(benches, ["End", "Home"])
    apart = {name: (first[name], second[name]) for name in PANELS}
    assert {name: two for name, two in apart.items() if abs(two[0] - two[1]) >= 1} == {}


def sweep(desk, keys):
    """Press these keys on every slider of every lab, each when the lab is at rest; the labs' heights then."""
    heights = {}
    for name in PANELS:
        panel = desk.page.locator(".lm-panel").nth(PANELS.index(name))
        for slider in panel.locator("input[type=range]").all():
            for key in keys:
                slider.press(key)
                desk.wait_for_panels()
        heights[name] = panel.bounding_box()["height"]
    return heights


def test_every_choice_of_a_lab_can_be_read_whole(benches):
    cut = benches.page.evaluate("""() => {
      const pen = document.createElement('canvas').getContext('2d');
      return [...document.querySelectorAll('.lm-panel select')].flatMap((select) => {
        pen.font = getComputedStyle(select).font;
        const room = select.clientWidth - 24;  // the arrow, and the space round the words
        return [...select.options].map((o) => o.text).filter((t) => pen.measureText(t).width > room);
      });
    }""")
    assert cut == []


@pytest.mark.parametrize("name", PANELS)
def test_the_sliders_of_a_lab_align(benches, name):
    panel = benches.page.locator(".lm-panel").nth(PANELS.index(name))
    places = panel.locator("input[type=range]").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect()).map(b => [Math.round(b.left), Math.round(b.width)])"
    )
    by_column = {left: width for left, width in places}
    assert len(by_column) <= 2
    assert all(by_column[left] == width for left, width in places)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_among_the_marks_stand_out_from_what_they_lie_on(benches, theme):
    benches.theme(theme)
    words = benches.page.evaluate(
        "[...document.querySelectorAll('.lm-chart .mark-text.role-mark text')]"
        ".map(e => getComputedStyle(e)).map(s => [s.paintOrder, s.stroke, s.strokeWidth, s.fill])"
    )
    assert words
    assert {(order, width) for order, _, width, _ in words} == {("stroke", "3px")}
    assert all(stroke not in ("none", fill) for _, stroke, _, fill in words)


@pytest.mark.parametrize("name", PANELS)
def test_a_lab_is_a_live_panel(name):
    assert isinstance(getattr(importlib.import_module(HOMES[name]), name)(), LivePanel)


@pytest.mark.parametrize("width", WIDTHS)
def test_still_charts_can_be_read_at_every_width(stills, width):
    with at_width(stills, width) as found:
        assert found == LEGIBLE
