"""The forms of model in the course, each with the same two ways in.

``predict_proba(frame)`` scores many rows, as scikit-learn has it; ``predict_one(request, known)``
scores one request without building a DataFrame. It knows neither cache nor server; which model has
which form stands in `recipes`.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from lessons_lib.models.features import smoothed_means


def two_columns(late: np.ndarray) -> np.ndarray:
    """Probabilities of "late" as scikit-learn lays them out: shape (n, 2), late in column 1."""
    late = np.asarray(late, float)
    return np.column_stack([1.0 - late, late])


class GroupMean:
    """The share of late flights in each group of ``"hour"`` or ``"key"``: GROUP BY, and no more.

    `strength` rows' worth of the overall share are added to each group; a group never seen gets the
    overall share.
    """

    needs_live = False

    def __init__(self, column: str, strength: float):
        self.column = column
        self.strength = strength

    def fit(self, board: pd.DataFrame) -> "GroupMean":
        """Learn from departed flights: columns `column` and ``late``."""
        self.base = float(board["late"].mean())
        self.means = smoothed_means(board[self.column], board["late"], self.strength)
        return self

    def predict_proba(self, board: pd.DataFrame) -> np.ndarray:
        """Probabilities of rows that have `column`, shape (n, 2)."""
        if self.column not in board:
            raise ValueError(f"The model reads a column that is not there: {self.column}.")
        return two_columns(board[self.column].map(self.means).fillna(self.base).to_numpy(float))

    def predict_one(self, request, known=None) -> float:
        """The probability of one request; `known` is not needed."""
        return self.means.get(getattr(request, self.column), self.base)


class TabularModel:
    """An estimator of scikit-learn behind the board's features.

    `make_features` turns training rows into `Features`, `make_estimator` these into an unfitted
    classifier; once fitted, both stand as ``features`` and ``estimator``.
    """

    def __init__(self, make_features: Callable, make_estimator: Callable):
        self._makers = make_features, make_estimator

    def fit(self, board: pd.DataFrame) -> "TabularModel":
        """Learn from departed flights, rows of the board."""
        make_features, make_estimator = self._makers
        self.features = make_features(board)
        self.estimator = make_estimator(self.features)
        self.estimator.fit(self.features.matrix(board), board["late"].to_numpy(int))
        _round_thresholds(self.estimator)
        return self

    @property
    def needs_live(self) -> bool:
        """Whether a request alone is not enough."""
        return self.features.needs_live

    def predict_proba(self, board: pd.DataFrame) -> np.ndarray:
        """Probabilities of rows of the board, shape (n, 2)."""
        if len(board) == 0:
            return np.empty((0, 2))
        return self.estimator.predict_proba(self.features.matrix(board))

    def predict_one(self, request, known=None) -> float:
        """The probability of one request with what was known for it."""
        return float(self.estimator.predict_proba(self.features.row(request, known))[0, 1])

    def __getstate__(self):
        return {"features": self.features, "estimator": self.estimator}


class TextModel:
    """A scikit-learn pipeline over sentences; a request is the sentence itself."""

    needs_live = False

    def __init__(self, make_pipeline: Callable):
        self._make_pipeline = make_pipeline

    def fit(self, reviews: pd.DataFrame) -> "TextModel":
        """Learn from sentences: columns ``text`` and ``positive``."""
        self.pipeline = self._make_pipeline()
        self.pipeline.fit(reviews["text"], reviews["positive"])
        return self

    def predict_proba(self, sentences) -> np.ndarray:
        """Probabilities of a positive review for a sequence of n sentences, shape (n, 2)."""
        if isinstance(sentences, str):
            raise TypeError("Give a list of sentences; for one of them there is predict_one.")
        sentences = list(sentences)
        return self.pipeline.predict_proba(sentences) if sentences else np.empty((0, 2))

    def predict_one(self, request: str, known=None) -> float:
        """The probability that one sentence is positive; `known` is not needed."""
        return float(self.pipeline.predict_proba([request])[0, 1])

    def __getstate__(self):
        return {"pipeline": self.pipeline}


def _round_thresholds(estimator) -> None:
    """Round a tree's thresholds down to float32, which changes no prediction.

    A row goes left when value <= threshold. For float32 values that is the same as comparing with
    the largest float32 not above the threshold; rounding to the nearest one, as an export would,
    could step over a value.
    """
    last = estimator[-1] if hasattr(estimator, "steps") else estimator
    for stage in getattr(last, "_predictors", []):  # gradient boosting by histograms
        for tree in stage:
            tree.nodes["num_threshold"] = _down(tree.nodes["num_threshold"])
    for tree in getattr(last, "estimators_", []):  # a forest
        tree.tree_.threshold[:] = _down(tree.tree_.threshold)


def _down(threshold: np.ndarray) -> np.ndarray:
    nearest = threshold.astype(np.float32)
    above = nearest.astype(float) > threshold
    return np.where(above, np.nextafter(nearest, np.float32(-np.inf)), nearest).astype(float)
