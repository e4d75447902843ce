"""Exercise: a time to live, from the measured decay (lesson 06)."""

import pandas as pd

from lessons_lib.exercises.probes import call, expect, number

NAME = "longest_age"
TITLE = "Choose a time to live from a measured decay"
MINUTES = 7
ORDER = 3
HINTS = [
    "The fresh skill is the first value, `decay.iloc[0]`, and the least that is good enough is "
    "`share` times that. How far can you go from the left before a value is below it?",
    "Go through `decay.items()`, which gives ages and skills, from the youngest on. Remember the age "
    "as long as its skill is good enough, and stop at the first that is not.",
    "In one line with pandas: `good = decay >= share * decay.iloc[0]`, and "
    "`decay.index[good.cummin()].max()`: what comes after the first bad one does not count.",
]
FAILURES = {
    "no_number": "`longest_age` should return one age, a number; it returned {got}.",
    "position": "You return {got:g}, the place in the table. Return the age that stands there, an "
    "entry of `decay.index`.",
    "too_old": "You return {got:.9g}, the first age at which the skill is too low. The last one before "
    "it is still good enough.",
    "recovered": "At {got:.9g} the skill is good enough, but at a younger age it was not. An answer "
    "kept so long is that young first: stop at the first age that is too bad.",
    "absolute": "You compare with `share` itself. The bound is a share of the fresh skill: {share:g} "
    "times {fresh:.6g}.",
    "loss": "You say {got:.9g}, which is right if the skill may *lose* {share:g} of what it was. `share` is "
    "what must be left.",
    "strict": "At {wanted:.9g} the skill is exactly {share:g} of the fresh one, and that is still good "
    "enough: the bound itself counts.",
    "fresh_only": "Fresh is always good enough, at age {wanted:.9g}, and you return {got:.9g}.",
    "wrong": "With the skills {skills!r} at the ages {ages!r} and a share of {share:g}, the longest age "
    "is {wanted:.9g}; you say {got:.9g}.",
    "changed": "Your function changed the decay that it was given.",
}
DECAYS = (
    ((0.0, 1.125, 2.25, 3.1, 4.123456), (0.16, 0.153, 0.139, 0.121, 0.099)),
    ((0.0, 0.625, 1.7, 2.9, 6.123456, 8.0), (0.5, 0.46, 0.25, 0.49, 0.47, 0.07)),
    ((0.0, 1.1, 3.3), (0.5, 0.5, 0.5)),
    ((0.25, 1.5, 2.0), (1.5, 0.9, 0.8)),
    ((0.0, 6.123456), (0.125, -0.0625)),
)
"""Ages and skills. Where a skill is just the share of the fresh one, it is so to the last bit."""
SHARES = (0.95, 0.5, 0.75, 0.9, 0.25)


def longest_age(decay, share):
    longest = decay.index[0]
    for age, skill in decay.items():
        if skill < share * decay.iloc[0]:
            break
        longest = age
    return longest


def check(candidate):
    for ages, skills in DECAYS:
        for share in SHARES:
            decay = pd.Series(skills, pd.Index(ages, name="hours"), name="skill")
            got = number(call(candidate, decay, share), "no_number")
            wanted = longest_age(decay, share)
            told = {"share": share, "fresh": skills[0], "skills": list(skills), "ages": list(ages)}
            expect(got, wanted, "wrong", _ideas(decay, share, wanted), **told)


def _ideas(decay, share, wanted):
    """Each wrong idea with the age that it gives."""
    bound, ages = share * decay.iloc[0], decay.index
    place = ages.get_loc(wanted)
    if place == 0:
        yield "fresh_only", 0.0
        yield "fresh_only", -1.0
    yield "position", float(place)
    if (decay == bound).any():
        yield "strict", _until(decay, decay > bound)
    yield "too_old", ages[min(place + 1, len(ages) - 1)]
    yield "recovered", ages[decay >= bound].max()
    yield "absolute", _until(decay, decay >= share)
    yield "loss", _until(decay, decay >= (1 - share) * decay.iloc[0])


def _until(decay, good):
    kept = decay.index[good.cummin()]
    return kept.max() if len(kept) else decay.index[0]
