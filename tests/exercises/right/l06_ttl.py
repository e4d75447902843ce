"""Right answers to "choose a time to live from a measured decay"."""

from exercises.wrong.l06_ttl import LOOP, but

LINE = "def longest_age(decay, share):\n    "
RIGHT = [
    (
        "cummin",
        LINE + "good = decay >= share * decay.iloc[0]\n    return decay.index[good.cummin()].max()",
    ),
    (
        "NumPy",
        "import numpy as np\n\n" + LINE + "bad = decay.to_numpy() < share * decay.iloc[0]\n"
        "    return float(decay.index[np.argmax(bad) - 1 if bad.any() else -1])",
    ),
    (
        "takewhile",
        but(
            LOOP,
            "for longest, _ in takewhile(lambda one: one[1] >= share * decay.iloc[0], decay.items()):\n    pass",
            "def l",
            "from itertools import takewhile\n\ndef l",
        ),
    ),
    (
        "by place",
        LINE
        + "place = 0\n    while place + 1 < len(decay) and decay.iloc[place + 1] >= share * decay.iloc[0]:\n        place += 1\n    return decay.index[place]",
    ),
    (
        "a whole number where it is one",
        but("return longest", "return int(longest) if longest == int(longest) else longest"),
    ),
]
