"""Exercise: from practice runs to an interval for the next run (lesson 11)."""

import numpy as np

from lessons_lib.exercises.probes import array, call, expect, fail

NAME = "interval_of"
TITLE = "Forecast with an interval"
MINUTES = 8
ORDER = 4
HINTS = [
    "Sort the figures: `ranked = np.sort(figures)`. The k-th smallest is `ranked[k - 1]`, the k-th "
    "largest `ranked[-k]`.",
    "Of n runs and the next one, each of the n + 1 is as likely as any other to be the smallest. So the "
    "next falls outside with the chance 2 k / (n + 1).",
    "Raise k as long as `2 * (k + 1) / (n + 1) <= miss`, starting from 0. If k is still 0 then, give None.",
]
FAILURES = {
    "not_a_pair": "`interval_of` gave {got}. Give two numbers, the lower end first, or None.",
    "too_few": "With {n} runs even the interval from the smallest to the largest misses the next in 2 of "
    "{more} cases, and {miss:g} was allowed: give None. Yours gave {got}.",
    "gave_up": "{n} runs are enough to miss in {miss:g} of the cases, and yours gave None.",
    "swapped": "The lower end is {low:.6g}, the upper one {high:.6g}. Give the lower one first.",
    "extremes": "From {n} runs you give the smallest and the largest. That misses in 2 of {more} cases, and "
    "{miss:g} was allowed: take the smallest but {inner} and the largest but {inner}.",
    "one_side": "You left out {miss:g} of the cases on *each* side. Both sides together may miss so many.",
    "percentiles": "These are percentiles of the {n} runs. The next run is one more draw: of {n} + 1, it is "
    "the k-th smallest or lower with the chance k / {more}. Count with {more}.",
    "spread": "That is the mean with a multiple of the standard deviation on both sides, which holds for a "
    "bell curve. A p99 has no such shape: take the ends from the runs themselves.",
    "order": "You gave the ends in the order in which the runs came. Sort the figures first.",
    "wrong": "Of {n} runs, with {miss:g} to miss, k is {k}: the ends are {want:.6g} and {want_high:.6g}. "
    "Yours are {low:.6g} and {high:.6g}.",
}
CASES = ((19, 0.1), (40, 0.2), (17, 0.1), (30, 0.5), (60, 0.1), (3, 0.4), (4, 0.4), (99, 0.02))
"""Practice runs, and the share of the cases in which the interval may miss."""


def interval_of(figures, miss):
    ranked, k = np.sort(figures), 0
    while 2 * (k + 1) / (len(ranked) + 1) <= miss:
        k += 1
    return (ranked[k - 1], ranked[-k]) if k else None


def check(candidate):
    for seed, (n, miss) in enumerate(CASES):
        figures = np.random.default_rng([11, seed]).lognormal(-1.3, 0.6, n)
        found, wanted = call(candidate, figures, miss), interval_of(figures, miss)
        about = {"n": n, "more": n + 1, "miss": miss}
        if wanted is None:
            if found is not None:
                fail("too_few", got=found, **about)
            continue
        if found is None:
            fail("gave_up", **about)
        ends = array(found, (2,), "not_a_pair")
        about |= dict(zip(("low", "high"), ends.tolist(), strict=True))
        about |= {"k": int(np.searchsorted(np.sort(figures), wanted[0])) + 1}
        about |= {"want": wanted[0], "want_high": wanted[1], "inner": about["k"] - 1}
        expect(ends, np.array(wanted), "wrong", _ideas(figures, miss, about["k"]), **about)


def _ideas(figures, miss, k):
    """Each wrong idea with the interval that it gives."""
    wanted, ranked = interval_of(figures, miss), np.sort(figures)
    yield "swapped", np.array(wanted[::-1])
    yield "extremes", ranked[[0, -1]]
    yield "order", figures[[k - 1, -k]]
    yield "one_side", np.array(interval_of(figures, min(2 * miss, 0.99)))
    for method in ("linear", "inverted_cdf", "higher", "lower", "nearest"):
        yield "percentiles", np.percentile(figures, [50 * miss, 100 - 50 * miss], method=method)
    for ddof in (0, 1):
        for times in (1, 1.645, 1.96, 2, 3):
            wide = times * np.std(figures, ddof=ddof)
            yield "spread", np.array([np.mean(figures) - wide, np.mean(figures) + wide])
