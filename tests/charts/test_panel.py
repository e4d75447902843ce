import asyncio
import base64
import json
from types import SimpleNamespace

import altair as alt
import nbformat
import numpy as np
import pandas as pd
import pytest
from nbconvert import HTMLExporter

from lessons_lib import charts
from lessons_lib.charts import Choice, LivePanel, Slider, View, panel, png


def queue(settings):
    """A small lab: one curve, one sentence, one table."""
    if settings["servers"] == 13:
        raise ZeroDivisionError("thirteen")
    percent = np.linspace(1, 99, 50)
    seconds = 0.1 + percent / settings["servers"] / 100
    name = settings["inputs"]
    frame = pd.DataFrame({"servers": [settings["servers"]], "p50 (s)": [np.median(seconds)]})
    rows = {"percent": percent, "seconds": seconds, "mode": ["static", "dynamic"] * 25}
    return View({"rows": rows}, f"{settings['servers']} servers, {name}.", frame)


def chart(dataset="rows"):
    x, y = alt.X("percent:Q", title="percentile (%)"), alt.Y("seconds:Q", title="latency (s)")
    base = alt.Chart(alt.NamedData(dataset), width=300, height=200)
    return base.mark_line().encode(x=x, y=y, **charts.cues("mode", ["static", "dynamic"]))


CONTROLS = (
    Slider("servers", "Servers", "servers", value=2, start=1, stop=20, step=1),
    Choice("inputs", "Input distribution", ["keys", "words"]),
)


@pytest.fixture
def lab():
    made = LivePanel(chart(), CONTROLS, queue, title="Queue", description="A curve.")
    made.sent = []
    made.send = lambda content, buffers=(): made.sent.append((content, buffers))
    yield made
    made.close()


def test_moving_it_from_python_gives_what_the_plain_function_gives(lab):
    view = lab.set(servers=8, inputs="words")
    expected = queue({"servers": 8, "inputs": "words"})
    assert lab.settings == {"servers": 8, "inputs": "words"}
    assert view.status == expected.status == "8 servers, words."
    pd.testing.assert_frame_equal(view.table, expected.table)
    np.testing.assert_array_equal(view.data["rows"]["seconds"], expected.data["rows"]["seconds"])


def test_the_page_is_told_what_python_did(lab):
    lab.set(servers=8)
    content, buffers = lab.sent[-1]
    assert content["at"] == [7, 0]
    assert content["to"] is None
    assert content["table"]["rows"][0][0] == "8"
    assert sum(map(len, buffers)) == 50 * (4 + 4 + 1)


def test_a_move_on_the_page_runs_the_same_function(lab):
    lab._receive(lab, {"kind": "set", "me": "page", "at": [3, 1]}, [])
    content, _ = lab.sent[-1]
    assert (content["kind"], content["to"], content["at"]) == ("view", "page", [3, 1])
    assert content["status"] == lab.view.status == "4 servers, words."


def test_a_failing_lab_says_so_and_keeps_what_it_showed(lab):
    before = lab.view
    lab._receive(lab, {"kind": "set", "me": "page", "at": [12, 0]}, [])
    content, _ = lab.sent[-1]
    assert (content["kind"], content["to"]) == ("failed", "page")
    assert "ZeroDivisionError: thirteen" in content["status"]
    assert lab.view is before
    assert lab.settings["servers"] == 2
    with pytest.raises(ZeroDivisionError):
        lab.set(servers=13)


def test_a_page_that_arrives_gets_vega_and_the_present_view(lab):
    lab._receive(lab, {"kind": "vega"}, [])
    lab._receive(lab, {"kind": "hello", "me": "page"}, [])
    (vega, bundle), (view, _) = lab.sent
    assert vega == {"kind": "vega"}
    assert 100_000 < len(bundle[0]) < 250_000
    assert (view["kind"], view["to"], view["at"]) == ("view", "page", [1, 0])


def test_what_is_synchronised_is_small_and_holds_no_drawing_code(lab):
    state = {key: str(value) for key, value in lab.get_state().items()}
    assert sum(map(len, state.values())) < 40_000
    assert "data" not in lab.spec["data"][0]


def test_where_no_kernel_runs_a_picture_and_a_sentence_are_shown(lab):
    bundle, metadata = lab._repr_mimebundle_()
    assert bundle["text/plain"] == (
        "Queue (Servers: 2 servers; Input distribution: keys). 2 servers, keys."
    )
    width, height = png.size(bundle["image/png"])
    size = {"width": width // 2, "height": height // 2}
    assert metadata["image/png"] == {**size, "alt": bundle["text/plain"]}
    assert len(bundle["image/png"]) < 40_000


def test_an_exported_page_shows_the_picture(lab):
    bundle, metadata = lab._repr_mimebundle_()
    bundle["image/png"] = base64.b64encode(bundle["image/png"]).decode("ascii")
    output = nbformat.v4.new_output("display_data", bundle, metadata=metadata)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", outputs=[output])])
    nbformat.validate(notebook)
    page, _ = HTMLExporter().from_notebook_node(notebook)
    assert f"data:image/png;base64,{bundle['image/png'][:60]}" in page


def test_a_saved_notebook_holds_settings_picture_and_finding_as_they_were_left(lab, monkeypatch):
    outputs = []

    def display(forms, **how):
        outputs.append(forms)
        place = len(outputs) - 1
        return SimpleNamespace(update=lambda forms, raw: outputs.__setitem__(place, forms))

    monkeypatch.setattr(panel, "display", display)
    monkeypatch.setattr(panel, "REST", 0.05)

    async def a_learner_moves():
        lab._ipython_display_()
        first = dict(outputs[1])
        for servers in (3, 4, 5):
            lab.set(servers=servers)
        assert outputs[1] == first, "nothing is drawn while the hand moves"
        while outputs[1] == first:
            await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(a_learner_moves(), 60))
    assert len(outputs) == 2
    kept = outputs[1]
    assert kept["text/plain"].startswith("As you left it: Queue (Servers: 5 servers;")
    assert (
        "Queue (Servers: 2 servers; Input distribution: keys). 2 servers, keys."
        in kept["text/html"]
    )
    assert kept["text/html"].count("<img") == 1
    assert "5 servers, keys." in kept["text/html"]


def test_the_picture_shows_where_the_controls_stand(lab):
    first = lab._repr_mimebundle_()[0]["image/png"]
    lab.set(servers=19)
    assert lab._repr_mimebundle_()[0]["image/png"] != first


def test_the_chart_is_compiled_once_and_silent_for_screen_readers(lab):
    assert lab.spec["$schema"].endswith("vega/v6.json")
    assert lab.spec["config"]["aria"] is False
    assert "currentColor" in json.dumps(lab.spec)
    before = json.dumps(lab.spec)
    lab.set(servers=5)
    assert json.dumps(lab.spec) == before


def test_the_page_is_told_which_widths_it_may_set(lab):
    (row,) = lab.texts["rows"]
    assert row["views"] == [{"name": None, "signal": "width", "width": 300}]
    assert lab.texts["longest"] == 120


def test_a_row_of_views_may_stack_and_the_picture_keeps_their_widths():
    made = LivePanel(chart() | chart(), CONTROLS, queue, title="T", description="D")
    (row,) = made.texts["rows"]
    assert row["columns"] in {signal["name"] for signal in made.spec["signals"]}
    assert [view["width"] for view in row["views"]] == [300, 300]
    assert "inLines" in json.dumps(made.spec)
    width, _ = png.size(made._repr_mimebundle_()[0]["image/png"])
    assert width > 2 * 600


@pytest.mark.parametrize("controls", [(), CONTROLS[:1] * 2, CONTROLS[:1] * 5])
def test_none_too_many_or_equal_controls_are_refused(controls):
    with pytest.raises(ValueError, match="1 to 4 controls of different names"):
        LivePanel(chart(), controls, queue, title="T", description="D")


def test_a_missing_data_set_is_named():
    with pytest.raises(ValueError, match=r"draws \['other'\], but compute gave \['rows'\]"):
        LivePanel(chart("other"), CONTROLS, queue, title="T", description="D")


def test_columns_are_neither_converted_nor_copied_in_the_page(lab):
    assert "toNumber" not in json.dumps(lab.spec)


def test_data_sets_that_the_chart_does_not_draw_stay_in_the_kernel():
    def more(settings):
        view = queue(settings)
        return View({**view.data, "other": {"x": [1]}}, view.status)

    made = LivePanel(chart(), CONTROLS, more, title="T", description="D")
    assert set(made._packed[0]) == {"rows"}
    assert "other" in made.view.data


def test_impossible_moves_are_refused_with_the_way_out(lab):
    with pytest.raises(ValueError, match="'speed' is no control: take servers, inputs"):
        lab.set(speed=3)
    with pytest.raises(ValueError, match="take 19 or 20"):
        lab.set(servers=21)
    assert lab.settings["servers"] == 2


def test_the_bundle_is_packed_once():
    assert panel._vega_bundle() is panel._vega_bundle()
