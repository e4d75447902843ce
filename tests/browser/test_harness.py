"""The harness itself, and still charts in a real JupyterLab."""

import pytest

SETUP = "import lessons_lib; lessons_lib.setup()"
CHART = """
import altair as alt
import pandas as pd
from lessons_lib import charts

frame = pd.DataFrame({"servers": [1, 2, 3, 1, 2, 3], "p99": [9, 5, 4, 2, 2, 2],
                      "mode": ["static"] * 3 + ["dynamic"] * 3})
base = alt.Chart(frame, title="Latency by number of servers").encode(
    x=alt.X("servers:Q", title="servers"), y=alt.Y("p99:Q", title="latency, p99 (ms)"))
(base.mark_line().encode(**charts.cues("mode", ["static", "dynamic"]))
 + base.mark_point().encode(**charts.cues("mode", ["static", "dynamic"], mark="point")))
"""
TEXT_COLOUR = """[...document.querySelectorAll('.vega-embed svg text')].map(
    e => getComputedStyle(e).fill)"""


@pytest.fixture(scope="module")
def still(shared_desk):
    """A notebook with one still chart, run."""
    shared_desk.write("still", [SETUP, CHART, "1 + 1"])
    shared_desk.open("still")
    shared_desk.run_all()
    assert shared_desk.errors() == []
    return shared_desk


def test_a_still_chart_is_drawn_without_a_network_and_follows_the_theme(still):
    assert still.marks(".vega-embed") != []
    colours = {}
    for theme in ("light", "dark"):
        still.theme(theme)
        colours[theme] = set(still.page.evaluate(TEXT_COLOUR))
        assert still.axe() == []
        still.screenshot(f"still-{theme}")
    assert len(colours["light"]) == len(colours["dark"]) == 1
    assert colours["light"] != colours["dark"]


def test_a_failing_cell_is_reported(still):
    still.run_cell(2, "1 / 0")
    assert still.errors() == ["ZeroDivisionError: division by zero"]
    still.run_cell(2, "1 + 1")
    assert still.errors() == []


def test_a_request_to_the_world_is_refused_and_noticed(still):
    for host in ("192.0.2.1", "localhost", "example.org"):
        address = f"http://{host}:{still.lab.port}/x"
        with still.page.expect_event("requestfailed") as failed:
            still.page.evaluate("address => fetch(address).catch(() => 0)", address)
        assert failed.value.failure == "net::ERR_NAME_NOT_RESOLVED", "it reached no network"
        assert still.outside == [address]
        still.outside.clear()


def test_a_saved_chart_is_drawn_before_anything_runs(still):
    saved = still.save()
    assert {"image/png", "text/plain"} < set(saved["cells"][1]["outputs"][0]["data"])
    still.restart_kernel()
    still.reload()
    assert still.marks(".vega-embed") != []
