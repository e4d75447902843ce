"""Exercise: a threshold of drift that comes from healthy days (lesson 08)."""

import math

import numpy as np

from lessons_lib.exercises.probes import call, expect, number

NAME = "drift_threshold"
TITLE = "Take the threshold from healthy days"
MINUTES = 8
ORDER = 2
HINTS = [
    "Ask `distance(before, day)` for each of the pairs, and sort what comes back.",
    "Of 40 days and a share of 0.05 two days may ring: their distances lie above the threshold. "
    "`math.floor(false_alarms * len(distances))` is how many may.",
    "With no day allowed the threshold is the largest distance, `distances[-1]`; with one allowed it "
    "is the one before, and so on: `distances[-1 - allowed]`.",
]
FAILURES = {
    "no_number": "`drift_threshold` should return one number; it returned {got}.",
    "sides": "Your threshold is {got:.9g} and should be {wanted:.9g}. Have you given the day first? "
    "Ask `distance(before, day)`.",
    "reference": "Your threshold {got:.9g} comes from one `before` for all days. Each day has its own: "
    "{wanted:.9g}.",
    "between": "Your threshold {got:.9g} is no day's distance but lies between two. Give the lowest "
    "distance of a day that keeps the promise: {wanted:.9g}.",
    "one_too_many": "With your threshold {got:.9g}, {rings} of the {days} healthy days ring, and at "
    "most {allowed} may. The lowest that keeps the promise is {wanted:.9g}.",
    "too_high": "Your threshold {got:.9g} lets at most {allowed} of {days} healthy days ring, but so "
    "does {wanted:.9g}, and a higher one hears less.",
    "wrong_end": "Your threshold {got:.9g} is taken from the quiet end: a share of {share:g} of the "
    "days lies below it. Only that share may lie above.",
    "rule_of_thumb": "Your threshold {got:.9g} is the same whatever the days were like. Take it from "
    "their distances: {wanted:.9g}.",
    "spread": "Mean and standard deviation say {got:.9g}. Distances are lopsided, so count the days "
    "themselves: {wanted:.9g}.",
    "wrong": "With a share of {share:g} of {days} days the threshold is {wanted:.9g}; you say "
    "{got:.9g}.",
}


def drift_threshold(healthy, distance, false_alarms):
    distances = sorted(distance(before, day) for before, day in healthy)
    allowed = math.floor(false_alarms * len(distances))  # so many days may ring
    return distances[-1 - allowed]


def check(candidate):
    last = None
    for seed, count, share in (
        (1, 40, 0.05),
        (2, 31, 0.1),
        (3, 9, 0.0),
        (4, 16, 0.25),
        (5, 1, 0.5),
    ):
        draws = np.random.default_rng(seed)
        healthy = [(draws.normal(50, 10, 60), draws.normal(50, 20, 25)) for _ in range(count)]
        got = number(call(candidate, healthy, _distance, share), "no_number")
        distances = [_distance(*pair) for pair in healthy]
        told = {"days": count, "share": share, "allowed": math.floor(share * count)}
        told["rings"] = sum(figure > got for figure in distances)
        ideas = _ideas(healthy, sorted(distances), share, got, last, told)
        expect(got, drift_threshold(healthy, _distance, share), "wrong", ideas, **told)
        last = got


def _distance(before, day):
    """Lopsided on purpose: who swaps the two gets another number."""
    return float(abs(np.mean(day) - np.mean(before)) / np.std(before))


def _ideas(healthy, ordered, share, got, last, told):
    """Each wrong idea with the threshold that it gives."""
    yield "rule_of_thumb", last
    yield "rule_of_thumb", 0.25
    if 0 < share < 0.5:
        yield "wrong_end", ordered[told["allowed"]]
        yield "wrong_end", np.quantile(ordered, share)
    yield "between", np.quantile(ordered, 1 - share)
    for times in (1, 2, 3):
        yield "spread", np.mean(ordered) + times * np.std(ordered)
    others = {
        "sides": [(day, before) for before, day in healthy],
        "reference": [(healthy[0][0], day) for _, day in healthy],
    }
    for code, pairs in others.items():
        yield code, drift_threshold(pairs, _distance, share)
    if got in ordered:
        yield ("one_too_many" if told["rings"] > told["allowed"] else "too_high"), got
