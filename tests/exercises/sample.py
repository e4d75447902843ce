"""An exercise as authors write them, for the tests of the frame; it belongs to no lesson."""

from lessons_lib.exercises.probes import call, fail, raised

NAME = "batched_scores"
TITLE = "Score in batches"
MINUTES = 5
SECONDS = 2
HINTS = ["How many rows fit in one call of `model`?", "`range` has a step."]
FAILURES = {
    "row_by_row": "The model was called {calls} times for {rows} rows. Give it `size` rows a call.",
    "lost_rows": "{rows} rows went in and {scores} scores came out. Look at the last batch.",
    "changed": "Your function changed the list of rows it was given.",
    "size_zero": "A size of 0 must raise `ValueError`; yours gave {got}.",
}


def batched_scores(model, rows, size):
    if size < 1:
        raise ValueError(f"size must be 1 or more, not {size}")
    scores = []
    for start in range(0, len(rows), size):
        scores += model(rows[start : start + size])
    return scores


def check(candidate):
    rows, sizes = list(range(10)), []

    def model(batch):
        sizes.append(len(batch))
        return [2 * row for row in batch]

    scores = call(candidate, model, rows, 4)
    if len(sizes) > 3:
        fail("row_by_row", calls=len(sizes), rows=10)
    if len(scores) != 10:
        fail("lost_rows", rows=10, scores=len(scores))
    got = raised(candidate, model, rows, 0)
    if not isinstance(got, ValueError):
        fail("size_zero", got=got)
