"""Right answers to "refresh only what has changed"."""

from exercises.wrong.l06_feed import CALL, FROM, KEPT, UPDATE, but

RIGHT = [
    (
        "a loop and a copy",
        """
def refreshed(table, feed, predict):
    new, inputs = dict(table), {}
    for key, given in feed:
        if given is None:
            new.pop(key, None)
            inputs.pop(key, None)
        else:
            inputs[key] = given
    if inputs:
        keys = list(inputs)
        for key, value in zip(keys, predict([inputs[key] for key in keys])):
            new[key] = value
    return new
""",
    ),
    ("a copy, then drop", but(KEPT, "table.copy()\nfor key in latest:\n    new.pop(key, None)")),
    ("a tuple of inputs", but(CALL, "predict(tuple(changed.values()))")),
    (
        "NumPy's numbers",
        but(
            "return new",
            "return {k: np.float64(v) for k, v in new.items()}",
            "def r",
            "import numpy as np\n\ndef r",
        ),
    ),
    ("sorted keys", but("return new", "return dict(sorted(new.items()))")),
    (
        "from the end",
        but(
            FROM,
            "latest = {}\nfor key, inputs in reversed(feed):\n    latest.setdefault(key, inputs)",
        ),
    ),
    (
        "an early way out",
        but(UPDATE, f"if not changed:\n    return new\nnew.update(dict(zip(changed, {CALL})))"),
    ),
]
