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

P99 = P99_OF.format("start + work - arrive")

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
    ("takes the slowest", answer(p99="(start + work - arrive).max()"), "p99", "99 % of them"),
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
    (
        "the p99 first",
        answer(mean=P99, p99="(start - arrive).mean()"),
        "order",
        "Give the mean wait first",
    ),
    ("three numbers", answer(p99=f"{P99}, work.mean()"), "not_a_pair", "Give two numbers"),
    ("no mean", answer(mean="float('nan')"), "not_a_pair", "nan"),
    (
        "a text for the p99",
        answer(p99=f"str({P99})"),
        "not_a_pair",
        "'11.825",
    ),
    (
        "a named pair",
        answer("{'mean': (start - arrive).mean(), 'p99'", f"{P99}}}").replace("'p99',", "'p99':"),
        "not_a_pair",
        "'mean'",
    ),
    (
        "the waits, not their mean",
        answer(mean="start - arrive"),
        "not_a_pair",
        "gave (array([",
    ),
    (
        "the mean rounded",
        answer(mean="round((start - arrive).mean(), 3)"),
        "mean_wait",
        "reads 1.402 s",
    ),
    (
        "the p99 rounded",
        answer(p99=f"round({P99}, 6)"),
        "p99",
        "reads 11.825235 s",
    ),
    (
        "in milliseconds",
        answer(mean="1000 * (start - arrive).mean()", p99=f"1000 * {P99}"),
        "mean_wait",
        "reads 1402.32031 s",
    ),
    (
        "the median wait",
        answer(mean="np.median(start - arrive)"),
        "mean_wait",
        "reads 0.253196752 s",
    ),
    (
        "the next lower one",
        answer(p99=P99.replace("inverted_cdf", "lower")),
        "p99",
        "reads 12.7708358 s",
    ),
    (
        "the next higher one",
        answer(p99=P99.replace("inverted_cdf", "higher")),
        "p99",
        "reads 12.3679432 s",
    ),
    (
        "the nearest one",
        answer(p99=P99.replace("inverted_cdf", "nearest")),
        "p99",
        "reads 12.7708358 s",
    ),
    (
        "the rank rounded down",
        answer(p99="np.sort(start + work - arrive)[int(0.99 * len(work)) - 1]"),
        "p99",
        "Of 1260",
    ),
    (
        "the rank from 0",
        answer(p99="np.sort(start + work - arrive)[int(0.99 * len(work))]"),
        "p99",
        "Of 900",
    ),
    (
        "pandas' own",
        answer(p99="__import__('pandas').Series(start + work - arrive).quantile(0.99)"),
        "invented",
        "inverted_cdf",
    ),
    (
        "p95",
        answer(p99=P99.replace("99,", "95,")),
        "p99",
        "reads 8.83441011 s",
    ),
    (
        "waits for the arrival",
        answer(mean="(arrive - start).mean()"),
        "mean_wait",
        "reads -1.40232031 s",
    ),
    (
        "the first result for all",
        """
import numpy as np
kept = []
def wait_and_p99(arrive, start, work):
    kept.append(((start - arrive).mean(), np.percentile(start + work - arrive, 99, method="inverted_cdf")))
    return kept[0]
""",
        "mean_wait",
        "reads 1.40232031 s",
    ),
    (
        "sorts the work",
        answer(mean="(work.sort(), (start - arrive).mean())[1]"),
        "changed",
        "Compute new ones",
    ),
]
