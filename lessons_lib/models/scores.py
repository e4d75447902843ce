"""How good are probabilities of "late", and how their skill falls as answers grow old.

Accuracy is left out on purpose: with 20 % of flights late, a model that says "never late" looks
almost as good as the best one. It knows no model, only ``predict_proba``.
"""

import numpy as np
import pandas as pd

from lessons_lib.board.live_inputs import LIVE, LiveInputs


def skill(late, probability, base: float) -> float:
    """Brier skill score: how much smaller the squared error is than that of a constant.

    1 is perfect, 0 is no better than the constant, below 0 is worse. `late` holds 0 and 1, shape
    (n,), and `probability` what was predicted; `base` is the constant to beat: the share of late
    flights in the *training* months.

    Source: G. W. Brier, Verification of forecasts expressed in terms of probability, Monthly
    Weather Review 78 (1950), doi 10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2

    >>> skill([1, 0], [0.5, 0.5], base=0.5)
    0.0
    """
    late, probability = np.asarray(late, float), np.asarray(probability, float)
    if late.ndim != 1 or late.shape != probability.shape or len(late) == 0:
        raise ValueError(
            f"Labels and probabilities must be two equal columns: got {late.shape} "
            f"and {probability.shape}."
        )
    if not np.isin(late, (0.0, 1.0)).all():
        raise ValueError("A label is neither 0 nor 1: leave out cancelled flights.")
    if not ((probability >= 0) & (probability <= 1)).all():
        raise ValueError("A probability is missing or outside 0..1.")
    return float(1 - np.mean((probability - late) ** 2) / np.mean((base - late) ** 2))


def skill_by_age(
    model,
    board: pd.DataFrame,
    inputs: LiveInputs,
    *,
    base: float,
    hours=(0, 1, 2, 3, 4, 6, 8),
    only=LIVE,
) -> pd.Series:
    """Skill of kept answers by age in `hours`: made from what was known that much earlier.

    Weather and airport delay both are those that a request for the same flight of `board` would
    have met so many hours before; where `only` names columns, the others stay fresh. The key is not
    old: the flight is still the same one. The model was trained on fresh inputs, so part of the
    fall is training-serving skew. `base` is that of `skill`.
    """
    late = board["late"].to_numpy()
    scores = {
        age: skill(late, model.predict_proba(inputs.aged(board, age * 3600, only=only))[:, 1], base)
        for age in hours
    }
    return pd.Series(scores, name="skill").rename_axis("hours")
