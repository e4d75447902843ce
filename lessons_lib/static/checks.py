"""The checks of the gate, each a pure function from tables to what fails in them.

Lesson 02 adds one of its own to these. A check returns a dict: its name, and a frame of failures
with the columns `COLUMNS`, empty if it passed, or None if it could not be run. It knows nothing of
files. The rules are written as pandera schemas; pandera is imported inside, because it takes a
second that a service which only looks keys up need not pay.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from lessons_lib.static import table
from lessons_lib.static.errors import TableError

COLUMNS = ["check", "key", "value", "expected"]

Outcomes = dict[str, pd.DataFrame | None]


@dataclass(frozen=True)
class Limits:
    """How far a candidate may stand from the version before it.

    Parameters
    ----------
    mean_change : float
        Largest change of the mean over all predictions, up or down, in probability.
    slice_change : float
        The same for the mean of a slice; wider, as fewer rows move more.
    slice_rows : int
        Slices with fewer rows than this, before, are not compared.
    shrink : float
        Share of the rows that may have gone, 0..1.
    """

    mean_change: float = 0.03
    slice_change: float = 0.10
    slice_rows: int = 30
    shrink: float = 0.0


def check_rows(rows: pd.DataFrame) -> Outcomes:
    """Each row by itself: its key comes once, its value is there, finite and within 0..1."""
    import pandera.pandas as pa

    names = {
        "keys unique": "once",
        "no missing value": "a number",
        "no infinite value": "a finite number",
        "probability": "0 to 1",
    }
    unique, missing, infinite, probability = names
    schema = pa.DataFrameSchema(
        {
            "key": pa.Column(checks=pa.Check(lambda key: ~key.duplicated(keep=False), name=unique)),
            "number": pa.Column(
                float,
                nullable=True,
                checks=[
                    pa.Check(lambda p: p.notna(), name=missing, ignore_na=False),
                    pa.Check(lambda p: ~np.isinf(p), name=infinite),
                    pa.Check(lambda p: np.isinf(p) | p.between(0, 1), name=probability),
                ],
            ),
        }
    )
    failed = _failing(schema, rows, names)
    return {name: _rows_at(name, rows, failed[name], expected) for name, expected in names.items()}


def check_coverage(rows: pd.DataFrame, labels: pd.DataFrame | None) -> Outcomes:
    """The table holds each expected key, and no other."""
    names = {"keys complete": "a prediction", "no unknown key": "none: no such key was expected"}
    if labels is None:
        return dict.fromkeys(names)
    import pandera.pandas as pa

    complete, unknown = names
    merged = labels[["key"]].merge(
        rows[["key", "value"]].drop_duplicates("key"), on="key", how="outer", indicator="where"
    )
    schema = pa.DataFrameSchema(
        {
            "where": pa.Column(
                checks=[
                    pa.Check(lambda where: where != "left_only", name=complete),
                    pa.Check(lambda where: where != "right_only", name=unknown),
                ]
            )
        }
    )
    failed = _failing(schema, merged, names)
    absent = merged["where"] == "left_only"
    merged["value"] = merged["value"].astype(object).mask(absent, "not there")
    return {
        name: _rows_at(name, merged, failed[name], expected) for name, expected in names.items()
    }


def check_moment(now: table.Table, before: table.Table | None) -> Outcomes:
    """The table says how old it is, and is not older than what it would replace."""
    told, newer = "as_of told", "as_of not older"
    try:
        moment = table.as_of(now.meta, "the candidate")
    except TableError:
        problem = _one(told, "as_of", now.meta.get("as_of"), "seconds since the epoch")
        return {told: problem, newer: None}
    if before is None:
        return {told: _none(), newer: None}
    earlier = table.as_of(before.meta, "the last version")
    if moment >= earlier:
        return {told: _none(), newer: _none()}
    return {told: _none(), newer: _one(newer, "as_of", moment, f"{earlier:.0f} or later")}


def check_change(
    rows: pd.DataFrame, old: pd.DataFrame | None, slices: list[str], limits: Limits
) -> Outcomes:
    """Size, mean and the mean of each slice, against the last version."""
    names = {by: "mean" if by == "all rows" else f"mean by {by}" for by in slices}
    if old is None:
        return dict.fromkeys(["size", *names.values()])
    fewest = math.ceil(len(old) * (1 - limits.shrink))
    shrunk = len(rows) < fewest
    outcomes: Outcomes = {
        "size": _one("size", "rows", len(rows), f"{fewest:,} or more") if shrunk else _none()
    }
    for by, name in names.items():
        whole = by == "all rows"
        before = _means(old, by)
        before = before[before["size"] >= (1 if whole else limits.slice_rows)]
        bound = limits.mean_change if whole else limits.slice_change
        outcomes[name] = _moved(name, before, _means(rows, by), bound)
    return outcomes


def _moved(name: str, before: pd.DataFrame, now: pd.DataFrame, bound: float) -> pd.DataFrame:
    """Groups whose mean has moved by more than `bound`, or that have no mean any more."""
    import pandera.pandas as pa

    both = before.add_suffix("_before").join(now, how="left").reset_index(names="group")
    both["change"] = (both["mean"] - both["mean_before"]).abs().fillna(np.inf)
    schema = pa.DataFrameSchema(
        {"change": pa.Column(float, pa.Check(lambda moved: moved <= bound, name=name))}
    )
    bad = both.loc[_failing(schema, both, [name])[name]]
    return pd.DataFrame(
        {
            "check": name,
            "key": bad["group"].astype(str) + " (" + bad["size_before"].map("{:,} rows)".format),
            "value": bad["mean"].astype(object).where(bad["mean"].notna(), "no rows"),
            "expected": bad["mean_before"].map(lambda mean: f"{mean:.3f} within {bound:g}"),
        },
        columns=COLUMNS,
    )


def _means(rows: pd.DataFrame, by: str) -> pd.DataFrame:
    """Mean and size of each group; rows without a finite value have checks of their own."""
    finite = rows["number"].where(np.isfinite(rows["number"]))
    return finite.groupby(rows[by]).agg(["mean", "size"])


def _failing(schema, frame: pd.DataFrame, names: Iterable[str]) -> dict[str, list]:
    """For each check in `names`, the index labels of the rows at which it fails."""
    from pandera.errors import SchemaErrors

    failing = {name: [] for name in names}
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        for case in errors.failure_cases.itertuples():
            if case.check not in failing:
                raise  # a check that broke must never count as one that passed
            failing[case.check].append(case.index)
    return failing


def _rows_at(name: str, rows: pd.DataFrame, at: list, expected: str) -> pd.DataFrame:
    found = rows.loc[sorted(at), ["key", "value"]].astype(object)
    return found.assign(check=name, expected=expected)[COLUMNS].reset_index(drop=True)


def _one(name: str, key: str, value, expected: str) -> pd.DataFrame:
    return pd.DataFrame([[name, key, value, expected]], columns=COLUMNS, dtype=object)


def _none() -> pd.DataFrame:
    return pd.DataFrame(columns=COLUMNS)
