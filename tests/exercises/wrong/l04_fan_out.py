"""Wrong answers to "a page is complete when its slowest call has come"."""


def answer(last, kept="calls[: pages * parts]", shape="pages, parts"):
    lines = ["def page_latencies(calls, parts):", "    pages = len(calls) // parts"]
    return "\n".join([*lines, f"    return {kept}.reshape({shape}){last}"])


WRONG = [
    ("averages the calls", answer(".mean(axis=1)"), "mean", "not complete before"),
    ("runs the calls one after the other", answer(".sum(axis=1)"), "sum", "side by side"),
    ("takes the first answer", answer(".min(axis=1)"), "fastest", "still missing"),
    ("one maximum for all pages", answer(".max()"), "count", "one a page"),
    ("the maximum of each column", answer(".max(axis=0)"), "count", "4 latencies"),
    (
        "a page is made of calls far apart",
        answer(".max(axis=0)", shape="parts, pages"),
        "columns",
        "Your pages take every",
    ),
    ("takes the last call", answer("[:, -1]"), "wrong", "its slowest call takes"),
    (
        "a page of what is left over",
        """
def page_latencies(calls, parts):
    return [max(calls[i : i + parts]) for i in range(0, len(calls), parts)]
""",
        "count",
        "left over make no page",
    ),
    (
        "sorts in place",
        """
def page_latencies(calls, parts):
    pages = len(calls) // parts
    rows = calls[: pages * parts].reshape(pages, parts)
    rows.sort(axis=1)
    return rows[:, -1]
""",
        "changed",
        "Leave it as it is",
    ),
]
