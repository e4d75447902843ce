"""Exercise: from a client's letter to the rows of a table and the servers behind it (lesson 11)."""

from math import ceil, inf

import numpy as np
import pandas as pd

from lessons_lib import cost
from lessons_lib.exercises.probes import array, call, expect, fail

NAME = "plan"
TITLE = "Turn a letter into a plan"
MINUTES = 12
ORDER = 1
HINTS = [
    "Rank yesterday's keys by how often they were asked for: `table = yesterday.value_counts().index`. "
    "What share of today's requests do the first 10, 11, 12 ... of them answer?",
    "Give each of today's requests the rank of its key, or infinity if it is not in the table, and sort: "
    "the `ceil(share * len(today))`-th rank is how many rows it takes.",
    "What the table does not answer goes to the model: `rate * missed` requests a second, with `missed` "
    "the share of today's requests that these rows miss. `cost.servers_within` takes it from there.",
]
FAILURES = {
    "not_a_pair": "`plan` gave {got}. Give two numbers: the rows of the table, and the servers.",
    "percent_of_keys": "You take {got:.6g} rows, {share:g} of the different keys. Coverage is a share of the "
    "requests: {wanted:.6g} rows reach it.",
    "yesterday": "With {got:.6g} rows the table answers {share:g} of *yesterday's* requests. It will be asked "
    "today's: that takes {wanted:.6g}.",
    "hindsight": "You take {got:.6g} rows, which is right for a table of today's keys. The table is made "
    "yesterday, and needs {wanted:.6g}.",
    "hopeless": "Not even all of yesterday's keys answer {share:g} of today's requests, so the rows should "
    "be 0; you take {got:.6g}.",
    "gave_up": "{wanted:.6g} rows answer {share:g} of today's requests, and yours takes no table at all.",
    "rows": "You take {got:.6g} rows. The fewest with which the most frequent keys of yesterday answer "
    "{share:g} of today's requests or more are {wanted:.6g}.",
    "all_traffic": "You take {got:.6g} servers, enough for *all* requests. The table answers most of them, "
    "and what is left needs {wanted:.6g}.",
    "wanted_share": "You take {got:.6g} servers, for the requests that {share:g} would leave. These rows "
    "answer a little more: {missed:.4g} of the requests are left, which need {wanted:.6g}.",
    "keeps_up": "You take {got:.6g} servers: they keep up on average, and the queue grows at random. For the "
    "deadline it takes {wanted:.6g}.",
    "servers": "{left:.4g} requests a second are left for the model, {run:g} s each, and 99 in 100 are to be "
    "answered within {deadline:g} s: that takes {wanted:.6g} servers; you take {got:.6g}.",
}
CASES = (
    # keys, share of requests for new keys, requests a second, run, deadline, coverage wanted
    (80, 0.05, 40.0, 0.25, 1.5, 0.8),
    (60, 0.02, 300.0, 0.02, 0.1, 0.9),
    (40, 0.5, 12.0, 0.5, 3.0, 0.75),
    (120, 0.1, 25.0, 0.1, 0.5, 0.5),
    (50, 0.9, 8.0, 0.3, 2.0, 0.25),
)


def plan(yesterday, today, rate, run, deadline, share):
    table = yesterday.value_counts().index
    ranks = pd.Series(range(1, len(table) + 1), table)
    rank = today.map(ranks).fillna(inf).sort_values()
    rows = rank.iloc[ceil(share * len(today)) - 1]
    rows = 0 if rows == inf else int(rows)
    missed = (rank > rows).mean()
    return rows, cost.servers_within(rate * missed, run, deadline)


def check(candidate):
    for seed, (keys, new, rate, run, deadline, share) in enumerate(CASES):
        yesterday, today = _logs(keys, new, seed)
        given = (yesterday, today, rate, run, deadline, share)
        wanted = plan(*given)
        rows, servers = array(call(candidate, *given), (2,), "not_a_pair")
        about = {"share": share, "rate": rate, "run": run, "deadline": deadline}
        if wanted[0] == 0 and rows != 0:
            fail("hopeless", got=rows, **about)
        if wanted[0] and rows == 0:
            fail("gave_up", wanted=wanted[0], **about)
        expect(rows, wanted[0], "rows", _rows(yesterday, today, share), **about)
        missed = 1 - today.isin(yesterday.value_counts().index[: wanted[0]]).mean()
        about |= {"missed": missed, "left": rate * missed}
        ideas = _servers(rate, missed, run, deadline, share)
        expect(servers, wanted[1], "servers", ideas, **about)


def _logs(keys, new, seed):
    """Two days of requests; no two keys of yesterday's come equally often."""
    draws = np.random.default_rng([11, seed])
    names = np.array([f"key {n}" for n in draws.permutation(keys)])
    yesterday = draws.permutation(np.repeat(names, np.arange(keys, 0, -1)))
    asked = np.minimum(draws.geometric(3 / keys, 400) - 1, keys - 1)
    today = np.where(draws.random(400) < new, [f"new {n % 97}" for n in range(400)], names[asked])
    return pd.Series(yesterday), pd.Series(today)


def _rows(yesterday, today, share):
    """Each wrong idea with the rows that it gives."""
    different = yesterday.nunique()
    for take in (ceil, round, int):
        yield "percent_of_keys", take(share * different)
    yield "yesterday", plan(yesterday, yesterday, 1.0, 1.0, 60.0, share)[0]
    yield "hindsight", plan(today, today, 1.0, 1.0, 60.0, share)[0]


def _servers(rate, missed, run, deadline, share):
    """Each wrong idea with the servers that it gives."""
    yield "all_traffic", cost.servers_within(rate, run, deadline)
    yield "wanted_share", cost.servers_within(rate * (1 - share), run, deadline)
    for left in (rate * missed, rate):
        yield "keeps_up", ceil(left * run)
