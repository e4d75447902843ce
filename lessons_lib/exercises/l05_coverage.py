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
    "all_keys": "A table of {size} keys should cover {wanted:.9g} of these requests; you say "
    "{got:.9g}, which is what *all* keys of the log cover. Keep the `size` most frequent ones.",
    "other_keys": "You say {got:.9g}, which is what {size} other keys of the log cover. The table "
    "holds those that come most often in it, not the first, last or rarest ones.",
    "percent": "You say {got:.3g}; the share is {wanted:.9g}. Give a share between 0 and 1.",
    "kept": "You say {got:.9g}, which is right for the keys of the log that came first. Make the table "
    "anew at each call, from the `log` that is given.",
    "wrong": "A table of the {size} most frequent keys of {log!r} covers {wanted:.9g} of the requests "
    "{requests!r} (a letter is a key); you say {got:.9g}.",
    "changed": "Your function changed a log that it was given. Work on what `value_counts` returns.",
}
LOGS = (
    ("cdaabacbaba", "yaybyadyabyxaycbyadyab"),
    ("wxzzyzyzyx", "yzwwxvv"),
    ("aaaabbbccdd", "ccddabxyz"),
)
"""What was asked, a letter for each key, and what is asked then, some of it new. In the last,
two keys come equally often: either may be the third of the table, and both would be one too many."""


def coverage(log, requests, size):
    table = log.value_counts().index[:size]
    return requests.isin(table).mean()


def check(candidate):
    for old, new in LOGS:
        log = pd.Series(list(old), index=range(3, len(old) + 3))
        requests = pd.Series(list(new), index=range(len(old) + 3, len(old) + len(new) + 3))
        for size in (2, 3, 1, 50):
            got = number(call(candidate, log, requests, size), "no_number")
            ideas = _ideas(log, requests, size)
            expect(
                got, coverage(log, requests, size), "wrong", ideas, size=size, log=old, requests=new
            )


def _ideas(log, requests, size):
    """Each wrong idea with the share that it gives."""
    counts = log.value_counts()
    yield "percent", 100 * coverage(log, requests, size)
    yield "hindsight", coverage(requests, requests, size)
    yield "distinct", pd.Series(requests.unique()).isin(counts.index[:size]).mean()
    yield "all_keys", requests.isin(counts.index).mean()
    for others in (counts.index[::-1], log.unique(), log.unique()[::-1], sorted(counts.index)):
        yield "other_keys", requests.isin(others[:size]).mean()
    yield "kept", coverage(pd.Series(list(LOGS[0][0])), requests, size)
