"""The servers lab: how many pages are complete within a deadline, and what more servers change.

A page needs answers from several services and is complete when the slowest one has come. All of
these services are alike: so many servers with one queue, and calls from many pages at Poisson
times. They have no traffic in common, so what a page meets at one of them says nothing about the
next. The simulated run is drawn as points. The line is M/M/c for a call, to the power of the calls
for a page; it is drawn only where that holds: Poisson arrivals, exponential service times, a load
below what the servers can do, and services that are independent of each other.

It knows the simulator, the formulas and the panel, and no real server.
"""

from functools import cache
from math import exp

import altair as alt
import numpy as np
import pandas as pd

from lessons_lib import charts, simulate, theory, traffic, validate

SERVICE = 0.1
"""Mean service time of a call, seconds."""
CALLS, PAGES = 60_000, 4_000
"""How many calls are simulated, and how many pages are put together from them."""
MOST = 100
"""The largest fan-out."""
DEADLINE = 0.5
"""What a page is allowed to take, seconds."""
SERIES = {"simulated run": "dynamic", "theory: M/M/c": "theory"}
"""What is drawn, and whose colour it takes."""

_SERVERS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)
_RATES = (1, 2, 4, 6, 8, 9, 10, 12, 15, 18, 20, 25, 30, 36, 45, 54, 72, 90, 120, 150, 200, 280)
_FAN_OUTS = (1, 2, 5, 10, 20, 50, 100)
_SHOWN = (0.01, 30.0)
_SEED = 4


def servers_view(settings: dict) -> charts.View:
    """What the lab shows for ``servers``, ``rate`` (calls a second), ``fan_out`` and ``shape``.

    Without its assumptions there is no line of theory.
    """
    waiting, latency = call_latencies(settings["servers"], settings["rate"], settings["shape"])
    pages = page_latencies(latency, settings["fan_out"])
    busy = theory.utilisation(settings["rate"], SERVICE, settings["servers"])
    at = np.geomspace(*_SHOWN, 36)
    within = np.searchsorted(np.sort(pages), at, side="right") / len(pages)
    data = {"run": _rows(at, within, "simulated run"), "theory": _theory_line(settings, busy)}
    if busy >= 1:
        return charts.View(data, _unstable(settings, busy), _growing(latency))
    return charts.View(data, _finding(settings, pages), _table(settings, waiting, latency, pages))


def servers_lab() -> charts.LivePanel:
    """The lab: servers, load, fan-out and the shape of the service time, against a deadline."""
    controls = [
        charts.Slider("servers", "Servers of each service", value=1, values=_SERVERS),
        charts.Slider("rate", "Calls per second", value=9, values=_RATES),
        charts.Slider("fan_out", "Fan-out", value=1, values=_FAN_OUTS, format=_calls),
        charts.Choice("shape", "Service time", ["exponential", "constant"]),
    ]
    return charts.LivePanel(
        servers_chart(),
        controls,
        servers_view,
        title=f"Servers against a deadline of {charts.duration(DEADLINE)}",
        description=(
            "The share of pages that are complete within each latency, on a logarithmic axis: "
            "triangles for the simulated run, a dashed line for theory where its assumptions hold, "
            "and an upright line at the deadline."
        ),
        longest=240,
    )


def servers_chart() -> alt.LayerChart:
    """The lab's chart, with the named data sets ``run`` and ``theory``."""
    scale = alt.Scale(type="log", domain=list(_SHOWN), nice=False)
    x = alt.X("at:Q", scale=scale, axis=charts.duration_axis(title="latency of a page"))
    percent = alt.Axis(format="%")
    y = alt.Y("share:Q", title="pages complete by then", scale={"domain": [0, 1]}, axis=percent)
    colour = charts.cues("series", SERIES, mark="area", title="", legend="top")["color"]
    # One legend for both marks: the run's triangle, and three dashes for theory.
    symbols = [charts.MODE_SHAPES["dynamic"], "M-1,0H-.5M-.25,0H.25M.5,0H1"]
    both = alt.Scale(domain=list(SERIES), range=symbols)
    shape = alt.Shape("series:N", title="", scale=both, legend=colour["legend"])
    line = alt.Chart(alt.NamedData("theory")).mark_line(strokeDash=charts.MODE_DASHES["theory"])
    points = alt.Chart(alt.NamedData("run")).mark_point(size=50).encode(shape)
    deadline = alt.Chart(pd.DataFrame({"at": [DEADLINE]})).encode(x)
    rule = deadline.mark_rule(strokeWidth=2)
    text = deadline.mark_text(align="left", dx=5, text="deadline").encode(y=alt.value(292))
    layers = [mark.encode(x, y, colour) for mark in (line, points)]
    return alt.layer(rule, text, *layers).properties(width=600, height=300)


def any_slow(share: float, parts: int) -> float:
    """Share of pages that wait for at least one slow call, if calls are slow independently.

    `share` is that of the slow calls, 0..1, `parts` the calls of a page: its fan-out.

    Source: Dean & Barroso (2013), The tail at scale, Communications of the ACM 56(2):74-80.

    >>> round(any_slow(share=0.01, parts=100), 3)
    0.634
    """
    share = validate.number("share", share, most=1)
    return 1 - (1 - share) ** validate.count("parts", parts)


def call_latencies(servers: int, rate: float, shape: str) -> tuple[np.ndarray, np.ndarray]:
    """Waiting and latency in seconds of each call to one service, its warm-up left out.

    `shape` is ``"exponential"`` or ``"constant"``: service times of mean `SERVICE`. At utilisation
    1 or more nothing settles, and no call is left out.
    """
    arrive = traffic.poisson(rate, CALLS, seed=_SEED)
    work = traffic.service_times(SERVICE, CALLS, seed=_SEED, spread=shape)
    waiting = simulate.fifo(arrive, work, servers) - arrive
    busy = theory.utilisation(rate, SERVICE, servers)
    settled = simulate.warm_up(busy) if busy < 1 else 0
    return waiting[settled:], (waiting + work)[settled:]


def page_latencies(latency: np.ndarray, fan_out: int) -> np.ndarray:
    """Latency of each page, shape (PAGES,): the slowest of its calls.

    Each call of a page is taken from a moment of its own of the run, since it goes to a service
    of its own. One more call never makes a page quicker.
    """
    fan_out = validate.count("fan_out", fan_out)
    if fan_out > MOST:
        raise ValueError(f"fan_out is {fan_out}: give {MOST} calls a page or fewer.")
    moments = (_moments()[:, :fan_out] * len(latency)).astype(int)
    return latency[moments].max(axis=1)


def _theory_line(settings: dict, busy: float) -> dict:
    """M/M/c to the power of the fan-out, or nothing where an assumption fails."""
    if busy >= 1 or settings["shape"] != "exponential":
        return _rows(np.empty(0), np.empty(0), "theory: M/M/c")
    at = np.geomspace(*_SHOWN, 120)
    return _rows(at, _in_time(at, settings), "theory: M/M/c")


def _in_time(at: np.ndarray | float, settings: dict) -> np.ndarray:
    """Share of pages complete by then, by theory."""
    slower = theory.mmc_slower_than(at, settings["rate"], SERVICE, settings["servers"])
    return (1 - slower) ** settings["fan_out"]


def _calls(fan_out: int) -> str:
    return f"{charts.count(fan_out, 'call')} a page"


def _rows(at: np.ndarray, share: np.ndarray, series: str) -> dict:
    return {"at": at, "share": share, "series": [series] * len(at)}


def _finding(settings: dict, pages: np.ndarray) -> str:
    """The sentence under the chart, for a queue that settles."""
    exponential = settings["shape"] == "exponential"
    limit = charts.duration(DEADLINE)
    text = f"{charts.share((pages <= DEADLINE).mean())} of the pages are complete within {limit}"
    if exponential:
        text += f" (theory: {charts.share(_in_time(DEADLINE, settings))})"
    late = exp(-DEADLINE / SERVICE) if exponential else float(SERVICE > DEADLINE)
    most = 1 - any_slow(late, settings["fan_out"])
    text += f"; with endless servers it would be {charts.share(most)}."
    if not exponential:
        text += " No line: M/M/c needs exponential service times. For constant ones the table has"
        text += " the mean wait of M/D/c."
    return text


def _unstable(settings: dict, busy: float) -> str:
    text = "Unstable: just as much work as the servers can do arrives. "
    if busy > 1:
        slower = charts.duration(theory.growth(settings["rate"], SERVICE, settings["servers"]))
        text = f"Unstable: {charts.times(busy)} times the work that the servers can do arrives. "
        text += f"On average each call waits {slower} longer than the one before. "
    text += "Nothing settles, so there is no percentile and no line; a longer run looks worse."
    return text


def _growing(latency: np.ndarray) -> pd.DataFrame:
    """Overload: how the latency of calls grows along the run."""
    tenths = np.array_split(latency, 10)
    names = {"first tenth": tenths[0], "fifth tenth": tenths[4], "last tenth": tenths[-1]}
    rows = {name: [1000 * part.mean(), len(part)] for name, part in names.items()}
    columns = ["mean latency of a call (ms)", "calls"]
    return pd.DataFrame(rows, columns).T.rename_axis("of the run").reset_index()


def _table(settings: dict, waiting, latency, pages) -> pd.DataFrame:
    """The exact figures, theory beside the run wherever there is one."""
    case = (settings["rate"], SERVICE, settings["servers"])
    exponential = settings["shape"] == "exponential"
    mean = theory.mmc_wait(*case) if exponential else theory.mdc_wait(*case)
    rows = [("mean wait of a call", waiting.mean(), mean, len(waiting), True)]
    for name, values, parts in (("call", latency, 1), ("page", pages, settings["fan_out"])):
        tail = simulate.percentiles(values, at=(50, 99))
        for p, value, behind, enough in zip(*tail, strict=True):
            of_call = 100 * (p / 100) ** (1 / parts)
            line = theory.mmc_latency_percentile(of_call, *case) if exponential else np.nan
            rows.append((f"p{p:g} of a {name}", value, line, behind, enough))
    columns = ["figure", "simulated (ms)", "theory (ms)", "rests on", "enough to trust"]
    table = pd.DataFrame(rows, columns=columns)
    table[columns[1:3]] *= 1000
    return table.assign(**{columns[4]: charts.trust(table[columns[4]])})


@cache
def _moments() -> np.ndarray:
    """Where in the run each call of each page falls, 0..1, at every setting."""
    return np.random.default_rng(_SEED).random((PAGES, MOST))
