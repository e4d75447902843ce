"""Wrong answers to "size a fleet whose machines share the keys"."""

from exercises.variants import changes

but = changes("l10_fleet")
HOLD = "math.ceil(stored / memory)"
HOME = "key % machines"
TURNS = "np.arange(len(key)) % machines"
LATE = 'np.percentile(latency, 99, method="inverted_cdf")'
START = "simulate.fifo(arrive[mine], work[mine], cores)"
PARTS = "[np.percentile(latency[key % machines == one], 99, method='inverted_cdf') for one in set(key % machines)]"  # fmt: skip
MEAN = "math.ceil(work.sum() / arrive[-1] / cores)"

WRONG = [
    ("memory is endless", but(HOLD, "1"), "memory", "enough for the load"),
    (
        "the memory alone",
        but("machines = math", "return math"),
        "memory_alone",
        "hold the table",
    ),
    (
        "the mean load",
        but("machines = math.ceil(stored / memory)", f"return {MEAN}"),
        "mean",
        "busy on average",
    ),
    (
        "mean load or memory",
        but("machines = math.ceil(stored / memory)", f"return max({HOLD}, {MEAN})"),
        "mean",
        "for the tail",
    ),
    (
        "one queue for all",
        but(
            "np.unique(key % machines)",
            "[0]",
            "key % machines == one",
            "key >= 0",
            "cores)",
            "cores * machines)",
        ),
        "one_queue",
        "where its key is",
    ),
    ("in turns", but(HOME, TURNS), "even", "took turns"),
    ("an average of percentiles", but(LATE, f"np.mean({PARTS})"), "averaged", "Pool the latencies"),
    (
        "each machine by itself",
        but(LATE, f"max({PARTS})", "machines += 1", "machines += 1\nif machines > 51: return 51"),
        "worst",
        "of all requests",
    ),
    (
        "the wait only",
        but("start + work[mine] - arrive", "start - arrive"),
        "waiting_only",
        "through the",
    ),
    ("p95", but("99,", "95,"), "p99", "another percentile"),
    (
        "one more to be safe",
        but("return machines", "return machines + 1"),
        "machines",
        "no fewer do",
    ),
    ("a text", but("return machines", "return str(machines)"), "machines", "'26'"),
    ("a machine too few", but(HOLD, "int(stored // memory) or 1"), "machines", "you take 9"),
    ("always 26", but("machines = math", "return 26\nmachines = math"), "machines", "you take 26"),
    ("doubles", but("machines += 1", "machines *= 2"), "machines", "you take 32"),
    (
        "changes the arrivals",
        but("while True", "arrive -= arrive[0]\nwhile True"),
        "changed",
        "Work on a copy",
    ),
]
