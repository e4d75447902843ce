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
    "not_updated": "{key!r} has changed, and the new table still holds what was predicted before. "
    "Predict it from its new inputs.",
    "first_entry": "The feed names {key!r} more than once, and yours follows an entry that is not "
    "the last. The last one counts.",
    "new": "{key!r} comes in with the feed and is not in the new table. A key may be new.",
    "gone": "The last entry of {key!r} has no inputs: the key is gone. It is still in the new table.",
    "zero": "The inputs of {key!r} are 0.0, and it was taken for gone. Only None says that a key is "
    "gone; 0 minutes of delay is something to predict from.",
    "more": "The new table holds {key!r}, which neither the old one nor the feed knows.",
    "value": "For {key!r} the model said {wanted:.9g} and the new table holds {got}.",
    "full": "The model was asked about {asked} inputs, and {wanted} keys have changed. Ask once about "
    "each of them, with its last inputs, and about nothing else.",
    "calls": "The model was called {calls} times. One call for all changed keys is much cheaper: hand "
    "it a list.",
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
    two = refreshed(TABLE, FEEDS[1], _says)
    _one_refresh(candidate, two, [("b", 5.5), ("f", None)])
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
    last = dict(feed)
    changed = {key: minutes for key, minutes in last.items() if minutes is not None}
    _rows(table, feed, got, refreshed(table, feed, _says))
    if not changed and asked:
        fail("empty")
    if sum(map(len, asked)) != len(changed):
        fail("full", asked=sum(map(len, asked)), wanted=len(changed))
    if len(asked) > 1:
        fail("calls", calls=len(asked))


def _rows(table, feed, got, wanted):
    """Fail for the first row that is not what a full job would have put there."""
    last, earlier = dict(feed), {}
    for key, minutes in feed:
        earlier.setdefault(key, []).append(minutes)
    for key in {**wanted, **got}:
        if key not in wanted:
            fail("gone" if key in last else "more", key=key)
        if key not in last:
            expect(got.get(key), wanted[key], "lost", key=key)
        elif key not in got:
            zero = last[key] == 0
            fail("zero" if zero else "first_entry" if None in earlier[key] else "new", key=key)
        else:
            before = [m for m in earlier[key][:-1] if m is not None]
            ideas = [("first_entry", said) for said in _says(before)]
            ideas += [("zero" if last[key] == 0 else "not_updated", table.get(key, -1.0))]
            expect(got[key], wanted[key], "value", ideas, key=key)
