"""Wrong answers to "precompute the live inputs"."""

from exercises.variants import changes

but = changes("l07_bins")
ROWS = 'rows = keys.merge(bins, how="cross")'
SCORE = "self.late = model.predict_proba(rows)[:, 1]"
STRANGER = 'return Answer(None, "default", float("nan"))'
REACHED = "reached = sum(getattr(known, name) >= cut for cut in cuts)"
NUMBER = "number = number * (len(cuts) + 1) + reached"
RESULT = 'return Answer(float(value), "table", 0.0)'

WRONG = [
    ("the value alone", but(RESULT, "return float(value)"), "no_answer", "Give an `Answer"),
    (
        "a call for each key",
        but(
            f"{ROWS}\n        {SCORE}",
            "import numpy as np\nparts = [keys.iloc[[i]].merge(bins, how='cross') for i in range(len(keys))]\nself.late = np.concatenate([model.predict_proba(part)[:, 1] for part in parts])",
        ),
        "calls",
        "called 4 times",
    ),
    (
        "nothing ahead of time",
        but(
            SCORE,
            "self.model, self.rows = model, rows",
            "value = self.late[",
            "value = self.model.predict_proba(self.rows)[:, 1][",
        ),
        "calls",
        "called 0 times",
    ),
    (
        "every pair twice",
        but(
            SCORE,
            "rows = rows.loc[rows.index.repeat(2)]\nself.late = model.predict_proba(rows)[::2, 1]",
        ),
        "rows",
        "64 rows",
    ),
    (
        "the first bin only",
        but(ROWS, "rows = keys.merge(bins.head(1), how='cross')"),
        "rows",
        "4 rows to fill",
    ),
    (
        "the model once more",
        but(
            SCORE,
            f"self.model, self.rows = model, rows\n{SCORE}",
            "value =",
            "self.model.predict_proba(self.rows)\nvalue =",
        ),
        "live",
        "look the row up",
    ),
    ("a cut is not reached", but(">= cut", "> cut"), "at_the_cut", "has reached it"),
    (
        "NaN at the end",
        but(
            REACHED,
            "from bisect import bisect_right\nreached = bisect_right(cuts, getattr(known, name))",
        ),
        "unknown",
        "the first bin",
    ),
    (
        "always the first key",
        but("self.place[request.key] * self.bins", "0"),
        "other_key",
        "another key",
    ),
    (
        "the keys of all bins in turn",
        but(
            "self.place[request.key] * self.bins + number",
            "number * len(self.place) + self.place[request.key]",
        ),
        "value",
        "the prediction",
    ),
    (
        "the last input first",
        but("self.cuts.items()", "reversed(self.cuts.items())"),
        "order",
        "the first input weighs most",
    ),
    (
        "kept with the class",
        but("self.late =", "BinnedTable.late =", "self.place =", "BinnedTable.place ="),
        "shared",
        "with the object",
    ),
    ("five bins each", but("(len(cuts) + 1)", "5"), "value", "the prediction"),
    ("two bins each", but("(len(cuts) + 1)", "2"), "value", "row"),
    ("as many bins as cuts", but("(len(cuts) + 1)", "len(cuts)"), "order", "another order"),
    ("never late", but("[:, 1]", "[:, 0]"), "value", "the prediction"),
    ("rounded", but("float(value)", "round(float(value), 3)"), "value", "the prediction"),
    ("from the model", but('"table"', '"model"'), "source", "says 'model'"),
    ("as old as one can tell", but('"table", 0.0', '"table", float("nan")'), "age", "should be 0"),
    ("an hour old", but('"table", 0.0', '"table", 3600.0'), "age", "You say 3600"),
    (
        "a stranger gets the first key",
        but(
            "if request.key not in self.place:",
            "if False:",
            "self.place[request.key]",
            "self.place.get(request.key, 0)",
        ),
        "stranger",
        "is not in the table",
    ),
    (
        "a stranger gets a half",
        but(STRANGER, 'return Answer(0.5, "default", float("nan"))'),
        "stranger",
        "Give no value",
    ),
    (
        "a stranger from the table",
        but(STRANGER, 'return Answer(None, "table", float("nan"))'),
        "stranger",
        "Give no value",
    ),
    (
        "a column more",
        but(ROWS, f"keys['place'] = range(len(keys))\n{ROWS}"),
        "changed",
        "Work on new ones",
    ),
    (
        "the cuts turned round",
        but(ROWS, f"[each.reverse() for each in cuts.values()]\n{ROWS}"),
        "changed",
        "Work on new ones",
    ),
]
