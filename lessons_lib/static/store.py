"""A published table of predictions that readers can trust while it is being replaced.

Lesson 02 publishes, looks up and rolls back with it. The rules that make it safe:

* a version is one immutable SQLite file; nothing is ever overwritten;
* publishing writes a new file, checks it, and only then replaces the small pointer file;
* a reader opens the version that the pointer names and stays with it until the pointer moves;
* a key that is not in the table is a miss, never a guess.

This file holds the publishing half; the reading half stands in `lessons_lib.static.reader`. It
does not know models, keys or what the values mean: judging those is the gate's business.
"""

import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from lessons_lib.answer import Answer, Clock, key_of
from lessons_lib.static import table
from lessons_lib.static.errors import CorruptTableError
from lessons_lib.static.lookups import check_options
from lessons_lib.static.manifest import Manifest, Version
from lessons_lib.static.pointer import discard, patiently, sync_folder
from lessons_lib.static.reader import TableReader, notice_publish
from lessons_lib.static.version import check


class PredictionStore(TableReader):
    """A table of predictions in a folder, version by version.

    Look-ups (``lookup``, ``lookup_many``, ``age``, ``current``, ``table``) are inherited from
    `lessons_lib.static.reader.TableReader`.

    Parameters
    ----------
    folder : path
        Where the versions live; made when absent. Several processes of one machine may share it.
    name : str
        The table's name: its versions are called ``<name>-1``, ``<name>-2``, ...
    clock : callable
        Gives the time in seconds; ages are counted by it.
    keep : int, optional
        How many versions to keep for a rollback, the one that serves included; None keeps all.
    check_every : float
        For how many seconds a reader trusts what it last saw of the pointer. Readers of the same
        process notice a publish at once, others after this time. 0 asks the file system at every
        look-up, which costs half as much again as the look-up itself.

    Examples
    --------
    >>> import sqlite3, tempfile
    >>> temporary = tempfile.TemporaryDirectory()
    >>> folder = Path(temporary.name)
    >>> candidate = sqlite3.connect(folder / "candidate.sqlite")
    >>> _ = candidate.executescript(
    ...     "CREATE TABLE predictions(key TEXT PRIMARY KEY, value REAL) WITHOUT ROWID;"
    ...     "CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT);"
    ...     "INSERT INTO predictions VALUES ('UA EWR IAH 05', 0.13);"
    ...     "INSERT INTO meta VALUES ('as_of', '1000'), ('model', 'timetable');")
    >>> candidate.close()
    >>> store = PredictionStore(folder / "store", clock=lambda: 4600.0)
    >>> store.publish(folder / "candidate.sqlite")
    'board-1'
    >>> store.lookup("UA EWR IAH 05")
    Answer(value=0.13, source='table', age=3600.0)
    >>> store.lookup("ZZ EWR IAH 05")
    Answer(value=None, source='default', age=nan)
    >>> store.close()
    >>> temporary.cleanup()
    """

    def __init__(
        self,
        folder,
        *,
        name: str = "board",
        clock: Clock = time.time,
        keep: int | None = None,
        check_every: float = 0.001,
    ):
        check_options(name, keep)
        super().__init__(folder, name, clock, check_every)
        self.keep = keep
        self.folder.mkdir(parents=True, exist_ok=True)

    def publish(self, candidate, gate_report=None) -> str:
        """Let a candidate serve from now on, all of it from one instant to the next.

        Parameters
        ----------
        candidate : path
            A SQLite file with the tables ``predictions`` and ``meta``; it is copied, not changed.
        gate_report : lessons_lib.static.gate.Report, optional
            What `lessons_lib.static.gate.verify` said of this candidate.

        Returns
        -------
        str
            The name of the new version.

        Raises
        ------
        GateRefusedError
            If the report did not pass, or speaks of another state of the file.
        TableError
            If the candidate cannot serve as a table (`UnfinishedError`, `CorruptTableError`, ...).
            What served before goes on serving.
        """
        if gate_report is not None:
            gate_report.require(candidate)
        with self._pointer.lock():
            before = self._pointer.read()
            self._tidy(before)
            version = self._write(candidate, before)
            after = before.publish(version, keep=self.keep)
            self._pointer.replace(after)
            self._tidy(after)
        notice_publish(self.folder, self.name)
        return version.name

    def rollback(self, to: str | None = None) -> str:
        """Let an earlier version serve again; returns its name.

        Parameters
        ----------
        to : str, optional
            The name of the version; by default the one that served before the current one.

        Raises
        ------
        NotPublishedError
            If there is no such version.
        CorruptTableError
            If its file is damaged; the current version goes on serving.
        """
        with self._pointer.lock():
            manifest = self._pointer.read().serve(to)
            check(self.folder, manifest.find(manifest.current))
            self._pointer.replace(manifest)
        notice_publish(self.folder, self.name)
        return manifest.current

    def versions(self):
        """The versions that are kept, as a DataFrame, oldest first.

        Columns: ``name``, ``rows``, ``as_of`` and ``published_at`` in seconds since the epoch,
        ``model``, and ``current``, true for the one the pointer names.
        """
        return self._pointer.read().frame()

    def _write(self, candidate, manifest: Manifest) -> Version:
        """Write the next version's file, check what reached the disk, and describe it."""
        path = self.folder / f"{self.name}-{manifest.published + 1:04d}.sqlite"
        part = path.with_suffix(".part")
        with table.snapshot(candidate) as source:
            table.write_version(source, part)
        _check_written(part, source.count)
        version = Version(
            name=manifest.next_name,
            place=path.name,
            rows=source.count,
            as_of=source.as_of,
            published_at=self.clock(),
            model=source.model,
            checksum=table.checksum(part),
        )
        patiently(lambda: part.replace(path))
        sync_folder(self.folder)
        return version

    def _tidy(self, manifest: Manifest) -> None:
        """Delete the files no version claims: pruned ones, and what a killed publish left."""
        claimed = {version.place for version in manifest.versions}
        ours = re.compile(rf"{re.escape(self.name)}-\d+\.(sqlite|part)")
        for path in self.folder.iterdir():
            if ours.fullmatch(path.name) and path.name not in claimed:
                discard(path)


class TablePredictor:
    """A predictor that answers from a published table and from nothing else.

    Parameters
    ----------
    store : PredictionStore or lessons_lib.static.shared.RedisPredictionStore
        Where the predictions stand.
    """

    def __init__(self, store):
        self.store = store

    def answer(self, request: Any) -> Answer:
        """What the table holds for the key of `request`; a miss if it holds nothing."""
        return self.store.lookup(key_of(request))


def _check_written(path: Path, rows: int) -> None:
    """Read a new file back before anyone is sent to it; raises CorruptTableError."""
    with closing(sqlite3.connect(table.uri(path, "mode=ro&immutable=1"), uri=True)) as connection:
        problem = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        found = connection.execute("SELECT count(*) FROM predictions").fetchone()[0]
    if problem != "ok" or found != rows:
        raise CorruptTableError(
            f"{path} did not reach the disk whole ({problem}; {found:,} of {rows:,} rows): check "
            f"the disk's free space and publish again."
        )
