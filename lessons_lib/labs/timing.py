"""How long some calls take, side by side, on a machine that does other things too.

Used by lesson 03. The calls take turns, so that a busy moment hits all of them alike, and the
median leaves the unlucky rounds out. Trust the ratios; the milliseconds are this machine's.
"""

import time
from collections.abc import Callable, Mapping

import altair as alt
import pandas as pd

FEWEST = 5
"""Rounds that are always made, however long they take."""


def milliseconds(
    calls: Mapping[str, Callable], *, rounds: int = 200, seconds: float = 3.0
) -> pd.Series:
    """The median time of each call, in milliseconds.

    Parameters
    ----------
    calls : mapping of str to callable
        Each without arguments. The first call of each is not counted: it may import or allocate.
    rounds : int
        How often each is called, 5 or more.
    seconds : float
        After this time no further round is begun, once 5 are done.

    Returns
    -------
    Series
        Milliseconds by name, in the order given.

    Examples
    --------
    >>> taken = milliseconds({"sleep": lambda: time.sleep(0.002), "nothing": lambda: None}, rounds=5)
    >>> bool(taken["sleep"] > 10 * taken["nothing"])
    True
    """
    if not calls or rounds < FEWEST:
        raise ValueError(f"Give some calls and {FEWEST} rounds or more: {len(calls)}, {rounds}.")
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for call in calls.values():
        call()
    until = time.perf_counter() + seconds
    for turn in range(rounds):
        if turn >= FEWEST and time.perf_counter() > until:
            break
        for name, call in calls.items():
            begun = time.perf_counter()
            call()
            taken[name].append(1000 * (time.perf_counter() - begun))
    return pd.Series({name: pd.Series(times).median() for name, times in taken.items()}, name="ms")


def bars(taken: pd.Series, title: str) -> alt.LayerChart:
    """Times as bars with their numbers, in the order given.

    Parameters
    ----------
    taken : Series
        From `milliseconds`.
    title : str
    """
    rows = pd.DataFrame({"step": taken.index, "ms": taken.to_numpy()})
    chart = alt.Chart(rows, title=title).encode(
        alt.X("ms:Q", title="milliseconds (median)"),
        alt.Y("step:N", title=None, sort=None, axis=alt.Axis(labelLimit=300)),
    )
    labels = chart.mark_text(align="left", dx=4).encode(text=alt.Text("ms:Q", format=".3~r"))
    return (chart.mark_bar() + labels).properties(height=alt.Step(26))
