"""Exercise: the coverage of a table, from two logs (lesson 05)."""

import pandas as pd

from lessons_lib.exercises.probes import call, expect, number

NAME = "coverage"
TITLE = "Measure what a table covers, from a log"
MINUTES = 5
ORDER = 1
HINTS = [
    "Two steps. Which keys does the table hold? And which of the new requests ask for one of them? "
    "`log.value_counts()` counts each key of the log, the most frequent first.",
    "`log.value_counts().index[:size]` are the keys of the table. `requests.isin(table)` says for "
    "each request whether its key is among them.",
    "The mean of true and false values is the share that is true: `requests.isin(table).mean()`.",
]
FAILURES = {
    "no_number": "`coverage` should return one number, the share of requests; it returned {got}.",
    "hindsight": "Your table holds the keys that the *new* requests ask for most. On the night on "
    "which a table is made, those are not known yet: choose its keys from `log`.",
    "distinct": "You counted keys, and each only once. A key that is asked for four times counts four "
    "times: take the share of the requests.",
    "all_keys": "A table of {size} keys should cover {wanted:.3f} of these requests; you say "
    "{got:.3f}, which is what *all* keys of the log cover. Keep the `size` most frequent ones.",
    "other_keys": "You say {got:.3f}, which is what {size} other keys of the log cover. The table "
    "holds those that come most often in it, not the first, last or rarest ones.",
    "percent": "You say {got:.3g}; the share is {wanted:.3f}. Give a share between 0 and 1.",
    "wrong": "A table of {size} keys covers {wanted:.3f} of these requests; you say {got:.3f}.",
    "changed": "Your function changed a log that it was given. Work on what `value_counts` returns.",
}
LOGS = (("cdaabacbaba", "aaaabcdxyyyy"), ("wxzzyzyzyx", "yzwwxvv"))
"""What was asked, a letter for each key, and what is asked then, some of it new."""


def coverage(log, requests, size):
    table = log.value_counts().index[:size]
    return requests.isin(table).mean()


def check(candidate):
    for old, new in LOGS:
        log, requests = pd.Series(list(old)), pd.Series(list(new))
        for size in (2, 3):
            got = number(call(candidate, log, requests, size), "no_number")
            wanted = coverage(log, requests, size)
            expect(got, wanted, "wrong", _ideas(log, requests, size), size=size)


def _ideas(log, requests, size):
    """Each wrong idea with the share that it gives."""
    counts = log.value_counts()
    yield "percent", 100 * coverage(log, requests, size)
    yield "hindsight", coverage(requests, requests, size)
    yield "distinct", pd.Series(requests.unique()).isin(counts.index[:size]).mean()
    yield "all_keys", requests.isin(counts.index).mean()
    for others in (counts.index[::-1], log.unique(), log.unique()[::-1], sorted(counts.index)):
        yield "other_keys", requests.isin(others[:size]).mean()
