"""Exercise: percentiles that say how many requests they rest on (lesson 03)."""

import numpy as np
import pandas as pd

from lessons_lib.exercises.probes import fail, unchanged

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
    "columns": "The columns are {got}. They should be percentile, latency, behind and enough.",
    "rows": "For three percentiles the table has {got} rows. Give one row for each, in their order.",
    "invented": "For p{p} the table says {got:.4g} s, and no request took that long: it was made up "
    "between two. Take a latency that occurred.",
    "latency": "Of 100 requests that took 1, 2, ... 100 s, p{p} is {wanted:g} s: the least time that "
    "{p} of a hundred do not exceed. The table says {got:g} s.",
    "behind": "Of 100 requests that took 1, 2, ... 100 s, {wanted} took longer than {latency:g} s, and "
    "the table says {got}.",
    "enough": "With {behind} behind it `enough` should be {wanted}, and it is {got}. Enough "
    "is 20 or more.",
    "changed": "Your function changed the list that it was given. Sort a copy.",
}
COLUMNS = ["percentile", "latency", "behind", "enough"]
FEW = 20


def percentile_table(latencies, at=(50, 95, 99)):
    values = np.percentile(latencies, at, method="inverted_cdf")
    behind = [sum(latency > value for latency in latencies) for value in values]
    enough = [count >= 20 for count in behind]
    columns = {"percentile": at, "latency": values, "behind": behind, "enough": enough}
    return pd.DataFrame(columns)


reference = percentile_table


def check(candidate):
    for count in (100, 1000):
        # Out of order, and in steps of one second or of a tenth of one.
        latencies = [(number * 37 % count + 1) * 100 / count for number in range(count)]
        with unchanged("changed", latencies):
            table = candidate(latencies, (50, 80, 99))
        _form(table)
        for row in table[COLUMNS].itertuples(index=False):
            _row(row, latencies)


def _form(table) -> None:
    if not isinstance(table, pd.DataFrame):
        fail("not_a_frame", got=table)
    if sorted(map(str, table.columns)) != sorted(COLUMNS):
        fail("columns", got=", ".join(map(str, table.columns)))
    if list(table["percentile"]) != [50, 80, 99]:
        fail("rows", got=len(table))


def _row(row, latencies: list[float]) -> None:
    wanted = float(row.percentile)
    step = 100 / len(latencies)
    if min(abs(row.latency - latency) for latency in latencies) > 1e-9:
        fail("invented", p=row.percentile, got=row.latency)
    if len(latencies) == 100 and abs(row.latency - wanted) > 1e-9:
        fail("latency", p=row.percentile, wanted=wanted, got=row.latency)
    behind = round((100 - wanted) / step)
    if len(latencies) == 100 and row.behind != behind:
        fail("behind", wanted=behind, latency=row.latency, got=row.behind)
    if bool(row.enough) != (row.behind >= FEW):
        fail("enough", behind=row.behind, wanted=row.behind >= FEW, got=row.enough)
