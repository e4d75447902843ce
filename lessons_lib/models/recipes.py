"""How each model of the course is made: its form, its columns and its settings.

The order of `MODELS` is that of their skill; lesson 02 tells why the step from GROUP BY to boosting
is small and the step to live inputs large. scikit-learn is imported when a model is made, not
before.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import pandas as pd

from lessons_lib import reviews
from lessons_lib.board import load_board, split
from lessons_lib.models.estimators import GroupMean, TabularModel, TextModel
from lessons_lib.models.features import LIVE, TIMETABLE, WEATHER, Features

SEED = 2013


class Recipe(NamedTuple):
    """One model: what it is, what it learns from, and how to make it unfitted."""

    about: str
    data: str
    make: Callable


def fit(name: str, rows: pd.DataFrame | None = None):
    """A model of `MODELS`, fitted now on `rows`: departed flights, or reviews with ``positive``.

    By default on the training part, January to September for flights.
    """
    recipe = recipe_of(name)
    label = "late" if recipe.data == "flights" else "positive"
    if rows is None and recipe.data == "flights":
        rows = split(load_board()).train
    elif rows is None:
        rows = reviews.split(reviews.load_reviews()).train
    if len(rows) == 0 or rows[label].isna().any():
        raise ValueError(f"{name!r} cannot learn from rows without a label: leave them out.")
    return recipe.make().fit(rows)


def recipe_of(name: str) -> Recipe:
    """The recipe behind a name; raises ValueError that lists the names when there is none."""
    if name not in MODELS:
        raise ValueError(f"No model {name!r}: use one of {', '.join(MODELS)}.")
    return MODELS[name]


def _boosting(features):
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(
        max_iter=100, max_leaf_nodes=15, early_stopping=False, random_state=SEED
    )


def _forest(features):
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline

    forest = RandomForestClassifier(
        n_estimators=200, max_depth=8, max_samples=0.02, n_jobs=1, random_state=SEED
    )
    return make_pipeline(SimpleImputer(), forest)


def _logistic(features):
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    key = list(range(len(TIMETABLE)))
    live = list(range(len(TIMETABLE), len(features.columns)))
    columns = [
        ("key", OneHotEncoder(handle_unknown="ignore"), key),
        ("live", make_pipeline(SimpleImputer(), StandardScaler()), live),
    ]
    return make_pipeline(ColumnTransformer(columns), LogisticRegression(max_iter=300))


def _review_pipeline():
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    return make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2)), LogisticRegression(C=3.0, max_iter=500)
    )


def _tabular(about, kind, estimator, live=()):
    features = partial(kind, columns=(*TIMETABLE, *live))
    return Recipe(about, "flights", partial(TabularModel, features, estimator))


def _group_by(about, column, strength):
    return Recipe(f"{about} (GROUP BY)", "flights", partial(GroupMean, column, strength))


_WEATHER, _LIVE = "+ weather", "+ weather + live airport delay"
MODELS = {
    "hour_mean": _group_by("mean by hour", "hour", 0.0),
    "key_mean": _group_by("smoothed mean by key", "key", 20.0),
    "timetable": _tabular("gradient boosting, timetable only", Features.means, _boosting),
    "weather_boosting": _tabular(
        f"gradient boosting {_WEATHER}", Features.means, _boosting, WEATHER
    ),
    "weather": _tabular(f"logistic regression {_WEATHER}", Features.codes, _logistic, WEATHER),
    "forest": _tabular(f"random forest {_LIVE}", Features.means, _forest, LIVE),
    "live_logistic": _tabular(f"logistic regression {_LIVE}", Features.codes, _logistic, LIVE),
    "live": _tabular(f"gradient boosting {_LIVE}", Features.means, _boosting, LIVE),
    "reviews": Recipe(
        "TF-IDF + logistic regression on film reviews",
        "reviews",
        partial(TextModel, _review_pipeline),
    ),
}
"""Every model of the course by name."""
