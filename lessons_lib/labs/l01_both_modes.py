"""The flagship lab: one model, one stream of requests, both modes side by side.

Used by lesson 01. It turns the numbers of `side_by_side` into a view and a sentence; the chart
stands in `flagship_chart`. It computes nothing of its own.
"""

from math import floor, nan

import numpy as np
import pandas as pd

from lessons_lib import charts
from lessons_lib.labs import l01_chart as flagship_chart
from lessons_lib.labs import l01_demand as demand
from lessons_lib.labs.l01_side_by_side import (
    DAY,
    FEWEST_ANSWERED,
    HOUR,
    PATIENCE,
    Case,
    Mode,
)

FLAGSHIP_SETTINGS = {"latency": 0.002, "inputs": "timetable", "rate": 10, "servers": 4}
"""Where the controls stand at first: seconds, a name of ``traffic.INPUTS``, per second, servers."""

_BINS = 100


def flagship_view(settings: dict) -> charts.View:
    """What the lab shows for one position of its controls.

    Parameters
    ----------
    settings : dict
        ``latency`` (seconds that the model takes), ``inputs`` (one of ``traffic.INPUTS``),
        ``rate`` (requests per second) and ``servers``.

    Returns
    -------
    View
        Data sets ``curve`` (percentiles of the latency), ``p99``, ``run`` (mean latency of
        neighbours in the order of arrival), ``modes`` (share answered, age, compute) and ``note``;
        the finding; and the exact figures. A mode without a steady state has no percentiles.
    """
    case = Case(**settings)
    modes = {"static": case.static, "dynamic": case.dynamic}
    tails = {"static": case.static.tail}
    if case.dynamic.stable:
        tails["dynamic"] = case.dynamic.tail
    note = "" if case.dynamic.stable else "dynamic: unstable, the queue only grows"
    return charts.View(
        {
            "curve": _stacked(tails, lambda tail: {"percent": tail.at, "seconds": tail.value}),
            "p99": _p99(tails),
            "run": _stacked(modes, _in_order) | {"label": _named_at_the_end(modes)},
            "modes": _bars(modes),
            "note": {"text": [note]},
        },
        finding(case),
        _table(case, tails),
    )


def flagship() -> charts.LivePanel:
    """The lab: model latency, input distribution, requests per second and servers."""
    start = FLAGSHIP_SETTINGS
    span = {"log": True, "format": charts.duration}
    controls = [
        charts.Slider(
            "latency", "Model latency", value=start["latency"], start=1e-4, stop=HOUR, **span
        ),
        charts.Choice("inputs", "Input distribution", demand.LABELS, start["inputs"]),
        charts.Slider(
            "rate", "Requests per second", value=start["rate"], start=0.001, stop=1000, log=True
        ),
        charts.Slider("servers", "Servers", value=start["servers"], start=1, stop=32, step=1),
    ]
    return charts.LivePanel(
        flagship_chart.chart(),
        controls,
        flagship_view,
        title="One model, served from a table and on demand",
        description=(
            f"Both modes answer the same {demand.REQUESTS:,} requests; static is the solid line "
            "and the circles, dynamic the dashed line and the triangles. Above: how long clients "
            "wait, by share of clients and in the order in which they arrive, on one logarithmic "
            "axis of time. Below: the share of requests that get a prediction (the others get a "
            "default), the mean age of the information behind it, and the server time that is asked "
            f"for in a day. A mode serves the case if {_percent(FEWEST_ANSWERED)} of the requests get a "
            f"prediction and 99 % of the clients have their answer within {charts.duration(PATIENCE)}."
        ),
    )


def finding(case: Case) -> str:
    """Say which mode serves a case, and why."""
    static, dynamic = case.static, case.dynamic
    covered, quick = static.answered >= FEWEST_ANSWERED, dynamic.p99 <= PATIENCE
    answered, lost = _percent(static.answered), _percent(1 - static.answered)
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
    return f" (the job takes {charts.duration(case.job_time)} on {_servers(case.servers)})"


def _too_slow(case: Case) -> str:
    """Why the clients of the dynamic mode wait too long."""
    dynamic, servers = case.dynamic, _servers(case.servers)
    if not dynamic.stable:
        return (
            f"Dynamic is unstable: it asks for {_of(dynamic.load)} {servers} can do; {_waits(case)}"
        )
    if case.latency > PATIENCE:
        own = charts.duration(case.latency)
        return f"On demand nobody waits less than the model's own {own}, with any number of servers"
    p99 = charts.duration(dynamic.p99)
    return f"On demand 1 % of the clients wait over {p99}, queueing for {servers}: more would help"


def _waits(case: Case) -> str:
    """How long clients wait where the queue only grows, in this run and beyond."""
    hours, days = (case.dynamic.waiting_longer(seconds) for seconds in (HOUR, DAY))
    if hours < 0.01:
        return "the queue only grows, and the wait with it"
    return f"{_percent(hours)} of these clients wait over an hour, {_percent(days)} over a day"


def _in_order(mode: Mode) -> dict:
    """The mean latency of neighbours, in the order of arrival."""
    size = demand.REQUESTS // _BINS
    middle = (np.arange(_BINS) + 0.5) * size
    return {"request": middle, "seconds": mode.latency.reshape(_BINS, size).mean(axis=1)}


def _named_at_the_end(modes: dict[str, Mode]) -> list[str]:
    """The name of each mode beside its last point, nothing beside the others."""
    return [text for name in modes for text in [""] * (_BINS - 1) + [name]]


def _stacked(parts: dict, columns) -> dict:
    """The columns of each mode below each other, with the mode's name beside them."""
    pieces = {name: columns(part) for name, part in parts.items()}
    names = next(iter(pieces.values())).keys()
    stacked = {name: np.concatenate([piece[name] for piece in pieces.values()]) for name in names}
    sizes = [len(next(iter(piece.values()))) for piece in pieces.values()]
    return {**stacked, "mode": np.repeat(list(pieces), sizes)}


def _p99(tails: dict) -> dict:
    seconds = [tail.value[98] for tail in tails.values()]
    return {
        "percent": [99.0] * len(seconds),
        "seconds": seconds,
        "mode": list(tails),
        "label": [
            f"{name}: p99 {charts.duration(p99)}" for name, p99 in zip(tails, seconds, strict=True)
        ],
    }


def _bars(modes: dict[str, Mode]) -> dict:
    both = list(modes.values())
    return {
        "mode": list(modes),
        "answered": [mode.answered for mode in both],
        "age": [mode.age for mode in both],
        "compute": [mode.compute for mode in both],
        "answered_text": [_percent(mode.answered) for mode in both],
        "age_text": [charts.duration(mode.age) for mode in both],
        "compute_text": [charts.duration(mode.compute) for mode in both],
    }


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
            "growth of the wait with each request (s)": 0.0 if tail else case.growth,
            "clients of this run who wait over 1 h (%)": 100 * mode.waiting_longer(HOUR),
            "clients of this run who wait over 1 day (%)": 100 * mode.waiting_longer(DAY),
            "mean age of the information (s)": mode.age,
            "server time asked for in a day (s)": mode.compute,
            "of the server time there is (%)": 100 * mode.load,
            "predictions in the table": demand.demand(case.inputs).rows if name == "static" else 0,
        }
    measures = list(columns["static"])
    rows = {name: list(column.values()) for name, column in columns.items()}
    return pd.DataFrame({"measure": measures, **rows})


def _percent(share: float) -> str:
    """A share to a tenth of a per cent; neither all nor nothing is claimed that is not so."""
    tenths = floor(1000 * share + 0.5)
    tenths = min(tenths, 999) if share < 1 else tenths
    return f"{(max(tenths, 1) if share > 0 else tenths) / 10:g} %"


def _of(load: float) -> str:
    """How much of the servers' time is asked for, where that is all of it or more."""
    if load < 1.005:
        return "all that"
    return f"{load:,.0f} times what" if load >= 100 else f"{load:.3g} times what"


def _servers(servers: int) -> str:
    return "1 server" if servers == 1 else f"{servers} servers"
