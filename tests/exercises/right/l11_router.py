"""Right answers to "build a router that beats both modes"."""

from exercises.wrong.l11_router import BEST, EXCEPT, but

RIGHT = [
    ("another freshness", but("fresh=300.0", "fresh=240.0")),
    ("sorts", but(BEST, 'best = [*sorted(known, key=lambda one: one.age), Answer(0.3, "default", nan)][0]')),
    ("any error", but(EXCEPT, "except Exception:\n    return best")),
]  # fmt: skip
