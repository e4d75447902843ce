"""Right answers to "fit the overhead, find the crossing"."""

from exercises.variants import changes
from exercises.wrong.l10_overhead import FIT, PAYS, RESULT

but = changes("l10_overhead")

RIGHT = [
    ("a list", but(RESULT, f"[{RESULT}]")),
    ("an array", but(RESULT, f"np.array([{RESULT}])")),
    (
        "by lstsq",
        but(
            FIT,
            "np.linalg.lstsq(np.column_stack([partitions, np.ones(len(partitions))]), overhead)[0]",
        ),
    ),
    (
        "by covariance",
        but(
            f"per_partition, startup = {FIT}",
            "per_partition = np.cov(partitions, overhead)[0, 1] / np.var(partitions, ddof=1)\nstartup = overhead.mean() - per_partition * partitions.mean()",
        ),
    ),
    ("NumPy's infinity", but(PAYS, "startup / saved if saved > 0 else np.inf")),
]
