"""Right answers to "forecast with an interval"."""

from exercises.wrong.l11_interval import RESULT, WHILE, but

RIGHT = [
    ("a list", but(RESULT, "return [ranked[k - 1], ranked[-k]] if k else None")),
    ("an array", but(RESULT, "return np.array([ranked[k - 1], ranked[-k]]) if k else None")),
    ("without a loop", but(WHILE, "k = int(miss * (len(ranked) + 1) / 2 + 1e-9)")),
    ("sorted by Python", but("np.sort(figures)", "sorted(figures)")),
    (
        "pandas",
        but("np.sort(figures)", "__import__('pandas').Series(figures).sort_values().to_numpy()"),
    ),
    (
        "from the ends inwards",
        but(WHILE, "for k in range(len(ranked) // 2, -1, -1):\n    if 2 * k / (len(ranked) + 1) <= miss:\n        break"),
    ),
]  # fmt: skip
