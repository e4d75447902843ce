"""Exercise: the coverage of a table, from two logs (lesson 05)."""

import pandas as pd

from lessons_lib.exercises.probes import fail, unchanged

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


def coverage(log, requests, size):
    table = log.value_counts().index[:size]
    return requests.isin(table).mean()


reference = coverage


def check(candidate):
    log, requests = _logs()
    with unchanged("changed", log, requests):
        shares = {size: _number(candidate(log, requests, size)) for size in (2, 3)}
    for size, got in shares.items():
        wanted = float(coverage(log, requests, size))
        if abs(got - wanted) > 1e-9:
            values = {"got": got, "wanted": wanted, "size": size}
            fail(_reason(log, requests, size, got), **values)


def _reason(log: pd.Series, requests: pd.Series, size: int, got: float) -> str:
    """Which wrong idea gives this number."""
    if abs(got - 100 * coverage(log, requests, size)) < 1e-6:
        return "percent"
    counts = log.value_counts()
    ideas = {
        "hindsight": coverage(requests, requests, size),
        "distinct": pd.Series(requests.unique()).isin(counts.index[:size]).mean(),
        "all_keys": requests.isin(counts.index).mean(),
    }
    for reason, value in ideas.items():
        if abs(got - value) < 1e-9:
            return reason
    others = (counts.index[::-1], pd.Index(log.unique()), pd.Index(log.unique()[::-1]))
    covered = [requests.isin(keys[:size]).mean() for keys in (*others, counts.index.sort_values())]
    return "other_keys" if any(abs(got - share) < 1e-9 for share in covered) else "wrong"


def _number(value) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return fail("no_number", got=value)


def _logs() -> tuple[pd.Series, pd.Series]:
    """A log of eleven requests for four keys, and twelve new ones; two of their keys are new."""
    log = ["c", "d", "a", "a", "b", "a", "c", "b", "a", "b", "a"]
    return pd.Series(log), pd.Series(list("aaaabcdxyyyy"))
