"""The file a table of predictions is: how it is made, read and checked.

Lesson 02 opens one with plain `sqlite3`. A table is a SQLite file with two tables in it:

* ``predictions(key TEXT PRIMARY KEY, value REAL) WITHOUT ROWID``, inserted in the order of the
  keys. Without a rowid the rows live in the index itself, so a look-up walks one tree, not two;
  in order, because then each page is filled once and never split.
* ``meta(name TEXT PRIMARY KEY, value TEXT)`` with at least ``as_of``, the moment of the
  information in seconds since the epoch, and ``model``, the name of what made it.

A *candidate* is such a file before it is published, and may still be growing. A *version* is one
that was published, and never changes again. This file knows neither jobs nor stores.
"""

import hashlib
import math
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from lessons_lib.static.errors import CorruptTableError, TableError, UnfinishedError

CREATE_PREDICTIONS = "CREATE TABLE predictions(key TEXT PRIMARY KEY, value REAL) WITHOUT ROWID"
CREATE_META = "CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT)"


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


def open_candidate(path) -> sqlite3.Connection:
    """Open a candidate to be read, after SQLite has undone what a killed job left half-written.

    Raises
    ------
    TableError
        If there is no such file.
    CorruptTableError
        If the file is damaged or has no table ``predictions``.
    """
    path = Path(path)
    if not path.is_file():
        raise TableError(f"There is no candidate at {path}: run the scoring job first.")
    # Not read-only: only a writer may play back the journal of a job that was killed.
    connection = sqlite3.connect(uri(path, "mode=rw"), uri=True, isolation_level=None)
    try:
        connection.execute("PRAGMA query_only = ON")
        problem = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if problem != "ok":
            raise CorruptTableError(f"{path} is damaged ({problem}): run the scoring job again.")
        connection.execute("SELECT key, value FROM predictions LIMIT 0")
        connection.execute("SELECT name, value FROM meta LIMIT 0")
    except sqlite3.DatabaseError as error:
        connection.close()
        raise CorruptTableError(
            f"{path} is not a table of predictions ({error}): it needs the tables "
            f"predictions(key, value) and meta(name, value)."
        ) from None
    except CorruptTableError:
        connection.close()
        raise
    return connection


def read_meta(connection: sqlite3.Connection) -> dict[str, str]:
    """What a table says about itself, as a dict of texts."""
    return dict(connection.execute("SELECT name, value FROM meta"))


def read_table(path) -> Table:
    """Read a candidate or a version whole; raises as `open_candidate` does."""
    import pandas as pd  # here, because a service that only looks keys up has no need of it

    with closing(open_candidate(path)) as connection:
        rows = connection.execute("SELECT key, value FROM predictions ORDER BY key").fetchall()
        meta = read_meta(connection)
    return Table(pd.DataFrame(rows, columns=["key", "value"]), meta)


def as_of(meta: dict[str, str], path) -> float:
    """The moment of a table's information, in seconds; raises TableError if it is not told."""
    try:
        moment = float(meta["as_of"])
    except (KeyError, TypeError, ValueError):
        moment = math.nan
    if not math.isfinite(moment):
        raise TableError(
            f"{path} does not say how old its information is (as_of is {meta.get('as_of')!r}): write "
            f"as_of, in seconds since the epoch, into its table meta."
        )
    return moment


def check_publishable(connection: sqlite3.Connection, path) -> int:
    """Count the rows of a candidate that may be published.

    This looks at the form alone: whether the *values* are sane is the gate's business.

    Raises
    ------
    UnfinishedError
        If the job that writes it has keys left to score.
    TableError
        If it is empty, a key comes twice, a key is no text, or a value no number.
    """
    rows, distinct = connection.execute(
        "SELECT count(*), count(DISTINCT key) FROM predictions"
    ).fetchone()
    planned = read_meta(connection).get("rows_planned")
    if planned is not None and int(planned) != rows:
        raise UnfinishedError(
            f"{path} holds {rows:,} of {int(planned):,} keys: run its scoring job again, it goes on "
            f"where it stopped."
        )
    if rows == 0:
        raise TableError(f"{path} holds no predictions: run the scoring job with at least one key.")
    odd = connection.execute(
        "SELECT key, value FROM predictions WHERE typeof(key) != 'text' "
        "OR typeof(value) NOT IN ('real', 'integer', 'null') LIMIT 1"
    ).fetchone()
    if odd:
        raise TableError(f"{path} holds {odd!r}: a key must be a text and its value a number.")
    if distinct != rows:
        twice = connection.execute(
            "SELECT key FROM predictions GROUP BY key HAVING count(*) > 1 LIMIT 1"
        ).fetchone()[0]
        raise TableError(f"{path} holds the key {twice!r} more than once: score each key once.")
    return rows


class Snapshot(NamedTuple):
    """A publishable candidate at one instant.

    Parameters
    ----------
    count : int
        How many predictions it holds.
    as_of : float
        The moment of its information, in seconds since the epoch.
    model : str
        The name of the model that made it.
    rows : sqlite3.Cursor
        Gives the pairs (key, value) in key order; value is None where it is missing.
    """

    count: int
    as_of: float
    model: str
    rows: sqlite3.Cursor


@contextmanager
def snapshot(candidate) -> Iterator[Snapshot]:
    """Read a candidate to publish it; raises as `open_candidate` and `check_publishable` do."""
    with closing(open_candidate(candidate)) as connection:
        connection.execute("BEGIN")  # one instant, even if a job is writing
        count, meta = check_publishable(connection, candidate), read_meta(connection)
        rows = connection.execute("SELECT key, value FROM predictions ORDER BY key")
        yield Snapshot(count, as_of(meta, candidate), meta.get("model", ""), rows)


def write_version(source: Snapshot, target: Path) -> None:
    """Write the rows of `source` into the new file `target`, in key order, safe on the disk.

    Copying rows rather than bytes gives every version the same tight layout, whatever made the
    candidate, and leaves the job's own notes behind.
    """
    with closing(sqlite3.connect(uri(target, "mode=rwc"), uri=True)) as connection:
        # No journal: a version that is not finished is thrown away, never repaired.
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(CREATE_PREDICTIONS)
        connection.execute(CREATE_META)
        connection.executemany("INSERT INTO predictions VALUES (?, ?)", source.rows)
        notes = {"as_of": repr(source.as_of), "model": source.model, "rows": str(source.count)}
        connection.executemany("INSERT INTO meta VALUES (?, ?)", notes.items())
        connection.commit()
    sync_file(target)


def checksum(path) -> str:
    """SHA-256 of a file, as 64 hexadecimal digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def uri(path, options: str) -> str:
    """`path` as SQLite wants it with options; a space, ``?`` or ``#`` in it does no harm."""
    return f"{Path(path).resolve().as_uri()}?{options}"


def sync_file(path) -> None:
    """Wait until the file is on the disk, so that a power cut cannot take it back."""
    with open(path, "rb+") as file:
        os.fsync(file.fileno())
