"""Right answers to "size a fleet whose machines share the keys"."""

from exercises.variants import changes
from exercises.wrong.l10_fleet import LATE, MEAN

but = changes("l10_fleet")

RIGHT = [
    ("NumPy's integer", but("return machines", "return np.int64(machines)")),
    ("interpolates", but(LATE, "np.percentile(latency, 99)")),
    ("by rank", but(LATE, "np.sort(latency)[-(len(latency) // 100) - 1]")),
    (
        "from the load up",
        but("math.ceil(stored / memory)", f"max(math.ceil(stored / memory), {MEAN})"),
    ),
    (
        "every machine",
        but(
            "np.unique(key % machines)",
            "[m for m in range(machines) if (key % machines == m).any()]",
        ),
    ),
]
