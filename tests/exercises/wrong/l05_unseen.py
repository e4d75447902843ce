"""Wrong answers to "estimate the unseen"."""

from exercises.variants import changes

but = changes("l05_unseen")
ONCE = "(times_seen == 1).sum()"
SHARE = f"{ONCE} / len(log)"

WRONG = [
    (
        "the number of keys",
        "def unseen_share(log):\n    return (log.value_counts() == 1).sum()",
        "count",
        "You return 2",
    ),
    (
        "a share of the keys",
        "def unseen_share(log):\n    return (log.value_counts() == 1).mean()",
        "per_key",
        "the 5 different keys",
    ),
    (
        "different keys for each request",
        "def unseen_share(log):\n    return log.nunique() / len(log)",
        "distinct",
        "exactly once",
    ),
    (
        "the share of the seen",
        "def unseen_share(log):\n    return 1 - (log.value_counts() == 1).sum() / len(log)",
        "repeated",
        "share of the seen",
    ),
    (
        "per cent",
        "def unseen_share(log):\n    return 100 * (log.value_counts() == 1).sum() / len(log)",
        "percent",
        "You say 18.2; the share is 0.181818182",
    ),
    (
        "keys that are new in the second half",
        """
def unseen_share(log):
    half = len(log) // 2
    return (~log[half:].isin(log[:half])).mean()
""",
        "wrong",
        "2 keys were seen once",
    ),
    (
        "the keys themselves",
        "def unseen_share(log):\n    return log.drop_duplicates(keep=False).tolist()",
        "no_number",
        "['d', 'e']",
    ),
    (
        "marks what it has counted",
        """
def unseen_share(log):
    share = (log.value_counts() == 1).sum() / len(log)
    log.iloc[:] = "done"
    return share
""",
        "changed",
        "changed the log",
    ),
    ("rounded to three digits", but(SHARE, f"round({SHARE}, 3)"), "wrong", "you say 0.182"),
    ("rounded to six digits", but(SHARE, f"round({SHARE}, 6)"), "wrong", "you say 0.181818"),
    ("a text", but(SHARE, f"str({SHARE})"), "no_number", "returned '0.18181818181818182'"),
    ("no number where nothing is new", but(SHARE, f"{SHARE} or float('nan')"), "no_number", "nan"),
    ("None where nothing is new", but(SHARE, f"{SHARE} or None"), "no_number", "None"),
    (
        "both numbers",
        but(SHARE, f"{ONCE}, {SHARE}"),
        "no_number",
        "returned (np.int64(2), np.float64(0.18181818181818182))",
    ),
    ("at most twice", but("== 1", "<= 2"), "wrong", "you say 0.272727273"),
    ("exactly twice", but("== 1", "== 2"), "wrong", "you say 0.0909090909"),
    ("keys that come again", but("== 1", "> 1"), "wrong", "you say 0.272727273"),
    ("the requests of one less", but("len(log)", "(len(log) - 1)"), "wrong", "you say 0.2"),
    ("plus one, to be sure", but(SHARE, f"({ONCE} + 1) / (len(log) + 1)"), "wrong", "you say 0.25"),
    ("never nothing", but(SHARE, f"max({ONCE}, 1) / len(log)"), "wrong", "you say 0.25"),
    (
        "requests that repeat another",
        but(SHARE, "log.duplicated().mean()"),
        "wrong",
        "you say 0.545454545",
    ),
    (
        "odds in place of a share",
        but(SHARE, f"{ONCE} / max(1, len(log) - {ONCE})"),
        "wrong",
        "you say 0.222222222",
    ),
    (
        "the first log for all",
        """
kept = []

def unseen_share(log):
    kept.append((log.value_counts() == 1).sum() / len(log))
    return kept[0]
""",
        "kept",
        "Count anew",
    ),
    (
        "a log that grows in a default",
        """
def unseen_share(log, seen=[]):
    seen.extend(log)
    return sum(seen.count(key) == 1 for key in seen) / len(seen)
""",
        "wrong",
        "you say 0.133333333",
    ),
    (
        "the caller's index made anew",
        but("times_seen = ", "log.index = range(len(log))\ntimes_seen = "),
        "changed",
        "the log",
    ),
    (
        "the caller's log cut",
        but("times_seen = ", "log.drop_duplicates(inplace=True)\ntimes_seen = "),
        "changed",
        "the log",
    ),
    ("a limit that fits a log", but(SHARE, f"min({SHARE}, 0.5)"), "wrong", "you say 0.5"),
]
