"""Right answers to "size the servers for the busiest hour"."""

from exercises.wrong.l07_servers import P99, PEAK, RESULT, but

RIGHT = [
    ("a list", but(RESULT, "return [servers, work.sum() / (servers * 86_400)]")),
    ("an array", but(RESULT, "return np.array([servers, work.sum() / (servers * 86_400)])")),
    (
        "pandas finds the hour",
        but(PEAK, "peak = hour == __import__('pandas').Series(hour).value_counts().idxmax()"),
    ),
    ("the rank", but(P99, "np.sort(values)[-(-99 * len(values) // 100) - 1]")),
    (
        "no more than 1 in 100",
        but(P99, "np.sort(values)[len(values) - 1 - int(len(values) // 100)]"),
    ),
    (
        "from the load up",
        but("servers = 1", "servers = max(1, int(work.sum() // 86_400))"),
    ),
    (
        "halves",
        but(
            "servers = 1\n    while p99((simulate.fifo(arrive, work, servers) + work - arrive)[peak]) > deadline:\n        servers += 1\n",
            "low, servers = 0, 64\nwhile servers - low > 1:\n    middle = (low + servers) // 2\n    late = p99((simulate.fifo(arrive, work, middle) + work - arrive)[peak]) > deadline\n    low, servers = (middle, servers) if late else (low, middle)\n",
        ),
    ),
]
