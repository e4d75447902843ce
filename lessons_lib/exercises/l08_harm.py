"""Exercise: when a mean alarm rings, and what was served until then (lesson 08)."""

import math

import numpy as np
import pandas as pd

from lessons_lib.exercises.probes import call, expect, fail, number

NAME = "harm_until_alarm"
TITLE = "Count what was served before the alarm rang"
MINUTES = 12
ORDER = 3
HINTS = [
    "Number the windows: `number = log['time'] // window`. The mean of each slice in each window is "
    '`log.groupby([number, "slice"])["value"].mean()`, a Series with two levels.',
    "Walk over its items: `for (which, name), mean in means.items()` comes in the order of the "
    "windows. The first mean that is not within `low <= mean <= high` of its slice rings.",
    "The alarm can ring only when its window is over, at `(which + 1) * window`. Bad answers with a "
    "`time` before that were served; if nothing rings, give `math.inf` and all of them.",
]
FAILURES = {
    "no_pair": "`harm_until_alarm` should return two numbers, when the alarm rings and how many bad "
    "answers were served until then; it returned {got}.",
    "silent": "No mean leaves its limits here, so nothing rings: give `math.inf` and all {bad} bad "
    "answers; you give {got}.",
    "start": "The alarm needs all of its window: it rings at {wanted:.9g} s, when the window ends, "
    "and you say {got:.9g}, when it begins.",
    "request": "You ring at {got:.9g} s, with a request that is out of its limits by itself. Means "
    "ring, and at the end of their window: {wanted:.9g} s.",
    "diluted": "You ring at {got:.9g}, as the mean of all requests would. Slice {name!r} has left its "
    "limits at {wanted:.9g} s already: take a mean for each slice.",
    "low_side": "A mean can leave its limits below as well as above; here the alarm rings at "
    "{wanted:.9g} s, and you say {got:.9g}.",
    "running": "Each window has a mean of its own, that of its {window:.4g} s; yours seems to go on "
    "from the start: {got:.9g} s instead of {wanted:.9g} s.",
    "last": "The alarm rings at {wanted:.9g} s for the first time; you give {got:.9g} s, when it "
    "rings last.",
    "when": "With windows of {window:.6g} s the alarm rings at {wanted:.9g} s; you say {got:.9g}.",
    "window_only": "You count the {got} bad answers of the window that rang. All that were served "
    "until then count: {wanted}.",
    "all_bad": "You count all {got} bad answers of the log. Those that came after the alarm were not "
    "served: {wanted}.",
    "slice_only": "You count the {got} bad answers in the slice that rang. Bad answers in others were "
    "served just the same: {wanted}.",
    "requests": "You count all {got} answers until the alarm; {wanted} of them were bad.",
    "served": "Until the alarm, {wanted} bad answers were served; you say {got}.",
}
LIMITS = {"a": (0.2, 0.4), "b": (0.1, 0.5), "c": (0.05, 0.35)}


def harm_until_alarm(log, window, limits):
    means = log.groupby([log["time"] // window, "slice"])["value"].mean()
    rings = math.inf
    for (number_of_window, name), mean in means.items():
        low, high = limits[name]
        if not low <= mean <= high:
            rings = (number_of_window + 1) * window
            break
    return rings, int(log["bad"][log["time"] < rings].sum())


def check(candidate):
    for seed, shift, window in (
        (1, {"b": 0.45}, 1 / 7),
        (2, {"c": -0.3, "a": -0.02}, 0.37),
        (3, {"a": 0.02}, 0.61),
        (4, {"a": 0.3, "b": 0.3, "c": 0.3}, 0.3),
        (5, {"b": -0.4}, 50.0),
    ):
        _judge(candidate, _log(seed, shift), window, LIMITS)
    _judge(candidate, _log(6, {"b": 0.3}).assign(slice="a"), 0.41, LIMITS)
    _judge(candidate, _log(7, {"c": 0.5}).iloc[:40], 0.37, {**LIMITS, "c": (-9.0, 9.0)})


def _log(seed, shift):
    """Three slices for 6 s; from second 2.2 on some answers of each are bad and `shift` is added."""
    draws = np.random.default_rng(seed)
    time = np.sort(draws.uniform(0.0, 6.0, 900))
    name = draws.choice(["a", "b", "c"], 900, p=[0.8, 0.1, 0.1])
    centre = pd.Series(name).map({"a": 0.3, "b": 0.3, "c": 0.2}).to_numpy()
    added = pd.Series(name).map(shift).fillna(0.0).to_numpy() * (time >= 2.2)
    value = centre + draws.uniform(-0.06, 0.06, 900) + added
    bad = (time >= 2.2) & ((added != 0) | (draws.random(900) < 0.1))
    frame = {"time": time, "slice": name, "value": value, "bad": bad}
    return pd.DataFrame(frame, index=np.arange(900)[::-1])


def _judge(candidate, log, window, limits):
    got = call(candidate, log, window, limits)
    if not (isinstance(got, tuple | list) and len(got) == 2):
        fail("no_pair", got=got)
    when, served = harm_until_alarm(log, window, limits)
    told = {"window": window, "bad": int(log["bad"].sum())}
    if math.isinf(when):
        expect(tuple(got), (when, served), "silent", **{**told, "got": got})
        return
    for part in got:
        number(part if part != math.inf else 0.0, "no_pair")
    ideas = list(_ideas_of_when(log, window, limits, when))
    name = _ringing(log, window, limits)[0]
    expect(got[0], when, "when", ideas, name=name, **told)
    before = log["time"] < when
    ideas = [
        ("window_only", int(log["bad"][before & (log["time"] >= when - window * 1.0001)].sum())),
        ("all_bad", int(log["bad"].sum())),
        ("slice_only", int(log["bad"][before & (log["slice"] == name)].sum())),
        ("requests", int(before.sum())),
    ]
    expect(got[1], served, "served", ideas, **told)


def _ringing(log, window, limits, low=True):
    """The slice that rings first and when, in windows of which the start counts."""
    means = log.groupby([log["time"] // window, "slice"])["value"].mean()
    for (which, name), mean in means.items():
        if mean > limits[name][1] or (low and mean < limits[name][0]):
            return name, (which + 1) * window
    return None, math.inf


def _ideas_of_when(log, window, limits, when):
    """Each wrong idea with the moment that it gives."""
    yield "start", when - window
    outside = [
        not limits[n][0] <= v <= limits[n][1]
        for n, v in zip(log["slice"], log["value"], strict=True)
    ]
    single = log["time"][outside]
    yield "request", single.min() if len(single) else math.inf
    yield "low_side", _ringing(log, window, limits, low=False)[1]
    for name in limits:
        everybody = log.assign(slice=name)
        yield "diluted", _ringing(everybody, window, limits)[1]
    number_of = log["time"] // window
    means = log.groupby([number_of, "slice"])["value"].mean()
    rings = [
        which for (which, n), mean in means.items() if not limits[n][0] <= mean <= limits[n][1]
    ]
    yield "last", (rings[-1] + 1) * window
    running = log.groupby("slice")["value"].transform(lambda values: values.expanding().mean())
    yield "running", _ringing(log.assign(value=running), window, limits)[1]
