"""Wrong answers to "score in chunks, and go on after a stop"."""

WRONG = [
    (
        "one row a call",
        """
def score_in_chunks(model, keys, size, done, save):
    left = keys[~keys["key"].isin(done)]
    for i in range(len(left)):
        row = left.iloc[i : i + 1]
        save(row["key"].tolist(), model.predict_proba(row)[:, 1])
""",
        "row_by_row",
        "10 times for 10 keys",
    ),
    (
        "everything in one call",
        """
def score_in_chunks(model, keys, size, done, save):
    left = keys[~keys["key"].isin(done)]
    save(left["key"].tolist(), model.predict_proba(left)[:, 1])
""",
        "too_big",
        "10 rows, and `size` was 4",
    ),
    (
        "one chunk too many",
        """
def score_in_chunks(model, keys, size, done, save):
    left = keys[~keys["key"].isin(done)]
    for start in range(0, len(left) + size, size):
        chunk = left.iloc[start : start + size]
        save(chunk["key"].tolist(), model.predict_proba(chunk)[:, 1])
""",
        "empty",
        "no rows at all",
    ),
    (
        "does not look at what is done",
        """
def score_in_chunks(model, keys, size, done, save):
    for start in range(0, len(keys), size):
        chunk = keys.iloc[start : start + size]
        save(chunk["key"].tolist(), model.predict_proba(chunk)[:, 1])
""",
        "again",
        "was done before",
    ),
    (
        "whole chunks only",
        """
def score_in_chunks(model, keys, size, done, save):
    left = keys[~keys["key"].isin(done)]
    for start in range(0, len(left) - size + 1, size):
        chunk = left.iloc[start : start + size]
        save(chunk["key"].tolist(), model.predict_proba(chunk)[:, 1])
""",
        "lost",
        "2 of 10 keys",
    ),
    (
        "skips as many rows as are done, whichever they are",
        """
def score_in_chunks(model, keys, size, done, save):
    for start in range(len(done), len(keys), size):
        chunk = keys.iloc[start : start + size]
        save(chunk["key"].tolist(), model.predict_proba(chunk)[:, 1])
""",
        "again",
        "UA EWR IAH 08",
    ),
    (
        "the probability of leaving on time",
        """
def score_in_chunks(model, keys, size, done, save):
    left = keys[~keys["key"].isin(done)]
    for start in range(0, len(left), size):
        chunk = left.iloc[start : start + size]
        save(chunk["key"].tolist(), model.predict_proba(chunk)[:, 0])
""",
        "wrong_column",
        "on time",
    ),
    (
        "keys in reverse, values not",
        """
def score_in_chunks(model, keys, size, done, save):
    left = keys[~keys["key"].isin(done)]
    for start in range(0, len(left), size):
        chunk = left.iloc[start : start + size]
        save(chunk["key"].tolist()[::-1], model.predict_proba(chunk)[:, 1])
""",
        "mismatch",
        "of the same chunk",
    ),
    (
        "saves at the end",
        """
def score_in_chunks(model, keys, size, done, save):
    left = keys[~keys["key"].isin(done)]
    names, values = [], []
    for start in range(0, len(left), size):
        chunk = left.iloc[start : start + size]
        names += chunk["key"].tolist()
        values += model.predict_proba(chunk)[:, 1].tolist()
    save(names, values)
""",
        "late_save",
        "only 0 keys had been saved",
    ),
]
