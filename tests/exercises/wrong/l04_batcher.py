"""Wrong answers to "a micro-batcher": the solution with one line changed."""

RIGHT = """
import numpy as np
def micro_batches(arrive, max_batch, max_wait, fixed, per_item):
    finish, free, first = [], 0.0, 0
    while first < len(arrive):
        close = arrive[first] + max_wait
        full = first + max_batch - 1
        if full < len(arrive):
            close = min(close, arrive[full])
        close = max(close, free)
        n = sum(t <= close for t in arrive[first : first + max_batch])
        free = close + fixed + per_item * n
        finish += [free] * n
        first += n
    return np.array(finish)
"""


def but(old, new):
    if old not in RIGHT:
        raise ValueError(f"{old!r} is not in the solution.")
    return RIGHT.replace(old, new)


WRONG = [
    ("one time for each batch", but("[free] * n", "[free]"), "length", "one finish time for each"),
    ("gives nothing", but("return np.array(finish)", "return None"), "length", "None"),
    ("never waits", but("arrive[first] + max_wait", "arrive[first]"), "no_wait", "closed at 1 s"),
    (
        "leaves the fixed cost out",
        but("close + fixed + per_item * n", "close + per_item * n"),
        "alone",
        "1.6 s",
    ),
    (
        "waits on when the batch is full",
        but("close = min(close, arrive[full])", "pass"),
        "waits_when_full",
        "Nobody else fits",
    ),
    ("starts on a busy server", but("close = max(close, free)", "pass"), "overlap", "1.1 s"),
    (
        "closes the batch before the server is free",
        but("close = max(close, free)\n", "pass\n").replace(
            "free = close + fixed", "free = max(close, free) + fixed"
        ),
        "latecomers",
        "both go along",
    ),
    (
        "takes everybody",
        but("arrive[first : first + max_batch]", "arrive[first:]"),
        "too_large",
        "a batch holds 2",
    ),
    (
        "one item's cost for the whole batch",
        but("per_item * n\n", "per_item\n"),
        "cost",
        "after 1.5 s",
    ),
    (
        "counts the wait from when the server is free",
        but("close = arrive[first] + max_wait", "close = max(arrive[first], free) + max_wait"),
        "wrong",
        "On random traffic",
    ),
    (
        "moves the arrivals",
        but("    finish, free", "    arrive += max_wait\n    finish, free"),
        "changed",
        "Leave them",
    ),
]
