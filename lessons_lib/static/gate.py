"""The verification before publishing: what only static inference can do.

Lesson 02 injects a bug and sees this gate stop it; lesson 08 sets it against dashboards, which
ring after the harm. Every prediction stands in the candidate before anyone is served one, so all
of them can be looked at. Two kinds of bug need two kinds of check: a single absurd row (missing,
infinite, not a probability) shows by itself, a quiet shift only against the last version, and
often only in one slice.

The checks are pandera schemas. The gate knows tables, not models: that a value is within 0..1 it
can tell, that it is right it cannot.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from lessons_lib.static import table
from lessons_lib.static.checks import (
    COLUMNS,
    Limits,
    Outcomes,
    check_change,
    check_coverage,
    check_moment,
    check_rows,
)
from lessons_lib.static.errors import NotPublishedError
from lessons_lib.static.report import Report


def verify(
    candidate,
    *,
    expected_keys: pd.DataFrame | Iterable[str] | None = None,
    previous=None,
    slices: Sequence[str] = (),
    limits: Limits = Limits(),  # noqa: B008 - frozen, so sharing it does no harm
) -> Report:
    """Check a candidate before it is published.

    Parameters
    ----------
    candidate : path
        The SQLite file.
    expected_keys : DataFrame or iterable of str, optional
        The keys the table must hold, no more and no fewer; a DataFrame has them in a column
        ``key``. Without it, completeness is not checked.
    previous : PredictionStore or path, optional
        What serves now; a store in which nothing is published yet counts as none. Without it the
        checks that compare are not run.
    slices : sequence of str
        Columns of `expected_keys`, each group of which is compared with the last version.
    limits : Limits
        How much change is allowed.

    Returns
    -------
    Report
        ``report.passed``, and ``report.failures`` with a row for each failing key or slice.

    Raises
    ------
    CorruptTableError
        If the file is damaged or not a table.
    TableError
        If there is no such file.
    ValueError
        If a slice is not a column of `expected_keys`.
    """
    labels = label_keys(expected_keys, slices)
    now, before = table.read_table(candidate), read_previous(previous)
    rows = label_rows(now, labels)
    old = None if before is None else label_rows(before, labels)
    outcomes = (
        check_rows(rows)
        | check_coverage(rows, None if expected_keys is None else labels)
        | check_moment(now, before)
        | check_change(rows, old, ["all rows", *slices], limits)
    )
    return make_report(candidate, outcomes, len(rows), now.checksum)


def label_keys(expected_keys, slices: Sequence[str]) -> pd.DataFrame:
    """The expected keys with the columns that `slices` names; raises ValueError if one is not."""
    if expected_keys is None:
        expected_keys = []
    if not isinstance(expected_keys, pd.DataFrame):
        expected_keys = pd.DataFrame({"key": list(expected_keys)}, dtype=str)
    unknown = [name for name in ("key", *slices) if name not in expected_keys.columns]
    if unknown:
        raise ValueError(
            f"expected_keys has no column {unknown[0]!r}: give a DataFrame with 'key' and a column "
            f"for each slice, it has {list(expected_keys.columns)}."
        )
    return expected_keys[["key", *slices]].drop_duplicates("key")


def label_rows(whole: table.Table, labels: pd.DataFrame) -> pd.DataFrame:
    """A table's rows with their ``number`` (NaN for what is none) and the slices they are in."""
    number = pd.to_numeric(whole.rows["value"], errors="coerce").astype(float)
    rows = whole.rows.assign(number=number, **{"all rows": "all"})
    return rows.merge(labels, on="key", how="left")


def read_previous(previous) -> table.Table | None:
    """What serves now, from a store or a file; None if nothing was published yet."""
    if previous is None:
        return None
    if not hasattr(previous, "lookup"):
        return table.read_table(previous)
    try:
        return previous.table()
    except NotPublishedError:
        return None


def make_report(candidate, outcomes: Outcomes, rows: int, checksum: str) -> Report:
    """Put the outcomes of all checks into one report."""
    checks = pd.DataFrame({"check": list(outcomes)})
    counts = [None if found is None else len(found) for found in outcomes.values()]
    checks["failures"] = pd.array([count or 0 for count in counts], dtype="int64")
    checks["status"] = [
        "not run" if count is None else "failed" if count else "passed" for count in counts
    ]
    failing = [found for found in outcomes.values() if found is not None and len(found)]
    failures = pd.concat(failing, ignore_index=True) if failing else pd.DataFrame(columns=COLUMNS)
    return Report(Path(candidate), checks, failures, rows, checksum)
