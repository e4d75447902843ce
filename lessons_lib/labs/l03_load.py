"""The load lab: one minute of a service that stands still twice, met by two kinds of client.

The open loop sends at the times of a plan, as people do who know nothing of each other, and counts
latency from the planned time. The closed loop is one tester who means to keep the same pace but
never sends before the last answer has come. The service has one worker and lives in virtual time:
five seconds of standing still take a millisecond here.

It knows the simulator and the panel, no real server; real runs come to `measured_chart` as arrays.
"""

from math import ceil, floor
from typing import NamedTuple

import altair as alt
import numpy as np
import pandas as pd

from lessons_lib import charts, simulate, traffic, validate

SECONDS = 60.0
"""How long the test lasts, in virtual time."""
STALLS = (10.0, 40.0)
"""When the service begins to stand still, seconds into the test."""
LOOPS = {"open loop": "dynamic", "closed loop": "theory"}
"""The two series, and whose colour each takes."""

_DRAWS = 12_800  # enough for a minute at 200 a second; fixed, so that the draws are shared
_SEED = 3
_SERVICE = (0.0002, 0.2)
_RATES = (5, 10, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120, 150, 180, 200)
_BINS = 240


class Run(NamedTuple):
    """One minute of one loop; arrays of seconds, shape (n,)."""

    planned: np.ndarray
    """When each request was sent; for the open loop, when it was to be sent."""
    latency: np.ndarray
    """From that moment to its answer."""


def open_loop(rate: float, service_time: float, stall: float) -> Run:
    """Requests at the times of the plan, whatever the service does.

    `rate` requests come a second on average, at Poisson times; each takes the worker `service_time`
    seconds on average (lognormal, coefficient of variation 0.5). At each of `STALLS` the service
    stands still for `stall` seconds, as for a request that takes that long: whoever is in service
    is finished first.
    """
    planned, work = _traffic(rate, service_time)
    planned = planned[planned < SECONDS]
    times = np.concatenate([STALLS, planned])
    order = np.argsort(times, kind="stable")
    works = np.concatenate([[validate.finite("stall", stall)] * len(STALLS), work[: len(planned)]])
    start = np.empty(len(times))
    start[order] = simulate.fifo(times[order], works[order])
    return Run(planned, (start + works - times)[len(STALLS) :])


def closed_loop(rate: float, service_time: float, stall: float) -> Run:
    """The same pace from one tester, who never sends before the last answer is there.

    The parameters are those of `open_loop`. The tester waits for the next gap of the same plan, or
    for the answer if that takes longer; latency counts from the moment of sending, since nothing
    else was written down.
    """
    planned, work = _traffic(rate, service_time)
    stalls = iter([*STALLS, np.inf])
    due, sent, latency = next(stalls), [], []
    now = done = free = 0.0
    for gap, seconds in zip(np.diff(planned, prepend=0.0).tolist(), work.tolist(), strict=True):
        now = max(now + gap, done)
        if now >= SECONDS:
            break
        while due <= now:
            free, due = max(free, due) + stall, next(stalls)
        done = free = max(now, free) + seconds
        sent.append(now)
        latency.append(done - now)
    return Run(np.array(sent), np.array(latency))


def highest_rate(service_time: float, workers: int = 1) -> float:
    """The rate in requests a second below which the queue of a service does not grow for ever.

    >>> highest_rate(0.25)
    4.0
    """
    seconds = validate.finite("service_time", service_time, above=True)
    return validate.count("workers", workers) / seconds


def load_view(settings: dict) -> charts.View:
    """What the lab shows for ``rate``, ``service_time`` and ``stall`` (seconds), and ``show``."""
    case = [settings[name] for name in ("rate", "service_time", "stall")]
    runs = {"open loop": open_loop(*case), "closed loop": closed_loop(*case)}
    shown = {name: run for name, run in runs.items() if settings["show"] in ("both", name)}
    tails = {name: simulate.percentiles(run.latency, at=(50, 95, 99)) for name, run in runs.items()}
    # A queue that only grows has no percentile: it would rise with the length of the test.
    settled = {name: name == "closed loop" or _busy(settings) < 1 for name in runs}
    p99 = {name: tails[name].value[2] for name in shown if settled[name]}
    labels = [f"{name.split()[0]} p99: {charts.duration(seconds)}" for name, seconds in p99.items()]
    return charts.View(
        {
            "requests": pd.concat([_slowest(name, run) for name, run in shown.items()]),
            "p99": {"loop": list(p99), "seconds": list(p99.values()), "label": labels},
        },
        _finding(settings, runs, tails),
        pd.concat([_rows(name, shown[name], tails[name], settled[name]) for name in shown]),
    )


def load_lab(service_time: float = 0.002) -> charts.LivePanel:
    """The lab: rate, service time, stall and which loop to show, above latency over time.

    Its slider starts at `service_time` seconds, such as what you have measured, taken to two digits
    and within 0.2 ms to 200 ms.
    """
    start = float(f"{min(max(service_time, _SERVICE[0]), _SERVICE[1]):.2g}")
    ms = {"start": _SERVICE[0], "stop": _SERVICE[1], "log": True, "format": charts.duration}
    controls = [
        charts.Slider("rate", "Requests per second", value=100, values=_RATES),
        charts.Slider("service_time", "Service time", value=start, **ms),
        charts.Slider("stall", "Stall", "s", value=0, start=0, stop=5, step=0.25),
        charts.Choice("show", "Show", ["both", *LOOPS], "closed loop"),
    ]
    return charts.LivePanel(
        load_chart(),
        controls,
        load_view,
        title="One service, two ways to measure it",
        description=(
            "Latency of the slowest request in each quarter of a second, over one minute of "
            "virtual time, on a logarithmic axis; triangles for the open loop, diamonds for the "
            "closed loop, and a line at the 99th percentile of each that has one."
        ),
        longest=320,
    )


def load_chart() -> alt.LayerChart:
    """The lab's chart, with the named data sets ``requests`` and ``p99``."""
    points, y, colour = _points(alt.NamedData("requests"), SECONDS)
    lines = alt.Chart(alt.NamedData("p99")).encode(y)
    rule = lines.mark_rule(strokeWidth=2).encode(colour)
    # The p99 of each loop at its line: the open one's above, the closed one's below.
    labels = [
        lines.mark_text(
            x="width", dx=-4, align="right", baseline=baseline, dy=dy, fontWeight="bold"
        )
        .encode(text="label:N")
        .transform_filter(alt.datum.loop == name)
        for name, baseline, dy in zip(LOOPS, ("bottom", "top"), (-4, 5), strict=True)
    ]
    return alt.layer(points, rule, *labels).properties(width=600, height=300)


def measured_chart(opened: Run, closed: Run) -> alt.Chart:
    """Latency over time of two real runs, one of each loop, every request a point."""
    runs = zip(LOOPS, (opened, closed), strict=True)
    frames = [pd.DataFrame({"at": at, "seconds": s, "loop": name}) for name, (at, s) in runs]
    rows = pd.concat(frames, ignore_index=True)
    last = ceil(max(max(run.planned, default=1.0) for run in (opened, closed)))
    # From 1 ms to 10 s; on a machine that is quicker, or that busy, whole decades more.
    least, most = (np.log10(rows["seconds"].agg(end)) for end in ("min", "max"))
    points, _, _ = _points(rows, last, 10.0 ** min(-3, floor(least)), 10.0 ** max(1, ceil(most)))
    title = "Latency of each request, from when it was due or sent"
    return points.properties(width=600, height=260, title=title)


def _points(
    data: alt.NamedData | pd.DataFrame, last: float, least: float = 1e-4, most: float = 3600.0
) -> tuple[alt.Chart, alt.Y, alt.Color]:
    """Latency over time, with the axis and the colour that more layers may share."""
    cues = charts.cues("loop", LOOPS, mark="point", title="Sent by", legend="top")
    y = alt.Y(
        "seconds:Q",
        scale=alt.Scale(type="log", domain=[least, most]),
        axis=charts.duration_axis(title="latency"),
    )
    scale = alt.Scale(domain=[0, last], nice=False)
    whole = alt.Axis(tickMinStep=1, format="d")
    x = alt.X("at:Q", title="time in the test (s)", scale=scale, axis=whole)
    points = alt.Chart(data).mark_point(size=22, clip=True)
    return points.encode(x, y, **cues), y, cues["color"]


def _slowest(name: str, run: Run) -> pd.DataFrame:
    """The slowest request of each quarter of a second; a quarter without one has no row."""
    quarter = np.floor(run.planned / SECONDS * _BINS) * SECONDS / _BINS
    slowest = pd.Series(run.latency).groupby(quarter).max()
    return pd.DataFrame({"at": slowest.index, "seconds": slowest.to_numpy(), "loop": name})


def _rows(name: str, run: Run, tail: simulate.Percentiles, settled: bool) -> pd.DataFrame:
    trusted = charts.trust(tail.enough) if settled else "no: unstable, it grows with the test"
    return pd.DataFrame(
        {
            "sent by": name,
            "percentile": [f"p{p:g}" for p in tail.at],
            "latency (ms)": 1000 * tail.value if settled else np.nan,
            "requests sent": len(run.latency),
            "slower ones": tail.behind,
            "enough to trust": trusted,
        }
    )


def _finding(settings: dict, runs: dict[str, Run], tails: dict) -> str:
    """The sentence under the chart."""
    opened, closed = (tails[name].value[2] for name in LOOPS)
    sent = {name: len(run.latency) for name, run in runs.items()}
    missing = max(0, sent["open loop"] - sent["closed loop"])
    busy, show = _busy(settings), settings["show"]
    left_out = (
        f"The closed loop left out {missing:,} of the {sent['open loop']:,} requests of the plan."
    )
    much = f"{charts.times(busy)} times the work that" if busy >= 1.005 else "just as much work as"
    growing = (
        f"Unstable: {much} one worker can do arrives, so the queue of the open loop only grows, "
    )
    growing += "and it has no p99."
    if show == "open loop" and busy >= 1:
        return growing
    if show != "both" or busy >= 1:
        told = show if show != "both" else "closed loop"
        seconds = charts.duration(tails[told].value[2])
        text = f"The {told} reports a p99 of {seconds} over {sent[told]:,} requests."
        return f"{text} {growing}" if busy >= 1 else text
    text = f"p99 is {charts.duration(opened)} in the open loop, {charts.duration(closed)} in "
    return f"{text}the closed one, {charts.times(opened / closed)} to 1. {left_out}"


def _busy(settings: dict) -> float:
    """The work that arrives, over what one worker can do in a minute with two stalls."""
    return settings["rate"] * settings["service_time"] + settings["stall"] * len(STALLS) / SECONDS


def _traffic(rate: float, service_time: float) -> tuple[np.ndarray, np.ndarray]:
    mean = validate.finite("service_time", service_time, above=True)
    work = traffic.service_times(mean, _DRAWS, seed=_SEED, spread="lognormal", cv=0.5)
    planned = traffic.poisson(rate, _DRAWS, seed=_SEED)
    if planned[-1] < SECONDS:
        raise ValueError(f"rate is {rate:g}: a minute of it has no room here, give 200 or less.")
    return planned, work
