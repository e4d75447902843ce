"""The cliff lab: how much of a year's flights an LRU cache answers, by its room.

And what a table of the most frequent keys covers, drawn beside Zipf's law. It knows the board and
the panel, no real cache.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cache

import altair as alt
import numpy as np
import pandas as pd

from lessons_lib import board, charts

ROOMS = (
    1,
    100,
    200,
    300,
    400,
    500,
    600,
    700,
    800,
    850,
    900,
    950,
    1_000,
    1_100,
    1_300,
    1_600,
    2_000,
)
"""The rooms that are simulated, and that the slider can take."""


def hit_ratio(room: int) -> float:
    """The share of the year's flights that an LRU cache with `room` entries answers, 0..1."""
    return float((_of_the_year() <= room).mean())


def room_needed(keys: Sequence) -> np.ndarray:
    """For each request the least room with which an LRU cache answers it; inf for a first request.

    That is the number of different keys from the last request for the same key on, so that one pass
    over a log tells the hit ratio of every room.

    Source: Mattson et al. (1970), Evaluation techniques for storage hierarchies, IBM Systems
    Journal 9(2):78-117.

    >>> room_needed(["a", "b", "b", "a"]).tolist()
    [inf, inf, 1.0, 2.0]
    """
    last, used, needed = {}, [], np.full(len(keys), np.inf)  # `used`: when each key was, in order
    for now, key in enumerate(keys):
        if key in last:
            place = bisect_left(used, last[key])
            needed[now] = len(used) - place
            del used[place]
        used.append(now)
        last[key] = now
    return needed


@cache
def keys_of_a_day() -> float:
    """How many different keys are asked for in a day, on average."""
    return float(board.load_board().groupby("day")["key"].nunique().mean())


def cliff_view(settings: dict) -> charts.View:
    """What the lab shows for ``room`` (entries, one of `ROOMS`)."""
    room, hits = settings["room"], [hit_ratio(each) for each in ROOMS]
    day = round(keys_of_a_day())
    turn = "has been dropped when" if room < day else "is still there when"
    text = f"With room for {charts.count(room, 'key')} the cache answers {charts.share(hit_ratio(room))}"
    text += (
        f" of the requests. A day asks for {day:,} different keys on average, so a key {turn} its"
    )
    text += " flight comes up the next day."
    here = {"room": [room], "hit": [hit_ratio(room)], "text": [charts.share(hit_ratio(room))]}
    table = {"room (entries)": ROOMS, "answered (%)": [100 * hit for hit in hits]}
    return charts.View(
        {"curve": {"room": ROOMS, "hit": hits}, "here": here, "day": {"room": [keys_of_a_day()]}},
        text,
        pd.DataFrame(table),
    )


def cliff_lab() -> charts.LivePanel:
    """The lab: the room of the cache, above the share of requests that it answers."""
    return charts.LivePanel(
        cliff_chart(),
        [charts.Slider("room", "Room for", "keys", value=100, values=ROOMS)],
        cliff_view,
        title="A year of flights through an LRU cache",
        description=(
            "The share of the year's requests that the cache answers, against its room; a ring and "
            "a number at the chosen room, and an upright line at the number of different keys that "
            "are asked for in a day."
        ),
        longest=210,
    )


def cliff_chart() -> alt.LayerChart:
    """The lab's chart, with the named data sets ``curve``, ``here`` and ``day``."""
    x = alt.X("room:Q", title="room (entries)", scale=alt.Scale(domain=[0, ROOMS[-1]], nice=False))
    axis = alt.Axis(format="%")
    y = alt.Y("hit:Q", title="requests answered", scale=alt.Scale(domain=[0, 1]), axis=axis)
    line = alt.Chart(alt.NamedData("curve")).mark_line(point=True).encode(x, y)
    colour = charts.PALETTE[1]
    here = alt.Chart(alt.NamedData("here")).encode(x, y)
    ring = here.mark_point(size=220, filled=False, strokeWidth=3, color=colour)
    text = here.mark_text(dy=-18, fontWeight="bold").encode(text="text:N")
    day = alt.Chart(alt.NamedData("day")).encode(x)
    rule = day.mark_rule(strokeWidth=2, strokeDash=[6, 3])
    name = day.mark_text(align="left", dx=5, text="keys of a day").encode(y=alt.value(250))
    return alt.layer(rule, name, line, ring, text).properties(width=600, height=260)


def coverage_chart(curves: Mapping[str, Sequence[float]], rows: Sequence[int]) -> alt.Chart:
    """What a table covers (shares, 0..1) against its `rows`, a line for each name of `curves`."""
    frame = pd.DataFrame(curves, index=pd.Index(rows, name="rows"))
    long = frame.melt(ignore_index=False, var_name="log", value_name="coverage").reset_index()
    cues = charts.cues("log", list(curves), title="", legend="top")
    y = alt.Y("coverage:Q", title="coverage of the second half", axis=alt.Axis(format="%"))
    title = "What a table of the most frequent keys covers"
    chart = alt.Chart(long, title=title).encode(alt.X("rows:Q", title="rows of the table"), y)
    return chart.mark_line().encode(**cues).properties(width=480, height=240)


@cache
def _of_the_year() -> np.ndarray:
    return room_needed(board.load_board()["key"].tolist())
