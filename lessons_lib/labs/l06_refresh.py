"""The refresh lab: one budget of refreshes, spent by four policies, and what is stale of the answers.

Every key has a popularity and a rate at which its true value changes; the two have nothing to do with
each other. A refresh takes a key's information anew and serves it once the job is done. All policies
have the same budget and meet the same requests and changes. It knows theory, draws and the panel, and
no real table.
"""

from functools import lru_cache

import altair as alt
import numpy as np
import pandas as pd
from scipy.special import ndtri

from lessons_lib import charts, theory, traffic

POLICIES = {
    "all alike": "static",
    "by changes": "dynamic",
    "by requests": "theory",
    "the best split": "hybrid",
}
"""The four policies, and whose colour each takes."""
KEYS, REQUESTS = 500, 20_000
SPREAD = 1.5
"""How far apart the rates of change are: the standard deviation of their logarithm."""
INTERVALS = (1, 2, 4, 8, 12, 20, 36, 72, 168)
"""Hours between two refreshes of a key, on average over the keys, that the slider can take."""
FIFTHS = ("slowest", "slower", "middle", "quicker", "quickest")


def site(keys: int, skew: float, changes_a_day: float) -> tuple[np.ndarray, np.ndarray]:
    """An invented site: how often the value of each key changes in an hour, and its popularity.

    The rates are spread as a lognormal distribution, with a mean of `changes_a_day`; popularity
    follows Zipf's law of exponent `skew`. Which popular key changes quickly is left to chance, the
    same in every run.
    """
    quantile = (np.random.default_rng(1).permutation(keys) + 0.5) / keys
    rates = np.exp(SPREAD * ndtri(quantile))
    return rates * (changes_a_day / 24 / rates.mean()), theory.zipf(skew, keys)


def spend(policy: str, changes, popularity, budget: float, job_time: float = 0.0) -> np.ndarray:
    """Refreshes an hour of each key under one of `POLICIES`, `budget` in all."""
    if policy == "the best split":
        return theory.best_refresh_rates(changes, popularity, budget, job_time)
    share = {"all alike": np.ones(len(changes)), "by changes": changes, "by requests": popularity}
    return share[policy] * (budget / share[policy].sum())


def counted(changes, popularity, rates, job_time: float = 0.0) -> float:
    """The same share, counted in a run of `REQUESTS` requests at any moment.

    Each finds information that is as old as the job and a part of its key's interval, and is
    outdated if the value's next change came within that time.
    """
    keys = traffic.popular_keys(popularity, REQUESTS)
    into, until = (traffic.unit_draws(name, REQUESTS) for name in ("work", "new"))
    with np.errstate(divide="ignore"):
        age = job_time + into / np.asarray(rates, dtype=float)[keys]
    return float((-np.log1p(-until) < changes[keys] * age).mean())


def refresh_view(settings: dict) -> charts.View:
    """What the lab shows: ``interval`` and ``job_time`` in hours, ``changes`` of a key a day, ``skew``."""
    interval, job_time = settings["interval"], settings["job_time"]
    changes, popularity = site(KEYS, settings["skew"], settings["changes"])
    curves = _curves(settings["skew"], settings["changes"], job_time)
    budget = KEYS / interval
    rates = {p: spend(p, changes, popularity, budget, job_time) for p in POLICIES}
    run = {p: counted(changes, popularity, rates[p], job_time) for p in POLICIES}
    stale = {p: curves[p][INTERVALS.index(interval)] for p in POLICIES}
    fifth = np.argsort(np.argsort(changes)) * len(FIFTHS) // KEYS
    spent = {p: np.bincount(fifth, rates[p]) / budget for p in POLICIES}
    table = {
        "policy": list(POLICIES),
        "outdated, theory (%)": [round(100 * stale[p], 1) for p in POLICIES],
        "outdated, counted (%)": [round(100 * run[p], 1) for p in POLICIES],
        "keys never refreshed": [int((rates[p] == 0).sum()) for p in POLICIES],
    }
    return charts.View(
        {
            "theory": _long("interval", INTERVALS, curves),
            "run": _long("interval", [interval], {p: [run[p]] for p in POLICIES}),
            "spent": _long("fifth", FIFTHS, spent),
        },
        _finding(stale, interval),
        pd.DataFrame(table),
    )


def refresh_lab() -> charts.LivePanel:
    """The lab: interval, job time, rate of change and skew above what is outdated, by policy."""
    hours = {"format": lambda hours: charts.duration(3600 * hours) if hours else "0 h"}
    controls = [
        charts.Slider("interval", "Every key once in", value=20, values=INTERVALS, **hours),
        charts.Slider("job_time", "Job time", value=0, values=(0, 0.5, 1, 2, 4, 8, 16), **hours),
        charts.Slider(
            "changes", "Changes of a key", "a day", value=2, values=(0.1, 0.2, 0.5, 1, 2, 5, 10, 20)
        ),
        charts.Slider("skew", "Skew (Zipf exponent)", value=0.9, start=0, stop=1.4, step=0.1),
    ]
    return charts.LivePanel(
        refresh_chart(),
        controls,
        refresh_view,
        title="One budget, four policies",
        description=(
            "Left: the share of outdated answers against the mean time between two refreshes of a "
            "key, a line by theory and a mark counted in a run for each policy. Right: which share of "
            "the refreshes each policy gives to the slowest fifth of the keys, and so on to the "
            "quickest."
        ),
        longest=260,
    )


def refresh_chart() -> alt.HConcatChart:
    """The lab's chart, with the named data sets ``theory``, ``run`` and ``spent``."""
    scale = alt.Scale(type="log", domain=[INTERVALS[0], INTERVALS[-1]], nice=False)
    axis = alt.Axis(values=[1, 4, 12, 36, 168])
    x = alt.X("interval:Q", title="every key once in (h)", scale=scale, axis=axis)
    y = alt.Y("part:Q", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%"))
    lines = alt.Chart(alt.NamedData("theory")).mark_line()
    lines = lines.encode(x, y.title("answers outdated"), **_cues())
    points = alt.Chart(alt.NamedData("run")).mark_point(size=110)
    points = points.encode(x, y.title("answers outdated"), color=_cues()["color"])
    left = alt.layer(lines, points).properties(width=300, height=250, title="Outdated answers")
    fifth = alt.X("fifth:N", title="keys, by how often they change", sort=list(FIFTHS))
    fifth = fifth.axis(alt.Axis(labelPadding=6))
    right = alt.Chart(alt.NamedData("spent")).mark_line(point=True)
    right = right.encode(fifth, y.title("share of the refreshes"), **_cues(legend=None))
    right = right.properties(width=250, height=250, title="Where the refreshes go")
    chart = alt.hconcat(left, right, spacing=24)
    return chart.resolve_scale(color="independent", shape="independent", strokeDash="independent")


def _cues(legend: str | None = "bottom") -> dict:
    cues = charts.cues("policy", POLICIES, title="Refreshed", legend=legend)
    for channel in cues.values() if legend else ():  # dashes, also where circles lie on the lines
        channel["legend"]["symbolType"] = "stroke"
    return cues


@lru_cache(maxsize=64)
def _curves(skew: float, changes_a_day: float, job_time: float) -> dict[str, np.ndarray]:
    """The share outdated by theory at each of `INTERVALS`, for each policy."""
    changes, popularity = site(KEYS, skew, changes_a_day)

    def stale(policy, interval):
        rates = spend(policy, changes, popularity, KEYS / interval, job_time)
        return theory.stale_share(changes, popularity, rates, job_time)

    return {p: np.array([stale(p, interval) for interval in INTERVALS]) for p in POLICIES}


def _long(name: str, places, parts: dict) -> dict[str, np.ndarray]:
    """One row for each policy and place, as the chart wants it."""
    return charts.stacked({p: {name: places, "part": parts[p]} for p in POLICIES}, "policy")


def _finding(stale: dict[str, float], interval: float) -> str:
    """The sentence under the chart."""
    alike, changes, requests, best = (charts.share(stale[p]) for p in POLICIES)
    text = f"With every key once in {charts.duration(3600 * interval)} on average, {alike} of the answers "
    text += f"are outdated if all keys are refreshed alike, {changes} by changes, {requests} by requests, "
    text += f"{best} at best. "
    apart = stale["by changes"] - stale["all alike"]
    return text + f"By changes is {'worse' if apart > 0.005 else 'no better'} than all alike."
