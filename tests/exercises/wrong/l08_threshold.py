"""Wrong answers to "take the threshold from healthy days"."""

from exercises.variants import changes

but = changes("l08_threshold")
DISTANCES = "sorted(distance(before, day) for before, day in healthy)"
ALLOWED = "math.floor(false_alarms * len(distances))"
TAKEN = "distances[-1 - allowed]"

WRONG = [
    (
        "one day too many",
        but(TAKEN, "distances[max(-2 - allowed, -len(distances))]"),
        "one_too_many",
        "at most 2 may",
    ),
    ("rounded up", but("math.floor", "math.ceil"), "one_too_many", "4 of the 31"),
    ("the largest of all", but(TAKEN, "distances[-1]"), "too_high", "hears less"),
    ("one day too few", but(TAKEN, "distances[min(-allowed, -1)]"), "too_high", "so does"),
    (
        "the quiet end",
        but(TAKEN, "distances[allowed]"),
        "wrong_end",
        "Only that share may lie above",
    ),
    (
        "a quantile from below",
        "import numpy as np\n" + but(TAKEN, "np.quantile(distances, false_alarms)"),
        "wrong_end",
        "quiet end",
    ),
    (
        "between two days",
        "import numpy as np\n" + but(TAKEN, "np.quantile(distances, 1 - false_alarms)"),
        "between",
        "lies between two",
    ),
    ("the rule of thumb", but(TAKEN, "0.25"), "rule_of_thumb", "whatever the days were like"),
    (
        "the first threshold for all",
        """
kept = []

def drift_threshold(healthy, distance, false_alarms):
    distances = sorted(distance(before, day) for before, day in healthy)
    kept.append(distances[-1 - math.floor(false_alarms * len(distances))])
    return kept[0]
""",
        "rule_of_thumb",
        "Take it from",
    ),
    (
        "mean and two deviations",
        "import numpy as np\n" + but(TAKEN, "np.mean(distances) + 2 * np.std(distances)"),
        "spread",
        "lopsided",
    ),
    (
        "mean and three deviations",
        "import numpy as np\n" + but(TAKEN, "np.mean(distances) + 3 * np.std(distances)"),
        "spread",
        "count the days",
    ),
    (
        "the other way round",
        but("distance(before, day)", "distance(day, before)"),
        "sides",
        "the day first",
    ),
    (
        "one reference for all",
        but("distance(before, day)", "distance(healthy[0][0], day)"),
        "reference",
        "has its own",
    ),
    (
        "the middle",
        but(TAKEN, "distances[len(distances) // 2]"),
        "one_too_many",
        "healthy days ring",
    ),
    ("how many may ring", but(f"return {TAKEN}", "return allowed"), "wrong", "the threshold is"),
    ("a list", but(TAKEN, "distances[-1 - allowed :]"), "no_number", "one number"),
    ("nothing", but(f"return {TAKEN}", TAKEN), "no_number", "None"),
    ("rounded", but(TAKEN, "round(distances[-1 - allowed], 4)"), "wrong", "you say"),
    (
        "sorts the caller's days",
        but("distances = ", "healthy.sort(key=lambda pair: sum(pair[1]))\ndistances = "),
        "changed",
        "changed what it was given",
    ),
]
