"""The harness itself, and still charts in a real JupyterLab."""

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


def test_a_failing_cell_is_reported(desk):
    desk.write("failing", ["1 / 0"])
    desk.open("failing")
    desk.run_all()
    assert desk.errors() == ["ZeroDivisionError: division by zero"]


def test_a_request_to_the_world_is_refused_and_noticed(desk):
    desk.write("outside", ["1 + 1"])
    desk.open("outside")
    desk.page.evaluate("fetch('http://192.0.2.1/x').catch(() => 0)")
    assert desk.outside == ["http://192.0.2.1/x"]
    desk.outside.clear()


def test_a_still_chart_is_drawn_without_a_network_and_follows_the_theme(desk):
    desk.write("still", [SETUP, CHART])
    desk.open("still")
    desk.run_all()
    assert desk.errors() == []
    desk.page.wait_for_selector(".vega-embed svg .mark-symbol path")
    colours = {}
    for theme in ("light", "dark"):
        desk.theme(theme)
        colours[theme] = set(desk.page.evaluate(TEXT_COLOUR))
        assert desk.axe() == []
        desk.screenshot(f"still-{theme}")
    assert len(colours["light"]) == len(colours["dark"]) == 1
    assert colours["light"] != colours["dark"]


def test_a_saved_chart_is_drawn_before_anything_runs(desk):
    desk.write("saved", [SETUP, CHART])
    desk.open("saved")
    desk.run_all()
    saved = desk.save()
    assert {"image/png", "text/plain"} < set(saved["cells"][1]["outputs"][0]["data"])
    desk.restart_kernel()
    desk.reload()
    desk.page.wait_for_selector(".vega-embed svg .mark-symbol path")
