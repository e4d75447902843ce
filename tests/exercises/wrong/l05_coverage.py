"""Wrong answers to "measure what a table covers"."""

from exercises.variants import changes

but = changes("l05_coverage")
TABLE = "log.value_counts().index[:size]"
SHARE = "requests.isin(table).mean()"

WRONG = [
    (
        "a table made in hindsight",
        """
def coverage(log, requests, size):
    table = requests.value_counts().index[:size]
    return requests.isin(table).mean()
""",
        "hindsight",
        "not known yet",
    ),
    (
        "each key counted once",
        """
def coverage(log, requests, size):
    table = set(log.value_counts().index[:size])
    asked = set(requests)
    return len(asked & table) / len(asked)
""",
        "distinct",
        "counts four times",
    ),
    (
        "every key of the log",
        "def coverage(log, requests, size):\n    return requests.isin(log.unique()).mean()",
        "all_keys",
        "A table of 2 keys should cover 0.454545455",
    ),
    (
        "the first keys of the log",
        "def coverage(log, requests, size):\n    return requests.isin(log.unique()[:size]).mean()",
        "other_keys",
        "2 other keys",
    ),
    (
        "the rarest keys",
        """
def coverage(log, requests, size):
    table = log.value_counts(ascending=True).index[:size]
    return requests.isin(table).mean()
""",
        "other_keys",
        "come most often",
    ),
    (
        "per cent",
        """
def coverage(log, requests, size):
    return 100 * requests.isin(log.value_counts().index[:size]).mean()
""",
        "percent",
        "You say 45.5; the share is 0.454545455",
    ),
    (
        "one true or false a request",
        """
def coverage(log, requests, size):
    return requests.isin(log.value_counts().index[:size])
""",
        "no_number",
        "one number",
    ),
    (
        "one key too many",
        """
def coverage(log, requests, size):
    return requests.isin(log.value_counts().index[:size + 1]).mean()
""",
        "wrong",
        "the 2 most frequent keys of 'cdaabacbaba' covers 0.454545455",
    ),
    (
        "sorts the caller's log",
        """
def coverage(log, requests, size):
    log.iloc[:] = sorted(log)
    return requests.isin(log.value_counts().index[:size]).mean()
""",
        "changed",
        "changed a log",
    ),
    ("rounded to three digits", but(SHARE, f"round({SHARE}, 3)"), "wrong", "you say 0.455"),
    ("rounded to six digits", but(SHARE, f"round({SHARE}, 6)"), "wrong", "you say 0.454545"),
    ("a text", but(SHARE, f"str({SHARE})"), "no_number", "'0.454545"),
    ("no number", but(SHARE, "float('nan')"), "no_number", "nan"),
    ("share and table", but(SHARE, f"({SHARE}, list(table))"), "no_number", "(np.float64(0.454545"),
    ("how many, not which share", but("mean", "sum"), "wrong", "you say 10"),
    (
        "a share of the log",
        but(SHARE, "requests.isin(table).sum() / len(log)"),
        "wrong",
        "you say 0.909090909",
    ),
    ("the share of the unseen", but(SHARE, f"1 - {SHARE}"), "wrong", "you say 0.545454545"),
    ("one key less", but("[:size]", "[:size - 1]"), "wrong", "you say 0.272727273"),
    ("always two keys", but("[:size]", "[:2]"), "wrong", "the 3 most frequent keys"),
    (
        "a small table only",
        but(TABLE, "pd.Index([log.value_counts().index[i] for i in range(min(size, 3))])"),
        "wrong",
        "the 50 most frequent keys",
    ),
    (
        "the first table for all",
        """
kept = {}

def coverage(log, requests, size):
    kept.setdefault(size, log.value_counts().index[:size])
    return requests.isin(kept[size]).mean()
""",
        "kept",
        "Make the table anew",
    ),
    (
        "a log that grows in a default",
        """
def coverage(log, requests, size, seen=[]):
    seen.extend(log)
    return requests.isin(pd.Series(seen).value_counts().index[:size]).mean()
""",
        "kept",
        "came first",
    ),
    (
        "the caller's index made anew",
        but("table =", "log.index = range(len(log))\ntable ="),
        "changed",
        "a log",
    ),
    (
        "the caller's requests emptied",
        but(
            SHARE,
            "(found := requests.isin(table).mean(), requests.drop(requests.index, inplace=True))[0]",
        ),
        "changed",
        "a log",
    ),
    (
        "keys in the order of letters",
        but(TABLE, "sorted(set(log))[:size]"),
        "other_keys",
        "first, last or rarest",
    ),
    (
        "all that come equally often",
        but(TABLE, "(n := log.value_counts())[n >= n.iloc[:size].min()].index"),
        "all_keys",
        "A table of 3 keys should cover 0.444444444",
    ),
]
