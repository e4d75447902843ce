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
        "'middle', with a skill of 0.24, meets",
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
    (
        "the load of one case",
        answer(fit="4 * seconds <= deadline"),
        "worse",
        "You chose 'small'",
    ),
    (
        "a load that is kept",
        answer(fit="kept.setdefault(seconds, p99(seconds)) <= deadline").replace(
            "def best", "kept = {}\n\ndef best"
        ),
        "worse",
        "`p99` says 0.08 s",
    ),
    (
        "no skill below zero",
        answer(fit="s > 0 and p99(seconds) <= deadline"),
        "nothing",
        "'old', with a skill of -0.1, meets",
    ),
    (
        "a search from zero",
        """
def best_within(candidates, deadline, p99):
    best, most = None, 0
    for name, (skill, seconds) in candidates.items():
        if p99(seconds) <= deadline and skill > most:
            best, most = name, skill
    return best
""",
        "nothing",
        "skill of -0.1",
    ),
    (
        "an empty text",
        answer(pick="max(fit, key=lambda n: fit[n][0], default='')"),
        "not_a_name",
        "''",
    ),
    (
        "the word None",
        answer(pick="max(fit, key=lambda n: fit[n][0], default='None')"),
        "not_a_name",
        "'None'",
    ),
    (
        "no number",
        answer(pick="max(fit, key=lambda n: fit[n][0], default=float('nan'))"),
        "not_a_name",
        "nan",
    ),
    (
        "name and skill",
        answer(pick="max(((n, s) for n, (s, _) in fit.items()), key=lambda p: p[1], default=None)"),
        "not_a_name",
        "('middle', 0.24)",
    ),
    (
        "all that fit",
        answer(pick="sorted(fit, key=lambda n: -fit[n][0])"),
        "not_a_name",
        "['middle'",
    ),
    (
        "its number",
        answer(pick="list(candidates).index(max(fit, key=lambda n: fit[n][0]))"),
        "not_a_name",
        "2",
    ),
    (
        "a name in capitals",
        answer(pick="max(fit, key=lambda n: fit[n][0], default='').upper() or None"),
        "not_a_name",
        "'MIDDLE'",
    ),
    ("the first in time", answer(pick="next(iter(fit), None)"), "slowest", "'large'"),
    ("the last in time", answer(pick="(list(fit) or [None])[-1]"), "fastest", "'tiny'"),
    (
        "the least skilful",
        answer(pick="min(fit, key=lambda n: fit[n][0], default=None)"),
        "fastest",
        "'tiny'",
    ),
    (
        "most skill a second",
        answer(pick="max(fit, key=lambda n: fit[n][0] / fit[n][1], default=None)"),
        "fastest",
        "'tiny'",
    ),
    ("the skill of others", answer(fit="p99(s) <= deadline"), "fastest", "'tiny'"),
    (
        "the first choice for all",
        answer(pick="kept.setdefault(0, max(fit, key=lambda n: fit[n][0], default=None))").replace(
            "def best", "kept = {}\n\ndef best"
        ),
        "kept",
        "as for the deadline before",
    ),
    ("a tenth of room", answer(fit="p99(seconds) <= 0.9 * deadline"), "edge", "'middle'"),
    (
        "a tenth too late",
        answer(fit="p99(seconds) <= 1.1 * deadline"),
        "no_load",
        "over the deadline of 0.3199",
    ),
]
