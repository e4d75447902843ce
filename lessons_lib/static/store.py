"""A published table of predictions that readers can trust while it is being replaced.

The rules that make it safe:

* a version is one immutable SQLite file; nothing is ever overwritten;
* publishing writes a new file, reads it back, and only then replaces the small pointer file;
* a reader opens the version that the pointer names, checks it once against the checksum it was
  published with, and stays with it until the pointer moves;
* a key that is not in the table is a miss, never a guess.

It does not know models, keys or what the values mean: judging those is the gate's business.
"""

import os
import re
import sqlite3
import threading
import time
import warnings
import weakref
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from time import monotonic

from lessons_lib.answer import Answer, Clock
from lessons_lib.files import discard, patiently, reason, replacing
from lessons_lib.static.base import MISS, Store, check_key, check_keys, read_verified
from lessons_lib.static.errors import CorruptTableError, FallbackWarning, TableError, telling
from lessons_lib.static.pointer import Manifest, Pointer, Version
from lessons_lib.static.table import Table, checksum, fork_waits, read_table, uri, write_version

FORK_WAITS = 10.0
"""For how many seconds at most `os.fork` waits for look-ups that are on their way."""
FIND = "SELECT value FROM predictions WHERE key = ?"

_new = tuple.__new__  # makes an Answer in half the time that Answer(...) takes


class PredictionStore(Store):
    """A table of predictions in a folder; safe to share between threads, also across `os.fork`.

    When ``publish()`` or ``rollback()`` returns, the next look-up of every thread of this process
    sees it. In other processes a reader looks at the pointer again after `check_every` seconds;
    while one of its threads reads the new file once, to check it, the others go on with the old.

    Parameters
    ----------
    folder : path
        Where the versions live; made when absent, or TableError. Several processes of one machine
        may share it.
    name, clock, keep
        As in `Store`.
    check_every : float
        For how many seconds a reader trusts what it last saw of the pointer. 0 asks the file
        system at every look-up, which costs half as much again as the look-up itself.

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
    >>> store.answer("UA EWR IAH 05")
    Answer(value=0.13, source='table', age=3600.0)
    >>> store.answer("ZZ EWR IAH 05")
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
        super().__init__(name, clock, keep)
        self.check_every = check_every
        with telling(folder):
            self.folder = Path(folder).resolve()
            self.folder.mkdir(parents=True, exist_ok=True)
        self._pointer, self._lock = Pointer(self.folder, name), threading.RLock()
        self._forget()
        with _gate:
            _stores.add(self)

    def publish(self, candidate, gate_report=None) -> str:
        """Let a candidate serve from now on, all of it at once; returns the new version's name.

        `candidate` is the path of a SQLite file with the tables ``predictions`` and ``meta``, which
        is copied, not changed; `gate_report` is what `lessons_lib.static.gate.verify` said of it.

        Raises GateRefusedError if the report did not pass, or the candidate says something else by
        now; TableError if it cannot serve as a table (`UnfinishedError`, `CorruptTableError`, ...),
        or the folder cannot be written. What served before goes on serving.
        """
        with telling(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
        with self._pointer.lock(), telling(self.folder):
            before = self._numbered(self._pointer.read())
            self._tidy(before)
            whole = read_verified(candidate, gate_report)
            path = self.folder / f"{self.name}-{before.published + 1:04d}.sqlite"
            try:
                with replacing(path, mode=0o644) as part:
                    write_version(whole, part)
                    version = self._describe(whole, before, path.name, checksum(part))
                after = before.publish(version, keep=self.keep)
                self._pointer.replace(after)
            finally:  # on a full disk each half-made file is in the way of a smaller one
                self._tidy(self._pointer.read())
        _notice_publish()
        return after.current

    def rollback(self, to: str | None = None) -> str:
        """Let the version called `to` serve again, also on a full disk; returns its name.

        By default it is the one that served before the current one. Raises NotPublishedError if
        there is no such version, and CorruptTableError if its file is damaged.
        """
        with self._pointer.lock(), telling(self.folder):
            before = self._pointer.read()
            after = before.serve(to)
            self._check(after.serving())
            self._tidy(before)
            self._pointer.replace(after, spend_reserve=True)
        _notice_publish()
        return after.current

    def lookup(self, key: str) -> Answer:
        if not isinstance(key, str):
            check_key(key)
        current = self._current if monotonic() < self._look_again else self._refresh()
        opened = self._local.opened
        opened.busy = True  # before its version is looked at: see _before_fork
        try:
            if opened.version is not current:
                opened = self._open(current)
            row = opened.execute(FIND, (key,)).fetchone()
        except UnicodeEncodeError:  # half a character, as broken JSON may carry: in no table
            return MISS
        except sqlite3.Error:
            opened.busy = False
            return self._once_more([key])[0]
        finally:
            opened.busy = False
        if row is None or row[0] is None:
            return MISS
        return _new(Answer, (row[0], "table", self.clock() - current.as_of))

    def lookup_many(self, keys: Iterable[str]) -> list[Answer]:
        keys = check_keys(keys)
        try:
            return self._find(self._refresh(), keys)
        except sqlite3.Error:
            return self._once_more(keys)

    def table(self, version: str | None = None) -> Table:
        """The serving version, or the one of that name, whole: rows and what it says of itself.

        Raises CorruptTableError if it was damaged since it was published.
        """
        found = self._manifest().find(version) if version else self._serving()
        self._check(found)
        return read_table(self.folder / found.place)

    def close(self) -> None:
        with self._lock:
            for opened in list(self._all_opened):
                opened.close()
            self._forget()

    # Publishing.

    def _numbered(self, manifest: Manifest) -> Manifest:
        """The list, which goes on counting where the files stop if somebody deleted it."""
        if manifest.published:
            return manifest
        names = (path.stem.rpartition("-") for path in self.folder.glob(f"{self.name}-*.sqlite"))
        numbers = [int(n) for name, _, n in names if name == self.name and n.isdecimal()]
        return replace(manifest, published=max(numbers, default=0))

    def _tidy(self, manifest: Manifest) -> None:
        """Delete the files no version claims: pruned ones, and what a killed publish left."""
        claimed = {version.place for version in manifest.versions}
        ours = re.compile(
            rf"{re.escape(self.name)}(-\d+\.(sqlite|part|sqlite\.\w+\.part)|\.\w+\.\w+\.part)"
        )
        for path in self.folder.iterdir():
            if ours.fullmatch(path.name) and path.name not in claimed:
                discard(path)

    def _check(self, version: Version) -> None:
        """Compare a version's file with the checksum it was published with."""
        path = self.folder / version.place
        try:
            if patiently(lambda: checksum(path)) == version.checksum:
                return
            problem = "is damaged: its checksum is not the one it was published with"
        except OSError as error:
            problem = f"cannot be read ({reason(error)})"
        raise CorruptTableError(
            f"PredictionTable '{version.name}' is refused, its file {path} {problem}; publish "
            f"again or roll back."
        )

    # Reading.

    def _manifest(self) -> Manifest:
        return self._pointer.read()

    def _serving(self) -> Version:
        return self._refresh()

    def _find(self, version: Version, keys: list[str]) -> list[Answer]:
        age, answers = self.clock() - version.as_of, []
        opened = self._open(version)
        try:
            for key in keys:
                try:
                    row = opened.execute(FIND, (key,)).fetchone()
                except UnicodeEncodeError:
                    row = None
                hit = row is not None and row[0] is not None
                answers.append(_new(Answer, (row[0], "table", age)) if hit else MISS)
        finally:
            opened.busy = False
        return answers

    def _once_more(self, keys: list[str]) -> list[Answer]:
        """Look up after an error: the file was pruned or damaged under us, or closed by a thread."""
        with self._lock:
            self.close()
            version = self._refresh()
            try:
                return self._find(version, keys)
            except sqlite3.Error as error:
                raise CorruptTableError(
                    f"PredictionTable '{version.name}' cannot be read ({error}): publish again or "
                    f"roll back."
                ) from error

    def _open(self, version: Version) -> "_Opened":
        """This thread's own connection to `version`, marked busy; one for all would be a queue."""
        self._local.opened.busy = False  # whoever holds the gate may be waiting for it
        with _gate:
            opened = self._local.opened
            if opened.version is not version:
                opened.close()
                opened = self._local.opened = _Opened(version, self.folder / version.place)
                self._all_opened.add(opened)
            opened.busy = True
        return opened

    def _refresh(self) -> Version:
        """Look at the pointer, and adopt what it names if it has moved."""
        # While one thread checks a new version, the others go on with the one they have; unless
        # it was published by this process.
        if not self._lock.acquire(blocking=self._current is None or self._must_look):
            return self._current
        try:
            looked_at = monotonic()
            signature = self._pointer.signature()
            if signature != self._seen or self._current is None:
                self._adopt(signature)
            self._must_look = False
            self._look_again = looked_at + self.check_every
            return self._current
        finally:
            self._lock.release()

    def _adopt(self, signature) -> None:
        """Serve the version that the pointer names, or say loudly which one serves instead."""
        while True:
            try:
                version, trouble = self._first_good(self._pointer.read())
            except TableError as error:
                version, trouble = self._current, error
            moved_to = self._pointer.signature()
            if trouble is None or moved_to == signature:
                break
            signature = moved_to  # the file we missed was pruned by a newer publish: look again
        if version is None:
            raise trouble
        if trouble is not None:
            warnings.warn(
                f"{trouble} '{version.name}' answers instead.", FallbackWarning, stacklevel=4
            )
        self._current, self._seen = version, signature

    def _first_good(self, manifest: Manifest) -> tuple[Version | None, TableError | None]:
        """The newest version that can be read, and what is wrong with the one that should be."""
        manifest.serving()
        trouble = None
        for version in manifest.line():
            if version == self._current:
                break
            try:
                self._check(version)
                return version, trouble
            except CorruptTableError as error:
                trouble = trouble or error
                if self._current is not None:  # open and good: no need to go further back
                    break
        return self._current, trouble

    def _forget(self) -> None:
        self._current: Version | None = None
        self._seen = None
        self._look_again, self._must_look = 0.0, False
        self._local = _PerThread()
        self._all_opened: weakref.WeakSet[_Opened] = weakref.WeakSet()


class _Opened:
    """A connection to one version, closed when its thread ends or moves on."""

    __slots__ = ("__weakref__", "busy", "connection", "execute", "version")

    def __init__(self, version: Version | None, path: Path | None = None):
        self.version, self.connection, self.execute = version, None, None
        self.busy = False  # true while SQLite works for its thread
        if path is not None:
            while _left:
                _left.pop().close()
            # Immutable: the file never changes, so SQLite may leave out its locks, a third of the
            # price of a look-up. The thread check is off so that close() may come from another.
            address = uri(path, "mode=ro&immutable=1")
            self.connection = sqlite3.connect(
                address, uri=True, isolation_level=None, check_same_thread=False
            )
            self.execute = self.connection.cursor().execute

    def close(self) -> None:
        if self.connection is None:
            return
        # May run at any moment, as Python collects garbage: it must not wait for the gate.
        if not _gate.acquire(blocking=False):
            _left.append(self.connection)
            return
        try:
            self.connection.close()
        finally:
            _gate.release()

    def __del__(self):
        with suppress(Exception):
            self.close()


_gate = threading.RLock()  # for opening and closing, and for the set of all stores
_stores: "weakref.WeakSet[PredictionStore]" = weakref.WeakSet()
_left: list[sqlite3.Connection] = []  # to be closed by the next who opens one
_inherited: list = []  # what a forked child got from its parent: never used, never closed


class _PerThread(threading.local):
    """What each thread has open; nothing, to begin with."""

    opened = _Opened(None)


def _notice_publish() -> None:
    """Let the next look-up of each thread of this process see what the pointer says now."""
    with _gate:
        stores = list(_stores)
    for store in stores:
        with store._lock:  # a look that began before has ended
            store._look_again, store._must_look = 0.0, True


def _before_fork() -> None:
    """Wait until SQLite rests in all threads: a child would wait for ever for locks it inherits."""
    fork_waits.acquire()
    _gate.acquire()
    opened = [(one, one.version) for store in list(_stores) for one in list(store._all_opened)]
    for one, _ in opened:
        one.version = None  # sends the next look-up to the gate
    until = monotonic() + FORK_WAITS
    while any(one.busy for one, _ in opened) and monotonic() < until:
        time.sleep(0.0005)
    _inherited.append(opened)


def _after_fork_in_parent() -> None:
    for one, version in _inherited.pop():
        one.version = version
    _gate.release()
    fork_waits.release()


def _after_fork_in_child() -> None:
    _inherited.append(list(_left))
    _left.clear()
    for store in list(_stores):
        store._lock = threading.RLock()  # the old one may be held by a thread that is not here
        store._forget()
    _gate.release()
    fork_waits.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork,
        after_in_parent=_after_fork_in_parent,
        after_in_child=_after_fork_in_child,
    )
