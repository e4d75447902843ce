"""Wrong answers to "a page is complete when its slowest call has come"."""


def answer(last, kept="calls[: pages * parts]", shape="pages, parts"):
    lines = ["def page_latencies(calls, parts):", "    pages = len(calls) // parts"]
    return "\n".join([*lines, f"    return {kept}.reshape({shape}){last}"])


WRONG = [
    ("averages the calls", answer(".mean(axis=1)"), "mean", "not complete before"),
    ("runs the calls one after the other", answer(".sum(axis=1)"), "sum", "side by side"),
    ("takes the first answer", answer(".min(axis=1)"), "fastest", "still missing"),
    ("one maximum for all pages", answer(".max()"), "count", "of each page"),
    ("the maximum of each column", answer(".max(axis=0)"), "count", "4 numbers"),
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
    ("no number", answer(".max(axis=1) * float('nan')"), "count", "nan"),
    (
        "texts",
        answer(".max(axis=1).astype(str)"),
        "count",
        "made array(['4.481710160628796",
    ),
    (
        "which call, not how long",
        answer(".argmax(axis=1)"),
        "wrong",
        "reads 1 s, and its slowest call",
    ),
    ("late or not", answer(".max(axis=1) > 1.5"), "count", "made array([ True,  True,  Tru"),
    (
        "rounded to three digits",
        answer(".max(axis=1).round(3)"),
        "wrong",
        "reads 4.482 s, and its slowest ",
    ),
    (
        "rounded to six digits",
        answer(".max(axis=1).round(6)"),
        "wrong",
        "reads 4.48171 s, and its slowes",
    ),
    ("in milliseconds", answer(".max(axis=1) * 1000"), "wrong", "reads 4481.71016 s, and its slo"),
    (
        "the median call",
        "import numpy as np\n" + answer("").replace("return ", "return np.median(") + ", axis=1)",
        "wrong",
        "reads 0.111111111 s, and its sl",
    ),
    (
        "the slowest but one",
        "import numpy as np\n"
        + answer("").replace("return ", "return np.sort(")
        + ", axis=1)[:, -min(parts, 2)]",
        "wrong",
        "reads 0.111111111 s, and its sl",
    ),
    (
        "leaves the first calls out",
        answer(".max(axis=1)", kept="calls[len(calls) - pages * parts :]"),
        "wrong",
        "reads 5.77601704 s, and its slo",
    ),
    (
        "pages that overlap",
        "def page_latencies(calls, parts):\n    return [max(calls[i : i + parts]) for i in range(len(calls) // parts)]",
        "wrong",
        "reads 5.77601704 s, and its slo",
    ),
    (
        "three calls a page",
        answer(".max(axis=1)")
        .replace("calls, parts):", "calls, parts, three=3):")
        .replace("parts)", "three)")
        .replace("* parts", "* three")
        .replace("// parts", "// three"),
        "count",
        "made array([16.72633375, 10.57",
    ),
    (
        "one page more, of nothing",
        answer(".max(axis=1).tolist() + [0.0]"),
        "count",
        "made [4.481710160628796, 7.224",
    ),
    (
        "pages and parts",
        answer(".max(axis=1), pages"),
        "count",
        "made (array([ 4.48171016,  7.2",
    ),
    ("no page fast", answer(".max(axis=1).clip(0.5)"), "wrong", "reads 0.5 s, and its slowest ca"),
    (
        "no page slow",
        answer(".max(axis=1).clip(0, 20)"),
        "wrong",
        "reads 20 s, and its slowest cal",
    ),
    (
        "pages of all calls so far",
        """
def page_latencies(calls, parts, seen=[]):
    seen += [max(calls[i * parts : (i + 1) * parts]) for i in range(len(calls) // parts)]
    return seen
""",
        "count",
        "made [np.float64(4.48171016062",
    ),
    (
        "zeroes the caller's calls",
        answer(".max(axis=1)").replace("    return", "    calls[pages * parts :] = 0\n    return"),
        "changed",
        "Leave it",
    ),
]
