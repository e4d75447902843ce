"""Right answers to "estimate the unseen"."""

from exercises.wrong.l05_unseen import SHARE, but

RIGHT = [
    ("duplicated", but(SHARE, "(~log.duplicated(keep=False)).mean()")),
    ("drop_duplicates", but(SHARE, "len(log.drop_duplicates(keep=False)) / len(log)")),
    (
        "a Counter",
        but(SHARE, "list(__import__('collections').Counter(log).values()).count(1) / log.size"),
    ),
    ("grouped", but("log.value_counts()", "log.groupby(log).transform('size')")),
    ("NumPy", but(SHARE, "float(sum(n == 1 for n in times_seen.to_numpy())) / log.shape[0]")),
    ("a loop", but(SHARE, "sum(list(log).count(key) == 1 for key in log) / len(log)")),
]
