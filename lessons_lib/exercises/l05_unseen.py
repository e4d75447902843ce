"""Exercise: how likely the next request asks for a key never seen (lesson 05)."""

import pandas as pd

from lessons_lib.exercises.probes import call, expect, number

NAME = "unseen_share"
TITLE = "Estimate the unseen from what was seen once"
MINUTES = 5
ORDER = 2
HINTS = [
    "Count how often each key comes in the log, as before. Which of the counts are 1?",
    "`(log.value_counts() == 1).sum()` is the number of keys that were seen exactly once.",
    "Divide that number by the length of the log: it is a share of requests, not of keys.",
]
FAILURES = {
    "no_number": "`unseen_share` should return one number between 0 and 1; it returned {got}.",
    "count": "You return {got:g}, the number of keys seen once. Divide it by the number of requests.",
    "per_key": "You divided by the {keys} different keys. The estimate is about the next *request*: "
    "divide by the {requests} requests.",
    "distinct": "You say {got:.9g}, the number of different keys for each request. Count only the keys "
    "that were seen exactly once.",
    "repeated": "You say {got:.9g}, which is the share of the seen. The question is the rest of it, "
    "{wanted:.9g}.",
    "percent": "You say {got:.3g}; the share is {wanted:.9g}. Give a share between 0 and 1.",
    "kept": "You say {got:.9g}, which was right for the log before this one. Count anew at each call.",
    "wrong": "In {log!r} (a letter is a key) {once} keys were seen once in {requests} requests, so the "
    "estimate is {wanted:.9g}; you say {got:.9g}.",
    "changed": "Your function changed the log that it was given.",
}


def unseen_share(log):
    times_seen = log.value_counts()
    return (times_seen == 1).sum() / len(log)


def check(candidate):
    last = None
    for keys in ("abacadbbaec", "aabb", "xyz", "qwertyuqwertq", "mnnooo"):
        log = pd.Series(list(keys), index=range(7, len(keys) + 7))
        got = number(call(candidate, log), "no_number")
        counts = log.value_counts()
        once, different, requests = int((counts == 1).sum()), len(counts), len(log)
        share = once / requests
        ideas = [
            ("kept", last),
            ("count", once),
            ("per_key", once / different),
            ("distinct", different / requests),
            ("repeated", 1 - share),
            ("percent", 100 * share),
        ]
        expect(got, share, "wrong", ideas, once=once, keys=different, requests=requests, log=keys)
        last = share
