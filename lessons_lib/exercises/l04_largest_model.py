"""Exercise: the best model that meets a deadline under load (lesson 04)."""

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
    "worse": "You chose {choice!r}. {wanted!r} is in time too and has more skill.",
    "nothing": "You gave None, and {wanted!r} meets the deadline of {deadline:g} s.",
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


def best_within(candidates, deadline, p99):
    fit = {name: skill for name, (skill, seconds) in candidates.items() if p99(seconds) <= deadline}
    return max(fit, key=fit.get, default=None)


def check(candidate):
    # The deadlines lie between the models, and on one.
    for deadline in (0.45, 0.09, 0.02, 0.32, 3.0, 0.0005):
        wanted = best_within(CANDIDATES, deadline, _p99)
        got = call(candidate, dict(CANDIDATES), deadline, _p99)
        if not same(got, wanted):
            _explain(got, wanted, deadline)


def _explain(got, wanted, deadline):
    """Fail with what is wrong about this choice."""
    if wanted is None:
        fail("none", deadline=deadline, got=got)
    if got is None:
        fail("nothing", wanted=wanted, deadline=deadline)
    if not isinstance(got, str) or got not in CANDIDATES:
        fail("not_a_name", got=got)
    seconds = CANDIDATES[got][1]
    if _p99(seconds) > deadline:
        code = "no_load" if seconds <= deadline else "too_late"
        fail(code, choice=got, seconds=seconds, p99=_p99(seconds), deadline=deadline)
    if _p99(CANDIDATES[wanted][1]) == deadline:
        fail("edge", wanted=wanted)
    in_time = [name for name, (_, seconds) in CANDIDATES.items() if _p99(seconds) <= deadline]
    by_time = sorted(in_time, key=lambda name: CANDIDATES[name][1])
    code = {by_time[0]: "fastest", by_time[-1]: "slowest"}.get(got, "worse")
    fail(code, choice=got, wanted=wanted)


def _p99(seconds):
    return 4 * seconds  # loaded, a request takes four times as long
