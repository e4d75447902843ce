"""Wrong answers to "give the partitions to Dask"."""

from exercises.variants import changes

but = changes("l10_dask")
PARTS = "[keys.iloc[first : first + size] for first in range(0, len(keys), size)]"
TASKS = "[dask.delayed(model.predict_proba)(part) for part in parts]"
SCORED = "dask.compute(*tasks)"
LATE = "np.concatenate(scored)[:, 1]"
LABELS = 'index=keys["key"].tolist()'
RESULT = f"pd.Series({LATE}, {LABELS})"

WRONG = [
    ("an array", but(RESULT, LATE), "not_a_series", "labelled by key"),
    ("the tasks", but(RESULT, "tasks"), "not_a_series", "Delayed"),
    (
        "without Dask",
        but(TASKS, "[model.predict_proba(part) for part in parts]", SCORED, "tasks"),
        "by_hand",
        "3 times",
    ),
    (
        "the result is wrapped",
        but(TASKS, "[dask.delayed(model.predict_proba(part)) for part in parts]"),
        "by_hand",
        "Wrap the call",
    ),
    ("each by itself", but(SCORED, "[task.compute() for task in tasks]"), "one_by_one", "3 times"),
    ("all in one partition", but(PARTS, "[keys]"), "too_big", "One call had 10 rows"),
    (
        "a row a partition",
        but(PARTS, "[keys.iloc[i : i + 1] for i in range(len(keys))]"),
        "partitions",
        "yours made 10",
    ),
    (
        "whole partitions only",
        but(
            "len(keys), size",
            "len(keys) - size + 1, size",
            LABELS,
            'index=keys["key"][: size * len(parts)]',
        ),
        "partitions",
        "may be shorter",
    ),
    (
        "two halves",
        but(PARTS, "[keys[: len(keys) // 2], keys[len(keys) // 2 :]]"),
        "too_big",
        "has 4",
    ),
    ("row labels", but(LABELS, "index=keys.index"), "labels", "in the order of `keys`"),
    ("no labels", but(f", {LABELS}", ""), "labels", "[0, 1, 2"),
    ("sorted by key", but(RESULT, f"{RESULT}.sort_index()"), "labels", "they should be the keys"),
    ("the probability of being on time", but("[:, 1]", "[:, 0]"), "on_time", "the second"),
    ("as they end", but(SCORED, "dask.compute(*tasks)[::-1]"), "mixed", "back in that of the keys"),
    (
        "in the order of hours",
        but(LATE, "np.sort(np.concatenate(scored)[:, 1])"),
        "mixed",
        "the plain job says",
    ),
    ("rounded", but(LATE, f"{LATE}.round(3)"), "value", "to the last digit"),
    ("per cent", but(LATE, f"100 * {LATE}"), "value", "row for row"),
    ("missing", but(LATE, f"{LATE} * np.nan"), "value", "nan"),
    (
        "sorts the keys",
        but("parts =", "keys.sort_values('key', inplace=True)\nparts ="),
        "changed",
        "Work on a copy",
    ),
    (
        "keeps an error quiet",
        but(
            "scored = dask.compute(*tasks)",
            "try:\n    scored = dask.compute(*tasks)\nexcept ConnectionError:\n    return pd.Series(dtype=float)",
        ),
        "swallowed",
        "The model raised an error",
    ),
]
