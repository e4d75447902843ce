"""Exercise: a page is complete when its slowest call has come (lesson 04)."""

import numpy as np

from lessons_lib.exercises.probes import fail, show, unchanged

NAME = "page_latencies"
TITLE = "A page is complete when its slowest call has come"
MINUTES = 5
ORDER = 2
HINTS = [
    "How many whole pages are there? `len(calls) // parts`. What is left over belongs to no page.",
    "`calls[: pages * parts].reshape(pages, parts)` is a table with one row a page.",
    "All calls of a page are sent at once, so the page takes as long as the slowest one: "
    "`.max(axis=1)`.",
]
FAILURES = {
    "count": "From {calls} calls, {parts} a page, your function made {got}. It should be {wanted} "
    "latencies, one a page; calls that are left over make no page.",
    "mean": "The first page reads {got:g} s: the mean of its calls. It is not complete before the "
    "slowest one has come.",
    "sum": "The first page reads {got:g} s: the sum of its calls. They are sent at the same moment and "
    "run side by side.",
    "fastest": "The first page reads {got:g} s, its fastest call. The others are still missing then.",
    "columns": "Page 1 is made of the first {parts} calls in a row. Your pages take every "
    "{pages}th call.",
    "wrong": "Page {page} reads {got:g} s, and its slowest call takes {wanted:g} s.",
    "changed": "Your function changed the array of calls. Leave it as it is.",
}


def page_latencies(calls, parts):
    pages = len(calls) // parts
    return calls[: pages * parts].reshape(pages, parts).max(axis=1)


reference = page_latencies


def check(candidate):
    for count, parts in ((12, 3), (14, 4), (5, 1)):
        calls = (np.arange(count) * 7 % count + 1.0) ** 2
        with unchanged("changed", calls):
            got = candidate(calls, parts)
        _judge(got, calls, parts)


def _judge(got, calls: np.ndarray, parts: int) -> None:
    wanted = page_latencies(calls, parts)
    try:
        values = np.asarray(got, dtype=float)
    except (TypeError, ValueError):
        values = np.empty((0, 0))
    if values.shape != wanted.shape:
        fail("count", calls=len(calls), parts=parts, got=show(got), wanted=len(wanted))
    if np.allclose(values, wanted):
        return
    table = calls[: len(wanted) * parts].reshape(len(wanted), parts)
    for code, other in (("mean", table.mean(1)), ("sum", table.sum(1)), ("fastest", table.min(1))):
        if np.allclose(values, other):
            fail(code, got=values[0])
    if np.allclose(values, table.reshape(parts, -1).max(axis=0)):
        fail("columns", parts=parts, pages=len(wanted))
    page = int(np.argmax(~np.isclose(values, wanted)))
    fail("wrong", page=page + 1, got=values[page], wanted=wanted[page])
