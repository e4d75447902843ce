"""A day of requests at the Departure Board: travellers who ask before a flight really leaves.

The flights and the moments at which they left are real; that `TRAVELLERS` ask about each, and when,
is simulated. It knows the board and charts, no model.
"""

import altair as alt
import numpy as np
import pandas as pd

from lessons_lib import charts

TRAVELLERS = 600
"""How many ask about each flight."""
AHEAD = 3600.0
"""Each asks at some moment of so many seconds before the flight leaves."""


def busiest_day(flights: pd.DataFrame) -> int:
    """The day of the year on which the most flights left."""
    return int(flights.loc[~flights["cancelled"], "day"].value_counts().idxmax())


def requests_of_day(flights: pd.DataFrame, day: int) -> np.ndarray:
    """When travellers ask on a day, seconds since midnight, sorted."""
    left = flights["minute"] + flights["delay"] - 1440 * (day - 1)
    left = 60.0 * left[left.between(0, 1439)].to_numpy()
    early = np.random.default_rng(7).uniform(0, AHEAD, (len(left), TRAVELLERS))
    asked = (left[:, None] - early).ravel()
    return np.sort(asked[asked >= 0])


def load_chart(arrive: np.ndarray, work: np.ndarray, servers: int) -> alt.LayerChart:
    """How many servers the requests of each hour keep busy on average, below those that are paid."""
    busy = np.bincount((arrive // 3600).astype(int), work, minlength=24) / 3600
    rows = pd.DataFrame({"hour": np.arange(24), "busy": busy})
    y = alt.Y("busy:Q", title="servers", scale=alt.Scale(domain=[0, servers + 1], nice=False))
    x = alt.X("hour:O", title="hour of the day")
    bars = alt.Chart(rows, title="Busy on average, and paid all day").mark_bar().encode(x, y)
    paid = alt.Chart(pd.DataFrame({"busy": [servers]})).encode(y)
    line = paid.mark_rule(color=charts.PALETTE[1], strokeWidth=3)
    text = paid.mark_text(align="left", dy=-10, text=f"paid: {charts.count(servers, 'server')}")
    return alt.layer(bars, line, text.encode(x=alt.value(4))).properties(width=520, height=220)
