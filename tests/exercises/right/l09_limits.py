"""Right answers to "shed load, and retry within a budget"."""

from exercises.wrong.l09_limits import BOUND, MOVE, ROOM, SAVED, but

RIGHT = [
    ("room first", but(ROOM, "if not runs < self.most_runs:\n    return False")),
    (
        "two branches",
        but(
            MOVE,
            "if again:\n    self.credit -= 1\nelse:\n    self.credit += self.retry_share",
            BOUND,
            "if self.credit > 10:\n    self.credit = 10",
        ),
    ),
    ("a saved retry is asked for by its rest", but("self.credit < 1", "self.credit - 1 < 0")),
    (
        "counts what is left of ten",
        but(
            "self.credit = 0.0",
            "self.missing = 10.0",
            SAVED,
            "if again and self.missing > 9:\n    return False",
            MOVE,
            "self.missing -= -1 if again else self.retry_share",
            BOUND,
            "self.missing = max(self.missing, 0.0)",
        ),
    ),
    (
        "one expression",
        but(
            ROOM,
            "",
            SAVED,
            "if runs >= self.most_runs or again and self.credit < 1:\n    return False",
        ),
    ),
    (
        "a comparison of NumPy's",
        but("return True", "import numpy as np\nreturn np.bool_(True)"),
    ),
]
