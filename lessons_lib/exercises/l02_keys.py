"""Exercise: list every key that the table must hold (lesson 02)."""

import pandas as pd

from lessons_lib.exercises.probes import call, expect, fail, instance, show

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
    "extra": "The table has a row for {key}, which is no key of these flights. List what is in the "
    "timetable, and nothing else.",
    "mixed": "The row of {key!r} says {column} {got}, and its flights say {wanted}. Sort whole rows, "
    "not one column by itself, and leave their values as they are.",
    "changed": "Your function changed the flights it was given, and other cells use them too: "
    "{found}, once {before}. Work on what `drop_duplicates` returns.",
}
READ = ("carrier", "origin", "dest", "hour")


def timetable_keys(flights):
    keys = flights[["key", "carrier", "origin", "dest", "hour"]]
    return keys.drop_duplicates("key").sort_values("key", ignore_index=True)


def check(candidate):
    flights = _flights()
    for some in (flights[flights["day"] < 4], flights[flights["day"] > 2]):
        _judge(candidate, some.copy())


def _judge(candidate, flights):
    keys = call(candidate, flights)
    instance(keys, pd.DataFrame, "not_a_frame")
    for column in ("key", *READ):
        if column not in keys.columns:
            fail("columns", column=column)
    rows = {key: row for key, *row in flights[["key", *READ]].itertuples(index=False)}
    found = keys["key"].tolist()
    for key in sorted(rows):
        if key not in found:
            fail("lost", key=key)
    for key in found:
        if key not in rows:
            fail("extra", key=show(key))
    if len(found) != len(rows):
        fail("repeats", rows=len(found), wanted=len(rows))
    for key, *row in keys[["key", *READ]].itertuples(index=False):
        for column, got, wanted in zip(READ, row, rows[key], strict=True):
            expect(got, wanted, "mixed", key=key, column=column)
    if found != sorted(rows):
        fail("order", wanted=len(rows))


def _flights():
    """Flights out of order: seven with four keys, of which one was only ever cancelled, and three."""
    keys = ["UA EWR IAH 17", "AA JFK MIA 05", "UA EWR IAH 17", "UA EWR IAH 05"]
    keys += ["AA JFK MIA 05", "B6 LGA FLL 09", "UA EWR IAH 05"]
    keys += ["9E JFK IAH 10", "UA EWR IAH 10", "9E JFK IAH 10"]
    flights = pd.DataFrame(map(str.split, keys), columns=list(READ))
    flights["hour"] = flights["hour"].astype(int)
    cancelled = flights["carrier"] == "B6"
    delay = pd.Series([3.0, 20.0, -5.0, 31.0, 0.0, 0.0, 2.0, 9.0, -1.0, 4.0]).mask(cancelled)
    days = [1, 1, 2, 2, 2, 3, 3, 4, 4, 5]
    flights = flights.assign(key=keys, delay=delay, cancelled=cancelled, day=days)
    return flights.set_axis([40, 11, 12, 33, 14, 5, 26, 7, 8, 90])  # as of rows that were picked
