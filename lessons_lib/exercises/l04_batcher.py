"""Exercise: a micro-batcher (lesson 04)."""

import numpy as np

from lessons_lib import simulate
from lessons_lib.exercises.probes import array, call, expect, fail, same, show

NAME = "micro_batches"
TITLE = "A micro-batcher"
SECONDS = 5
TAUGHT = (simulate.batches,)
MINUTES = 12
ORDER = 3
HINTS = [
    "When would the batch that begins with request `first` close if the server were free? When the "
    "oldest has waited long enough, `arrive[first] + max_wait`, or when the batch is full, at "
    "`arrive[first + max_batch - 1]` if there is such a request, whichever comes first.",
    "A busy server cannot start: `close = max(close, free)`. Who has come by then goes along, up to "
    "`max_batch`: `sum(t <= close for t in arrive[first : first + max_batch])`.",
    "All `n` of the batch finish together, at `close + fixed + per_item * n`. That is when the server "
    "is free again, and the next batch begins with request `first + n`.",
]
FAILURES = {
    "length": "For {wanted} requests your function gave {got}. Give one finish time for each, in seconds.",
    "no_wait": "One request comes at 1 s to a free server, with a longest wait of 0.5 s. It may have "
    "company until 1.5 s, so its batch closes then. Yours closed at 1 s.",
    "alone": "One request comes at 1 s; its batch closes at 1.5 s and takes 0.2 + 0.1 x 1 s. It "
    "finishes at 1.8 s; yours at {got:g} s.",
    "waits_when_full": "Two requests fill a batch of 2, at 0 s and 0.1 s. Nobody else fits, so it "
    "closes at 0.1 s and finishes at 0.5 s; yours at {got:g} s.",
    "overlap": "With a batch of 1 that takes 1 s, requests at 0 s and 0.1 s finish at 1 s and 2 s; the "
    "second one of yours at {got:g} s. There is one server: wait until it is free.",
    "latecomers": "The server is busy until 1 s; two requests come meanwhile. When it is free, both go "
    "along in one batch and finish at 2 s; yours at {times}.",
    "too_large": "Five requests wait and a batch holds 2, 1 s each: they finish at 1, 1, 2, 2 and 3 s; "
    "yours at {times}.",
    "cost": "A batch of 3 takes 1 + 0.5 x 3 s. Yours finishes after {got:g} s.",
    "kept": "Called again with the same arrivals and settings, your function gave {got}, and at first "
    "{first}. Begin each call with an empty list and a free server.",
    "wrong": "On random traffic, with {settings}, request {number} comes at {came:.9g} s and should finish "
    "at {wanted:.9g} s; yours does at {got:.9g} s.",
    "changed": "Your function changed the arrival times. Leave them as they are.",
}
CASES = {
    "alone": ([1.0], (4, 0.5, 0.2, 0.1)),
    "cost": ([0.0, 0.0, 0.0], (3, 0.0, 1.0, 0.5)),
    "waits_when_full": ([0.0, 0.1], (2, 1.0, 0.4, 0.0)),
    "overlap": ([0.0, 0.1], (1, 0.0, 1.0, 0.0)),
    "latecomers": ([0.0, 0.5, 0.6], (8, 0.0, 1.0, 0.0)),
    "too_large": ([0.0] * 5, (2, 0.0, 1.0, 0.0)),
}
"""Arrivals and settings (max_batch, max_wait, fixed, per_item) that ask for one idea each."""


def micro_batches(arrive, max_batch, max_wait, fixed, per_item):
    finish, free, first = [], 0.0, 0
    while first < len(arrive):
        close = arrive[first] + max_wait
        full = first + max_batch - 1
        if full < len(arrive):
            close = min(close, arrive[full])
        close = max(close, free)
        n = sum(t <= close for t in arrive[first : first + max_batch])
        free = close + fixed + per_item * n
        finish += [free] * n
        first += n
    return np.array(finish)


def check(candidate):
    for code, (arrive, settings) in CASES.items():
        got, wanted = _finish(candidate, np.array(arrive), settings)
        times = ", ".join(f"{time:g}" for time in got) + " s"
        closed_at_once = [1.0 + settings[2] + settings[3]]
        ideas = [("no_wait", np.array(closed_at_once))] if code == "alone" else []
        expect(got, wanted, code, ideas, got=got[-1], times=times)
    draws = np.random.default_rng(4)
    for settings in (
        (4, 0.5, 0.3, 0.2),
        (16, 0, 1.0, 0.05),
        (3, 2.0, 0.1, 0.1),
        (1, 0.3, 0.1, 0.0),
    ):
        arrive = draws.exponential(0.3, 100 + settings[0]).cumsum()
        of = "max_batch={}, max_wait={}, fixed={}, per_item={}".format(*settings)
        rows = zip(arrive, *_finish(candidate, arrive, settings), strict=True)
        for number, (came, got, wanted) in enumerate(rows, 1):
            expect(got, wanted, "wrong", number=number, came=came, settings=of)


def _finish(candidate, arrive, settings):
    """When each request finishes, by the learner's function and by the simulator."""
    wanted = simulate.batches(arrive, *settings)
    got = array(call(candidate, arrive, *settings), arrive.shape, "length", wanted=len(arrive))
    again = call(candidate, arrive, *settings)
    if not same(again, got):
        fail("kept", got=again, first=show(got))
    return got, wanted
