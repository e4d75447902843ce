"""Right answers to "take the threshold from healthy days"."""

from exercises.wrong.l08_threshold import DISTANCES, TAKEN, but

RIGHT = [
    ("from the top", but(DISTANCES, f"{DISTANCES}[::-1]", TAKEN, "distances[allowed]")),
    (
        "NumPy",
        "import numpy as np\n" + but(DISTANCES, "np.sort([distance(*pair) for pair in healthy])"),
    ),
    (
        "one more is dropped at a time",
        but(
            f"return {TAKEN}", "for _ in range(allowed):\n    distances.pop()\nreturn distances[-1]"
        ),
    ),
    (
        "a method of NumPy's that takes a day",
        "import numpy as np\n"
        + but(TAKEN, "np.quantile(distances, 1 - false_alarms, method='inverted_cdf')"),
    ),
    (
        "tries each",
        """
def drift_threshold(healthy, distance, false_alarms):
    distances = [distance(before, day) for before, day in healthy]
    for level in sorted(distances):
        if sum(figure > level for figure in distances) <= false_alarms * len(distances):
            return level
""",
    ),
]
