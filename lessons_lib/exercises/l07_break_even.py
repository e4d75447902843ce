"""Exercise: when a table pays, and how much of it nobody asks for (lesson 07)."""

from math import inf

import pandas as pd

from lessons_lib.exercises.probes import array, call, expect, fail, python_value

NAME = "weigh"
TITLE = "Break-even and waste, from a log"
MINUTES = 8
ORDER = 2
HINTS = [
    "Three numbers. Set what a key costs between two refreshes equal: `row + asked * look_up` with the "
    "table, `asked * run` without, and solve for `asked`. The other two come from the log.",
    "The break-even is `row / (run - look_up)`; where a look-up costs as much as a run or more, no "
    "number is enough: `math.inf`. `log.isin(keys)` says which requests the table answers.",
    "The requests per key are `log.isin(keys).sum() / len(keys)`. `keys.isin(log).mean()` is the share of "
    "the rows that somebody asked for; the question is the rest of them.",
]
FAILURES = {
    "not_three": "`weigh` gave {got}. Give three numbers: break-even, requests per key, share unused.",
    "upside_down": "The break-even reads {got:.6g}; it should be {wanted:.6g}. Yours is upside down: how "
    "many keys a request pays for, in place of how many requests a key needs.",
    "look_up": "The break-even reads {got:.6g}, and should be {wanted:.6g}. The table's requests are not "
    "free: each saves a run and costs a look-up.",
    "never": "A look-up costs {look_up:g} and a run {run:g} here, so no number of requests pays for a "
    "row: the break-even is infinite. You say {got:.6g}.",
    "break_even": "With {row:g} a row, {run:g} a run and {look_up:g} a look-up the break-even is "
    "{wanted:.6g} requests per key and refresh; you say {got:.6g}.",
    "strangers": "The requests per key read {got:.6g} and should be {wanted:.6g}. Only a request for a "
    "key of the table is worth a row; the others need the model anyway.",
    "asked_keys": "The requests per key read {got:.6g}, which is for each key that was asked for. A row is "
    "paid whether or not it is used: divide by all {keys} keys of the table.",
    "per_key": "Of the requests {log!r} a table of {table!r} (a letter is a key) answers {wanted:.6g} per "
    "key; you say {got:.6g}.",
    "used": "The third number reads {got:.6g}, which is the share of the rows that somebody asked for. The "
    "waste is the rest of them.",
    "of_requests": "The third number reads {got:.6g}, a share of the requests. The question is how many of "
    "the *rows* nobody asked for: {wanted:.6g}.",
    "unused": "Of a table of {table!r} (a letter is a key) the share {wanted:.6g} is not asked for by "
    "{log!r}; you say {got:.6g}.",
    "order": "The second number reads {got:.6g}, which is the share unused. Give the requests per key "
    "first.",
}
CASES = (
    ("abcdefg", "aacxaybbaac", 0.0125, 0.7, 0.05),
    ("qwertyuiop", "qqq", 3.1, 0.37, 0.0),
    ("kl", "kkkllzzkk", 0.002, 1.9, 0.11),
    ("mnopqrs", "mmnxyzz", 0.25, 0.03, 0.03),
    ("vwx", "abcab", 0.25, 0.03, 0.041),
    ("ghi", "", 0.7, 2.3, 0.9),
)
"""The table's keys and the log, a letter for each key; dollars of a row, a run and a look-up."""


def weigh(keys, log, row, run, look_up):
    break_even = row / (run - look_up) if run > look_up else inf
    per_key = log.isin(keys).sum() / len(keys)
    unused = 1 - keys.isin(log).mean()
    return break_even, per_key, unused


def check(candidate):
    for table, asked, row, run, look_up in CASES:
        keys = pd.Series(list(table), index=range(5, len(table) + 5), dtype="str")
        log = pd.Series(list(asked), index=range(2, len(asked) + 2), dtype="str")
        found = call(candidate, keys, log, row, run, look_up)
        wanted = weigh(keys, log, row, run, look_up)
        parts = _three(found)
        if wanted[0] == inf:
            expect(parts[0], inf, "never", look_up=look_up, run=run)
        else:
            ideas = [("upside_down", 1 / wanted[0]), ("look_up", row / run)]
            expect(parts[0], wanted[0], "break_even", ideas, row=row, run=run, look_up=look_up)
        about = {"table": table, "log": asked, "keys": len(table)}
        hits, different = log.isin(keys).sum(), keys.isin(log).sum()
        ideas = [("order", wanted[2]), ("strangers", len(log) / len(keys))]
        ideas += [("asked_keys", part / different) for part in (hits, len(log)) if different]
        expect(parts[1], wanted[1], "per_key", ideas, **about)
        ideas = [("used", 1 - wanted[2])]
        ideas += [("of_requests", part / len(log)) for part in (hits, len(log) - hits) if len(log)]
        expect(parts[2], wanted[2], "unused", ideas, **about)


def _three(found):
    """The three numbers; only the first may be infinite, and None of them NaN."""
    try:
        first, second, third = found
        finite = [0.0 if python_value(first) == inf else first, second, third]
    except (TypeError, ValueError):
        fail("not_three", got=found)
    parts = array(finite, (3,), "not_three", found=found)
    return [inf if python_value(first) == inf else parts[0], *parts[1:]]
