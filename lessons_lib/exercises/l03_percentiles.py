"""Exercise: percentiles that say how many requests they rest on (lesson 03)."""

import numpy as np
import pandas as pd

from lessons_lib.exercises.probes import call, expect, fail, instance, number, same

NAME = "percentile_table"
TITLE = "Percentiles that say what they rest on"
MINUTES = 8
ORDER = 4
HINTS = [
    '`np.percentile(latencies, at, method="inverted_cdf")` gives one value that occurred for each '
    "entry of `at`.",
    "How many requests took longer than that? For one value: `sum(x > value for x in latencies)`.",
    'A frame is made of columns: `pd.DataFrame({"percentile": ..., "latency": ..., "behind": ..., '
    '"enough": ...})`, where `enough` compares `behind` with 20.',
]
FAILURES = {
    "not_a_frame": "`percentile_table` gave {got}. Give a DataFrame.",
    "columns": "The columns are {columns}. They should be percentile, latency, behind and enough.",
    "rows": "For three percentiles the table has {got} rows. Give one row for each, in their order.",
    "invented": "For p{p} the table says {got:.4g} s, and no request took that long: it was made up "
    "between two. Take a latency that occurred.",
    "latency": "Of {count} requests that took {first:.3g} to 100 s, p{p} is {wanted:g} s: the least time that "
    "{p} of a hundred do not exceed. The table says {got:g} s.",
    "behind": "Of {count} requests that took {first:.3g} to 100 s, {wanted} took longer than {latency:g} s, and "
    "the table says {got}.",
    "enough": "With {behind} behind it `enough` should be {wanted}, and it is {got}. Enough "
    "is 20 or more.",
    "changed": "Your function changed the list that it was given. Sort a copy.",
}
COLUMNS = ["percentile", "latency", "behind", "enough"]
AT = (50, 80, 99)


def percentile_table(latencies, at=(50, 95, 99)):
    values = np.percentile(latencies, at, method="inverted_cdf")
    behind = [sum(latency > value for latency in latencies) for value in values]
    enough = [count >= 20 for count in behind]
    columns = {"percentile": at, "latency": values, "behind": behind, "enough": enough}
    return pd.DataFrame(columns)


def check(candidate):
    for count in (100, 150, 1000):
        # Out of order, in steps of one second, of two thirds, and of a tenth of one.
        latencies = [(number * 37 % count + 1) * 100 / count for number in range(count)]
        table = call(candidate, latencies, AT)
        instance(table, pd.DataFrame, "not_a_frame")
        if sorted(map(str, table.columns)) != sorted(COLUMNS):
            fail("columns", columns=", ".join(map(str, table.columns)))
        if list(table["percentile"]) != list(AT):
            fail("rows", got=len(table))
        wanted = percentile_table(latencies, AT)
        rows = zip(table[COLUMNS].to_numpy(object), wanted.to_numpy(object), strict=True)
        for (p, latency, behind, enough), right in rows:
            here = {"p": p, "count": count, "first": min(latencies), "latency": right[1]}
            latency = number(latency, "latency", wanted=right[1], **here)
            if not any(same(latency, occurred) for occurred in latencies):
                fail("invented", got=latency, p=p)
            expect(latency, right[1], "latency", **here)
            expect(behind, right[2], "behind", **here)
            expect(bool(enough == 1), right[3], "enough", got=enough, behind=behind)
