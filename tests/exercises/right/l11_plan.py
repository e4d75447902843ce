"""Right answers to "turn a letter into a plan"."""

from exercises.wrong.l11_plan import RESULT, but

RIGHT = [
    ("a list", but(RESULT, RESULT.replace("return ", "return [") + "]")),
    ("an array", but(RESULT, RESULT.replace("return ", "return np.array((") + "))")),
    (
        "row by row",
        """
from collections import Counter
from lessons_lib import cost

def plan(yesterday, today, rate, run, deadline, share):
    table = [key for key, count in Counter(yesterday).most_common()]
    asked = Counter(today)
    rows, found = 0, 0
    for key in table:
        if found >= share * len(today):
            break
        rows, found = rows + 1, found + asked[key]
    if found < share * len(today):
        rows, found = 0, 0
    return rows, cost.servers_within(rate * (1 - found / len(today)), run, deadline)
""",
    ),
    (
        "tries every size",
        """
from lessons_lib import cost

def plan(yesterday, today, rate, run, deadline, share):
    table = yesterday.value_counts().index
    for rows in range(1, len(table) + 1):
        covered = today.isin(table[:rows]).mean()
        if covered >= share:
            break
    else:
        rows, covered = 0, 0
    return rows, cost.servers_within(rate * (1 - covered), run, deadline)
""",
    ),
    (
        "cumulates",
        """
import numpy as np
from lessons_lib import cost

def plan(yesterday, today, rate, run, deadline, share):
    table = yesterday.value_counts().index
    hits = today.value_counts().reindex(table).fillna(0).cumsum().to_numpy() / len(today)
    rows = int(np.argmax(hits >= share)) + 1 if (hits >= share).any() else 0
    missed = 1 - (hits[rows - 1] if rows else 0)
    return rows, cost.servers_within(rate * missed, run, deadline)
""",
    ),
]
