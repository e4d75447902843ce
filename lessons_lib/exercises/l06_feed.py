"""Exercise: the next table out of the last one and a feed of changes (lesson 06)."""

from lessons_lib.exercises.probes import (
    Breakdown,
    breaks_down,
    expect,
    fail,
    instance,
    unchanged,
)

NAME = "refreshed"
TITLE = "Refresh only what has changed"
MINUTES = 10
ORDER = 2
HINTS = [
    "Three steps. What is the last entry of each key in the feed? `dict(feed)` keeps just that. Which "
    "rows of the table does the feed not name? These go over as they are. And which of the named keys "
    "have inputs? Only these are predicted.",
    "`changed = {key: inputs for key, inputs in latest.items() if inputs is not None}`; then one call, "
    "`predict(list(changed.values()))`, and `zip(changed, ...)` brings keys and values together.",
    "Nothing to predict is no reason to call the model: `if changed:`. Build a new dict, "
    "`{key: value for key, value in table.items() if key not in latest}`, and `update` it.",
]
FAILURES = {
    "no_table": "`refreshed` should return a dict from keys to probabilities; it returned {got}.",
    "changed": "Your code changed the table or the feed that it was given: {found}, once {before}. A "
    "published version never changes: build a new dict.",
    "lost": "The feed does not name {key!r}, so its row goes over as it is, {wanted:.9g}. In the new "
    "table it is {got}.",
    "absent": "The last entry of {key!r} has inputs, {inputs}, and the key is not in the new table. A key "
    "may be new, may come back, and may have an input of 0.0: only None says that it is gone.",
    "gone": "{key!r} is in the new table and should not be: its last entry says that it is gone, or "
    "neither table nor feed knows it.",
    "first_entry": "The feed names {key!r} more than once, and yours follows an entry that is not "
    "the last. The last one counts.",
    "value": "For {key!r} the model says {wanted:.9g}, and the new table holds {got}.",
    "full": "{wanted} keys have changed, and the model was called {calls} times, about {asked} inputs. "
    "Ask once, about all of them together, with the last inputs of each.",
    "empty": "Nothing was to predict, and the model was called all the same. Many models fail on an "
    "empty list: leave the call out.",
}
TABLE = {"a": 1 / 7, "b": 2 / 7, "c": 0.0, "d": 3 / 11, "e": 0.123456789}
FEEDS = (
    [("b", 12.5)],
    [("b", 12.5), ("a", 3.25), ("b", 40.125), ("f", 7.75)],
    [("d", None)],
    [("a", None), ("d", 2.5), ("a", 9.875), ("d", None), ("g", 1.0), ("g", None)],
    [("e", 0.0), ("f", 0.0)],
    [],
    [("x", None)],
    [(key, 1.0 + number) for number, key in enumerate("edcbaedcbaf")],
)
"""Changes as (key, minutes of mean delay), None where a key is gone."""


def refreshed(table, feed, predict):
    latest = dict(feed)
    changed = {key: inputs for key, inputs in latest.items() if inputs is not None}
    new = {key: value for key, value in table.items() if key not in latest}
    if changed:
        new.update(zip(changed, predict(list(changed.values())), strict=True))
    return new


def check(candidate):
    for feed in FEEDS:
        for table in (TABLE, {}):
            _one_refresh(candidate, dict(table), list(feed))
    breaks_down("The model", candidate, dict(TABLE), [("a", 1.5)], _broken)


def _says(inputs):
    return [1 / (2 + minutes**1.5) for minutes in inputs]


def _broken(inputs):
    raise Breakdown("the model broke down")


def _one_refresh(candidate, table, feed):
    asked = []

    def predict(inputs):
        asked.append([*inputs])
        return _says(asked[-1])

    with unchanged(table, feed):
        got = candidate(table, feed, predict)
    instance(got, dict, "no_table")
    wanted, last = refreshed(table, feed, _says), dict(feed)
    for key in {**wanted, **got}:
        _one_row(key, got, wanted, feed)
    changed, total = len(set(wanted) & set(last)), sum(map(len, asked))
    if asked and not changed:
        fail("empty")
    if total != changed or len(asked) > 1:
        fail("full", asked=total, calls=len(asked), wanted=changed)


def _one_row(key, got, wanted, feed):
    """Fail unless the row is what a full job would have put there."""
    entries = [inputs for name, inputs in feed if name == key]
    if key not in wanted:
        fail("gone", key=key)
    if not entries:
        expect(got.get(key), wanted[key], "lost", key=key)
    elif key not in got:
        fail("first_entry" if None in entries else "absent", key=key, inputs=entries[-1])
    earlier = _says(inputs for inputs in entries[:-1] if inputs is not None)
    expect(got[key], wanted[key], "value", [("first_entry", said) for said in earlier], key=key)
