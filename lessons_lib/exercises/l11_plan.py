"""Exercise: from a client's letter to the rows of a table and the servers behind it (lesson 11)."""

from math import ceil, inf

import numpy as np
import pandas as pd

from lessons_lib import simulate
from lessons_lib.exercises.probes import array, call, expect, fail

NAME = "plan"
TITLE = "Turn a letter into a plan"
MINUTES = 12
ORDER = 1
HINTS = [
    "Rank yesterday's keys by how often they were asked for: `table = yesterday.value_counts().index`. "
    "What share of today's requests do the first 10, 11, 12 ... of them answer?",
    "Give each of today's requests the rank of its key, or infinity if it is not in the table: sorted, the "
    "`ceil(share * len(today))`-th rank is how many rows it takes. If that is infinite, take 0.",
    "Only requests with a rank above `rows` reach the model. `simulate.fifo(left, np.full(len(left), run), "
    "servers) + run - left` are their latencies, if `left` are their arrivals: try 1 server, then 2, ...",
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
    "nobody": "The table answers every request, so no server is needed; you take {got:.6g}.",
    "all_traffic": "You take {got:.6g} servers, enough for *all* requests. Only those that the table does not "
    "answer reach them: that takes {wanted:.6g}.",
    "keeps_up": "You take {got:.6g} servers: they keep up on average, and the queue grows at random. For the "
    "deadline it takes {wanted:.6g}.",
    "waiting_only": "You take {got:.6g} servers, with which the *wait* is in time. A client waits through the "
    "run as well; it should be {wanted:.6g}.",
    "p99": "You take {got:.6g} servers, right for another percentile than p99 in NumPy's "
    '`method="inverted_cdf"`; it should be {wanted:.6g}.',
    "servers": "{left:,} requests are left for the model, {run:g} s each, and 99 in 100 are to be answered "
    "within {deadline:g} s: that takes {wanted:.6g} servers; you take {got:.6g}.",
}
CASES = (
    # keys, share of requests for new keys, requests a second, run, deadline, coverage wanted
    (80, 0.05, 12.0, 0.8, 2.0, 0.8),
    (60, 0.02, 100.0, 0.4, 1.2, 0.7),
    (40, 0.5, 9.0, 0.5, 0.9, 0.75),
    (120, 0.1, 25.0, 0.3, 0.7, 0.5),
    (50, 0.9, 8.0, 0.3, 0.65, 0.25),
    (30, 0.0, 8.0, 0.3, 1.0, 1.0),
)


def plan(yesterday, today, arrive, run, deadline, share):
    table = yesterday.value_counts().index
    rank = today.map(pd.Series(range(1, len(table) + 1), table)).fillna(inf).to_numpy()
    rows = np.sort(rank)[ceil(share * len(today)) - 1]
    rows = 0 if rows == inf else int(rows)
    left = arrive[rank > rows]
    servers = 0

    def late():
        latency = simulate.fifo(left, np.full(len(left), run), servers) + run - left
        return np.percentile(latency, 99, method="inverted_cdf") > deadline

    while len(left) and (servers == 0 or late()):
        servers += 1
    return rows, servers


def check(candidate):
    for seed, (keys, new, rate, run, deadline, share) in enumerate(CASES):
        yesterday, today, arrive = _logs(keys, new, rate, seed)
        given = (yesterday, today, arrive, run, deadline, share)
        wanted = plan(*given)
        rows, servers = array(call(candidate, *given), (2,), "not_a_pair")
        about = {"share": share, "run": run, "deadline": deadline}
        if wanted[0] == 0 and rows != 0:
            fail("hopeless", got=rows, **about)
        if wanted[0] and rows == 0:
            fail("gave_up", wanted=wanted[0], **about)
        expect(rows, wanted[0], "rows", _rows(yesterday, today, share), **about)
        missed = ~today.isin(yesterday.value_counts().index[: wanted[0]]).to_numpy()
        if wanted[1] == 0 and servers != 0:
            fail("nobody", got=servers)
        ideas = _servers(arrive, missed, run, deadline)
        expect(servers, wanted[1], "servers", ideas, left=int(missed.sum()), **about)


def _logs(keys, new, rate, seed):
    """Two days of requests, and when today's come; no two keys of yesterday's come equally often."""
    draws = np.random.default_rng([11, seed])
    names = np.array([f"key {n}" for n in draws.permutation(keys)])
    yesterday = draws.permutation(np.repeat(names, np.arange(keys, 0, -1)))
    asked = np.minimum(draws.geometric(3 / keys, 1_000) - 1, keys - 1)
    strange = np.array([f"new {n % 97}" for n in range(1_000)])
    today = np.where(draws.random(1_000) < new, strange, names[asked])
    return pd.Series(yesterday), pd.Series(today), draws.exponential(1 / rate, 1_000).cumsum()


def _rows(yesterday, today, share):
    """Each wrong idea with the rows that it gives."""
    different = yesterday.nunique()
    for take in (ceil, round, int):
        yield "percent_of_keys", take(share * different)
    for log, asked in (("yesterday", yesterday), ("hindsight", today)):
        table = (yesterday if log == "yesterday" else today).value_counts()
        covered = table.cumsum() / len(asked)
        yield log, int(np.argmax(covered.to_numpy() >= share - 1e-12)) + 1


def _servers(arrive, missed, run, deadline):
    """Each wrong idea with the servers that it gives."""
    left = arrive[missed]
    yield "all_traffic", _fewest(arrive, run, deadline)
    for waiting in (left, arrive):
        yield "keeps_up", ceil(len(waiting) * run / arrive[-1])
    yield "waiting_only", _fewest(left, run, deadline + run)
    for p in (95, 90, 50, 100):
        yield "p99", _fewest(left, run, deadline, p)
    yield "p99", _fewest(left, run, deadline, method="linear")


def _fewest(left, run, deadline, p=99, method="inverted_cdf"):
    for servers in range(1, 80 if len(left) else 1):
        latency = simulate.fifo(left, np.full(len(left), run), servers) + run - left
        if np.percentile(latency, p, method=method) <= deadline:
            return servers
    return None
