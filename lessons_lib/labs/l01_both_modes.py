"""The flagship lab: one model, one stream of requests, both modes side by side.

It draws the numbers of `l01_side_by_side` and says in a sentence what they show; it computes
nothing of its own.

The shares of clients stand on a logarithmic axis of time, from microseconds to years, so that a
table's look-up and a queue of months can be seen in one picture; so do age and compute, which are
points, since a bar has no meaningful length there. Whether the wait settles is seen on a linear
axis of its own: on a logarithmic one, a queue that only grows looks flat.
"""

from math import nan

import altair as alt
import numpy as np
import pandas as pd

from lessons_lib import charts, theory
from lessons_lib.charts.units import SPANS
from lessons_lib.labs.l01_side_by_side import (
    DAY,
    FEWEST_ANSWERED,
    HOUR,
    LABELS,
    PATIENCE,
    REQUESTS,
    Case,
    Mode,
    demand,
)

FLAGSHIP_SETTINGS = {"latency": 0.002, "inputs": "timetable", "rate": 10, "servers": 4}
"""Where the controls stand at first: seconds, a name of ``traffic.INPUTS``, per second, servers."""

_BINS = 100
_MODES = ("static", "dynamic")


def flagship_view(settings: dict) -> charts.View:
    """What the lab shows for ``latency`` (seconds), ``inputs``, ``rate`` and ``servers``.

    A mode without a steady state has no percentiles.
    """
    case = Case(**settings)
    modes = {"static": case.static, "dynamic": case.dynamic}
    tails = {"static": case.static.tail}
    if case.dynamic.stable:
        tails["dynamic"] = case.dynamic.tail
    note = "" if case.dynamic.stable else "dynamic: unstable, the queue only grows"
    size, unit = _axis_unit(max(mode.latency.max() for mode in modes.values()))
    return charts.View(
        {
            "curve": charts.stacked(
                {name: {"percent": t.at, "seconds": t.value} for name, t in tails.items()}, "mode"
            ),
            "p99": _p99(tails),
            "run": charts.stacked(
                {name: _in_order(name, mode, size) for name, mode in modes.items()}, "mode"
            ),
            "modes": _bars(modes),
            "note": {"text": [note]},
            "growth": {"text": [_growth(case)], "unit": [unit]},
        },
        finding(case),
        _table(case, tails),
    )


def flagship() -> charts.LivePanel:
    """The lab: model latency, input distribution, requests per second and servers."""
    at = FLAGSHIP_SETTINGS
    span = {"start": 1e-4, "stop": HOUR, "log": True, "format": charts.duration}
    rates = {"start": 0.001, "stop": 1000, "log": True}
    controls = [
        charts.Slider("latency", "Model latency", value=at["latency"], **span),
        charts.Choice("inputs", "Input distribution", LABELS, at["inputs"]),
        charts.Slider("rate", "Requests per second", value=at["rate"], **rates),
        charts.Slider("servers", "Servers", value=at["servers"], start=1, stop=32, step=1),
    ]
    return charts.LivePanel(
        flagship_chart(),
        controls,
        flagship_view,
        title="One model, served from a table and on demand",
        description=(
            f"Both modes answer the same {REQUESTS:,} requests; static is the solid line "
            "and the circles, dynamic the dashed line and the triangles. Above: how long clients "
            "wait, by share of clients on a logarithmic axis of time, and in the order in which they "
            "arrive on a linear one, so that a queue that grows is a line that climbs. Below: the share of requests that get a prediction (the others get a "
            "default), the mean age of the information behind it, and the server time that is asked "
            f"for in a day. A mode serves the case if {charts.share(FEWEST_ANSWERED)} of the "
            "requests get a prediction and 99 % of the clients have their answer within "
            f"{charts.duration(PATIENCE)}."
        ),
        longest=270,
    )


def finding(case: Case) -> str:
    """Say which mode serves a case, and why."""
    static, dynamic = case.static, case.dynamic
    covered, quick = static.answered >= FEWEST_ANSWERED, dynamic.p99 <= PATIENCE
    answered, lost = charts.share(static.answered), charts.share(1 - static.answered)
    p99, age = charts.duration(dynamic.p99), charts.duration(static.age)
    if not covered and quick:
        return (
            f"Dynamic serves this case: every request gets a prediction, 99 % within {p99}, while "
            f"the table leaves {lost} of them without one."
        )
    if not covered:
        return (
            f"Neither mode serves this case: the table leaves {lost} of the requests without a "
            f"prediction. {_too_slow(case)}."
        )
    if quick:
        less = "Static" if static.compute < dynamic.compute else "Dynamic"
        return (
            f"Either mode serves this case: the table answers {answered} of the requests at once, "
            f"from information {age} old{_late_job(case)}; the model answers all, 99 % within "
            f"{p99}. {less} asks for less server time."
        )
    if static.stable:
        text = f"Static serves this case: the table answers {answered} of the requests at once."
    else:
        text = f"Static serves this case if answers {age} old will do{_late_job(case)}."
    return f"{text} {_too_slow(case)}."


def _late_job(case: Case) -> str:
    """A note if the job takes longer than the day after which it should run again."""
    if case.static.stable:
        return ""
    servers = charts.count(case.servers, "server")
    return f" (the job takes {charts.duration(case.job_time)} on {servers})"


def _too_slow(case: Case) -> str:
    """Why the clients of the dynamic mode wait too long."""
    dynamic, servers = case.dynamic, charts.count(case.servers, "server")
    if not dynamic.stable:
        asked = "all that" if dynamic.load < 1.005 else f"{charts.times(dynamic.load)} times what"
        hour, day = (charts.share(dynamic.waiting_longer(seconds)) for seconds in (HOUR, DAY))
        waits = "the queue only grows, and the wait with it"
        if dynamic.waiting_longer(HOUR) >= 0.01:
            waits = f"{hour} of these clients wait over an hour, {day} over a day"
        return f"Dynamic is unstable: it asks for {asked} {servers} can do; {waits}"
    if case.latency > PATIENCE:
        own = charts.duration(case.latency)
        return f"On demand nobody waits less than the model's own {own}, with any number of servers"
    p99 = charts.duration(dynamic.p99)
    return f"On demand 1 % of the clients wait over {p99}, queueing for {servers}: more would help"


def _growth(case: Case) -> str:
    """How fast the wait of a queue grows that never settles, or that it does."""
    if case.dynamic.stable:
        return "dynamic: settled"
    more = theory.growth(case.rate, case.latency, case.servers)
    if more == 0:
        return "dynamic: never settles"
    return f"dynamic: +{charts.duration(more)}\nwith each client"


def _axis_unit(seconds: float) -> tuple[float, str]:
    """The unit, in seconds and by name, in which an axis up to so many `seconds` is labelled."""
    return next((s for s in SPANS.items() if seconds >= 2 * s[0]), (1e-6, "µs"))


def _in_order(name: str, mode: Mode, size: float) -> dict:
    """The mean latency of neighbours in the order of arrival, also in units of `size` seconds."""
    step = REQUESTS // _BINS
    middle = (np.arange(_BINS) + 0.5) * step
    means = mode.latency.reshape(_BINS, step).mean(axis=1)
    return {"request": middle, "seconds": means, "latency": means / size}


def _p99(tails: dict) -> dict:
    seconds = [tail.value[98] for tail in tails.values()]
    labels = [f"{name}: p99 {charts.duration(s)}" for name, s in zip(tails, seconds, strict=True)]
    percent = [99.0] * len(seconds)
    return {"percent": percent, "seconds": seconds, "mode": list(tails), "label": labels}


def _bars(modes: dict[str, Mode]) -> dict:
    columns: dict[str, list] = {"mode": list(modes)}
    columns |= {"place": [1.0, 0.0]}
    words = {"answered": charts.share, "age": charts.duration, "compute": charts.duration}
    for measure, write in words.items():
        values = [getattr(mode, measure) for mode in modes.values()]
        columns |= {
            measure: values,
            f"{measure}_text": [f"{m}: {write(v)}" for m, v in zip(modes, values, strict=True)],
        }
    return columns


def _table(case: Case, tails: dict) -> pd.DataFrame:
    """The exact figures, one row a measure and one column a mode."""
    columns = {}
    for name, mode in (("static", case.static), ("dynamic", case.dynamic)):
        tail = tails.get(name)
        columns[name] = {
            "requests with a prediction (%)": 100 * mode.answered,
            "median latency (s)": tail.value[49] if tail else nan,
            "99th percentile of the latency (s)": tail.value[98] if tail else nan,
            "requests beyond the 99th percentile": tail.behind[98] if tail else nan,
            "growth of the wait with each request (s)": 0.0
            if tail
            else theory.growth(case.rate, case.latency, case.servers),
            "clients of this run who wait over 1 h (%)": 100 * mode.waiting_longer(HOUR),
            "clients of this run who wait over 1 day (%)": 100 * mode.waiting_longer(DAY),
            "mean age of the information (s)": mode.age,
            "server time asked for in a day (s)": mode.compute,
            "of the server time there is (%)": 100 * mode.load,
            "predictions in the table": demand(case.inputs).rows if name == "static" else 0,
        }
    return pd.DataFrame(columns).rename_axis("measure").reset_index()


def flagship_chart() -> alt.VConcatChart:
    """The chart, with data sets ``curve``, ``p99``, ``run``, ``modes``, ``note`` and ``growth``."""
    above = alt.hconcat(_by_share(), _by_arrival(), spacing=16)
    below = alt.hconcat(
        _measure("answered", "with a prediction (else a default)", [0, 1], [0, 0.5, 1]),
        _measure("age", "mean age of the information", [1e-5, 1e9], [1e-3, 3600, 8_640_000]),
        _measure("compute", "server time asked for in a day", [1e-3, 1e12], [1, 3600, 8_640_000]),
        spacing=16,
    )
    return alt.vconcat(above, below, spacing=16)


def _by_share() -> alt.LayerChart:
    x = alt.X(
        "percent:Q",
        title="share of clients who wait no longer (%)",
        scale=alt.Scale(domain=[0, 100]),
        axis=alt.Axis(values=[0, 20, 40, 60, 80, 100]),
    )
    y = _wait_axis("latency, from asking to the answer")
    line = alt.Chart(alt.NamedData("curve")).mark_line().encode(x, y, **_cues("line"))
    tail = alt.Chart(alt.NamedData("p99")).encode(x, y)
    points = tail.mark_point(size=70).encode(**_cues("point"))
    text = tail.mark_text(align="right", dx=-8, dy=-16, fontWeight="bold").encode(text="label:N")
    note = alt.Chart(alt.NamedData("note"))
    note = note.mark_text(x=8, y=12, align="left", fontWeight="bold", lineBreak=", ")
    layers = alt.layer(line, points, text, note.encode(text="text:N"))
    return _titled(layers, "How long clients wait", 370)


def _by_arrival() -> alt.Chart:
    x = alt.X(
        "request:Q",
        title="clients in the order in which they ask",
        scale=alt.Scale(domain=[0, 20_000]),
        axis=alt.Axis(values=[0, 5_000, 10_000, 15_000, 20_000]),
    )
    # The unit is the view's: microseconds for a look-up, days for a queue of hours.
    label = "format(datum.value, ',~r') + ' ' + data('growth')[0].unit"
    axis = alt.Axis(labelExpr=label, tickCount=6, minExtent=56)  # the plot stays where it is
    y = alt.Y("latency:Q", title="latency (linear)", axis=axis, scale=alt.Scale(zero=True))
    line = alt.Chart(alt.NamedData("run")).mark_line().encode(x, y, **_cues("line"))
    growth = alt.Chart(alt.NamedData("growth"))
    growth = growth.mark_text(x=8, y=12, align="left", fontWeight="bold", lineBreak="\n")
    layers = alt.layer(line, growth.encode(text="text:N"))
    return _titled(layers, "Does the wait settle?", 340)


def _measure(column: str, title: str, domain: list, ticks: list) -> alt.LayerChart:
    """One measure of both modes, each under its words."""
    place = alt.Y("place:Q", axis=None, scale=alt.Scale(domain=[-0.35, 1.65]))
    modes = alt.Chart(alt.NamedData("modes")).encode(place)
    if column == "answered":
        scale, axis = alt.Scale(domain=domain), alt.Axis(format="%", values=ticks)
        marks = modes.mark_bar(size=10, orient="horizontal").encode(_cues("area")["color"])
    else:
        scale = alt.Scale(type="log", domain=domain, clamp=True)
        axis = charts.duration_axis(values=ticks)
        marks = modes.mark_point(size=110).encode(**_cues("point"))
    marks = marks.encode(alt.X(f"{column}:Q", title=title, scale=scale, axis=axis))
    text = modes.mark_text(x=2, dy=-15, align="left", fontWeight="bold")
    return alt.layer(marks, text.encode(text=f"{column}_text:N")).properties(width=215, height=84)


def _wait_axis(title: str | None) -> alt.Y:
    scale = alt.Scale(type="log", domain=[3e-6, 3e9], clamp=True)
    axis = charts.duration_axis(values=[1e-5, 1e-3, 1, 60, 3600, 86_400, 8_640_000])
    return alt.Y("seconds:Q", title=title, scale=scale, axis=axis)


def _titled(chart: alt.TopLevelMixin, title: str, width: int) -> alt.TopLevelMixin:
    title = alt.Title(title, fontSize=13)
    return chart.properties(width=width, height=240, title=title)


def _cues(mark: str) -> dict:
    """Colour and dash, or colour and shape; words beside the marks take the place of a legend."""
    return charts.cues("mode", _MODES, mark=mark, legend=None)
