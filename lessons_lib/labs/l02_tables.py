"""What a table can hold, what a model makes of it, and how fast a batch fills it."""

import time

import pandas as pd

from lessons_lib import board, models, reviews


def requests_a_row(flights: pd.DataFrame) -> pd.DataFrame:
    """How often one row of a table would be used, for four kinds of input.

    One row for each kind; the columns ``seen`` and ``different`` are counts of inputs, and
    ``requests a row`` is the one over the other.
    """
    weather = ["temp", "wind_speed", "pressure"]
    inputs = {
        "timetable key": flights.groupby("key"),
        "key and month": flights.groupby(["key", "month"]),
        "key and weather": flights.groupby(["key", *weather], dropna=False),
        "film-review sentence": reviews.load_reviews().groupby("text"),
    }
    counts = {name: (groups.size().sum(), groups.ngroups) for name, groups in inputs.items()}
    table = pd.DataFrame(counts, index=["seen", "different"]).T
    return table.assign(**{"requests a row": (table["seen"] / table["different"]).round(1)})


def skills(flights: pd.DataFrame) -> pd.DataFrame:
    """Skill and accuracy, October to December, of three models of the timetable and of *never late*.

    See `lessons_lib.models.skill`; accuracy is the share of flights told right at a bound of 0.5.
    """
    train, test = board.split(flights)
    late, base = test["late"], train["late"].mean()
    forecasts = {
        models.MODELS[name].about: models.fit_or_load(name).predict_proba(test)[:, 1]
        for name in ("hour_mean", "key_mean", "timetable")
    }
    forecasts["never late"] = 0 * late.to_numpy()
    scores = {
        name: {"skill": models.skill(late, p, base), "accuracy at 0.5": ((p > 0.5) == late).mean()}
        for name, p in forecasts.items()
    }
    return pd.DataFrame(scores).T.round(2)


def batch_speed(model, keys: pd.DataFrame, seconds: float = 0.5) -> pd.DataFrame:
    """How fast a model scores, in calls of one row to all rows of `keys`; by the wall.

    One row for each size, measured for so many `seconds`: ``rows a call``, ``rows a second`` and
    ``times one row a call``, the speed over that of the first row.
    """
    speed = pd.DataFrame({"rows a call": [1, 10, 100, 1000, len(keys)]})
    speed["rows a second"] = [_rows_a_second(model, keys[:n], seconds) for n in speed.squeeze()]
    first = speed["rows a second"].iloc[0]
    return speed.assign(**{"times one row a call": speed["rows a second"] / first})


def _rows_a_second(model, rows: pd.DataFrame, seconds: float) -> float:
    model.predict_proba(rows)  # the first call of a size may take far longer than the next
    begin, scored = time.perf_counter(), 0
    while (spent := time.perf_counter() - begin) < seconds:
        scored += len(model.predict_proba(rows))
    return scored / spent
