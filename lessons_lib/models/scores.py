"""How good are probabilities of "late": three scores, and how they fall as answers grow old.

Used through `models` from lesson 01 on. Accuracy is left out on purpose: with 20 % of flights
late, a model that says "never late" looks almost as good as the best one. It knows no model, only
``predict_proba``.
"""

import numpy as np
import pandas as pd

from lessons_lib.board.live_inputs import LIVE, LiveInputs


def skill(late, probability, base: float) -> float:
    """Brier skill score: how much smaller the squared error is than that of a constant.

    Parameters
    ----------
    late : array of 0 and 1, shape (n,)
    probability : array of float, shape (n,)
        Predicted probabilities.
    base : float
        The constant to beat: the share of late flights in the *training* months.

    Returns
    -------
    float
        1 is perfect, 0 is no better than the constant, below 0 is worse.

    References
    ----------
    G. W. Brier, Verification of forecasts expressed in terms of probability, Monthly Weather
    Review 78 (1950), doi 10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2

    Examples
    --------
    >>> skill([1, 0], [0.5, 0.5], base=0.5)
    0.0
    """
    late, probability = _checked(late, probability)
    return float(1 - np.mean((probability - late) ** 2) / np.mean((base - late) ** 2))


def auc(late, probability) -> float:
    """Area under the ROC curve: how often a late flight is ranked above a punctual one.

    Parameters
    ----------
    late : array of 0 and 1, shape (n,)
    probability : array of float, shape (n,)

    References
    ----------
    J. A. Hanley and B. J. McNeil, Radiology 143 (1982), doi 10.1148/radiology.143.1.7063747

    Examples
    --------
    >>> auc([1, 0, 0, 1], [0.9, 0.1, 0.2, 0.2])
    0.875
    """
    from scipy.stats import rankdata

    late, probability = _checked(late, probability)
    number = late.sum()
    if not 0 < number < len(late):
        raise ValueError("The AUC needs late and punctual flights: here all are the same.")
    ranks = rankdata(probability)[late == 1].sum()
    return float((ranks - number * (number + 1) / 2) / (number * (len(late) - number)))


def late_among_riskiest(late, probability, *, share: float = 0.1) -> float:
    """The share of late flights among those with the highest probability; equal ones keep order.

    Parameters
    ----------
    late : array of 0 and 1, shape (n,)
    probability : array of float, shape (n,)
    share : float
        How many of the flights are looked at, in 0..1.

    Examples
    --------
    >>> late_among_riskiest([1, 0, 0, 1], [0.9, 0.1, 0.2, 0.8], share=0.5)
    1.0
    """
    late, probability = _checked(late, probability)
    number = int(len(late) * share)
    if not 1 <= number <= len(late):
        raise ValueError(f"A share of {share} of {len(late)} flights leaves none to look at.")
    return float(late[np.argsort(-probability, kind="stable")[:number]].mean())


def skill_by_age(
    model,
    board: pd.DataFrame,
    inputs: LiveInputs,
    *,
    base: float,
    hours=(0, 1, 2, 3, 4, 6, 8),
    only=LIVE,
) -> pd.Series:
    """Skill of kept answers: the model's, made from what was known some hours before.

    The whole answer is old: weather and airport delay both are those that a request for the same
    flight would have met `hours` earlier. The key is not: the flight is still the same one. The
    model was trained on fresh inputs, so part of the fall is training-serving skew.

    Parameters
    ----------
    model : object with predict_proba
    board : DataFrame
        Departed flights to be judged on.
    inputs : LiveInputs
    base : float
        The share of late flights in the training months.
    hours : sequence of float
        Ages, hours.
    only : sequence of str
        The columns that are old, `WEATHER` for instance; the others stay fresh.

    Returns
    -------
    Series
        Skill by age in hours.
    """
    late = board["late"].to_numpy()
    scores = {
        age: skill(late, model.predict_proba(inputs.aged(board, age * 3600, only=only))[:, 1], base)
        for age in hours
    }
    return pd.Series(scores, name="skill").rename_axis("hours")


def _checked(late, probability) -> tuple[np.ndarray, np.ndarray]:
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
    return late, probability
