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
from array import array
from collections.abc import Iterable
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
"""Held while SQLite works on a whole table: `os.fork` waits for it, or the child would find locks
of SQLite's held by a thread that it does not have."""


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
    def checksum(self) -> str:
        """SHA-256 of what it says, which is that of a `Candidate` that says the same."""
        import pandas as pd

        numbers = pd.to_numeric(self.rows["value"], errors="coerce").astype(float)
        return digest(self.rows["key"].tolist(), numbers.tolist(), self.meta)


class Candidate(NamedTuple):
    """A publishable candidate, read at one instant.

    Parameters
    ----------
    rows : list of (str, float or None)
        In the order of the keys; None where the value is missing.
    meta : dict of str to str
        What it says about itself.
    as_of : float
        The moment of its information, in seconds since the epoch.
    """

    rows: list[tuple[str, float | None]]
    meta: dict[str, str]
    as_of: float

    @property
    def model(self) -> str:
        """The name of the model that made it."""
        return str(self.meta.get("model") or "")

    @property
    def checksum(self) -> str:
        """SHA-256 of what it says."""
        numbers = (math.nan if value is None else value for _, value in self.rows)
        return digest([key for key, _ in self.rows], numbers, self.meta)


def read_table(path) -> Table:
    """Read a candidate or a version whole; raises as `open_candidate` does."""
    import pandas as pd  # here, because a service that only looks keys up has no need of it

    with fork_waits, telling(path), closing(open_candidate(path)) as connection:
        connection.execute("BEGIN")  # one instant, even if a job is writing
        rows, meta = connection.execute(ROWS).fetchall(), read_meta(connection)
    return Table(pd.DataFrame(rows, columns=["key", "value"]), meta)


def read_candidate(path) -> Candidate:
    """Read a candidate to publish it; raises as `open_candidate` and `check_publishable` do."""
    with fork_waits, telling(path), closing(open_candidate(path)) as connection:
        connection.execute("BEGIN")
        check_publishable(connection, path)
        meta = read_meta(connection)
        return Candidate(connection.execute(ROWS).fetchall(), meta, as_of(meta, path))


def open_candidate(path) -> sqlite3.Connection:
    """Open a candidate to be read, after SQLite has undone what a killed job left half-written.

    Raises
    ------
    TableError
        If there is no such file, it cannot be read, or another process holds it locked.
    CorruptTableError
        If the file is damaged or has no table ``predictions``.
    """
    path = Path(path)
    with telling(path):
        if not path.is_file():
            raise TableError(f"There is no candidate at {path}: run the scoring job first.")
        # Not read-only: only a writer may play back the journal of a job that was killed.
        connection = sqlite3.connect(uri(path, "mode=rw"), uri=True, isolation_level=None)
        try:
            _check_form(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


def read_meta(connection: sqlite3.Connection) -> dict[str, str]:
    """What a table says about itself, as a dict of texts."""
    return dict(connection.execute("SELECT name, value FROM meta"))


def as_of(meta: dict[str, str], path) -> float:
    """The moment of a table's information, in seconds; raises TableError if it is not told."""
    moment = _moment(meta)
    if not math.isfinite(moment):
        raise TableError(
            f"{path} does not say how old its information is (as_of is {meta.get('as_of')!r}): write "
            f"as_of, in seconds since the epoch, into its table meta."
        )
    return moment


def check_publishable(connection: sqlite3.Connection, path) -> None:
    """Raise unless the form of a candidate is right; its *values* are the gate's business.

    Raises
    ------
    UnfinishedError
        If the job that writes it has keys left to score.
    TableError
        If it is empty, a key comes twice, a key is no text, or a value no number.
    """
    rows, distinct = connection.execute(
        "SELECT count(*), count(DISTINCT key COLLATE BINARY) FROM predictions"
    ).fetchone()
    planned = read_meta(connection).get("rows_planned")
    if planned is not None and str(planned) != str(rows):
        raise UnfinishedError(
            f"{path} holds {rows:,} of {_count(planned)} keys: run its scoring job again, it goes "
            f"on where it stopped."
        )
    if rows == 0:
        raise TableError(f"{path} holds no predictions: run the scoring job with at least one key.")
    odd = connection.execute(
        "SELECT key, value FROM predictions WHERE typeof(key) != 'text' "
        "OR typeof(value) NOT IN ('real', 'integer', 'null') LIMIT 1"
    ).fetchone()
    if odd:
        raise TableError(
            f"{path} holds ({spelled(odd[0])}, {odd[1]!r}): a key must be a text and its value a "
            f"number."
        )
    if distinct != rows:
        twice = connection.execute(
            "SELECT key FROM predictions GROUP BY key COLLATE BINARY HAVING count(*) > 1 LIMIT 1"
        ).fetchone()[0]
        raise TableError(
            f"{path} holds the key {spelled(twice)} more than once: score each key once."
        )


def write_version(candidate: Candidate, target: Path) -> None:
    """Write the rows of `candidate` into the empty file `target`, and read them back.

    Copying rows rather than bytes gives every version the same tight layout, whatever made the
    candidate, and leaves the job's own notes behind.

    Raises
    ------
    CorruptTableError
        If what reached the disk is something else.
    """
    meta = {"as_of": repr(candidate.as_of), "model": candidate.model}
    notes = {**meta, "rows": str(len(candidate.rows))}
    with fork_waits, telling(target):
        with closing(sqlite3.connect(uri(target, "mode=rw"), uri=True)) as connection:
            # No journal: a version that is not finished is thrown away, never repaired.
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute(CREATE_PREDICTIONS)
            connection.execute(CREATE_META)
            connection.executemany("INSERT INTO predictions VALUES (?, ?)", candidate.rows)
            connection.executemany("INSERT INTO meta VALUES (?, ?)", notes.items())
            connection.commit()
        address = uri(target, "mode=ro&immutable=1")
        with closing(sqlite3.connect(address, uri=True)) as connection:
            problem = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            same = candidate._replace(rows=connection.execute(ROWS).fetchall(), meta=meta)
    if problem != "ok" or same.checksum != candidate._replace(meta=meta).checksum:
        raise CorruptTableError(
            f"{target} did not reach the disk whole ({problem}; {len(same.rows):,} of "
            f"{len(candidate.rows):,} rows): check the disk and publish again."
        )


def digest(keys: list[str], values: Iterable[float], meta: dict[str, str]) -> str:
    """SHA-256 of what a table says, in 64 hexadecimal digits, whatever file or server holds it."""
    said = json.dumps([keys, repr(_moment(meta)), str(meta.get("model") or "")])
    numbers = array("d", (value + 0.0 for value in values))  # -0.0 and 0.0 are one
    return hashlib.sha256(said.encode() + numbers.tobytes()).hexdigest()


def checksum(path) -> str:
    """SHA-256 of a file, as 64 hexadecimal digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def uri(path, options: str) -> str:
    """`path` as SQLite wants it with options; a space, ``?`` or ``#`` in it does no harm."""
    return f"{Path(path).resolve().as_uri()}?{options}"


def _check_form(connection: sqlite3.Connection, path: Path) -> None:
    try:
        connection.execute("PRAGMA query_only = ON")
        problem = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        connection.execute("SELECT key, value FROM predictions LIMIT 0")
        connection.execute("SELECT name, value FROM meta LIMIT 0")
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", None) not in (
            sqlite3.SQLITE_ERROR,
            sqlite3.SQLITE_NOTADB,
        ):
            raise
        raise CorruptTableError(
            f"{path} is not a table of predictions ({error}): it needs the tables "
            f"predictions(key, value) and meta(name, value)."
        ) from None
    if problem != "ok":
        raise CorruptTableError(f"{path} is damaged ({problem}): run the scoring job again.")


def _moment(meta: dict[str, str]) -> float:
    try:
        return float(meta["as_of"])
    except (KeyError, TypeError, ValueError):
        return math.nan


def _count(planned) -> str:
    return f"{int(planned):,}" if str(planned).isdecimal() else repr(planned)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=fork_waits.acquire,
        after_in_parent=fork_waits.release,
        after_in_child=fork_waits.release,
    )
