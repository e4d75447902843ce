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
    "diluted": "You say {got:.9g}. One slice in ten has left its limits at {wanted:.9g} s, which the "
    "mean of all requests does not show: take a mean for each slice.",
    "low_side": "A mean can leave its limits below as well as above; here the alarm rings at "
    "{wanted:.9g} s, and you say {got:.9g}.",
    "when": "With windows of {window:.6g} s the alarm rings at {wanted:.9g} s; you say {got:.9g}. Each "
    "window has a mean of its own for each slice, and the first outside its limits rings.",
    "all_bad": "You count all {got} bad answers of the log. Those that came after the alarm were not "
    "served: {wanted}.",
    "served": "Until the alarm, {wanted} bad answers were served, in whatever slice and window; you "
    "say {got}.",
}
CASES = [
    ("when", {"a": 0.3, "b": 0.3, "c": 0.3}, 0.3),
    ("diluted", {"b": 0.45}, 1 / 7),
    ("low_side", {"c": -0.3}, 0.37),
    ("silent", {}, 0.5),
    ("when", {"a": 0.2}, 50.0),
]
"""What an answer that fails has got wrong, what is added to each slice, and the window (s)."""


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
    for seed, (code, shift, window) in enumerate(CASES):
        log, limits = _log(seed, shift), {"a": (0.2, 0.4), "b": (0.1, 0.5), "c": (0.05, 0.35)}
        got = call(candidate, log, window, limits)
        if not (isinstance(got, tuple | list) and len(got) == 2):
            fail("no_pair", got=got)
        when, served = harm_until_alarm(log, window, limits)
        told = {"window": window, "bad": int(log["bad"].sum())}
        if code == "silent":
            expect(tuple(got), (when, served), "silent", **told)
            continue
        for part in got:
            number(0.0 if part == math.inf else part, "no_pair")
        expect(got[0], when, code, [("start", when - window)], **told)
        expect(got[1], served, "served", [("all_bad", told["bad"])] if when < 6 else [], **told)


def _log(seed, shift):
    """Three slices for 6 s; from second 2.2 on `shift` is added, and some answers are bad.

    Single values are far off all the time, and a few bad answers come early.
    """
    draws = np.random.default_rng(seed)
    time = np.sort(draws.uniform(0.0, 6.0, 900))
    name = pd.Series(draws.choice(["a", "b", "c"], 900, p=[0.8, 0.1, 0.1]))
    value = name.map({"a": 0.3, "b": 0.3, "c": 0.2}) + draws.uniform(-0.06, 0.06, 900)
    value += name.map(shift).fillna(0.0) * (time >= 2.2)
    value[(draws.random(900) < 0.02) & (name == "a")] += 0.2
    bad = draws.random(900) < np.where(time < 2.2, 0.03, 0.5)
    frame = {"time": time, "slice": name, "value": value, "bad": bad}
    return pd.DataFrame(frame).set_axis(np.arange(900)[::-1])
