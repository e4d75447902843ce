"""Exercise: percentiles that say how many requests they rest on (lesson 03)."""

import numpy as np
import pandas as pd

from lessons_lib.exercises.probes import call, expect, fail, instance, number, same
from lessons_lib.latency import percentiles

NAME = "percentile_table"
TITLE = "Percentiles that say what they rest on"
MINUTES = 8
ORDER = 4
TAUGHT = (percentiles,)
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
    "rows": "Asked for {wanted}, the column `percentile` reads {got}. Give one row for each, in this order.",
    "no_number": "For p{p} the table says {got}. A latency is a number of seconds.",
    "invented": "For p{p} of {count} requests the table says {got:.9g} s, and none of them took that long. "
    "Take the latency that occurred, {wanted:.9g} s: neither made up between two nor rounded.",
    "latency": "Of {count} requests that took {first:.6g} to 100 s, p{p} is {wanted:.9g} s: the least time that "
    "{p} of a hundred do not exceed. The table says {got:.9g} s.",
    "behind": "Of {count} requests that took {first:.6g} to 100 s, {wanted} took longer than {latency:.9g} s, and "
    "the table says {got}.",
    "enough": "With {behind} behind it `enough` should be {wanted}, and it is {got}. Enough "
    "is 20 or more.",
    "changed": "Your function changed the list that it was given. Sort a copy.",
}
COLUMNS = ["percentile", "latency", "behind", "enough"]
AT = ((50, 80, 99), (95, 12.5), (50, 95, 99))


def percentile_table(latencies, at=(50, 95, 99)):
    values = np.percentile(latencies, at, method="inverted_cdf")
    behind = [sum(latency > value for latency in latencies) for value in values]
    enough = [count >= 20 for count in behind]
    columns = {"percentile": at, "latency": values, "behind": behind, "enough": enough}
    return pd.DataFrame(columns)


def check(candidate):
    for at in AT:
        for count in (100, 103, 150, 1000, 7):
            # Out of order, in steps of 100 / count seconds; the quickest tenth is equally quick.
            times = [max(k * 37 % count + 1, count // 10) * 100 / count for k in range(count)]
            table = call(candidate, times, at) if at != AT[-1] else call(candidate, times)
            _judge(table, times, at)


def _judge(table, times, at):
    instance(table, pd.DataFrame, "not_a_frame")
    if sorted(map(str, table.columns)) != sorted(COLUMNS):
        fail("columns", columns=", ".join(map(str, table.columns)))
    expect(table["percentile"].tolist(), list(at), "rows")
    wanted = percentile_table(times, at)
    rows = zip(table[COLUMNS].to_numpy(object), wanted.to_numpy(object), strict=True)
    for (p, latency, behind, enough), right in rows:
        here = {"p": p, "count": len(times), "first": min(times), "latency": right[1]}
        latency = number(latency, "no_number", p=p)
        if not any(same(latency, occurred) for occurred in times):
            fail("invented", got=latency, wanted=right[1], **here)
        expect(latency, right[1], "latency", **here)
        expect(behind, right[2], "behind", **here)
        if not any(same(enough, truth) for truth in (right[3], int(right[3]))):
            fail("enough", got=enough, behind=behind, wanted=right[3])
