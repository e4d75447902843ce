"""Every lab of the course in a real JupyterLab: each control, moved by keyboard, moves the marks."""

import importlib
import pkgutil

import pytest
from layout import IN_ORDER, turned

from lessons_lib import labs
from lessons_lib.charts import LivePanel

SETUP = "import lessons_lib; lessons_lib.setup()"
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


@pytest.mark.parametrize("name", PANELS)
def test_a_lab_is_a_live_panel(name):
    assert isinstance(getattr(importlib.import_module(HOMES[name]), name)(), LivePanel)
