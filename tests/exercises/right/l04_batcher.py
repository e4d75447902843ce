"""Right answers to "a micro-batcher": the solution with one line changed."""

from exercises.wrong.l04_batcher import GIVE, MANY, but

RIGHT = [
    ("a list", but(GIVE, "return finish")),
    ("a tuple", but(GIVE, "return tuple(finish)")),
    (
        "filled in place",
        but(
            "[], 0.0, 0",
            "np.zeros(len(arrive)), 0.0, 0",
            "finish += [free] * n",
            "finish[first : first + n] = free",
            GIVE,
            "return finish",
        ),
    ),
    (
        "searchsorted",
        but(MANY, "n = min(max_batch, int(np.searchsorted(arrive, close, side='right')) - first)"),
    ),
    (
        "a loop that counts",
        but(
            MANY,
            "n = 0\nwhile n < max_batch and first + n < len(arrive) and arrive[first + n] <= close:\n    n += 1",
        ),
    ),
    ("never free before", but("[], 0.0, 0", "[], float('-inf'), 0")),
    ("one expression", but("close = max(close, free)", "close = close if close > free else free")),
]
