"""Exercise: a bound on the runs and a budget for retries (lesson 09)."""

from lessons_lib import router
from lessons_lib.exercises.probes import fail

NAME = "Limits"
TITLE = "Shed load, and retry within a budget"
MINUTES = 10
ORDER = 3
TAUGHT = (router.Limits,)
HINTS = [
    "Two questions, one after the other. Is there room: `runs < self.most_runs`? Then, only for a retry: "
    "is there a whole retry saved? Keep what is saved in an attribute that starts at 0.",
    "A first run that may begin adds `self.retry_share`, a retry that may begin takes 1. Who is turned "
    "away returns False before either.",
    "The bound: `self.credit = min(self.credit + self.retry_share, 10)`.",
]
FAILURES = {
    "no_verdict": "`allows` gave {got}. Give True or False.",
    "too_many": "With `most_runs={most}` and {runs} runs there already, one more was let in.",
    "too_few": "With `most_runs={most}` and {runs} runs there, one more was turned away. There is room.",
    "free": "A retry was allowed before anything had been earned. It needs one whole retry saved.",
    "unpaid": "With `retry_share={share}`, {firsts} first runs earn {earned:g} of a retry, and {allowed} "
    "of {asked} retries were allowed.",
    "endless": "After a quiet time of {firsts} first runs, {allowed} retries were allowed at once. No more "
    "than 10 may be saved, or the budget is of no use when it is needed.",
    "stingy": "After a quiet time of {firsts} first runs with `retry_share={share}`, {allowed} retries were "
    "allowed at once. 10 may be saved.",
    "earned_outside": "First runs that were turned away earned a retry. Only a run that begins does.",
    "paid_outside": "A retry that found no room was turned away and paid for all the same.",
    "retry_earns": "Retries earned retries. Only a first run does.",
    "no_room": "A retry was let in although `most_runs` runs were there already. The bound is for all.",
    "shared": "A second `Limits` knew of what the first had saved. Keep it with the object.",
}
EARNED = [(0.25, 9), (0.5, 3), (0.125, 41), (1.0, 2), (0.0, 50), (0.1875, 24), (1.5, 3)]
"""Shares, and how many first runs come before the retries."""


class Limits:
    def __init__(self, most_runs, retry_share):
        self.most_runs, self.retry_share = most_runs, retry_share
        self.credit = 0.0

    def allows(self, runs, again=False):
        if runs >= self.most_runs:
            return False
        if again and self.credit < 1:
            return False
        self.credit += -1 if again else self.retry_share
        self.credit = min(self.credit, 10)
        return True


def check(candidate):
    for most in (3, 1, 20):
        limits = candidate(most, 0.25)
        for runs in (0, most - 1, most, most + 1, most - 1):
            allowed = _ask(limits, runs)
            if allowed != (runs < most):
                fail("too_many" if allowed else "too_few", most=most, runs=runs)
    if _ask(candidate(4, 0.5), 0, True):
        fail("free")
    for share, firsts in EARNED:
        limits = candidate(8, share)
        for _ in range(firsts):
            _ask(limits, 0)
        earned, asked = share * firsts, int(share * firsts) + 3
        allowed = sum(_ask(limits, 0, True) for _ in range(asked))
        if allowed != int(earned):
            fail("unpaid", share=share, firsts=firsts, earned=earned, allowed=allowed, asked=asked)
    for share, firsts in ((0.25, 200), (0.5, 21), (3.0, 8)):
        limits = candidate(8, share)
        for _ in range(firsts):
            _ask(limits, 1)
        allowed = sum(_ask(limits, 1, True) for _ in range(60))
        if allowed != 10:
            fail(
                "endless" if allowed > 10 else "stingy", firsts=firsts, share=share, allowed=allowed
            )
    _turned_away(candidate)
    first, second = candidate(2, 1.0), candidate(2, 1.0)
    _ask(first, 0)
    if _ask(second, 0, True):
        fail("shared")


def _turned_away(candidate):
    """Who finds no room neither earns nor pays, and a retry earns nothing."""
    limits = candidate(2, 0.5)
    for _ in range(6):
        _ask(limits, 2)
    if _ask(limits, 0, True):
        fail("earned_outside")
    limits = candidate(2, 0.5)
    for _ in range(2):
        _ask(limits, 0)
    if _ask(limits, 2, True):
        fail("no_room")
    if not _ask(limits, 0, True):
        fail("paid_outside")
    limits = candidate(2, 0.75)
    for _ in range(4):
        _ask(limits, 0)
    if sum(_ask(limits, 0, True) for _ in range(9)) > 3:
        fail("retry_earns")


def _ask(limits, runs, again=False):
    found = limits.allows(runs, again) if again else limits.allows(runs)
    if type(found).__name__ not in ("bool", "bool_"):
        fail("no_verdict", got=found)
    return bool(found)
