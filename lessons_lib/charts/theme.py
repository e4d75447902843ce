"""One look for every chart of the course: colours, a second cue, legible in light and dark.

It must not know what a chart shows.

No one grey reads well on white and on JupyterLab's near-black at once (the best reaches a contrast
of 4.3, and 4.5 is needed), so text and axes are drawn in ``currentColor``: the browser fills in the
page's own text colour, and follows when the theme is switched. Marks cannot do that, so their
colours were chosen to stand at 3:1 or better on each ground of JupyterLab's own themes.
"""

from collections.abc import Mapping, Sequence

import altair as alt

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#767676")
"""Blue, vermilion, green, purple, grey: the colours of Okabe and Ito (2008, "Color Universal
Design") that are strong enough on light and on dark grounds alike, and a grey."""

MODE_COLOURS = {
    "static": PALETTE[0],
    "dynamic": PALETTE[1],
    "hybrid": PALETTE[2],
    "theory": PALETTE[4],
}
"""The colour of each mode of inference, the same in every lesson."""

MODE_DASHES = {"static": [1, 0], "dynamic": [7, 3], "hybrid": [2, 2], "theory": [10, 3, 2, 3]}
"""The dash of each mode's lines, so that no reading rests on colour alone."""

MODE_SHAPES = {
    "static": "circle",
    "dynamic": "triangle-up",
    "hybrid": "square",
    "theory": "diamond",
}
"""The shape of each mode's points."""

NUMBERS = {
    "decimal": ".",
    "thousands": ",",
    "grouping": [3],
    "currency": ["$", ""],
    "percent": "\N{NO-BREAK SPACE}%",
}
"""How axes write numbers: a share as in the texts beside them, "50 %"."""

TEXT = "currentColor"
PRINT_TEXT = "#1a1a1a"
"""What stands for `TEXT` in a picture, which always has white behind it."""


def cues(
    field: str,
    names: Sequence[str] | Mapping[str, str],
    *,
    mark: str = "line",
    title: str | None = None,
    legend: str | None = "right",
) -> dict:
    """The encodings that tell series apart by colour and by a second cue, for ``Chart.encode``.

    Parameters
    ----------
    field : str
        The column that names the series.
    names : sequence of str, or mapping of str to str
        The series in the order of the legend. A mode's name takes that mode's colour; a mapping
        says which mode a label stands for (``{"from the table": "static"}``).
    mark : {"line", "point", "area"}
        What is drawn: lines get dashes, points get shapes, areas and bars get the colour alone
        (label those directly).
    title : str, optional
        The legend's title; the field's name unless given.
    legend : str or None
        The side of the chart on which it stands; None for none.

    Examples
    --------
    >>> cues("mode", ["static", "dynamic"])["color"]["scale"]["range"]
    ['#0072B2', '#D55E00']
    """
    if mark not in ("line", "point", "area"):
        raise ValueError(f"mark {mark!r} is not known: give 'line', 'point' or 'area'.")
    modes = _modes(names)
    second = {
        "line": {"strokeDash": (alt.StrokeDash, MODE_DASHES)},
        "point": {"shape": (alt.Shape, MODE_SHAPES)},
        "area": {},
    }[mark]
    # A sample of a line is so long that its dashes can be told apart.
    room = {"symbolSize": 600} if mark == "line" and legend else {}
    return {
        channel: encode(
            f"{field}:N",
            title=field if title is None else title,
            scale=alt.Scale(domain=list(modes), range=[cue[mode] for mode in modes.values()]),
            legend=legend and alt.Legend(orient=legend, **room),
        )
        for channel, (encode, cue) in {"color": (alt.Color, MODE_COLOURS), **second}.items()
    }


def config() -> dict:
    """The Vega-Lite configuration that every chart of the course is drawn with."""
    guide = {"labelColor": TEXT, "titleColor": TEXT, "labelFontSize": 12, "titleFontSize": 12}
    lines = {"domainColor": "#8888", "tickColor": "#8888", "gridColor": "#8883"}
    return {
        "background": "transparent",
        "view": {"stroke": None, "continuousWidth": 520, "continuousHeight": 260},
        "mark": {"color": PALETTE[0]},
        "line": {"strokeWidth": 2.5},
        "point": {"size": 60, "filled": True, "opacity": 1},
        "rule": {"color": PALETTE[4]},
        "text": {"color": TEXT, "fontSize": 12},
        "axis": {
            **guide,
            **lines,
            "titleFontWeight": "normal",
            "titlePadding": 8,
            "labelSeparation": 6,
        },
        "legend": {**guide, "symbolSize": 120, "symbolStrokeWidth": 2.5, "titleFontWeight": "bold"},
        "header": guide,
        "title": {"color": TEXT, "subtitleColor": TEXT, "fontSize": 14, "anchor": "start"},
        "range": {"category": list(PALETTE)},
        # Written out where they fit upright; a narrow page leaves some out.
        "axisXDiscrete": {"labelAngle": 0, "labelOverlap": True},
        "locale": {"number": NUMBERS},
    }


def _modes(names: Sequence[str] | Mapping[str, str]) -> dict[str, str]:
    """Which mode's cues each label takes; labels without a mode take what is left."""
    wanted = dict(names) if isinstance(names, Mapping) else {name: name for name in names}
    left = [mode for mode in MODE_COLOURS if mode not in wanted.values()]
    for label, mode in wanted.items():
        if mode not in MODE_COLOURS:
            if not left:
                raise ValueError(
                    f"{len(wanted)} series are more than the {len(MODE_COLOURS)} cues: "
                    "show fewer, or split the chart into rows."
                )
            wanted[label] = left.pop(0)
    return wanted
