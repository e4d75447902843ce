"""Exercise: a table for live inputs, cut into bins (lesson 07)."""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from lessons_lib.answer import Answer
from lessons_lib.board import LIVE
from lessons_lib.exercises.probes import MISS, an_answer, answered, expect, fail, flight, unchanged

NAME = "BinnedTable"
TITLE = "Precompute the live inputs"
MINUTES = 12
ORDER = 4
HINTS = [
    'Ahead of time: `rows = keys.merge(bins, how="cross")` pairs each key with each row of `bins`, all '
    "bins of the first key first. Score all rows with one `self.late = model.predict_proba(rows)[:, 1]`.",
    "On demand: `known = self.inputs.known(request)`. For each name of `cuts` count the cuts that its value "
    "has reached, `sum(getattr(known, name) >= cut for cut in cuts[name])`, and go on with "
    "`number = number * (len(cuts[name]) + 1) + reached`, from 0.",
    "With `self.place = {key: i for i, key in enumerate(keys['key'])}` the prediction is "
    "`self.late[self.place[request.key] * len(bins) + number]`. A key that is not in `self.place` "
    'gives `Answer(None, "default", float("nan"))`.',
]
FAILURES = {
    "no_answer": "`answer` gave {got}. Give an `Answer(value, source, age)`.",
    "calls": "To fill the table the model was called {calls} times. Pair all keys with all bins, and score "
    "the pairs in one call, before anybody asks.",
    "rows": "The model was given {rows:,} rows to fill the table, and there are {keys} keys with {bins} bins "
    "each. The table holds every pair, once.",
    "live": "The model ran when a request came. All is precomputed: look the row up.",
    "at_the_cut": "One of {known} stands exactly at a cut, and you say {got}, which is the bin below. A "
    "value that equals a cut has reached it.",
    "unknown": "Of {known} one is NaN, and you say {got}. What is not known has reached no cut, so it is "
    "in the first bin of its input: {wanted:.9g}.",
    "other_key": "You say {got}, which is that bin for another key than {key!r}.",
    "order": "You say {got}, which is the bin with the inputs taken in another order. Go by `cuts`: the "
    "first input weighs most, as `bins` is sorted.",
    "shared": "A second table gave {got}, which stands in the first one. Keep all with the object.",
    "value": "For {key!r} and {known} row {number} of `bins` is the one, and the prediction {wanted:.9g}; "
    "you say {got}.",
    "source": 'What was computed ahead of time comes from the `"table"`; your answer says {got}.',
    "age": "The age should be 0: the inputs are of this moment, and what the model makes of them does not "
    "change. You say {got}.",
    "stranger": "The key {key!r} is not in the table, and `answer` gave {got}. Give no value, the source "
    "'default', and NaN for the age.",
    "changed": "Your class changed a frame or the cuts that it was given. Work on new ones.",
}
KEYS = ("UA EWR IAH 05", "B6 JFK MCO 17", "AA LGA ORD 09", "DL LGA ATL 21")
CUTS = (
    {"airport_delay": [-2.0, 4.5, 20.0], "wind_speed": [11.5]},
    {"humid": [55.0, 80.0], "airport_delay": [0.0, 12.25], "precip": [0.01]},
)
"""Where the live inputs of two tables are cut; the first has all keys, the second three."""


class BinnedTable:
    def __init__(self, model, keys, bins, cuts, inputs):
        self.cuts, self.inputs, self.bins = cuts, inputs, len(bins)
        self.place = {key: i for i, key in enumerate(keys["key"])}
        rows = keys.merge(bins, how="cross")
        self.late = model.predict_proba(rows)[:, 1]

    def answer(self, request):
        if request.key not in self.place:
            return Answer(None, "default", float("nan"))
        known, number = self.inputs.known(request), 0
        for name, cuts in self.cuts.items():
            reached = sum(getattr(known, name) >= cut for cut in cuts)
            number = number * (len(cuts) + 1) + reached
        value = self.late[self.place[request.key] * self.bins + number]
        return Answer(float(value), "table", 0.0)


def check(candidate):
    made = [_Made(candidate, cuts, KEYS[: 4 - n]) for n, cuts in enumerate(CUTS)]
    for one, other in (made, made[::-1]):
        for key in KEYS:
            for known in one.moments():
                _ask(one, other, key, known)


def _ask(one, other, key, known):
    one.feed.now = SimpleNamespace(temp=90.0, **known)
    with unchanged(*one.given):
        found = one.table.answer(flight(key))
    expect(one.model.calls, 1, "live")
    if key not in one.keys:
        return expect(an_answer(found), MISS, "stranger", key=key)
    reached = {name: sum(known[name] >= cut for cut in one.cuts[name]) for name in known}
    below = {name: sum(known[name] > cut for cut in one.cuts[name]) for name in known}
    ideas = [("at_the_cut", one.says(key, below))]
    ideas += [("other_key", one.says(each, reached)) for each in KEYS]
    ideas += [("order", one.says(key, dict(reversed(reached.items()))))]
    if key in other.keys:
        ideas += [("shared", value) for value in other.late[key].tolist()]
    code = "unknown" if any(np.isnan(value) for value in known.values()) else "value"
    about = {"key": key, "known": known, "number": one.number(reached)}
    wanted = Answer(one.says(key, reached), "table", 0.0)
    answered(found, wanted, ideas=ideas, value=code, **about)


class _Made:
    """A table of the learner's, with the fakes that it was made with."""

    def __init__(self, candidate, cuts, keys):
        self.cuts, self.keys, self.feed = cuts, keys, SimpleNamespace(now=None)
        middles = [[c[0] - 7.5, *(cut + 0.25 for cut in c)] for c in cuts.values()]
        bins = pd.MultiIndex.from_product(middles, names=list(cuts)).to_frame(index=False)
        frame = pd.DataFrame({"key": keys, "hour": [int(key[-2:]) for key in keys]})
        bins, self.model = bins.assign(temp=41.5), _Model(len(keys))
        self.late = {key: self.model.late(bins.assign(key=key)) for key in KEYS}
        self.given = frame, bins, {name: list(each) for name, each in cuts.items()}
        inputs = SimpleNamespace(known=lambda request: self.feed.now)
        with unchanged(*self.given):
            self.table = candidate(self.model, *self.given, inputs)
        expect(self.model.calls, 1, "calls", calls=self.model.calls)
        if self.model.rows != len(frame) * len(bins):
            fail("rows", rows=self.model.rows, keys=len(keys), bins=len(bins))

    def moments(self):
        """What may be known: values at, below and above each cut, and nothing."""
        draws = np.random.default_rng(len(self.keys))
        for name, cuts in self.cuts.items():
            for value in (*cuts, *np.nextafter(cuts, -np.inf), 1e6, float("nan")):
                others = {other: draws.normal(10, 25) for other in self.cuts}
                yield {**others, name: float(value)}

    def number(self, reached):
        number = 0
        for name, count in reached.items():
            number = number * (len(self.cuts[name]) + 1) + count
        return number

    def says(self, key, reached):
        return self.late[key][self.number(reached)]


class _Model:
    """Predicts something else for each key and bin, and notes how much it is asked."""

    def __init__(self, seed):
        self.seed, self.calls, self.rows = seed, 0, 0

    def predict_proba(self, rows):
        late = self.late(rows)
        self.calls, self.rows = self.calls + 1, self.rows + len(rows)
        return np.column_stack([1 - late, late])

    def late(self, rows):
        live = sum((i + 2) ** 0.5 * rows[name] for i, name in enumerate(LIVE) if name in rows)
        place = rows["key"].map(KEYS.index)
        return (self.seed / 7 + place * np.pi / 9 + live * np.e / 31).to_numpy(float) % 1
