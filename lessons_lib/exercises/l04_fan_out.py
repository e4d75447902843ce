"""Exercise: a page is complete when its slowest call has come (lesson 04)."""

import numpy as np

from lessons_lib.exercises.probes import array, call, expect, same

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
    "numbers, the latency of each page in seconds; calls that are left over make no page.",
    "mean": "The first page reads {got:.9g} s: the mean of its calls. It is not complete before the "
    "slowest one has come.",
    "sum": "The first page reads {got:.9g} s: the sum of its calls. They are sent at the same moment and "
    "run side by side.",
    "fastest": "The first page reads {got:.9g} s, its fastest call. The others are still missing then.",
    "columns": "Page 1 is made of the first {parts} calls in a row. Your pages take every "
    "{pages}th call.",
    "wrong": "Page {page} reads {got:.9g} s, and its slowest call takes {wanted:.9g} s.",
    "changed": "Your function changed the array of calls. Leave it as it is.",
}


def page_latencies(calls, parts):
    pages = len(calls) // parts
    return calls[: pages * parts].reshape(pages, parts).max(axis=1)


def check(candidate):
    for count, parts in ((13, 3), (17, 5), (5, 1), (12, 12), (20, 3), (3, 4)):
        calls = (np.arange(count) * 7 % count) ** 1.9 / 9  # the first one is 0
        wanted = page_latencies(calls, parts)
        got = call(candidate, calls, parts)
        of = {"parts": parts, "pages": len(wanted)}
        values = array(got, wanted.shape, "count", calls=count, wanted=len(wanted), **of)
        table = calls[: len(wanted) * parts].reshape(len(wanted), parts)
        ideas = [("mean", table.mean(1)), ("sum", table.sum(1)), ("fastest", table.min(1))]
        ideas += [("columns", table.reshape(parts, -1).max(axis=0))]
        wrong = [page for page, value in enumerate(values) if not same(value, wanted[page])]
        page = wrong[0] if wrong else 0
        if len(wanted):
            of |= {"page": page + 1, "wanted": wanted[page], "got": values[page]}
        expect(values, wanted, "wrong", ideas, **of)
