"""Exercise: a rule of the gate that names what must not be published (lesson 02)."""

import numpy as np
import pandas as pd

from lessons_lib.exercises.probes import call, expect, fail, show

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
    "good_refused": "{key!r} holds {value:g} and is expected, and your rule refuses it. All from 0 to "
    "1 are probabilities, both ends included.",
    "index": "Your rule names every expected key, {key!r} too, which is in the table. Does it ask "
    '`key in table["key"]`? That looks at the labels of the rows ({labels}, ...) and not at the keys: '
    'ask `set(table["key"])`, or use `isin`.',
    "unasked": "{key!r} is in the table with {value:g}, a probability, though nobody expects it. That "
    "is no failure here: name expected keys that are absent, and keys whose value is none.",
    "extra": "Your rule names {key}, which is neither in the table nor expected.",
    "clean": "In this table nothing fails, and your rule gave {got}. Then give an empty list.",
    "kept": "Your rule names {key}, a key of the table before this one. Start with nothing at each "
    "call.",
    "twice": "Your list has {got} entries for {wanted} failing keys. Name each once.",
    "changed": "Your rule changed the table it was to judge, or the list of keys: {found}, once "
    "{before}. What was checked would not be what is published.",
}
GOOD = {"AA JFK MIA 05": 0.0, "AA JFK MIA 09": 0.25, "UA EWR IAH 05": 1.0, "UA EWR IAH 17": 0.4}
BAD = {
    "DL LGA ATL 06": -0.02,
    "DL LGA ATL 07": 21.7,
    "DL LGA ATL 08": np.inf,
    "DL LGA ATL 09": np.nan,
}
NEAR = {"DL LGA ATL 10": 1.0000001, "DL LGA ATL 11": -1e-9, "DL LGA ATL 12": -np.inf}
UNASKED = {"HA JFK HNL 09": 0.31}
ABSENT = ("B6 JFK FLL 08", "B6 JFK FLL 21")
LABELS = [17 * row % 101 + 1 for row in range(20)]
"""The index of the tables, as that of rows which were picked."""


def failing_keys(table, expected):
    no_probability = table.loc[~table["value"].between(0, 1), "key"]
    absent = set(expected) - set(table["key"])
    return [*no_probability, *sorted(absent)]


def check(candidate):
    _judge(candidate, GOOD | BAD, [*GOOD, *BAD, *ABSENT])
    _judge(candidate, dict(list(GOOD.items())[::-1]), list(GOOD))
    _judge(candidate, UNASKED | NEAR | dict.fromkeys(BAD, 0.5), [*ABSENT[1:], *BAD, *NEAR])
    _judge(candidate, {"AA JFK MIA 05": 1.5, "UA EWR IAH 05": 0.5}, [*GOOD][::2])


def _judge(candidate, values, expected):
    wrong = [key for key, value in values.items() if not 0 <= value <= 1]
    absent = [key for key in expected if key not in values]
    named = _named(candidate, values, expected, "not_keys" if wrong else "clean")
    good = [key for key in values if key in named and key not in wrong]
    if good and set(expected) <= set(named) and set(GOOD) <= set(values):
        fail("index", key=good[0], labels=", ".join(map(str, LABELS[:3])))
    for key in wrong:
        if key not in named:
            fail("missing_value" if np.isnan(values[key]) else "range", key=key, value=values[key])
    for key in absent:
        if key not in named:
            fail("absent", key=key)
    for key in good:
        fail("good_refused" if key in expected else "unasked", key=key, value=values[key])
    for key in named:
        if key not in (*wrong, *absent):
            fail("kept" if key in (*BAD, *NEAR, *ABSENT) else "extra", key=show(key))
    expect(len(named), len(wrong) + len(absent), "twice")


def _named(candidate, values, expected, code):
    """The keys that the learner's rule names in a table of these values."""
    columns = {"key": list(values), "value": list(values.values())}
    named = call(candidate, pd.DataFrame(columns, index=LABELS[: len(values)]), list(expected))
    is_list = np.iterable(named) and not isinstance(named, str | dict | pd.DataFrame)
    keys = list(named) if is_list else [None]
    if not all(isinstance(key, str) for key in keys):
        fail(code, got=named, rows=2893)
    return keys
