"""Exercise: list every key that the table must hold (lesson 02)."""

import pandas as pd

from lessons_lib.exercises.probes import fail, show, unchanged

NAME = "timetable_keys"
TITLE = "List the keys of a timetable"
MINUTES = 5
ORDER = 1
HINTS = [
    "A key comes once for each day on which it is flown. Which method of a DataFrame keeps one row "
    "for each different value of a column?",
    '`keys.drop_duplicates("key")` keeps the first row of each key, in the order of the flights. '
    "The table wants them in the order of the keys.",
    'Chain the two: `keys.drop_duplicates("key").sort_values("key")`, and return it.',
]
FAILURES = {
    "not_a_frame": "`timetable_keys` should return a DataFrame; it returned {got}. The model reads "
    "carrier, origin, dest and hour of each key, so they have to come along.",
    "columns": "The column {column!r} is gone. The model reads carrier, origin, dest and hour, and "
    "the table is filled by key: keep all five.",
    "repeats": "{rows} rows for {wanted} different keys: a key that is flown on two days is still "
    "one key. Keep one row for each.",
    "lost": "The key {key!r} is missing. A cancelled flight, or one that flew only once, was in the "
    "timetable too, and somebody may ask for it.",
    "order": "All {wanted} keys are there, but not in their order. Sorted keys fill a table from "
    "left to right, and a job that was killed can say how far it came. Sort by `key`.",
    "changed": "Your function changed the flights it was given, and other cells use them too. Work "
    "on what `drop_duplicates` returns.",
}
COLUMNS = ["key", "carrier", "origin", "dest", "hour"]


def timetable_keys(flights):
    keys = flights[["key", "carrier", "origin", "dest", "hour"]]
    return keys.drop_duplicates("key").sort_values("key", ignore_index=True)


reference = timetable_keys


def check(candidate):
    flights = _flights()
    with unchanged("changed", flights):
        keys = candidate(flights)
    if not isinstance(keys, pd.DataFrame):
        fail("not_a_frame", got=show(keys))
    for column in COLUMNS:
        if column not in keys.columns:
            fail("columns", column=column)
    wanted = sorted(flights["key"].unique())
    for key in wanted:
        if key not in set(keys["key"]):
            fail("lost", key=key)
    if len(keys) != len(wanted):
        fail("repeats", rows=len(keys), wanted=len(wanted))
    if keys["key"].tolist() != wanted:
        fail("order", wanted=len(wanted))


def _flights() -> pd.DataFrame:
    """Seven flights with four keys, out of order; one key was only ever cancelled."""
    keys = [
        "UA EWR IAH 17",
        "AA JFK MIA 05",
        "UA EWR IAH 17",
        "UA EWR IAH 05",
        "AA JFK MIA 05",
        "B6 LGA FLL 09",
        "UA EWR IAH 05",
    ]
    parts = pd.DataFrame([key.split() for key in keys], columns=["carrier", "origin", "dest", "h"])
    delay = [3.0, 20.0, -5.0, 31.0, 0.0, float("nan"), 2.0]
    return pd.DataFrame(
        {
            **parts[["carrier", "origin", "dest"]],
            "hour": parts["h"].astype(int),
            "key": keys,
            "delay": delay,
            "cancelled": pd.isna(delay),
            "late": [float(d >= 15) if d == d else d for d in delay],
            "day": [1, 1, 2, 2, 2, 3, 3],
        }
    )
