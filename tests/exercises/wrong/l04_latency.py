"""Wrong answers to "the mean wait, and the tail of the latency"."""


def answer(
    mean="(start - arrive).mean()",
    p99='np.percentile(start + work - arrive, 99, method="inverted_cdf")',
):
    lines = [
        "import numpy as np",
        "def wait_and_p99(arrive, start, work):",
        f"    return {mean}, {p99}",
    ]
    return "\n".join(lines)


P99_OF = 'np.percentile({}, 99, method="inverted_cdf")'

WRONG = [
    (
        "one number only",
        "def wait_and_p99(arrive, start, work):\n    return (start - arrive).mean()",
        "not_a_pair",
        "Give two numbers",
    ),
    (
        "the mean of those who waited",
        answer(mean="(start - arrive)[start > arrive].mean()"),
        "those_who_wait",
        "with 0 s",
    ),
    (
        "the mean latency in place of the mean wait",
        answer(mean="(start + work - arrive).mean()"),
        "mean_wait",
        "start less arrival",
    ),
    (
        "the tail of the wait",
        answer(p99=P99_OF.format("start - arrive")),
        "waiting_only",
        "through the service time as well",
    ),
    (
        "the tail of the service time",
        answer(p99=P99_OF.format("work")),
        "service_only",
        "the wait in front",
    ),
    (
        "adds two percentiles",
        answer(p99=P99_OF.format("start - arrive") + " + " + P99_OF.format("work")),
        "added",
        "two different requests",
    ),
    ("interpolates", answer(p99="np.percentile(start + work - arrive, 99)"), "invented", "between"),
    ("takes the slowest", answer(p99="(start + work - arrive).max()"), "p99", "99 of 100"),
    ("takes the mean", answer(p99="(start + work - arrive).mean()"), "p99", "should be"),
    (
        "overwrites the start times",
        """
import numpy as np
def wait_and_p99(arrive, start, work):
    start -= arrive
    return start.mean(), np.percentile(start + work, 99, method="inverted_cdf")
""",
        "changed",
        "Compute new ones",
    ),
]
