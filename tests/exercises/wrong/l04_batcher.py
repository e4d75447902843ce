"""Wrong answers to "a micro-batcher": the solution with one line changed."""

from exercises.variants import changes

but = changes("l04_batcher")
CLOSE = "close = arrive[first] + max_wait"
MANY = "n = sum(t <= close for t in arrive[first : first + max_batch])"
COST = "free = close + fixed + per_item * n"
GIVE = "return np.array(finish)"

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
        but("finish, free, first =", "arrive += max_wait\nfinish, free, first ="),
        "changed",
        "Leave them",
    ),
    ("no numbers", but(GIVE, "return np.array(finish) * float('nan')"), "length", "nan"),
    ("texts", but(GIVE, "return [str(f) for f in finish]"), "length", "'1.8"),
    (
        "finish and size",
        but(GIVE, "return np.array(finish), n"),
        "length",
        "one finish time for each",
    ),
    (
        "rounded to three digits",
        but(GIVE, "return np.round(finish, 3)"),
        "wrong",
        "yours does at 2.34 s",
    ),
    (
        "rounded to six digits",
        but(GIVE, "return np.round(finish, 6)"),
        "wrong",
        "yours does at 3.640947 s",
    ),
    (
        "how long, not when",
        but(GIVE, "return np.array(finish) - arrive"),
        "alone",
        "yours at 0.8 s",
    ),
    ("when it starts", but("[free] * n", "[close] * n"), "alone", "yours at 1.5 s"),
    (
        "the first batch finds no server",
        but("0.0, 0", "arrive[0] + max_wait, 0"),
        "waits_when_full",
        "yours at 1.4 s",
    ),
    (
        "one by one within a batch",
        but("[free] * n", "[close + fixed + per_item * (i + 1) for i in range(n)]"),
        "cost",
        "finishes after 2.5 s",
    ),
    (
        "the price of a full batch",
        but("per_item * n", "per_item * max_batch"),
        "alone",
        "yours at 2.1 s",
    ),
    (
        "the fixed price for each",
        but(COST, "free = close + (fixed + per_item) * n"),
        "cost",
        "after 4.5 s",
    ),
    (
        "the last one is alone",
        but("full < len(arrive)", "full < len(arrive) - 1"),
        "waits_when_full",
        "yours at 1.4 s",
    ),
    (
        "the last batch does not wait",
        but(CLOSE, f"{CLOSE} if first + max_batch < len(arrive) else arrive[-1]"),
        "no_wait",
        "closed at 1 s",
    ),
    (
        "closes when the batch is overfull",
        but("first + max_batch - 1", "first + max_batch"),
        "waits_when_full",
        "yours at 1.4 s",
    ),
    (
        "who comes during the service goes along",
        but(
            MANY,
            f"{MANY}\nn = max(n, sum(t <= close + fixed for t in arrive[first : first + max_batch]))",
        ),
        "latecomers",
        "yours at 1, 1, 1 s",
    ),
    (
        "a server that is never free early",
        but("close = max(close, free)", "close = max(close, free + max_wait) if free else close"),
        "wrong",
        "max_batch=4, max_wait=0.5",
    ),
    (
        "four in a batch",
        but(
            "max_wait, fixed, per_item):",
            "max_wait, fixed, per_item):\n    max_batch = min(max_batch, 4)",
        ),
        "wrong",
        "max_batch=16",
    ),
    (
        "waits half a second",
        but("arrive[first] + max_wait", "arrive[first] + 0.5"),
        "latecomers",
        "yours at 1.5, 1.5, 2.5",
    ),
    (
        "a list that is kept",
        but(
            "per_item):",
            "per_item, finish=[]):",
            "finish, free, first = [], 0.0, 0",
            "free, first = 0.0, 0",
        ),
        "kept",
        "Begin each call",
    ),
    (
        "a server that is kept",
        but(
            "def micro",
            "kept = [0.0]\n\ndef micro",
            "[], 0.0, 0",
            "[], kept[0], 0",
            GIVE,
            "kept[0] = free\n" + GIVE,
        ),
        "kept",
        "Begin each call",
    ),
    (
        "the course's own batches",
        "from lessons_lib import simulate\n\ndef micro_batches(*given):\n    return simulate.batches(*given)",
        "borrowed",
        "`batches` does the work",
    ),
]
