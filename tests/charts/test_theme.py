import altair as alt
import pytest

from lessons_lib import charts
from lessons_lib.charts import theme

BACKGROUNDS = {"light": "#ffffff", "dark": "#111111", "dark input": "#212121"}
"""The grounds a chart stands on in JupyterLab's own themes."""


def contrast(first, second):
    """The contrast of two colours, from 1 to 21 (WCAG 2.2): text needs 4.5, marks of a chart 3."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour):
    """A colour's relative luminance (WCAG 2.2), from 0 to 1."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("ground", BACKGROUNDS.values(), ids=BACKGROUNDS)
@pytest.mark.parametrize("colour", charts.PALETTE)
def test_each_colour_stands_out_on_light_and_dark(colour, ground):
    assert contrast(colour, ground) >= 3


def test_text_of_pictures_reads_well():
    assert contrast(theme.PRINT_TEXT, "#ffffff") >= 7


def test_no_single_grey_would_read_well_on_both_grounds():
    """The reason for ``currentColor``: this fails the day a theme makes a fixed grey possible."""
    greys = [f"#{level:02x}{level:02x}{level:02x}" for level in range(256)]
    best = max(min(contrast(g, b) for b in BACKGROUNDS.values()) for g in greys)
    assert best < 4.5


def test_guides_take_the_colour_of_the_page():
    config = theme.config()
    for guide in ("axis", "legend", "header"):
        assert config[guide]["labelColor"] == config[guide]["titleColor"] == "currentColor"
    assert config["background"] == "transparent"


def test_every_mode_has_its_own_colour_dash_and_shape():
    for cue in (charts.MODE_COLOURS, charts.MODE_DASHES, charts.MODE_SHAPES):
        assert len({str(value) for value in cue.values()}) == len(cue) == 4


def test_a_mode_looks_the_same_under_any_label():
    plain = charts.cues("mode", ["dynamic"])
    named = charts.cues("mode", {"from the model": "dynamic"})
    for channel in ("color", "strokeDash"):
        assert plain[channel]["scale"]["range"] == named[channel]["scale"]["range"]
    assert named["color"]["scale"]["domain"] == ["from the model"]


def test_other_series_take_what_the_modes_leave():
    found = charts.cues("who", ["Zipf", "static", "uniform"], mark="point")
    assert found["color"]["scale"]["range"][1] == charts.MODE_COLOURS["static"]
    assert (
        len(set(found["color"]["scale"]["range"]))
        == len(set(found["shape"]["scale"]["range"]))
        == 3
    )


def test_too_many_series_are_refused_with_the_way_out():
    with pytest.raises(ValueError, match="5 series are more than the 4 cues"):
        charts.cues("who", list("abcde"))
    with pytest.raises(ValueError, match="mark 'pie' is not known"):
        charts.cues("who", ["a"], mark="pie")


def test_cues_go_into_a_chart():
    chart = alt.Chart(alt.NamedData("rows")).mark_line().encode(**charts.cues("mode", ["static"]))
    assert chart.to_dict()["encoding"]["strokeDash"]["scale"]["domain"] == ["static"]
