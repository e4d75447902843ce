"""Exercise: spend a budget of refreshes where it buys most (lesson 06)."""

import numpy as np

from lessons_lib import theory
from lessons_lib.exercises.probes import array, call, fail

NAME = "spend"
TITLE = "Spend a refresh budget better than evenly"
MINUTES = 15
ORDER = 4
HINTS = [
    "A refresh is worth something where people ask, and where the value then stays as it is for a "
    "while. `theory.outdated_share(changes, 1 / refreshes)` is the share that is outdated of a key's "
    "answers; weigh it with `popularity`. Start with nothing for anybody, and hand the budget out in "
    "small slices.",
    "The next slice goes to the key where it does most. With `rates` so far and a slice of `step`, "
    "that is what `popularity * (outdated(rates) - outdated(rates + step))` tells; and the "
    "more a key has, the less its next slice is worth.",
    "So all slices can be weighed at once: for each key the worth of its 1st, 2nd, 3rd ... slice, in "
    "one table of keys and slices. Take the most valuable ones, as many as the budget buys. "
    "`np.diff` gives the worths, `np.argsort` finds the best.",
]
FAILURES = {
    "no_rates": "`spend` should return one rate for each of the {keys} keys, refreshes per hour; it "
    "returned {got}.",
    "negative": "The rate of key {key} is {got:.6g}. No key can be refreshed less often than never: "
    "give 0 or more.",
    "over": "Your rates add up to {got:.9g} refreshes an hour, and the budget is {budget:.9g}.",
    "by_change": "You refresh in proportion to how often a key changes. {stale:.1%} of the answers are "
    "outdated, and {even:.1%} with an even share. What changes all the time is outdated again before "
    "anybody asks.",
    "not_better": "With {case}, {stale:.1%} of the answers are outdated, and {even:.1%} with "
    "an even share. Beat it here too.",
    "changed": "Your function changed what it was given: {found}, once {before}. Work on copies.",
}
CASES = (
    ("popular keys and quick ones mixed", 1.1, 1.8, 300, 15.0),
    ("all keys asked for alike, and some that change far more often", 0.0, 1.8, 250, 12.5),
    ("all keys changing alike, and some that are asked for far more often", 1.1, 0.0, 250, 20.0),
    ("a small budget", 0.9, 1.5, 120, 1.5),
    ("a large budget", 0.9, 1.5, 120, 240.0),
)
"""What it is called; exponent of the requests, spread of the changes, keys, refreshes an hour."""


def spend(changes, popularity, budget):
    slices = np.arange(1, 61) * budget / (4 * len(changes))  # quarters of an even share
    outdated = [np.ones(len(changes)) * (changes > 0)]
    outdated += [theory.outdated_share(changes, 1 / rate) for rate in slices]
    worth = -np.diff(outdated, axis=0) * popularity
    affordable = 4 * len(changes)
    best = np.argsort(worth, axis=None)[::-1][:affordable]
    rates = np.bincount(best % len(changes), minlength=len(changes)) * slices[0]
    return rates * (budget / rates.sum())


def check(candidate):
    for name, skew, spread, keys, budget in CASES:
        quantiles = (np.random.default_rng(6).permutation(keys) + 0.5) / keys
        changes = 0.1 * (quantiles / (1 - quantiles)) ** (spread / 1.7)
        popularity = theory.zipf(skew, keys)
        got = call(candidate, changes.copy(), popularity.copy(), budget)
        rates = array(got, changes.shape, "no_rates", keys=keys)
        if (rates < 0).any():
            fail("negative", key=int(np.argmin(rates)), got=float(rates.min()))
        if rates.sum() > budget * (1 + 1e-9):
            fail("over", got=float(rates.sum()), budget=budget)
        stale = theory.stale_share(changes, popularity, rates)
        even = theory.stale_share(changes, popularity, np.full(keys, budget / keys))
        if stale >= even - 1e-9:
            by_change = np.allclose(rates, changes * budget / changes.sum())
            code = "by_change" if by_change and spread else "not_better"
            fail(code, case=name, stale=stale, even=even)
