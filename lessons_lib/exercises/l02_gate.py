"""Exercise: a rule of the gate that names what must not be published (lesson 02)."""

import numpy as np
import pandas as pd

from lessons_lib.exercises.probes import call, expect, fail

NAME = "failing_keys"
TITLE = "Name what must not be published"
MINUTES = 8
ORDER = 3
HINTS = [
    "Step 1: `between(0, 1)` is false for a missing value and for an infinite one too. Which rows "
    "are not between?",
    'Step 1: `table.loc[~table["value"].between(0, 1), "key"]` gives their keys.',
    'Step 2: as sets, what is expected but not there is `set(expected) - set(table["key"])`. Return '
    "both lists as one.",
]
FAILURES = {
    "not_keys": "`failing_keys` should return the keys that fail; it returned {got}. A verdict "
    "without names leaves somebody to search {rows:,} rows at night.",
    "range": "{key!r} holds {value:g}, which is no probability, and your rule did not name it.",
    "missing_value": "{key!r} holds no value (NaN), and your rule did not name it. NaN is neither "
    "below 0 nor above 1: ask which rows are within, and turn that round.",
    "absent": "{key!r} was expected and is not in the table, and your rule did not name it. A row "
    "that is not there can only be found by comparing with a list.",
    "good_refused": "{key!r} holds {value:g} and is expected, and your rule refuses it. 0 and 1 are "
    "probabilities too.",
    "twice": "Your list has {got} entries for {wanted} failing keys. Name each once.",
    "changed": "Your rule changed the table it was to judge. What was checked would not be what is "
    "published.",
}
GOOD = {"AA JFK MIA 05": 0.0, "AA JFK MIA 09": 0.25, "UA EWR IAH 05": 1.0, "UA EWR IAH 17": 0.4}
BAD = {
    "DL LGA ATL 06": -0.02,
    "DL LGA ATL 07": 21.7,
    "DL LGA ATL 08": np.inf,
    "DL LGA ATL 09": np.nan,
}
ABSENT = ("B6 JFK FLL 08", "B6 JFK FLL 21")


def failing_keys(table, expected):
    no_probability = table.loc[~table["value"].between(0, 1), "key"]
    absent = set(expected) - set(table["key"])
    return [*no_probability, *sorted(absent)]


def check(candidate):
    named = _named(candidate, GOOD | BAD, [*GOOD, *BAD, *ABSENT])
    for key, value in BAD.items():
        if key not in named:
            fail("missing_value" if np.isnan(value) else "range", key=key, value=value)
    for key in ABSENT:
        if key not in named:
            fail("absent", key=key)
    for key, value in GOOD.items():
        if key in named:
            fail("good_refused", key=key, value=value)
    expect(len(named), len(BAD) + len(ABSENT), "twice")
    for key in _named(candidate, GOOD, list(GOOD)):
        fail("good_refused", key=key, value=GOOD.get(key, np.nan))


def _named(candidate, values, expected):
    """The keys that the learner's rule names in a table of these values."""
    table = pd.DataFrame({"key": list(values), "value": list(values.values())})
    named = call(candidate, table, expected)
    is_list = np.iterable(named) and not isinstance(named, str | dict | pd.DataFrame)
    keys = list(named) if is_list else [None]
    if not all(isinstance(key, str) for key in keys):
        fail("not_keys", got=named, rows=2893)
    return keys
