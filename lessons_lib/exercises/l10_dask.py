"""Exercise: score the partitions of a job by Dask (lesson 10)."""

import threading

import dask
import numpy as np
import pandas as pd
from dask.local import get_sync

from lessons_lib.exercises.probes import Breakdown, array, breaks_down, call, fail, instance, show

NAME = "score_on_dask"
TITLE = "Give the partitions to Dask"
MINUTES = 10
ORDER = 2
HINTS = [
    "`keys.iloc[first : first + size]` for each `first` in `range(0, len(keys), size)` cuts the keys, as in "
    "lesson 02.",
    "`dask.delayed(model.predict_proba)(part)` runs nothing yet: it notes what is to be done. Collect one for "
    "each partition in a list.",
    "`dask.compute(*tasks)` runs all of them and gives their results in the order of `tasks`. Take the second "
    "column of each, join them by `np.concatenate`, and label them with `keys['key']`.",
]
FAILURES = {
    "not_a_series": "`score_on_dask` should return a pandas Series of probabilities, labelled by key; it "
    "returned {got}.",
    "by_hand": "The model was called outside of Dask, {calls} times. Wrap the call in `dask.delayed` and let "
    "Dask run it: `dask.delayed(model.predict_proba)(part)`.",
    "one_by_one": "Dask was started {runs} times for {parts} partitions, and each time it had one thing to do. "
    "Collect the tasks, then compute all of them together.",
    "partitions": "{rows} keys in partitions of {size} are {wanted} calls of the model; yours made {got}. The "
    "last partition may be shorter.",
    "too_big": "One call had {got} rows, and a partition has {size}.",
    "labels": "The labels are {got}; they should be the keys, in the order of `keys`: {wanted}.",
    "on_time": "The numbers are the first column of `predict_proba`, the probability of leaving on time. Take "
    "the second, `[:, 1]`.",
    "mixed": "{key!r} got {got}, and the plain job says {wanted}. Partitions end in any order: put their "
    "results back in that of the keys.",
    "value": "{key!r} got {got}, and the plain job says {wanted}: row for row the same, to the last digit.",
}
JOBS = ((10, 4), (9, 3), (1, 5), (23, 6))
"""How many keys there are, and the size of a partition."""


def score_on_dask(model, keys, size):
    parts = [keys.iloc[first : first + size] for first in range(0, len(keys), size)]
    tasks = [dask.delayed(model.predict_proba)(part) for part in parts]
    scored = dask.compute(*tasks)
    return pd.Series(np.concatenate(scored)[:, 1], index=keys["key"].tolist())


def check(candidate):
    for night, (count, size) in enumerate(JOBS):
        model, keys, engine = _Model(night), _keys(count), _Engine()
        with dask.config.set(scheduler=engine):
            found = call(candidate, model, keys, size)
        parts = -(-count // size)
        if model.outside:
            fail("by_hand", calls=model.outside)
        if max(model.rows) > size:
            fail("too_big", got=max(model.rows), size=size)
        if len(model.rows) != parts:
            fail("partitions", rows=count, size=size, wanted=parts, got=len(model.rows))
        if parts > 1 and engine.runs >= parts:
            fail("one_by_one", runs=engine.runs, parts=parts)
        _compare(found, keys, model)
    with dask.config.set(scheduler=_Engine()):
        breaks_down("The model", candidate, _Model(0, breaks=True), _keys(9), 3)


def _compare(found, keys, model):
    """Fail unless the Series is what the plain job gives."""
    instance(found, pd.Series, "not_a_series")
    names, wanted = keys["key"].tolist(), model.late(keys)
    if found.index.tolist() != names:
        fail("labels", got=show(found.index.tolist()), wanted=show(names))
    array(found.to_numpy(), (len(names),), "value", key=names[0], wanted=wanted[0])
    if np.array_equal(found, 1 - wanted):
        fail("on_time")
    if not np.array_equal(found, wanted):
        row = int(np.flatnonzero(found.to_numpy() != wanted)[0])
        code = "mixed" if np.array_equal(np.sort(found), np.sort(wanted)) else "value"
        fail(code, key=names[row], got=found.iloc[row], wanted=wanted[row])


class _Engine:
    """Dask's scheduler in this thread, which notes how often it is started, and when it is at work."""

    at_work = threading.local()

    def __init__(self):
        self.runs = 0

    def __call__(self, graph, keys, **options):
        self.runs += 1
        self.at_work.now = True
        try:
            return get_sync(graph, keys, **options)
        finally:
            self.at_work.now = False


class _Model:
    """Gives each row a probability of its own; notes the rows of each call, and calls outside of Dask."""

    def __init__(self, night, breaks=False):
        self.night, self.breaks, self.rows, self.outside = night, breaks, [], 0

    def late(self, frame):
        return (7 * frame["hour"].to_numpy() % 29 + 1) / (31.7 + self.night)

    def predict_proba(self, frame):
        self.rows.append(len(frame))
        self.outside += not getattr(_Engine.at_work, "now", False)
        if self.breaks and len(self.rows) == 2:
            raise Breakdown("the model broke down")
        return np.column_stack([1 - self.late(frame), self.late(frame)])


def _keys(count):
    """As many keys, in no order, in a frame with the index of rows that were picked."""
    hours = np.random.default_rng(count).permutation(count)
    columns = {"carrier": "UA", "origin": "EWR", "dest": "IAH", "hour": hours}
    keys = pd.DataFrame({"key": [f"UA EWR IAH {hour:02d}" for hour in hours], **columns})
    return keys.set_axis([29 * row % 31 + 1 for row in range(count)])
