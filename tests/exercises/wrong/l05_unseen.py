"""Wrong answers to "estimate the unseen"."""

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
        "You say 18.2; the share is 0.182",
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
]
