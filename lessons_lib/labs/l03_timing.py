"""How long some calls take, side by side, on a machine that does other things too.

The calls take turns, so that a busy moment hits all of them alike, and the median leaves the
unlucky ones out. In its turn a quick call runs a few times, the first not counted: after a slow
neighbour it would find the processor's caches cold. Trust the ratios.
"""

import time
from collections.abc import Callable, Mapping
from statistics import median

import altair as alt
import pandas as pd

from lessons_lib import charts

FEWEST = 5
"""Rounds that are always made, however long they take."""
TURN = 0.001
"""Seconds after which a call's turn ends, once it has been counted."""


def milliseconds(
    calls: Mapping[str, Callable], *, rounds: int = 200, seconds: float = 3.0
) -> pd.Series:
    """The median time of each call, in milliseconds, by name in the order given.

    Each gets `rounds` turns, 5 or more; after `seconds` no further round is begun, once 5 are done.

    >>> taken = milliseconds({"sleep": lambda: time.sleep(0.002), "nothing": lambda: None}, rounds=5)
    >>> bool(taken["sleep"] > 10 * taken["nothing"])
    True
    """
    if not calls or rounds < FEWEST:
        raise ValueError(f"Give some calls and {FEWEST} rounds or more: {len(calls)}, {rounds}.")
    taken: dict[str, list[float]] = {name: [] for name in calls}
    until = time.perf_counter() + seconds
    for turn in range(rounds):
        if turn >= FEWEST and time.perf_counter() > until:
            break
        for name, call in calls.items():
            taken[name] += _one_turn(call)
    return pd.Series({name: 1000 * median(times) for name, times in taken.items()}, name="ms")


def _one_turn(call: Callable) -> list[float]:
    """Seconds of a few runs in a row, ten at most, after one that is not counted."""
    ends = time.perf_counter() + TURN
    call()
    times: list[float] = []
    while not times or (len(times) < 10 and time.perf_counter() < ends):
        begun = time.perf_counter()
        call()
        times.append(time.perf_counter() - begun)
    return times


def bars(taken: pd.Series, title: str) -> alt.LayerChart:
    """Times from `milliseconds` as bars under their words, in the order given."""
    words = [f"{name}: {charts.duration(ms / 1000)}" for name, ms in taken.items()]
    rows = pd.DataFrame({"step": taken.index, "ms": taken.to_numpy(), "words": words})
    chart = alt.Chart(rows, title=title).encode(alt.Y("step:N", sort=None, axis=None))
    x = alt.X("ms:Q", title="milliseconds (median)")
    labels = chart.mark_text(align="left", x=2, dy=-9).encode(text="words:N")
    return (chart.mark_bar(height=12, yOffset=8).encode(x) + labels).properties(
        width=480, height=alt.Step(40)
    )
