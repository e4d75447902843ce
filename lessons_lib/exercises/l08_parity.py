"""Exercise: find training-serving skew in logged requests (lesson 08)."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from lessons_lib.exercises.probes import call, expect, fail, number

NAME = "parity"
TITLE = "Find where serving differs from training"
MINUTES = 8
ORDER = 1
HINTS = [
    "The two frames need not have their rows or columns in the same order, and the log may lack "
    "some. `trained.loc[served.index, served.columns]` puts one beside the other.",
    "`(served - trained).abs() > tolerance` is True where two numbers are apart. Where one of the two "
    "is missing the difference is NaN, and the comparison says False: ask for those apart.",
    "`served.isna() != trained.isna()` is True where just one is missing. A request differs where "
    "either is True: `(apart | one_missing).mean()` gives the shares.",
]
FAILURES = {
    "no_shares": "`parity` should return one share for each column of the log, by its name, as a "
    "Series or a dict; it returned {got}.",
    "columns": "The log has the columns {wanted}; you give shares for {got}. Give each of them one, "
    "0 where nothing differs.",
    "order": "Rows and columns of `trained` may come in another order, and more of them: {column!r} "
    "differs in {wanted:.9g} of the requests, and you say {got:.9g}. Match them by their names.",
    "missing_both": "In {column!r} you count as different what is missing on both sides; the share "
    "is {wanted:.9g}, and you say {got:.9g}. NaN is equal to nothing, not even to NaN.",
    "missing_one": "In {column!r} some values are missing on one side only, and the other side has "
    "filled them: that is the skew to be found. The share is {wanted:.9g}; you say {got:.9g}.",
    "exact": "In {column!r} the two sides differ by rounding, less than the tolerance; the share is "
    "{wanted:.9g}, and you say {got:.9g}.",
    "relative": "The tolerance is {tolerance:g} in the unit of the column, whatever its size; in "
    "{column!r}, with values near 1,000, the share is {wanted:.9g}, and you say {got:.9g}.",
    "one_way": "In {column!r} a served value may be above the other one or below it; the share is "
    "{wanted:.9g}, and you say {got:.9g}. Look at the difference without its sign.",
    "means": "Means of a column say {got:.9g} for {column!r}. Compare request by request: a share of "
    "{wanted:.9g} differs.",
    "all_rows": "The training code knows more requests than were logged. Give shares of the "
    "{requests} logged requests: {wanted:.9g} for {column!r}, where you say {got:.9g}.",
    "percent": "You say {got:.4g}; the share is {wanted:.9g}. Give shares between 0 and 1.",
    "wrong": "In {column!r}, with a tolerance of {tolerance:g}, the share of requests that differ is "
    "{wanted:.9g}; you say {got:.9g}.",
}
TRAPS = {
    "wrong": ([0, 3, 0, -2, 0, 5, 0.1], {}),
    "exact": ([1e-3, 0, -2e-3, 3, 0, 0, 1e-4], {}),
    "relative": ([0.012, 0, -0.011, 0, 0.009, 0, 2], {}),
    "missing_both": ([0, 0, 0, 0, 9, 0, 0], {"both": [0, 1, 2]}),
    "missing_one": ([0, 0, 0, 0, 0, 0, 0], {"trained": [1, 4], "served": [6], "both": [0]}),
}
"""For each trap how far serving is from training, request by request, and what is missing where."""


def parity(served, trained, tolerance):
    trained = trained.loc[served.index, served.columns]
    apart = (served - trained).abs() > tolerance
    one_missing = served.isna() != trained.isna()
    return (apart | one_missing).mean()


def check(candidate):
    for trap in TRAPS:
        _judge(candidate, trap, 0.01, *_frames(trap, "same"))
    _judge(candidate, "all_rows", 0.01, *_frames("wrong", "more"))
    _judge(candidate, "order", 0.01, *_frames("wrong", "mixed"))
    _judge(candidate, "wrong", 2.5, *_frames("wrong", "mixed"))


def _frames(trap, rows):
    """Served and trained values near 1,000 with this trap in one of two columns."""
    off, missing = TRAPS[trap]
    index = [12, 18, 25, 31, 44, 57, 63]
    values = 1_000 + 50 * np.random.default_rng(len(trap)).random((7, 2))
    trained = pd.DataFrame(values, index, ["temp", "wind"])
    served = trained.assign(temp=trained["temp"] + off)
    for side, frames in {
        "both": (served, trained),
        "served": (served,),
        "trained": (trained,),
    }.items():
        for frame in frames:
            frame.iloc[missing.get(side, []), 0] = np.nan
    if rows != "same":
        more = pd.DataFrame(900.0, [1, 29, 99], ["temp", "wind"])
        trained = pd.concat([trained, more]).assign(rain=1.0)
    if rows == "mixed":
        trained = trained.sample(frac=1, random_state=1)[["wind", "rain", "temp"]]
    return served, trained


def _judge(candidate, code, tolerance, served, trained):
    got = call(candidate, served, trained, tolerance)
    if not isinstance(got, pd.Series | Mapping):
        fail("no_shares", got=got)
    shares, wanted = dict(got), parity(served, trained, tolerance)
    if set(shares) != set(served.columns):
        fail("columns", got=list(shares), wanted=list(served.columns))
    for column in served.columns:
        found = number(shares[column], "no_shares")
        told = {"column": column, "tolerance": tolerance, "requests": len(served)}
        ideas = _ideas(served[column], trained[column][served.index], tolerance, wanted[column])
        expect(found, wanted[column], code, ideas if code == "wrong" else (), **told)


def _ideas(mine, theirs, tolerance, share):
    """Each wrong idea with the share that it gives."""
    if share:
        yield "percent", 100 * share
    yield "one_way", (mine - theirs > tolerance).mean()
    yield "one_way", (theirs - mine > tolerance).mean()
    yield "means", float(abs(mine.mean() - theirs.mean()) > tolerance)
