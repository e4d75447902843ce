"""Lesson 05, watched: a table before a cache before a model, beside the model alone.

It knows the traffic, the simulator and the replay; which requests the table and the cache answer
is computed here from their keys.
"""

import numpy as np

from lessons_lib import charts, simulate, theory, traffic

REQUESTS, RATE, MODEL, LOOKUP = 240, 40.0, 0.02, 1e-5
"""Requests; how many a second, at Poisson times; the seconds of a run of the model, of a look-up."""
KEYS, ROWS, ROOM = 1_000, 20, 200
"""Popular keys, rows of the table, entries of the cache."""
DRIFT, NEW = 0.5, 0.15
"""How often a popular key is replaced in log and run, and the share that is never seen again."""
_LOG = 2_500


def hybrid_replay() -> charts.Replay:
    """The same requests to the model alone, and to table, cache and model in this order."""
    arrive, source = traffic.poisson(RATE, REQUESTS), sources()
    lanes = []
    for name, by in (("Model alone", np.full(REQUESTS, "model")), ("Table, cache, model", source)):
        work = np.where(by == "model", MODEL, LOOKUP)
        start = simulate.fifo(arrive, work)
        lanes.append(charts.Lane(name, arrive, start, start + work, by))
    return charts.Replay(
        lanes,
        title="One server: the model alone, or behind a table and a cache",
        description=(
            f"{RATE:g} requests a second; a run of the model takes {charts.duration(MODEL)}, a "
            f"look-up {charts.duration(LOOKUP)}. Above, the model answers all. Below, a table of "
            f"{ROWS} rows is asked first, then a cache that starts empty, then the model."
        ),
        yours=120,
    )


def sources() -> np.ndarray:
    """Where each answer of the hybrid comes from: "table", "cache" or "model", shape (n,)."""
    weights = theory.zipf(1.0, KEYS)
    drawn = traffic.drifting_keys(weights, _LOG + REQUESTS, drift=DRIFT, new_share=NEW)
    log, asked = drawn[:_LOG], drawn[_LOG:]
    keys, counts = np.unique(log, return_counts=True)
    in_table = np.isin(asked, keys[np.argsort(-counts, kind="stable")[:ROWS]])
    cached = np.zeros(REQUESTS, bool)
    cached[~in_table] = simulate.lru(asked[~in_table], ROOM)
    return np.where(in_table, "table", np.where(cached, "cache", "model"))


def first_from(source: str) -> int:
    """The first request that is answered from this source, counted from 1."""
    return int(np.flatnonzero(sources() == source)[0]) + 1
