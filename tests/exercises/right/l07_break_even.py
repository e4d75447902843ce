"""Right answers to "break-even and waste, from a log"."""

from exercises.wrong.l07_break_even import ALL, FORMULA, PER_KEY, UNUSED, but

RIGHT = [
    ("a list", but(ALL, "return [break_even, per_key, unused]")),
    (
        "an array",
        but(
            ALL,
            "return np.array([break_even, per_key, unused])",
            "def weigh",
            "import numpy as np\ndef weigh",
        ),
    ),
    (
        "without division by zero",
        but(FORMULA, "saved = run - look_up\nbreak_even = inf if saved <= 0 else row / saved"),
    ),
    ("float's own infinity", but("else inf", "else float('inf')")),
    ("sets", but(UNUSED, "unused = len(set(keys) - set(log)) / len(keys)")),
    (
        "a loop",
        but(PER_KEY, "held = set(keys)\nper_key = sum(key in held for key in log) / len(keys)"),
    ),
    ("counted", but(PER_KEY, "per_key = log.value_counts().reindex(keys).fillna(0).mean()")),
    ("the mean of the rest", but(UNUSED, "unused = (~keys.isin(log)).mean()")),
]
