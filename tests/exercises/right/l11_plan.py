"""Right answers to "turn a letter into a plan"."""

from exercises.wrong.l11_plan import P99, RESULT, but

COUNTED = """
from collections import Counter
import numpy as np
from lessons_lib import simulate

def plan(yesterday, today, arrive, run, deadline, share):
    table = [key for key, count in Counter(yesterday).most_common()]
    asked = Counter(today)
    rows, found = 0, 0
    for key in table:
        if found >= share * len(today):
            break
        rows, found = rows + 1, found + asked[key]
    if found < share * len(today):
        rows = 0
    left = arrive[[key not in table[:rows] for key in today]]
    for servers in range(1, 200):
        latency = simulate.fifo(left, np.full(len(left), run), servers) + run - left if len(left) else None
        if latency is None:
            return rows, 0
        if np.sort(latency)[-(-99 * len(latency) // 100) - 1] <= deadline:
            return rows, servers
"""

RIGHT = [
    ("a list", but(RESULT, "return [rows, servers]")),
    ("an array", but(RESULT, "return np.array([rows, servers])")),
    ("the share that is late", but(f"{P99} > deadline", "np.mean(latency > deadline) > 0.01")),
    ("counted key by key", COUNTED),
]
