"""Designs of a key, side by side: what a table of each would hold, miss and be worth.

It knows the board and the score, no model: the prediction of a key is the share of late flights that
its table has seen.
"""

from collections.abc import Sequence

import pandas as pd

from lessons_lib.models import skill


def compare_keys(flights: pd.DataFrame, designs: Sequence[Sequence[str]]) -> pd.DataFrame:
    """A table a design, made from the first half of `flights` and asked for the second.

    A design names the columns of its key; the result goes by those names. ``rows`` counts the
    keys of the first half, ``unseen (%)`` the flights of the second half with another key, and
    ``skill`` compares the forecast (the share late of the key, or of all flights where the key is
    unknown) with that share of all flights. Cancelled flights ask too, and are not judged.
    """
    half, rows = len(flights) // 2, {}
    first, second = (part[part["late"].notna()] for part in (flights[:half], flights[half:]))
    base = first["late"].mean()
    for design in designs:
        key = flights.groupby(list(design)).ngroup()
        means = first["late"].groupby(key[first.index]).mean()
        forecast = key[second.index].map(means).fillna(base)
        known = key[:half].unique()
        rows[" + ".join(design)] = {
            "rows": len(known),
            "unseen (%)": 100 * (1 - key[half:].isin(known).mean()),
            "skill": skill(second["late"], forecast, base),
        }
    table = pd.DataFrame.from_dict(rows, "index")
    return table.round({"unseen (%)": 1, "skill": 3})
