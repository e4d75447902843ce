"""Right answers to "precompute the live inputs"."""

from exercises.wrong.l07_bins import REACHED, ROWS, SCORE, STRANGER, but

VALUE = "value = self.late[self.place[request.key] * self.bins + number]"

RIGHT = [
    (
        "a row of bins for each key",
        but(
            SCORE,
            "late = model.predict_proba(rows)[:, 1].reshape(len(keys), len(bins))\nself.late = dict(zip(keys['key'], late))",
            VALUE,
            "value = self.late[request.key][number]",
        ),
    ),
    (
        "a dict of pairs",
        but(
            SCORE,
            "numbers = list(range(len(bins))) * len(keys)\nself.late = dict(zip(zip(rows['key'], numbers), model.predict_proba(rows)[:, 1]))",
            VALUE,
            "value = self.late[request.key, number]",
        ),
    ),
    (
        "NumPy counts",
        but(
            REACHED,
            "import numpy as np\nreached = int((getattr(known, name) >= np.array(cuts)).sum())",
        ),
    ),
    (
        "bisect, after a look at NaN",
        but(
            REACHED,
            "from bisect import bisect_right\nseen = getattr(known, name)\nreached = bisect_right(cuts, seen) if seen == seen else 0",
        ),
    ),
    (
        "bins before keys",
        but(
            ROWS,
            'rows = bins.merge(keys, how="cross")',
            "self.place[request.key] * self.bins + number",
            "number * len(self.place) + self.place[request.key]",
        ),
    ),
    ("NaN from NumPy", but(STRANGER, 'import numpy as np\nreturn Answer(None, "default", np.nan)')),
    (
        "looks with get",
        but("if request.key not in self.place:", "if self.place.get(request.key) is None:"),
    ),
]
