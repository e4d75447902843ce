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

RIGHT_ANSWER = """
def score_in_chunks(model, keys, size, done, save):
    left = keys[~keys["key"].isin(done)]
    for start in range(0, len(left), size):
        chunk = left.iloc[start : start + size]
        save(chunk["key"].tolist(), model.predict_proba(chunk)[:, 1])
"""
NAMES, LATE = 'chunk["key"].tolist()', "model.predict_proba(chunk)[:, 1]"
SAVE = f"        save({NAMES}, {LATE})"
PARTS = [
    ("both columns", "[:, 1]", "", "both_columns", "both columns of `predict_proba`"),
    ("rounded", LATE, f"{LATE}.round(3)", "mismatch", "saved with 0.077, and the model gave 0.0769"),
    ("texts", LATE, f"list(map(str, {LATE}))", "mismatch", "saved with '0.07"),
    ("yes or no", LATE, f"{LATE} > 0.5", "mismatch", "saved with False"),
    ("missing values", LATE, f"{LATE} * float('nan')", "mismatch", "saved with nan"),
    ("the largest of both", "[:, 1]", ".max(axis=1)", "mismatch", "as the model gave them"),
    ("per cent", LATE, f"100 * {LATE}", "mismatch", "7.69"),
    ("the same for all", LATE, f"[{LATE}.mean()] * len(chunk)", "mismatch", "of the same chunk"),
    ("one value for a chunk", LATE, f"{LATE}[:1]", "lengths", "4 keys and 1 values, 'UA EWR IAH 00' first"),
    ("a number for a list", LATE, f"{LATE}[0]", "not_lists", "(['UA EWR IAH 00'"),
    ("one key for a list", NAMES, "chunk['key'].iloc[0]", "not_lists", "('UA EWR IAH 00', ["),
    ("hours for keys", NAMES, "chunk['hour'].tolist()", "extra", "0 was saved"),
    ("row labels for keys", NAMES, "chunk.index.tolist()", "extra", "1 was saved"),
    ("frames for keys", NAMES, "chunk", "lengths", "5 keys and 4 values"),
    ("all keys with each chunk", NAMES, "left['key'].tolist()", "lengths", "10 keys and 4 values"),
    ("the size of the example", ", size):", ", 4):", "lost", "2 of 9 keys"),
    ("a size of 500", "len(left), size", "len(left), size := 500", "too_big", "10 rows, and `size` was 4"),
    ("a place short", "start + size]", "start + size - 1]", "lost", "'UA EWR IAH 03'"),
    ("a place too far", "start + size]", "start + size + 1]", "scored_twice", "'UA EWR IAH 04' was scored twice"),
    ("by row labels", "left.iloc[start : start + size]", "left.loc[start : start + size]", "KeyError", "in line 5"),
    ("done by place", 'keys["key"].isin(done)', "keys['key'].isin(keys['key'][:len(done)])", "again", "'UA EWR IAH 08'"),
    ("what is left is forgotten", 'keys[~keys["key"].isin(done)]', 'keys[keys["key"].isin(done)]', "lost", "10 of 10"),
    ("nothing if something is done", 'keys[~keys["key"].isin(done)]', "keys if not done else keys[:0]", "lost", "4 of 4 keys"),
    ("done is filled", SAVE, f"{SAVE}; done.update(chunk['key'])", "changed", "an object of your own"),
    ("a column more in keys", "    left =", "    keys['done'] = keys['key'].isin(done)\n    left =", "changed", "hour, done, once"),
    ("keys in another order", "    left =", "    keys.sort_index(inplace=True)\n    left =", "changed", "its index is now"),
    ("done rows are dropped", "    left =", "    keys.drop(keys.index[keys['key'].isin(done)], inplace=True)\n    left =", "changed", "its index is now"),
    (
        "a break-down is passed over",
        SAVE,
        f"        try:\n    {SAVE}\n        except Exception: pass",
        "swallowed",
        "The model raised an error",
    ),
    (
        "stops quietly at a break-down",
        SAVE,
        f"        try:\n    {SAVE}\n        except ConnectionError:\n            print('stopped'); break",
        "swallowed",
        "let the error pass",
    ),
    ("saved twice", SAVE, f"{SAVE}\n{SAVE.replace('model', '[model][0]')}", "scored_twice", "'UA EWR IAH 00'"),
    (
        "all so far with each chunk",
        SAVE,
        f"        so_far = locals().get('so_far', {{}})\n        so_far.update(zip({NAMES}, {LATE}))\n"
        "        save(list(so_far), list(so_far.values()))",
        "saved_twice",
        "3 times in one run",
    ),
    (
        "saved once the next is scored",
        RIGHT_ANSWER[RIGHT_ANSWER.index("    for") :],
        f"""
    last = None
    for start in range(0, len(left), size):
        chunk = left.iloc[start : start + size]
        scored = ({NAMES}, {LATE})
        if last: save(*last)
        last = scored
    if last: save(*last)
""",
        "late_save",
        "only 4 keys had been saved by then, where 8",
    ),
    (
        "saved at last, whatever happens",
        RIGHT_ANSWER[RIGHT_ANSWER.index("    for") :],
        f"""
    ready = []
    try:
        for start in range(0, len(left), size):
            chunk = left.iloc[start : start + size]
            ready.append(({NAMES}, {LATE}))
    finally:
        for one in ready: save(*one)
""",
        "late_save",
        "only 0 keys",
    ),
    (
        "what was saved once is never scored again",
        "    left =",
        "    global known\n    done = known = {*globals().get('known', ()), *done}\n    left =",
        "lost",
        "9 of 9 keys",
    ),
    ("rows without a frame", "predict_proba(chunk)", "predict_proba(chunk.to_numpy())", "TypeError", "wants rows of `keys`, a frame"),
    ("keys for rows", "predict_proba(chunk)", "predict_proba(chunk[['key']])", "KeyError", "in line 6"),
]  # fmt: skip
assert all(old in RIGHT_ANSWER for _, old, *_ in PARTS)
WRONG += [(n, RIGHT_ANSWER.replace(a, b), code, part) for n, a, b, code, part in PARTS]
