import json
import re
import subprocess
import sys

import altair as alt
import nbformat
import pandas as pd
import pytest
import vl_convert

from charts.drawing import assert_draws
from lessons_lib import charts
from lessons_lib.charts import png, still, theme
from lessons_lib.record import page

FRAME = pd.DataFrame({"servers": [1, 2, 3] * 2, "p99": [9, 5, 4, 2, 2, 2], "mode": ["static"] * 3 + ["dynamic"] * 3})  # fmt: skip


@pytest.fixture(autouse=True)
def course_charts():
    with alt.theme.enable("default"), alt.renderers.enable("default"):
        charts.enable()
        yield


def latency_chart(title="Latency by number of servers"):
    x = alt.X("servers:Q", title="servers")
    y = alt.Y("p99:Q", title="latency, p99 (ms)")
    base = alt.Chart(FRAME, title=title).encode(
        x=x, y=y, **charts.cues("mode", ["static", "dynamic"])
    )
    return base.mark_line() + base.mark_point()


def bundle_of(chart):
    return alt.renderers.get()(chart.to_dict())


def test_a_chart_is_shown_in_three_forms_and_none_is_a_web_page():
    bundle, metadata = bundle_of(latency_chart())
    assert set(bundle) == {"application/vnd.vegalite.v5+json", "image/png", "text/plain"}
    assert bundle["text/plain"] == (
        "Latency by number of servers: chart of latency, p99 (ms) against servers."
    )
    width, height = png.size(bundle["image/png"])
    assert metadata["image/png"] == {"width": width // 2, "height": height // 2}
    style = metadata["application/vnd.vegalite.v5+json"]["embed_options"]["defaultStyle"]
    assert "direction: ltr" in style
    assert "max-width: 100%" in style
    assert ".mark-text.role-mark text { paint-order: stroke;" in style, "words stand out"


def test_the_specification_is_the_one_jupyterlab_bundles():
    spec = bundle_of(latency_chart())[0]["application/vnd.vegalite.v5+json"]
    assert spec["$schema"].endswith("/vega-lite/v5.6.1.json")
    assert spec["usermeta"]["embedOptions"] == {"renderer": "svg", "actions": False}
    assert spec["description"].startswith("Latency")


def test_an_executed_notebook_may_hold_it():
    bundle, metadata = bundle_of(latency_chart())
    bundle = {**bundle, "image/png": "cGljdHVyZQ=="}
    output = nbformat.v4.new_output("display_data", bundle, metadata=metadata)
    cell = nbformat.v4.new_code_cell(outputs=[output], execution_count=1)
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))


def test_a_chart_is_small_enough_for_ten_of_them_in_a_lesson():
    bundle, _ = bundle_of(latency_chart())
    assert len(bundle["image/png"]) < 40_000


def test_the_caller_s_chart_is_left_as_it_was():
    chart = latency_chart()
    before = json.dumps(chart.to_dict())
    charts.vegalite5(chart)
    charts.picture(chart)
    assert json.dumps(chart.to_dict()) == before


def test_a_good_chart_draws():
    assert_draws(latency_chart())


def test_a_chart_without_marks_is_caught():
    with pytest.raises(AssertionError, match="draws no mark"):
        assert_draws(alt.Chart(FRAME[:0]).mark_point().encode(x="servers:Q"))


def test_a_warning_of_vega_lite_is_caught():
    warned = alt.Chart(FRAME).mark_point().encode(x="servers:Q", size="mode:N")
    with pytest.raises(AssertionError, match="warns about the chart"):
        assert_draws(warned)


def test_text_turns_dark_and_the_ground_white_in_a_picture():
    from lessons_lib.charts import still

    spec = still.printed(charts.vegalite5(latency_chart()))
    assert "currentColor" not in json.dumps(spec)
    assert spec["config"]["background"] == "#ffffff"


def test_setting_up_leaves_the_hidden_module_importable():
    code = (
        "import lessons_lib, sys; lessons_lib.setup(); import altair as alt;"
        "assert alt.renderers.active == 'lessons' and alt.theme.active == 'lessons';"
        "import rfc3987_syntax"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("title", "least"), [("Latency", 0), ("Latency of each request, from when it was due", 400)]
)
def test_a_title_is_broken_only_where_its_line_is_too_long(title, least):
    spec = still.follow_width(still.vegalite5(latency_chart(title)))
    if not least:
        assert spec["title"] == title
        return
    fits, whole, broken = re.fullmatch(
        r'.* > (\d+) \? (".*") : (\[.*\])', spec["title"]["text"]["expr"]
    ).groups()
    assert int(fits) >= least
    assert json.loads(whole) == title == " ".join(json.loads(broken))


def test_axes_write_shares_as_the_texts_do():
    share = alt.Chart(pd.DataFrame({"x": [0, 1], "y": [0, 1]})).mark_line()
    y = alt.Y("y:Q", axis=alt.Axis(format="%"))
    spec = {**share.encode(x="x:Q", y=y).to_dict(), "config": theme.config()}
    svg = vl_convert.vegalite_to_svg(still.vegalite5(spec), vl_version=still.NEAREST)
    assert ">20\N{NO-BREAK SPACE}%<" in svg
    assert charts.share(0.2) == "20 %"


def test_a_picture_in_a_page_stands_below_the_words_before_it():
    assert re.fullmatch(r"<div><img [^>]+></div>", page.markup(latency_chart()))
