"""The alarm lab: window, threshold and slice against the bad answers that are served until it rings.

At noon the weather feed of one airline turns to degrees Celsius. An alarm rings when a mean over a
window is further from its healthy mean than the threshold; the days without the fault tell the
false alarms. It knows the simulated days and the panel, no service.
"""

from functools import cache, lru_cache

import altair as alt
import numpy as np
import pandas as pd

from lessons_lib import charts, monitor
from lessons_lib.labs import l08_days as days
from lessons_lib.labs.l08_days import DAY, JUDGE, NOON, SLICES, WATCHED

WINDOWS = (60, 300, 900, 1_800, 3_600, 7_200, 14_400)
THRESHOLDS = (1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 8, 10)
"""In standard deviations of a slice's healthy means."""
SHOWN = 342
"""The day whose windows are drawn: 8 December."""
EXAMPLE = {"watch": "answer", "by": "everything", "window": 60, "threshold": 3}


@lru_cache(maxsize=64)
def outcomes(watch: str, by: str, window: float) -> pd.DataFrame:
    """For each of `THRESHOLDS`: false alarms and bad answers a day, days missed, and the delay.

    The alarm is listened to from noon on; its ``delay`` is the median of the days on which it
    rings, in seconds, NaN if it never does. A day on which it would have rung without the fault
    counts as well: nobody could tell.
    """
    quiet, faulty = (_by_day(watch, by, window, fault) for fault in (False, True))
    end = window * np.arange(1, quiet.shape[1] + 1)
    rows = []
    for threshold in THRESHOLDS:
        rings = (faulty > threshold) & (end > NOON)
        runs = [
            monitor.until_alarm(bad, np.ones(len(bad)), end, rung)
            for bad, rung in zip(_bad(), rings, strict=True)
        ]
        when = np.array([at for at, _ in runs if np.isfinite(at)])
        false, missed = (quiet > threshold).sum() / len(quiet), len(runs) - len(when)
        delay = np.median(when - NOON) if len(when) else np.nan
        rows.append((threshold, false, np.mean([served for _, served in runs]), missed, delay))
    return pd.DataFrame(rows, columns=["threshold", "false", "bad", "missed", "delay"])


def price_of_a_window(window: float, instead_of: float) -> float:
    """How many more bad answers a day a longer window lets pass: temperatures by airline, threshold 3."""

    def served(seconds: float) -> float:
        return (
            outcomes("temp", "carrier", seconds).set_index("threshold")["bad"][3]
            if seconds
            else 0.0
        )

    return float(served(window) - served(instead_of))


def alarm_view(settings: dict) -> charts.View:
    """What the lab shows for ``watch``, ``by``, ``window`` (seconds) and ``threshold``."""
    watch, by, window, threshold = (settings[name] for name in EXAMPLE)
    every = outcomes(watch, by, window)
    here = every[every["threshold"] == threshold]
    far = _by_day(watch, by, window, True)[SHOWN - JUDGE[0]]
    hours = window / 3_600 * np.arange(1, len(far) + 1)
    shown = np.minimum(far, TOP)
    rang = (far > threshold) & (hours > 12)
    return charts.View(
        {
            "windows": {"hour": hours, "far": shown},
            "rang": {"hour": hours[rang][:1], "far": shown[rang][:1]},
            "limit": {"far": [threshold]},
            "every": every[["threshold", "false", "bad"]],
            "here": here[["false", "bad"]],
        },
        _finding(here.iloc[0], window),
        pd.DataFrame(
            {
                "threshold": every["threshold"],
                "false alarms a day": every["false"].round(2),
                "bad answers a day": every["bad"].round(0).astype(int),
                "days without an alarm": every["missed"],
                "rings after (median)": [charts.duration(delay) for delay in every["delay"]],
            }
        ),
    )


def alarm_lab() -> charts.LivePanel:
    """The lab: what is watched, by which slices, over which window, and the threshold."""
    controls = [
        charts.Choice("watch", "Watch", WATCHED),
        charts.Choice("by", "The mean of", SLICES),
        charts.Slider("window", "Window", value=60, values=WINDOWS, format=charts.duration),
        charts.Slider("threshold", "Threshold", "deviations", value=3, values=THRESHOLDS),
    ]
    return charts.LivePanel(
        alarm_chart(),
        controls,
        alarm_view,
        title="When does it ring, and what was served by then?",
        description=(
            "Left, for each window of 8 December, how far the furthest slice is from its healthy "
            "mean, in standard deviations, with a dashed line at the threshold, an upright line at "
            "noon, when the fault begins, and a ring where the alarm rings. Right, the bad answers "
            "served in a day against the false alarms in a day, a point for each threshold, with a "
            "ring at this one."
        ),
        longest=230,
    )


def alarm_chart() -> alt.HConcatChart:
    """The lab's chart; its data sets are ``windows``, ``rang``, ``limit``, ``every`` and ``here``."""
    return alt.hconcat(_one_day(), _trade(), spacing=24)


TOP = 12
"""The distance at which the left chart ends; what is further stands at its edge."""


def _one_day() -> alt.LayerChart:
    x = alt.X(
        "hour:Q",
        title="hour of 8 December",
        scale=alt.Scale(domain=[0, 24], nice=False),
        axis=alt.Axis(values=[0, 6, 12, 18, 24]),
    )
    title = "distance of the furthest slice (deviations)"
    y = alt.Y("far:Q", title=title, scale=alt.Scale(domain=[0, TOP], nice=False))
    line = alt.Chart(alt.NamedData("windows")).mark_line(strokeWidth=1.5).encode(x, y)
    ring = alt.Chart(alt.NamedData("rang")).encode(x, y)
    ring = ring.mark_point(size=220, filled=False, strokeWidth=3, color=charts.PALETTE[1])
    limit = alt.Chart(alt.NamedData("limit")).encode(y)
    rule = limit.mark_rule(strokeWidth=2, strokeDash=[6, 3])
    text = limit.mark_text(align="left", dx=4, dy=-8, text="threshold").encode(x=alt.value(0))
    noon = alt.Chart(pd.DataFrame({"hour": [12]})).encode(
        alt.X("hour:Q", title="hour of 8 December")
    )
    upright = noon.mark_rule(strokeWidth=1.5)
    name = noon.mark_text(align="left", dx=5, text="fault").encode(y=alt.value(8))
    layers = alt.layer(upright, name, line, rule, text, ring)
    return layers.properties(width=380, height=280, title="One day, window by window")


def _trade() -> alt.LayerChart:
    """Harm against false alarms, a point a threshold."""
    most = np.mean([len(bad) for bad in _bad()])
    x = alt.X(
        "false:Q",
        title="false alarms a day",
        scale=alt.Scale(type="symlog", constant=0.5, domain=[-0.2, 1_500], nice=False),
        axis=alt.Axis(values=[0, 1, 5, 20, 100, 500]),
    )
    scale = alt.Scale(domain=[0, 50 * np.ceil(most / 50)], nice=False)
    y = alt.Y("bad:Q", title="bad answers served a day", scale=scale)
    every = alt.Chart(alt.NamedData("every")).encode(x, y, order="threshold:Q")
    line = every.mark_line(point=True, color=charts.MODE_COLOURS["theory"], strokeWidth=1.5)
    here = alt.Chart(alt.NamedData("here")).encode(x, y)
    ring = here.mark_point(size=200, filled=False, strokeWidth=3, color=charts.PALETTE[1])
    chart = alt.layer(line, ring)
    return chart.properties(width=300, height=280, title="Every threshold, a fortnight")


def _by_day(watch: str, by: str, window: float, fault: bool) -> np.ndarray:
    """How far the furthest slice is in each window, shape (days, windows of a day)."""
    far = days.furthest(JUDGE, watch, by, window, fault=fault)
    return far.reshape(-1, round(DAY / window))


@cache
def _bad() -> list[np.ndarray]:
    """When bad answers are served, seconds since midnight, for each day with the fault."""
    rows = days.requests(*JUDGE, fault=True)
    day, time = np.divmod(rows["time"][rows["bad"]], DAY)
    return [part.to_numpy() for _, part in time.groupby(day)]


def _finding(here: pd.Series, window: float) -> str:
    """The sentence under the chart."""
    count = JUDGE[1] - JUDGE[0] + 1
    rang = count - int(here["missed"])
    text = f"Over windows of {charts.duration(window)} the alarm rings on {rang} of {count} days with the fault"
    if rang:
        text += f", {charts.duration(here['delay'])} after noon (median)"
    until = "by then" if rang else "until midnight"
    text += f"; {until} {charts.count(round(here['bad']), 'bad answer')} a day went out."
    false = charts.number(float(here["false"]))
    return f"{text} Without the fault it would have rung {false} times a day."
