"""Wrong answers to "measure what a table covers"."""

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
        "A table of 2 keys should cover 0.417",
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
        "You say 41.7; the share is 0.417",
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
        "you say 0.5",
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
]
