"""One prediction of a scikit-learn pipeline, taken apart into the steps that it goes through.

It knows the pipeline of the live logistic model (transformers, then a regression), and no clock:
`l03_timing` tells how long each step takes.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

ARITHMETIC = "the arithmetic alone"
"""The last step: what the model computes, in plain NumPy and without the handling around it."""


def steps(model, request, known) -> dict[str, Callable]:
    """Each step from the values of one request to its probability, as a call that makes it once.

    The first four are one after the other what scikit-learn does from a DataFrame of one row on;
    the last is the arithmetic of the fourth. `model` is ``fit_or_load("live_logistic")`` and `known`
    what was known for the `request`.
    """
    row = {**request._asdict(), **known._asdict()}
    frame = pd.DataFrame([row])
    numbers = model.features.matrix(frame)
    transformers, regression = model.estimator[:-1], model.estimator[-1]
    columns = transformers.transform(numbers)
    x, weights, shift = columns.toarray()[0], regression.coef_[0], regression.intercept_[0]
    return {
        "make a DataFrame of one row": lambda: pd.DataFrame([row]),
        "turn codes into numbers": lambda: model.features.matrix(frame),
        "fill, scale and encode": lambda: transformers.transform(numbers),
        "regression, with its checks": lambda: regression.predict_proba(columns),
        ARITHMETIC: lambda: 1 / (1 + np.exp(-(x @ weights + shift))),
    }
