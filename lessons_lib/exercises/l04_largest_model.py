"""Exercise: the best model that meets a deadline under load (lesson 04)."""

from functools import partial
from operator import mul

from lessons_lib.exercises.probes import call, fail, same

NAME = "best_within"
TITLE = "The best model that meets a deadline under load"
MINUTES = 6
ORDER = 4
HINTS = [
    "First the promise, then the skill. Which candidates have `p99(seconds) <= deadline`?",
    "Keep a dict of those: `{name: skill for name, (skill, seconds) in candidates.items() if ...}`.",
    "`max(fit, key=fit.get)` names the one with the highest skill, and `max(fit, key=fit.get, "
    "default=None)` gives None if there is none.",
]
FAILURES = {
    "not_a_name": "`best_within` gave {got}. Give the name of a candidate, or None.",
    "no_load": "You chose {choice!r}: by itself it takes {seconds:g} s, but with the others' requests in "
    "front of it the p99 is {p99:g} s, over the deadline of {deadline:g} s. Ask `p99(seconds)`.",
    "too_late": "You chose {choice!r}, whose p99 of {p99:g} s is over the deadline of {deadline:g} s.",
    "fastest": "You chose {choice!r}, the fastest. {wanted!r} is slower, still in time, and has more "
    "skill: a deadline asks for no more than being met.",
    "slowest": "You chose {choice!r}, the slowest that is in time. {wanted!r} has more skill: a larger "
    "model is not always a better one.",
    "edge": "{wanted!r} takes just as long as the deadline allows, and you left it out. In time is in "
    "time.",
    "worse": "You chose {choice!r}. {wanted!r} has more skill and is in time too, since `p99` says {p99:g} s "
    "for it, and the deadline is {deadline:g} s.",
    "kept": "You chose {choice!r}, as for the deadline before. Now the deadline is {deadline:g} s, and its "
    "p99 {p99:g} s: choose anew at each call.",
    "nothing": "You gave None, and {wanted!r}, with a skill of {skill:g}, meets the deadline of {deadline:g} s.",
    "none": "No candidate can meet a deadline of {deadline:g} s, and you gave {got}. Give None.",
    "changed": "Your function changed the candidates. Leave them as they are.",
}
CANDIDATES = {
    "giant": (0.30, 0.40),
    "large": (0.20, 0.10),
    "middle": (0.24, 0.08),
    "small": (0.12, 0.02),
    "tiny": (0.05, 0.001),
}
"""Name: (skill, service time in seconds). The large one is worse than the middle one."""
HARMFUL = {"old": (-0.10, 0.01), "older": (-0.30, 0.002), "new": (0.2, 0.5)}
CASES = [(CANDIDATES, limit, 4) for limit in (0.45, 0.09, 0.02, 0.3199, 0.32, 3.0, 0.0005)]
CASES += [(CANDIDATES, 0.09, 1), (CANDIDATES, 0.45, 8), (HARMFUL, 0.1, 2), ({}, 0.1, 4)]
"""Candidates, deadline, and how many times its service time a request takes under load."""


def best_within(candidates, deadline, p99):
    fit = {name: skill for name, (skill, seconds) in candidates.items() if p99(seconds) <= deadline}
    return max(fit, key=fit.get, default=None)


def check(candidate):
    last = None
    for candidates, deadline, load in CASES:
        p99 = partial(mul, load)
        wanted = best_within(candidates, deadline, p99)
        got = call(candidate, dict(candidates), deadline, p99)
        if not same(got, wanted):
            _explain(candidates, got, wanted, deadline, p99, last)
        last = wanted


def _explain(candidates, got, wanted, deadline, p99, last):
    """Fail with what is wrong about this choice."""
    if got is not None and (not isinstance(got, str) or got not in candidates):
        fail("not_a_name", got=got)
    if wanted is None:
        fail("none", deadline=deadline, got=got)
    if got is None:
        fail("nothing", wanted=wanted, deadline=deadline, skill=candidates[wanted][0])
    seconds = candidates[got][1]
    if p99(seconds) > deadline:
        code = "kept" if got == last else "no_load" if seconds <= deadline else "too_late"
        fail(code, choice=got, seconds=seconds, p99=p99(seconds), deadline=deadline)
    if p99(candidates[wanted][1]) == deadline:
        fail("edge", wanted=wanted)
    in_time = [name for name, (_, seconds) in candidates.items() if p99(seconds) <= deadline]
    by_time = sorted(in_time, key=lambda name: candidates[name][1])
    code = {by_time[0]: "fastest", by_time[-1]: "slowest"}.get(got, "worse")
    fail(code, choice=got, wanted=wanted, p99=p99(candidates[wanted][1]), deadline=deadline)
