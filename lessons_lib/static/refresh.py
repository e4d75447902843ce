"""Incremental refresh: only the keys that changed are scored, and a whole new version is published.

The loop is the one that lesson 06 has you write: take the last entry of each key in a change feed,
ask the model about those keys, and carry all other rows over. What this version adds is the way out
of a crash: the changed keys are scored by a `ScoringJob`, which goes on where it was killed, and
nobody meets anything of it before the gate has passed the whole candidate and the store has
published it.

The moment up to which a table knows its feed is its ``as_of``. So no position has to be kept
anywhere, and a refresh that is run again applies nothing twice. What it cannot see is an entry that
comes into the feed late, with a moment before the table's ``as_of``: only a full job finds that.

It knows a store by the public methods that all stores share, and neither files nor servers.
"""

import math
from dataclasses import dataclass, replace
from numbers import Real
from pathlib import Path

import numpy as np
import pandas as pd

from lessons_lib.files import discard
from lessons_lib.static.base import Store
from lessons_lib.static.errors import CorruptTableError, ResumeError, TableError
from lessons_lib.static.gate import Limits, verify
from lessons_lib.static.job import Checkpoint, JobReport, ScoringJob, in_key_order
from lessons_lib.static.table import read_table


@dataclass(frozen=True)
class RefreshReport:
    """What one refresh did.

    `version` serves now and holds `rows` predictions. Of these `scored` were made by this run and
    `resumed_from` by one before it that was killed; `gone` keys were dropped, all others carried
    over.
    """

    version: str
    rows: int
    scored: int
    resumed_from: int
    gone: int


def refresh(
    store: Store,
    model,
    feed: pd.DataFrame,
    candidate_path,
    *,
    as_of: float,
    model_name: str | None = None,
    limits: Limits | None = None,
    chunk_size: int = 10_000,
) -> RefreshReport:
    """Publish what serves now with the changes of `feed` in it; the same as a full job would.

    Parameters
    ----------
    store : Store
        Holds the table to refresh; of either kind.
    model : object
        What made that table, with ``predict_proba(frame)`` of shape (rows, 2).
    feed : DataFrame
        One row per change: ``key``; ``at``, when it happened, in seconds since the epoch; what the
        model reads of that key from then on; and ``gone``, if there is such a column, true where the
        key is to leave the table. Of several changes of a key the last counts, of several at one
        moment the lowest row. Changes that the table knows, and those after `as_of`, are left out.
    candidate_path : path
        The SQLite file to build the new version in. The changed keys are scored into one beside it,
        which a refresh to the same `as_of` continues after a crash.
    as_of : float
        Up to which moment the feed is complete; the new version's ``as_of``.
    model_name : str, optional
        The name that the table gives its model; by default the name of the model's class.
    limits : Limits, optional
        How much change the gate allows. Keys that the feed says are gone may be gone.
    chunk_size : int
        Rows scored and saved at a time.

    Raises ValueError for a feed or an `as_of` that cannot be used, NotPublishedError if there is
    nothing to refresh, ResumeError if another model made it, GateRefusedError if the gate refuses
    the result, and TableError if somebody else published meanwhile. What served goes on serving.
    """
    base, name = store.current, model_name or type(model).__name__
    before = store.table(base)
    if before.model != name:
        raise ResumeError(
            f"'{base}' was made by the model {before.model!r}, and this one is {name!r}: another "
            f"model changes every row, so run a full job (ScoringJob)."
        )
    if not seconds(as_of) >= before.as_of:
        raise ValueError(
            f"as_of is {as_of!r}: give seconds since the epoch, {before.as_of!r} or later, which is "
            f"what '{base}' knows already."
        )
    there, path = before.rows["key"], Path(candidate_path)
    if as_of == before.as_of:  # a run before this one was killed once it had published
        return RefreshReport(base, len(there), 0, 0, 0)
    changed, gone = changes_between(feed, before.as_of, as_of)
    beside = path.with_name(f"{path.name}.changes")
    settings = {"as_of": as_of, "model_name": name, "chunk_size": chunk_size, "progress": False}
    job = score_anew_or_on(model, changed, beside, settings)
    kept = before.rows[~there.isin([*changed["key"], *gone])]
    merged = in_key_order(pd.concat([kept, read_table(beside).rows]))
    with Checkpoint(path, overwrite=True) as candidate:
        candidate.begin({"model": name}, len(merged), as_of)
        candidate.commit(merged["key"].tolist(), merged["value"].tolist(), 0)
    dropped = int(there.isin(gone).sum())
    limits = limits or Limits()
    allowed = replace(limits, shrink=max(limits.shrink, dropped / len(there)))
    report = verify(path, expected_keys=merged, previous=store, limits=allowed)
    if store.current != base:
        raise TableError(
            f"'{store.current}' was published while '{base}' was refreshed: run the refresh again."
        )
    version = store.publish(path, report)
    discard(beside)
    return RefreshReport(version, len(merged), job.rows, job.resumed_from, dropped)


def changes_between(
    feed: pd.DataFrame, after: float, until: float
) -> tuple[pd.DataFrame, list[str]]:
    """The last change of each key later than `after` and no later than `until`: changed, gone.

    The first are rows of `feed` without ``at`` and ``gone``, what a job scores; the second are keys.
    Raises ValueError if the feed lacks a column, or says of a change no moment or no text as key.

    >>> feed = pd.DataFrame({"key": ["a", "a", "b"], "at": [1.0, 2.0, 9.0], "flights": [5, 6, 7]})
    >>> changes_between(feed, after=0.0, until=5.0)[0].values.tolist()
    [['a', 6]]
    """
    for column in ("key", "at"):
        if column not in feed.columns:
            raise ValueError(f"The feed has the columns {list(feed.columns)}: it needs {column!r}.")
    moments = np.array([seconds(moment) for moment in feed["at"].tolist()])
    if np.isnan(moments).any():
        row = int(np.flatnonzero(np.isnan(moments))[0])
        raise ValueError(
            f"at is {feed['at'].iloc[row]!r} in row {row} of the feed: give seconds since the epoch."
        )
    new = np.flatnonzero((moments > after) & (moments <= until))
    in_time = new[np.argsort(moments[new], kind="stable")]
    last = feed.iloc[in_time].drop_duplicates("key", keep="last")
    gone = last["gone"].eq(True) if "gone" in last else pd.Series(False, last.index)
    changed = last[~gone].drop(columns=["at", "gone"], errors="ignore")
    return in_key_order(changed), last.loc[gone, "key"].tolist()


def seconds(moment) -> float:
    """A moment as a float; NaN for what is no number, a date among others."""
    return float(moment) if isinstance(moment, Real) and math.isfinite(moment) else math.nan


def score_anew_or_on(model, changed: pd.DataFrame, path: Path, settings: dict) -> JobReport:
    """Score the changed keys; what a killed run of another refresh has left is of no use."""
    try:
        return ScoringJob(model, changed, path, **settings).run()
    except (ResumeError, CorruptTableError):
        return ScoringJob(model, changed, path, overwrite=True, **settings).run()
