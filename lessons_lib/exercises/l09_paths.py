"""Exercise: the keys on which two paths disagree (lesson 09)."""

from lessons_lib.answer import Answer, key_of
from lessons_lib.exercises.probes import MISS, FakeModel, breaks_down, call, fail, flight, number

NAME = "count_disagreements"
TITLE = "Count the keys on which two paths disagree"
MINUTES = 6
ORDER = 4
HINTS = [
    "Ask both for each request and compare the two values. How far apart are they, whichever is larger?",
    "A key counts once, however many requests ask for it: collect `key_of(request)` in a set.",
    "A path without a value has not said anything: go on when either value is None.",
]
FAILURES = {
    "no_number": "`count_disagreements` should return one whole number; it returned {got}.",
    "miss": "A key that only one path knows was counted. The router asks the other path then, and nobody "
    "is told two things. Count keys that both know.",
    "zero": "One path says 0.0 and the other {other:g}, and the key was not counted. 0.0 is a prediction; "
    "only None says that there is none.",
    "requests": "You count {got:g}; the {requests} requests that disagree ask for {wanted} different keys. "
    "Count a key once.",
    "one_side": "You count {got:g}, and {wanted} keys disagree: those where the table says more, and those "
    "where it says less.",
    "within": "You count {got:g}, and {wanted} keys differ by more than the tolerance of {tolerance}. A "
    "difference of just the tolerance, or less, is none.",
    "share": "You return {got:g}, which is a share. Give the number of keys, {wanted}.",
    "agree": "You return {got:g}, the keys that agree. {wanted} disagree.",
    "relative": "You return {got:g}; {wanted} keys differ by more than {tolerance}. Compare the values as "
    "they are, not in proportion to one of them.",
    "wrong": "You return {got:g}; {wanted} keys differ by more than {tolerance}.",
}
KEYS = [
    "UA EWR IAH 05",
    "DL JFK SEA 08",
    "B6 JFK BOS 12",
    "AA LGA MIA 17",
    "MQ LGA RDU 06",
    "EV EWR ORD 21",
]
PATHS = [
    ([0.02, 0.9, 0.03, 0.5], [0.04, 0.91, 0.5, 0.51], 0.025, [0, 1, 2, 3]),
    ([0.1, 0.45, 0.2, 0.5, 0.05], [0.9, 0.65, 0.9, 0.55, 0.95], 0.5, [0, 1, 2, 3, 4]),
    ([0.5, 0.25, 0.125, 0.75], [0.5, 0.5, 0.125, 0.25], 0.125, [0, 1, 2, 3]),
    ([0.5, 0.25, 0.125, 0.75], [0.5, 0.5, 0.125, 0.25], 0.25, [0, 1, 2, 3]),
    ([0.5, 0.25, 0.125, 0.75], [0.5, 0.5, 0.125, 0.25], 0.0, [3, 1, 1, 3, 3, 0]),
    ([0.5, None, 0.125, None, 0.4], [0.1, 0.5, None, None, 0.4], 0.0625, [0, 1, 2, 3, 4, 0]),
    ([0.0, 0.25, 0.0], [0.25, 0.0, 0.0], 0.125, [0, 1, 2]),
    ([0.1, 0.2, 0.3], [0.9, 0.8, 0.7], 0.3, [0, 1, 2, 0, 1, 2]),
    ([0.5], [0.5], 0.0, []),
]
"""What the table and the model say for each of `KEYS`, the tolerance, and which keys are asked for."""


def count_disagreements(table, model, requests, tolerance):
    found = set()
    for request in requests:
        one, other = table.answer(request).value, model.answer(request).value
        if one is not None and other is not None and abs(one - other) > tolerance:
            found.add(key_of(request))
    return len(found)


def check(candidate):
    for one, other, tolerance, asked in PATHS:
        table, model = _Path("table", one), _Path("model", other)
        requests = [flight(KEYS[i], day=n + 1) for n, i in enumerate(asked)]
        got = number(call(candidate, table, model, requests, tolerance), "no_number")
        pairs = [(one[i], other[i], i) for i in asked]
        wanted, ideas = _count(pairs, tolerance), _ideas(pairs, tolerance)
        if got != wanted:
            code = next((idea for idea, value in ideas if value == got), "wrong")
            zeros = [
                max(a, b) for a, b, _ in pairs if a is not None and b is not None and 0.0 in (a, b)
            ]
            extra = {"tolerance": tolerance, "other": max(zeros, default=0), "requests": len(asked)}
            fail(code, got=got, wanted=wanted, **extra)
    requests = [flight(key) for key in KEYS[:2]]
    broken = FakeModel(breaks=2)
    breaks_down("The model", candidate, _Path("table", [0.1, 0.2]), broken, requests, 0.1)


class _Path:
    """Says a value for each of `KEYS`, or nothing."""

    def __init__(self, source, values):
        self.source, self.values = source, dict(zip(KEYS, values, strict=False))

    def answer(self, request):
        value = self.values.get(key_of(request))
        return MISS if value is None else Answer(value, self.source, 0.0)


def _count(pairs, tolerance, differ=lambda a, b, t: abs(a - b) > t):
    return len(
        {i for a, b, i in pairs if a is not None and b is not None and differ(a, b, tolerance)}
    )


def _ideas(pairs, tolerance):
    """Each wrong idea with the number that it gives."""
    both = [(a, b, i) for a, b, i in pairs if a is not None and b is not None]
    apart = [i for a, b, i in both if abs(a - b) > tolerance]
    known = len({i for *_, i in both})
    yield "requests", len(apart)
    for zero in ((True, True), (True, False), (False, True)):
        kept = [
            (a or (None if zero[0] else a), b or (None if zero[1] else b), i) for a, b, i in pairs
        ]
        yield "zero", _count(kept, tolerance)
    yield (
        "miss",
        len({i for a, b, i in pairs if a != b and (None in (a, b) or abs(a - b) > tolerance)}),
    )
    yield "one_side", _count(pairs, tolerance, lambda a, b, t: a - b > t)
    yield "one_side", _count(pairs, tolerance, lambda a, b, t: b - a > t)
    yield "within", _count(pairs, tolerance, lambda a, b, t: abs(a - b) >= t)
    yield "within", _count(pairs, tolerance, lambda a, b, t: a != b)
    yield "relative", _count(pairs, tolerance, lambda a, b, t: abs(a - b) > t * abs(b))
    yield "relative", _count(pairs, tolerance, lambda a, b, t: abs(a - b) > t * abs(a))
    yield "agree", known - len(set(apart))
    yield "share", len(set(apart)) / max(known, 1)
