"""Lesson 09, watched: the moments round a flush, without a defence and with two.

It knows the attack's run and the replay. A request is followed to the end of its own run of the model:
the servers work on for clients who have left with the default.
"""

from functools import cache
from math import inf, nan

import numpy as np

from lessons_lib import charts
from lessons_lib.labs import l09_attack as lab
from lessons_lib.router import Limits

FROM, TO = lab.BEGIN - 2.0, lab.BEGIN + 10.0
"""The seconds that are shown."""


def flush_replay() -> charts.Replay:
    """The same requests round the flush: no defence, and single flight with a bound on the runs."""
    return charts.Replay(
        [_lane(name, *parts) for name, parts in _lanes().items()],
        title="The cache is flushed after 2 s",
        description=(
            f"{lab.RATE:g} requests a second; a run takes {charts.duration(lab.SERVICE)} on one of "
            f"{lab.SERVERS} servers, and a client waits {charts.duration(lab.DEADLINE)}. A ring is a "
            "request whose client was given the default; above, its run waits and is done all the same. Below, "
            f"requests for one key share a run, and no more than {lab.MOST_RUNS} are let in."
        ),
        yours=200,
    )


def first_of(what: str) -> int:
    """The first request without defence that is a "miss" after the flush, or whose run is "wasted".

    Counted from 1. A run is wasted when its client has left.
    """
    arrive, start, finish, source = _lanes()["No defence"]
    found = {
        "miss": (source != "cached") & (arrive > lab.BEGIN),
        "wasted": (source == "default") & (start < finish),
    }
    return int(np.flatnonzero(found[what])[0]) + 1


def _lane(name: str, *arrays: np.ndarray) -> charts.Lane:
    return charts.Lane(name, *arrays, servers=lab.SERVERS)


@cache
def _lanes() -> dict[str, tuple[np.ndarray, ...]]:
    """When each request came, when its run began and ended, and how it left."""
    limits = Limits(most_runs=lab.MOST_RUNS)
    ways = {"No defence": {}, "Single flight, bounded": {"single_flight": True, "limits": limits}}
    found = {}
    for name, defences in ways.items():
        one = lab.attacked(end=TO + 30, **defences)
        runs = {args[0].number: (begin, end) for args, begin, end in one.runs}
        begins = np.array([begin for begin, _ in runs.values()])
        ends = np.array([end for _, end in runs.values()])
        before = int((lab.arrivals(end=TO + 30) < 0).sum())  # requests of the warm-up
        shown = np.flatnonzero((one.run.start >= FROM) & (one.run.start < TO))
        start, finish, source = (
            one.run.start.copy(),
            one.run.finish.copy(),
            one.run.source.astype("U8"),
        )
        for i in shown:
            if i + before in runs:
                start[i], finish[i] = runs[i + before]
            elif source[i] == "model":  # another's run, which ended as this client left
                start[i] = max(start[i], begins[np.abs(ends - finish[i]).argmin()])
                source[i] = "joined"
            elif source[i] == "default":
                start[i] = nan
        source[source == "cache"] = "cached"  # a hit takes no server
        over = finish > TO + 1  # beyond what is shown
        start[start > TO + 1], finish[over] = inf, inf
        found[name] = tuple(column[shown] for column in (one.run.start, start, finish, source))
    return found
