"""Wrong answers to "fit the overhead, find the crossing"."""

from exercises.variants import changes

but = changes("l10_overhead")
OVERHEAD = "np.asarray(seconds) - np.asarray(rows) * row / cores"
FIT = "np.polyfit(partitions, overhead, 1)"
SAVED = "row - row / more - per_partition / size"
PAYS = "startup / saved if saved > 0 else math.inf"
RESULT = f"startup, per_partition, {PAYS}"

WRONG = [
    ("one number", but(RESULT, PAYS), "not_three", "Give three numbers"),
    ("texts", but(RESULT, f"str(startup), per_partition, {PAYS}"), "not_three", "start-up"),
    ("missing rows", but(PAYS, "math.nan"), "not_three", "nan"),
    ("two numbers", but(f", {PAYS}", ""), "not_three", "rows"),
    (
        "the first and the last",
        but(FIT, "np.polyfit(partitions[[0, 2]], overhead[[0, 2]], 1)"),
        "two_points",
        "uses all",
    ),
    (
        "the first two",
        but(FIT, "np.polyfit(partitions[:2], overhead[:2], 1)"),
        "two_points",
        "two of the three",
    ),
    ("with the work", but(OVERHEAD, "np.asarray(seconds)"), "work", "before you fit"),
    ("one core's work", but(" / cores", ""), "all_cores", "share it"),
    (
        "a row, not a partition",
        but("np.asarray(rows) / size", "np.asarray(rows)"),
        "per_row",
        "what a *row* adds",
    ),
    (
        "other way round",
        but("per_partition, startup = np", "startup, per_partition = np"),
        "swapped",
        "changed places",
    ),
    (
        "the smallest run",
        but("overhead, 1)", "overhead, 1) * [1, 0] + [0, overhead[0]]"),
        "startup",
        "by least squares",
    ),
    (
        "the mean cost",
        but("overhead, 1)", "overhead, 1) * [0, 1] + [np.mean(overhead / partitions), 0]"),
        "per_partition",
        "by least squares",
    ),
    (
        "partitions are free",
        but(SAVED, "row - row / more"),
        "no_overhead",
        "starts and then costs nothing",
    ),
    (
        "the cores that were measured",
        but("row / more", "row / cores"),
        "measured_cores",
        "Asked are 8",
    ),
    ("endless cores", but("row - row / more", "row"), "endless_cores", "still share it"),
    (
        "the plain job takes as long as the start",
        but(PAYS, "startup / row"),
        "endless_cores",
        "no time at all",
    ),
    ("negative rows", but(" if saved > 0 else math.inf", ""), "never", "math.inf"),
    ("None for never", but("else math.inf", "else None"), "never", "None"),
    ("always never", but(PAYS, "math.inf"), "gave_up", "yours says never"),
    (
        "whole partitions",
        but(PAYS, "math.ceil(startup / saved / size) * size if saved > 0 else math.inf"),
        "crossing",
        "you say",
    ),
    (
        "partitions for rows",
        but("startup / saved", "startup / saved / size"),
        "crossing",
        "you say",
    ),
    (
        "changes the seconds",
        but("partitions =", "seconds -= seconds[0]\npartitions ="),
        "changed",
        "Work on a copy",
    ),
]
