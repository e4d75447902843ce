"""Right answers to "the best model that meets a deadline under load"."""

from exercises.wrong.l04_largest_model import answer

RIGHT = [
    ("the solution's way", answer(pick="max(fit, key=lambda n: fit[n], default=None)")),
    ("an if at the end", answer(pick="max(fit, key=lambda n: fit[n][0]) if fit else None")),
    ("pairs", answer(pick="max(((s, n) for n, (s, _) in fit.items()), default=(0, None))[1]")),
    ("sorted", answer(pick="([None] + sorted(fit, key=lambda n: fit[n][0]))[-1]")),
    (
        "a search",
        """
def best_within(candidates, deadline, p99):
    best = None
    for name, (skill, seconds) in candidates.items():
        if p99(seconds) <= deadline and (best is None or skill > candidates[best][0]):
            best = name
    return best
""",
    ),
    (
        "from the most skilful down",
        """
def best_within(candidates, deadline, p99):
    for name, (_, seconds) in sorted(candidates.items(), key=lambda pair: -pair[1][0]):
        if not p99(seconds) > deadline:
            return name
""",
    ),
    (
        "pandas",
        """
import pandas as pd
def best_within(candidates, deadline, p99):
    frame = pd.DataFrame(candidates, index=["skill", "seconds"]).T
    frame = frame[[p99(s) <= deadline for s in frame["seconds"]]]
    return None if frame.empty else frame["skill"].idxmax()
""",
    ),
]
