"""The clients of a one-hour model, drawn in the order in which they came."""

from collections.abc import Mapping

import altair as alt
import numpy as np
import pandas as pd

from lessons_lib import charts


def waits_chart(hours: Mapping[str, np.ndarray]) -> alt.Chart:
    """A line for each of two runs: the latency in hours of each client, in order of arrival."""
    runs = [pd.DataFrame({"hours": run, "with": name}) for name, run in hours.items()]
    lines = pd.concat([run.rename_axis("client").reset_index() for run in runs])
    looks = dict(zip(hours, ("dynamic", "theory"), strict=True))
    return (
        alt.Chart(lines, title="A one-hour model, served on demand")
        .transform_calculate(client="datum.client + 1")
        .mark_line()
        .encode(
            alt.X("client:Q", title="client, in order of arrival"),
            alt.Y("hours:Q", title="latency (hours)"),
            **charts.cues("with", looks),
        )
        .properties(width=480, height=220)
    )
