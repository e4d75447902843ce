"""Exercise: score keys in chunks, from where an earlier run was stopped (lesson 02)."""

import numpy as np
import pandas as pd

from lessons_lib.exercises.probes import Breakdown, breaks_down, call, expect, fail, same, show

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
    "scored_twice": "The key {key!r} was scored twice in one run. The next chunk starts where the last "
    "one ended.",
    "lost": "{missing} of {rows} keys were never saved, {key!r} for one. Look at where the last "
    "chunk ends, and at what a resumed run starts from.",
    "extra": "{key} was saved, and it is none of the keys that were left. Save the keys of the chunk "
    "that was scored.",
    "saved_twice": "The key {key!r} was saved {times} times in one run. Save each chunk once.",
    "not_lists": "`save` was called with {got}. Give it two lists, the keys of a chunk and its values.",
    "both_columns": "{key!r} was saved with {got}, both columns of `predict_proba`. Save the second "
    "alone, the probability of leaving late: `[:, 1]`.",
    "wrong_column": "The saved numbers are the first column of `predict_proba`, the probability of "
    "leaving on time. Save the second, `[:, 1]`.",
    "mismatch": "{key!r} was saved with {got}, and the model gave {wanted}. Save the keys and the "
    "values of the same chunk, as the model gave them.",
    "lengths": "`save` was called with {keys} keys and {values} values, {key} first. Give one value "
    "for each key.",
    "late_save": "The model broke down in its third call and only {saved} keys had been saved by "
    "then, where {wanted} were ready. Save each chunk before you score the next.",
    "changed": "Your code changed what it was given: {found}, once {before}. Keep what you note in an "
    "object of your own.",
}
KEY = "UA EWR IAH {:02d}"
NIGHTS = ((10, 4, []), (10, 4, [0, 1, 2, 3, 4, 8]), (10, 4, range(10)), (9, 3, []), (5, 7, [2]))
"""How many keys there are, the size of a chunk, and which keys are done."""


def score_in_chunks(model, keys, size, done, save):
    left = keys[~keys["key"].isin(done)]
    for start in range(0, len(left), size):
        chunk = left.iloc[start : start + size]
        save(chunk["key"].tolist(), model.predict_proba(chunk)[:, 1])


def check(candidate):
    for night, (count, size, done) in enumerate(NIGHTS):
        model = _Model(night)
        given = _keys(count), size, {KEY.format(hour) for hour in done}
        call(candidate, model, *given, model.save)
        left = [hour for hour in range(count) if hour not in done]
        _check_calls(model.asked, left, size)
        _check_saved(model.chunks, {KEY.format(hour): model.late(hour) for hour in left})
    model = _Model(0, breaks=3)
    breaks_down("The model", candidate, model, _keys(12), 4, set(), model.save)
    expect(model.ready, 8, "late_save", saved=model.ready)


class _Model:
    """Gives each row a probability of its own, others each night; breaks down in call `breaks`.

    It notes what is saved, as copies, since a learner may fill a list anew.
    """

    def __init__(self, night, breaks=0):
        self.night, self.breaks, self.asked, self.chunks = night, breaks, [], []

    def late(self, hour):
        return (7 * hour % 12 + 1) / (13 + self.night)

    def predict_proba(self, frame):
        if not isinstance(frame, pd.DataFrame):
            raise TypeError(f"predict_proba wants rows of `keys`, a frame, and got {show(frame)}")
        hour = frame[["carrier", "origin", "dest", "hour"]]["hour"].to_numpy()
        self.asked.append(hour.tolist())
        if len(self.asked) == self.breaks:
            self.ready = sum(len(names) for names, _ in self.chunks)
            raise Breakdown("the model broke down")
        return np.column_stack([1 - self.late(hour), self.late(hour)])

    def save(self, names, values):
        self.chunks.append(tuple(map(_listed, (names, values))))


def _keys(count):
    """As many keys, in a frame with the index of rows that were picked."""
    columns = {"carrier": "UA", "origin": "EWR", "dest": "IAH", "hour": range(count)}
    keys = pd.DataFrame({"key": map(KEY.format, range(count)), **columns})
    return keys.set_axis([29 * row % 31 + 1 for row in range(count)])


def _listed(given):
    return list(given) if np.iterable(given) and not isinstance(given, str) else given


def _check_calls(asked, left, size):
    scored = [hour for hours in asked for hour in hours]
    for hour in scored:
        if hour not in left:
            fail("again", key=KEY.format(hour))
        if scored.count(hour) > 1:
            fail("scored_twice", key=KEY.format(hour))
    sizes, rows = [len(hours) for hours in asked], len(left)
    if max(sizes, default=0) > size:
        fail("too_big", rows=max(sizes), size=size)
    if 0 in sizes:
        fail("empty")
    if len(sizes) > -(-rows // size):
        fail("row_by_row", calls=len(sizes), rows=rows, size=size)


def _check_saved(chunks, wanted):
    for names, values in chunks:
        if not (isinstance(names, list) and isinstance(values, list)):
            fail("not_lists", got=(names, values))
        if len(names) != len(values):
            fail("lengths", keys=len(names), values=len(values), key=show([*names, "none"][0]))
    names = [name for names, _ in chunks for name in names]
    saved = dict(zip(names, (value for _, values in chunks for value in values), strict=True))
    for key in names:
        if key not in wanted:
            fail("extra", key=show(key))
    missing = [key for key in wanted if key not in saved]
    if missing:
        fail("lost", missing=len(missing), rows=len(wanted), key=missing[0])
    if wanted and all(same(saved[key], 1 - late) for key, late in wanted.items()):
        fail("wrong_column")
    for key, late in wanted.items():
        expect(
            saved[key],
            late,
            "both_columns" if np.shape(saved[key]) == (2,) else "mismatch",
            key=key,
        )
        if names.count(key) > 1:
            fail("saved_twice", key=key, times=names.count(key))
