"""Live inputs cut into bins: where to cut, and what stands for each bin; what a table of them is worth.

It knows the board, the models and the bill. The table itself is the learner's to write.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from lessons_lib import board, cost, models

BINS = {"airport_delay": 25, "humid": 5}
"""The live inputs that are cut, and into how many bins: the one that tells most into most."""
APART = 0.1
"""An answer further than this from the live model's counts as no longer true."""
ROW_BYTES = 50
"""About what a row of the published table takes: a key and two numbers."""


def cut_inputs(flights: pd.DataFrame) -> dict[str, list[float]]:
    """Where each input of `BINS` is cut, so that about as many flights fall into each of its bins."""
    return {
        name: flights[name].quantile(np.arange(1, count) / count).tolist()
        for name, count in BINS.items()
    }


def typical(flights: pd.DataFrame, cuts: Mapping[str, Sequence[float]]) -> pd.DataFrame:
    """One row of live inputs for each combination of bins, the last of `cuts` changing fastest.

    It holds the medians of the `flights` that fall into it. A value that is not known falls into the
    first bin of its input.
    """
    number, count = np.zeros(len(flights), int), 1
    for name, edges in cuts.items():
        reached = sum((flights[name] >= edge).to_numpy(int) for edge in edges)
        number, count = number * (len(edges) + 1) + reached, count * (len(edges) + 1)
    live = flights[list(board.LIVE)]
    return live.groupby(number).median().reindex(range(count)).fillna(live.median())


def answers(binned, flights: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """What three designs say of `flights`, a column each; NaN where a table lacks the key.

    A table of the `keys` by the timetable model, the learner's `binned` table, and the live model.
    """
    alone = models.fit_or_load("timetable").predict_proba(flights)[:, 1]
    found = [binned.answer(request).value for request in board.requests_of(flights)]
    return pd.DataFrame(
        {
            "key alone": np.where(flights["key"].isin(keys), alone, np.nan),
            "key and bins": np.array(found, float),
            "live": models.fit_or_load("live").predict_proba(flights)[:, 1],
        }
    )


def bills(
    said: pd.DataFrame, *, requests: int, rows: Mapping[str, int], row: float
) -> pd.DataFrame:
    """A day's bill for each design: one server each, tables of `rows` that take `row` seconds a row.

    Stale is an answer more than `APART` from the live one. The shares of `said` hold for all `requests`.
    """
    found = {}
    for name in said:
        apart = (said[name] - said["live"]).abs() > APART
        found[name] = cost.bill(
            server_seconds=cost.DAY,
            batch_seconds=rows.get(name, 0) * row,
            stored=rows.get(name, 0) * ROW_BYTES,
            stale=apart.mean() * requests,
            missing=said[name].isna().mean() * requests,
        )
    return pd.DataFrame(found, index=cost.Bill._fields)
