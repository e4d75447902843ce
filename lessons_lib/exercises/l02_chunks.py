"""Exercise: score keys in chunks, from where an earlier run was stopped (lesson 02)."""

import numpy as np
import pandas as pd

from lessons_lib.exercises.probes import fail

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
SIZE = 4


def score_in_chunks(model, keys, size, done, save):
    left = keys[~keys["key"].isin(done)]
    for start in range(0, len(left), size):
        chunk = left.iloc[start : start + size]
        save(chunk["key"].tolist(), model.predict_proba(chunk)[:, 1])


reference = score_in_chunks


def check(candidate):
    keys = _keys(10)
    model, table = _run(candidate, keys, {})
    _check_calls(model, rows=10)
    _check_table(table, keys)
    _check_resume(candidate)
    _check_crash(candidate)


class _Model:
    """Gives each key a probability of its own; breaks down in call number `breaks`."""

    def __init__(self, breaks: int = 0):
        self.breaks = breaks
        self.asked: list[list[str]] = []

    def predict_proba(self, frame: pd.DataFrame) -> np.ndarray:
        self.asked.append(frame["key"].tolist())
        if len(self.asked) == self.breaks:
            raise ConnectionError("the power went out")
        late = frame["hour"].to_numpy() / 100
        return np.column_stack([1 - late, late])


def _keys(count: int) -> pd.DataFrame:
    names = [f"UA EWR IAH {hour:02d}" for hour in range(count)]
    same = {"carrier": "UA", "origin": "EWR", "dest": "IAH"}
    return pd.DataFrame({"key": names, **same, "hour": range(count)})


def _run(candidate, keys: pd.DataFrame, done: dict, breaks: int = 0) -> tuple[_Model, dict]:
    """One run of the learner's function; a break-down of the model ends it early."""
    model, table = _Model(breaks), dict(done)

    def save(chunk_keys, values):
        table.update(zip(list(chunk_keys), map(float, values), strict=True))

    try:
        candidate(model, keys, SIZE, set(done), save)
    except ConnectionError:
        if not breaks:
            raise
    return model, table


def _check_calls(model: _Model, rows: int) -> None:
    sizes = [len(asked) for asked in model.asked]
    if sizes and max(sizes) > SIZE:
        fail("too_big", rows=max(sizes), size=SIZE)
    if 0 in sizes:
        fail("empty")
    if len(sizes) > -(-rows // SIZE):
        fail("row_by_row", calls=len(sizes), rows=rows, size=SIZE)


def _check_table(table: dict, keys: pd.DataFrame) -> None:
    missing = [key for key in keys["key"] if key not in table]
    if missing:
        fail("lost", missing=len(missing), rows=len(keys), key=missing[0])
    wanted = dict(zip(keys["key"], keys["hour"] / 100, strict=True))
    if all(abs(table[key] - (1 - wanted[key])) < 1e-9 for key in wanted):
        fail("wrong_column")
    for key, value in wanted.items():
        if abs(table[key] - value) > 1e-9:
            fail("mismatch", key=key, got=table[key], wanted=value)


def _check_resume(candidate) -> None:
    """Keys that are done, not the first ones only, are left alone; and all of them."""
    keys = _keys(10)
    done = {key: hour / 100 for key, hour in zip(keys["key"], keys["hour"], strict=True)}
    for finished in ([*keys["key"][:5], keys["key"][8]], list(keys["key"])):
        model, table = _run(candidate, keys, {key: done[key] for key in finished})
        again = [key for asked in model.asked for key in asked if key in finished]
        if again:
            fail("again", key=again[0])
        _check_calls(model, rows=len(keys) - len(finished))
        _check_table(table, keys)


def _check_crash(candidate) -> None:
    _, table = _run(candidate, _keys(12), {}, breaks=3)
    if len(table) < 2 * SIZE:
        fail("late_save", saved=len(table), wanted=2 * SIZE)
