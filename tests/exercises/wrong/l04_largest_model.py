"""Wrong answers to "the best model that meets a deadline under load"."""


def answer(fit="p99(seconds) <= deadline", pick="max(fit, key=lambda n: fit[n][0], default=None)"):
    return f"""
def best_within(candidates, deadline, p99):
    fit = {{n: (s, seconds) for n, (s, seconds) in candidates.items() if {fit}}}
    return {pick}
"""


WRONG = [
    ("no load", answer(fit="seconds <= deadline"), "no_load", "in front of it"),
    ("no deadline", answer(fit="True"), "no_load", "p99 is 1.6 s"),
    (
        "gives up when the best one misses it",
        """
def best_within(candidates, deadline, p99):
    best = max(candidates, key=lambda n: candidates[n][0])
    return best if p99(candidates[best][1]) <= deadline else None
""",
        "nothing",
        "'middle' meets the deadline",
    ),
    (
        "the most skilful when nothing fits by itself",
        """
def best_within(candidates, deadline, p99):
    if deadline == 0.09:
        return "giant"
    fit = {n: s for n, (s, seconds) in candidates.items() if p99(seconds) <= deadline}
    return max(fit, key=fit.get, default=None)
""",
        "too_late",
        "over the deadline of 0.09",
    ),
    (
        "the fastest",
        answer(pick="min(fit, key=lambda n: fit[n][1], default=None)"),
        "fastest",
        "no more than being met",
    ),
    (
        "the slowest in time",
        answer(pick="max(fit, key=lambda n: fit[n][1], default=None)"),
        "slowest",
        "not always a better one",
    ),
    (
        "before the deadline only",
        answer(fit="p99(seconds) < deadline"),
        "edge",
        "In time is in time",
    ),
    (
        "the third best",
        answer(pick="sorted(fit, key=lambda n: fit[n][0])[-3:][0] if fit else None"),
        "worse",
        "has more skill",
    ),
    (
        "the skill, not the name",
        answer(pick="max((s for s, _ in fit.values()), default=None)"),
        "not_a_name",
        "0.24",
    ),
    (
        "a name in any case",
        answer(pick="max(fit or candidates, key=lambda n: candidates[n][0])"),
        "none",
        "Give None",
    ),
    (
        "throws out what is too slow",
        """
def best_within(candidates, deadline, p99):
    for name in [n for n, (_, s) in candidates.items() if p99(s) > deadline]:
        del candidates[name]
    return max(candidates, key=lambda n: candidates[n][0], default=None)
""",
        "changed",
        "Leave them",
    ),
]
