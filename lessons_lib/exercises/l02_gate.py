"""Exercise: a rule of the gate that names what must not be published (lesson 02)."""

import numpy as np
import pandas as pd

from lessons_lib.exercises.probes import fail, show, unchanged

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
BAD = {"DL LGA ATL 06": -0.02, "DL LGA ATL 07": 21.7, "DL LGA ATL 08": np.inf}
EMPTY, ABSENT = "DL LGA ATL 09", ("B6 JFK FLL 08", "B6 JFK FLL 21")


def failing_keys(table, expected):
    no_probability = table.loc[~table["value"].between(0, 1), "key"]
    absent = set(expected) - set(table["key"])
    return [*no_probability, *sorted(absent)]


reference = failing_keys


def check(candidate):
    values = GOOD | BAD | {EMPTY: np.nan}
    table = pd.DataFrame({"key": list(values), "value": list(values.values())})
    expected = [*values, *ABSENT]
    with unchanged("changed", table, expected):
        named = candidate(table, expected)
    if isinstance(named, str | bool | dict | pd.DataFrame) or not np.iterable(named):
        fail("not_keys", got=show(named), rows=2893)
    named = list(named)
    if not all(isinstance(key, str) for key in named):
        fail("not_keys", got=show(named), rows=2893)
    _compare(named)
    _check_a_clean_table(candidate)


def _compare(named: list[str]) -> None:
    for key, value in BAD.items():
        if key not in named:
            fail("range", key=key, value=value)
    if EMPTY not in named:
        fail("missing_value", key=EMPTY)
    for key in ABSENT:
        if key not in named:
            fail("absent", key=key)
    for key, value in GOOD.items():
        if key in named:
            fail("good_refused", key=key, value=value)
    if len(named) != len(BAD) + 1 + len(ABSENT):
        fail("twice", got=len(named), wanted=len(BAD) + 1 + len(ABSENT))


def _check_a_clean_table(candidate) -> None:
    table = pd.DataFrame({"key": list(GOOD), "value": list(GOOD.values())})
    named = list(candidate(table, list(GOOD)))
    if named:
        fail("good_refused", key=named[0], value=GOOD.get(named[0], np.nan))
