"""Wrong answers to the sample exercise."""

WRONG = [
    (
        "one row a call",
        "def batched_scores(model, rows, size):\n    return [model([row])[0] for row in rows]",
        "row_by_row",
        "10 times for 10 rows",
    ),
    (
        "whole batches only",
        """
def batched_scores(model, rows, size):
    whole = len(rows) - len(rows) % size
    return [score for i in range(0, whole, size) for score in model(rows[i : i + size])]
""",
        "lost_rows",
        "8 scores came out",
    ),
    (
        "eats its input",
        """
def batched_scores(model, rows, size):
    scores = []
    while rows:
        scores += model([rows.pop(0) for _ in range(min(size, len(rows)))])
    return scores
""",
        "changed",
        "changed the list",
    ),
    (
        "accepts a size of 0",
        """
def batched_scores(model, rows, size):
    step = size or len(rows)
    return [score for i in range(0, len(rows), step) for score in model(rows[i : i + step])]
""",
        "size_zero",
        "yours gave None",
    ),
]
