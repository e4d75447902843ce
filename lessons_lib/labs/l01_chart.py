"""What the flagship lab draws; the numbers come to it through named data sets.

Used by lesson 01 through `flagship_lab`. It knows Altair and the course's colours, nothing else.

Times stand on one logarithmic axis, from microseconds to years, so that a table's look-up and a
queue of months can be seen in one picture. On such an axis a bar has no meaningful length, so age
and compute are points.
"""

import altair as alt

from lessons_lib import charts

MODES = ("static", "dynamic")
WAITS = (3e-6, 3e9)
_TIMES = (1e-5, 1e-3, 0.1, 1, 60, 3600, 86_400, 8_640_000)
_SMALL = {"width": 245, "height": 48}
_RANGE = [0, 165]  # the rest of the width is for the words


def chart() -> alt.VConcatChart:
    """The chart, with the named data sets ``curve``, ``p99``, ``run``, ``modes`` and ``note``."""
    above = alt.hconcat(_by_share(), _in_order(), spacing=16)
    below = alt.hconcat(_answered(), _age(), _compute(), spacing=12)
    return alt.vconcat(above, below, spacing=16)


def _by_share() -> alt.LayerChart:
    x = alt.X(
        "percent:Q",
        title="share of clients who wait no longer (%)",
        scale=alt.Scale(domain=[0, 100]),
        axis=alt.Axis(values=[0, 20, 40, 60, 80, 100]),
    )
    line = (
        alt.Chart(alt.NamedData("curve"))
        .mark_line()
        .encode(x, _waits("latency, from asking to the answer"), **_cues("line"))
    )
    tail = alt.Chart(alt.NamedData("p99")).encode(x, _waits("latency, from asking to the answer"))
    points = tail.mark_point(size=70).encode(**_cues("point"))
    text = tail.mark_text(align="right", dx=-8, dy=-10, fontWeight="bold").encode(text="label:N")
    note = (
        alt.Chart(alt.NamedData("note"))
        .mark_text(x=12, y=12, align="left", fontWeight="bold")
        .encode(text="text:N")
    )
    return _titled(alt.layer(line, points, text, note), "How long clients wait", 370)


def _in_order() -> alt.Chart:
    x = alt.X(
        "request:Q",
        title="clients in the order in which they ask",
        scale=alt.Scale(domain=[0, 20_000]),
        axis=alt.Axis(values=[0, 5_000, 10_000, 15_000, 20_000]),
    )
    run = alt.Chart(alt.NamedData("run")).encode(x, _waits(None))
    line = run.mark_line().encode(**_cues("line"))
    name = run.mark_text(align="right", dx=-8, dy=-10, fontWeight="bold").encode(text="label:N")
    return _titled(alt.layer(line, name), "Does the wait settle?", 340)


def _answered() -> alt.LayerChart:
    x = alt.X(
        "answered:Q",
        title="with a prediction (else a default)",
        scale=alt.Scale(domain=[0, 1], range=_RANGE),
        axis=alt.Axis(format="%", values=[0, 0.5, 1]),
    )
    bars = _modes(labels=True).mark_bar(height=14).encode(x, _cues("area")["color"])
    return alt.layer(bars, _text("answered_text", labels=True)).properties(**_SMALL)


def _age() -> alt.LayerChart:
    return _dots("age", "mean age of the information", [1e-5, 1e9], [1e-3, 3600, 8_640_000])


def _compute() -> alt.LayerChart:
    return _dots("compute", "server time asked for in a day", [1e-3, 1e12], [1, 3600, 8_640_000])


def _dots(column: str, title: str, domain: list, ticks: list) -> alt.LayerChart:
    x = alt.X(
        f"{column}:Q",
        title=title,
        scale=alt.Scale(type="log", domain=domain, range=_RANGE, clamp=True),
        axis=_times(ticks),
    )
    points = _modes().mark_point(size=110).encode(x, **_cues("point"))
    return alt.layer(points, _text(f"{column}_text")).properties(**_SMALL)


def _modes(labels: bool = False) -> alt.Chart:
    """The two modes below each other; their names stand left of the first chart only."""
    axis = alt.Axis(title=None, labels=labels, ticks=False, domain=False, grid=True)
    y = alt.Y("mode:N", sort=list(MODES), axis=axis)
    return alt.Chart(alt.NamedData("modes")).encode(y)


def _text(column: str, labels: bool = False) -> alt.Chart:
    """What each point stands for, in words, right of the chart."""
    text = _modes(labels).mark_text(x=_RANGE[1] + 8, align="left", fontWeight="bold")
    return text.encode(text=f"{column}:N")


def _waits(title: str | None) -> alt.Y:
    scale = alt.Scale(type="log", domain=list(WAITS), clamp=True)
    return alt.Y("seconds:Q", title=title, scale=scale, axis=_times(_TIMES))


def _times(values) -> alt.Axis:
    axis = charts.duration_axis()
    axis.values = list(values)
    return axis


def _titled(chart: alt.TopLevelMixin, title: str, width: int) -> alt.TopLevelMixin:
    title = alt.Title(title, fontSize=13)
    return chart.properties(width=width, height=240, title=title)


def _cues(mark: str) -> dict:
    """Colour and dash, or colour and shape; words beside the marks take the place of a legend."""
    cues = charts.cues("mode", MODES, mark=mark)
    return {channel: cue.legend(None) for channel, cue in cues.items()}
