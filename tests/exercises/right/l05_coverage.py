"""Right answers to "measure what a table covers"."""

from exercises.wrong.l05_coverage import SHARE, TABLE, but

RIGHT = [
    ("a set and a loop", but(SHARE, "sum(map(set(table).__contains__, requests)) / len(requests)")),
    ("nlargest", but(TABLE, "log.value_counts().nlargest(size).index")),
    ("head", but(TABLE, "log.value_counts().head(size).index")),
    (
        "a Counter",
        but(TABLE, "[k for k, _ in __import__('collections').Counter(log).most_common(size)]"),
    ),
    (
        "NumPy",
        but(
            SHARE,
            "np.isin(requests.to_numpy(dtype=str), list(table)).mean()",
            "def cov",
            "import numpy as np\n\ndef cov",
        ),
    ),
    ("grouped", but(TABLE, "log.groupby(log).size().sort_values(ascending=False).index[:size]")),
    ("merged counts", but(SHARE, "requests.value_counts(normalize=True).reindex(table).sum()")),
]
