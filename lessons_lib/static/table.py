"""The file a table of predictions is: how it is made, read and checked.

A table is a SQLite file, which plain `sqlite3` can open, with two tables in it:

* ``predictions(key TEXT PRIMARY KEY, value REAL) WITHOUT ROWID``, inserted in the order of the
  keys. Without a rowid the rows live in the index itself, so a look-up walks one tree, not two;
  in order, because then each page is filled once and never split.
* ``meta(name TEXT PRIMARY KEY, value TEXT)`` with at least ``as_of``, the moment of the
  information in seconds since the epoch, and ``model``, the name of what made it.

A *candidate* is such a file before it is published, and may still be growing. A *version* is one
that was published, and never changes again. This file knows neither jobs nor stores.
"""

import hashlib
import json
import math
import os
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from lessons_lib.static.errors import (
    CorruptTableError,
    TableError,
    UnfinishedError,
    spelled,
    telling,
)

CREATE_PREDICTIONS = "CREATE TABLE predictions(key TEXT PRIMARY KEY, value REAL) WITHOUT ROWID"
CREATE_META = "CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT)"
# In the order of the bytes, whatever order the candidate's columns are declared with.
ROWS = "SELECT key, value FROM predictions ORDER BY key COLLATE BINARY"

fork_waits = threading.RLock()
"""Held while SQLite works on a whole table or a chunk: `os.fork` waits for it, or the child would
find locks of SQLite's held by a thread that it does not have."""


class Table(NamedTuple):
    """A whole table in memory.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns ``key`` (str) and ``value`` (float, NaN where missing), in the order of the keys.
    meta : dict of str to str
        What the table says about itself.
    """

    rows: Any
    meta: dict[str, str]

    @property
    def as_of(self) -> float:
        """The moment of its information, in seconds since the epoch; NaN if it does not tell."""
        try:
            moment = float(self.meta["as_of"])
        except (KeyError, TypeError, ValueError):
            return math.nan
        return moment if math.isfinite(moment) else math.nan

    @property
    def model(self) -> str:
        """The name of the model that made it."""
        return str(self.meta.get("model") or "")

    @property
    def checksum(self) -> str:
        """SHA-256 of what it says, in hexadecimal digits, whatever file or server holds it."""
        import pandas as pd

        said = json.dumps([self.rows["key"].tolist(), repr(self.as_of), self.model])
        numbers = pd.to_numeric(self.rows["value"], errors="coerce").to_numpy(dtype=float)
        numbers = numbers + 0.0  # -0.0 and 0.0 are one
        return hashlib.sha256(said.encode() + numbers.tobytes()).hexdigest()


def read_table(path) -> Table:
    """Read a candidate or a version whole, at one instant, even if a job is writing.

    Raises TableError if there is no such file, it cannot be read, another process holds it locked,
    or a key is no text; CorruptTableError if it is damaged or has no table ``predictions``.
    """
    import pandas as pd  # here, because a service that only looks keys up has no need of it

    path = Path(path)
    with fork_waits, telling(path):
        if not path.is_file():
            raise TableError(f"There is no candidate at {path}: run the scoring job first.")
        # Not read-only: only a writer may play back the journal of a job that was killed.
        with closing(sqlite3.connect(uri(path, "mode=rw"), uri=True)) as connection:
            connection.execute("PRAGMA query_only = ON")
            connection.execute("BEGIN")
            problem = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            if problem != "ok":
                raise CorruptTableError(
                    f"{path} is damaged ({problem}): run the scoring job again."
                )
            rows, meta = connection.execute(ROWS).fetchall(), read_meta(connection)
    for key, value in rows:
        if not isinstance(key, str):
            raise TableError(f"{path} holds ({key!r}, {value!r}): a key must be a text.")
    return Table(pd.DataFrame(rows, columns=["key", "value"]), meta)


def read_meta(connection: sqlite3.Connection) -> dict[str, str]:
    """What a table says about itself, as a dict of texts."""
    return dict(connection.execute("SELECT name, value FROM meta"))


def check_publishable(candidate: Table, path) -> None:
    """Raise unless the form of a candidate is right; its *values* are the gate's business.

    Raises UnfinishedError if its job has keys left to score; TableError if it is empty, a key comes
    twice, a value is no number, or as_of is not told.
    """
    keys, values = candidate.rows["key"], candidate.rows["value"]
    planned = candidate.meta.get("rows_planned", len(keys))
    if str(planned) != str(len(keys)):
        raise UnfinishedError(
            f"{path} holds {len(keys)} of {planned} keys: run its scoring job again, it goes on "
            f"where it stopped."
        )
    if keys.empty:
        raise TableError(f"{path} holds no predictions: run the scoring job with at least one key.")
    for key, value in zip(keys, values.tolist(), strict=True):
        if isinstance(value, str | bytes):
            raise TableError(f"{path} holds ({spelled(key)}, {value!r}): a value must be a number.")
    if not keys.is_unique:
        twice = spelled(keys[keys.duplicated()].iloc[0])
        raise TableError(f"{path} holds the key {twice} more than once: score each key once.")
    if math.isnan(candidate.as_of):
        raise TableError(
            f"{path} does not say how old its information is (as_of is "
            f"{candidate.meta.get('as_of')!r}): write as_of, in seconds since the epoch, into its "
            f"table meta."
        )


def write_version(candidate: Table, target: Path) -> None:
    """Write the rows of `candidate` into the empty file `target`, and read them back.

    Copying rows rather than bytes gives every version the same tight layout, whatever made the
    candidate, and leaves the job's own notes behind. Raises CorruptTableError if what reached the
    disk is something else.
    """
    rows, address = candidate.rows.itertuples(index=False, name=None), uri(target, "mode=rw")
    notes = {
        "as_of": repr(candidate.as_of),
        "model": candidate.model,
        "rows": str(len(candidate.rows)),
    }
    with fork_waits, telling(target), closing(sqlite3.connect(address, uri=True)) as connection:
        # No journal: a version that is not finished is thrown away, never repaired.
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(CREATE_PREDICTIONS)
        connection.execute(CREATE_META)
        connection.executemany("INSERT INTO predictions VALUES (?, ?)", rows)
        connection.executemany("INSERT INTO meta VALUES (?, ?)", notes.items())
        connection.commit()
    if read_table(target).checksum != candidate.checksum:
        raise CorruptTableError(
            f"{target} did not reach the disk whole: check the disk and publish again."
        )


def checksum(path) -> str:
    """SHA-256 of a file, in hexadecimal digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def uri(path, options: str) -> str:
    """`path` as SQLite wants it with options; a space, ``?`` or ``#`` in it does no harm."""
    return f"{Path(path).resolve().as_uri()}?{options}"


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=fork_waits.acquire,
        after_in_parent=fork_waits.release,
        after_in_child=fork_waits.release,
    )
