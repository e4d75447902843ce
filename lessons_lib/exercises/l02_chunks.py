"""Exercise: score keys in chunks, from where an earlier run was stopped (lesson 02)."""

import contextlib

import numpy as np
import pandas as pd

from lessons_lib.exercises.probes import call, expect, fail, same

NAME = "score_in_chunks"
TITLE = "Score in chunks, and go on after a stop"
MINUTES = 8
ORDER = 2
HINTS = [
    'Step 1: `keys["key"].isin(done)` is true where a key is done. `~` turns it round.',
    "Step 2: `range(0, len(left), size)` gives the start of each chunk, and "
    "`left.iloc[start : start + size]` the chunk; the last one may be shorter.",
    "`model.predict_proba(chunk)` has two columns, on time and late: keep the second, `[:, 1]`. "
    "Call `save` inside the loop, so that a crash costs one chunk and no more.",
]
FAILURES = {
    "row_by_row": "The model was called {calls} times for {rows} keys. One call may take `size` "
    "rows, {size} here: that is where the speed comes from.",
    "too_big": "One call had {rows} rows, and `size` was {size}. A chunk is all that a crash may "
    "cost: cut `left` with `iloc`.",
    "empty": "The model was called with no rows at all. When every key is done, nothing is left to "
    "ask.",
    "again": "The key {key!r} was done before, and was scored again. Start from the rows of `keys` "
    "that are not in `done`.",
    "lost": "{missing} of {rows} keys were never saved, {key!r} for one. Look at where the last "
    "chunk ends, and at what a resumed run starts from.",
    "wrong_column": "The saved numbers are the first column of `predict_proba`, the probability of "
    "leaving on time. Save the second, `[:, 1]`.",
    "mismatch": "{key!r} was saved with {got}, and the model gave {wanted}. Save the keys and the "
    "values of the same chunk.",
    "late_save": "The model broke down in its third call and only {saved} keys had been saved by "
    "then, where {wanted} were ready. Save each chunk before you score the next.",
}
SIZE, KEY = 4, "UA EWR IAH {:02d}"


def score_in_chunks(model, keys, size, done, save):
    left = keys[~keys["key"].isin(done)]
    for start in range(0, len(left), size):
        chunk = left.iloc[start : start + size]
        save(chunk["key"].tolist(), model.predict_proba(chunk)[:, 1])


def check(candidate):
    for done in ([], [0, 1, 2, 3, 4, 8], list(range(10))):
        model, saved = _run(candidate, 10, done)
        _check_calls(model.asked, done)
        left = set(range(10)) - set(done)
        _check_saved(saved, {KEY.format(hour): _late(hour) for hour in sorted(left)})
    _, saved = _run(candidate, 12, [], breaks=3)
    if len(saved) < 2 * SIZE:
        fail("late_save", saved=len(saved), wanted=2 * SIZE)


class _PowerCut(ConnectionError):
    pass


class _Model:
    """Gives each row a probability of its own; the power goes out in call number `breaks`."""

    def __init__(self, breaks):
        self.breaks, self.asked = breaks, []

    def predict_proba(self, frame):
        self.asked.append(frame["hour"].tolist())
        if len(self.asked) == self.breaks:
            raise _PowerCut("the power went out")
        late = _late(frame["hour"].to_numpy())
        return np.column_stack([1 - late, late])


def _late(hour):
    return (hour + 1) / 37


def _run(candidate, count, done, breaks=0):
    """One run over `count` keys of which some are done: the model, and what was saved by key."""
    same, hours = {"carrier": "UA", "origin": "EWR", "dest": "IAH"}, range(count)
    keys = pd.DataFrame({"key": map(KEY.format, hours), **same, "hour": hours})
    model, chunks, saved = _Model(breaks), [], {}

    def save(names, values):
        chunks.append((list(names), list(values)))

    with contextlib.suppress(_PowerCut):
        call(candidate, model, keys, SIZE, {KEY.format(hour) for hour in done}, save)
    for names, values in chunks:
        if len(names) != len(values):
            each = f"one value for each of {names}"
            fail("mismatch", key=next(iter(names), None), got=values, wanted=each)
        saved.update(zip(names, values, strict=True))
    return model, saved


def _check_calls(asked, done):
    again = [hour for hours in asked for hour in hours if hour in done]
    if again:
        fail("again", key=KEY.format(again[0]))
    sizes, rows = [len(hours) for hours in asked], 10 - len(done)
    if max(sizes, default=0) > SIZE:
        fail("too_big", rows=max(sizes), size=SIZE)
    if 0 in sizes:
        fail("empty")
    if len(sizes) > -(-rows // SIZE):
        fail("row_by_row", calls=len(sizes), rows=rows, size=SIZE)


def _check_saved(saved, wanted):
    missing = [key for key in wanted if key not in saved]
    if missing:
        fail("lost", missing=len(missing), rows=len(wanted), key=missing[0])
    if wanted and all(same(saved[key], 1 - late) for key, late in wanted.items()):
        fail("wrong_column")
    for key, late in wanted.items():
        expect(saved[key], late, "mismatch", key=key)
