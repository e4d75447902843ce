"""The reading half of a published table: find a key, and notice when a new version is there.

Lesson 02 looks keys up with it, by way of `lessons_lib.static.store`; lesson 05 counts its misses.
A reader opens the version that the pointer names, checks it once against the checksum it was
published with, and stays with it until the pointer moves. It never writes, and it never guesses: a
key that is not in the table is a miss.
"""

import os
import sqlite3
import threading
import warnings
import weakref
from collections.abc import Iterable
from pathlib import Path
from time import monotonic

from lessons_lib.answer import Answer, Clock
from lessons_lib.static.errors import (
    CorruptTableError,
    FallbackWarning,
    TableError,
    not_published,
)
from lessons_lib.static.lookups import MISS, check_keys, no_text
from lessons_lib.static.manifest import Manifest, Version
from lessons_lib.static.pointer import Pointer
from lessons_lib.static.table import Table, read_table
from lessons_lib.static.version import Opened, PerThread, check

FIND = "SELECT value FROM predictions WHERE key = ?"

_new = tuple.__new__  # makes an Answer in half the time that Answer(...) takes


class TableReader:
    """Look-ups in the current version of a table; safe to share between threads.

    Parameters
    ----------
    folder : path
        Where the versions live.
    name : str
        The table's name.
    clock : callable
        Gives the time in seconds; ages are counted by it.
    check_every : float
        For how many seconds a reader trusts what it last saw of the pointer.
    """

    def __init__(self, folder, name: str, clock: Clock, check_every: float):
        self.folder, self.name = Path(folder).resolve(), name
        self.clock, self.check_every = clock, check_every
        self._pointer = Pointer(self.folder, name)
        self._lock = threading.RLock()
        self._forget()
        with _readers_lock:
            _readers.add(self)

    def lookup(self, key: str) -> Answer:
        """The prediction for one key; ``Answer(None, "default", nan)`` if the table has none.

        Raises
        ------
        NotPublishedError, CorruptTableError
            If nothing was published yet; if no version that is kept can be read.
        TypeError
            If the key is no text.
        """
        if not isinstance(key, str):
            raise TypeError(no_text(key))
        current = self._current if monotonic() < self._look_again else self._refresh()
        try:
            opened = self._local.opened
            if opened.version is not current:
                opened = self._open(current)
            row = opened.execute(FIND, (key,)).fetchone()
        except UnicodeEncodeError:  # half a character, as broken JSON may carry: in no table
            return MISS
        except sqlite3.Error:
            return self._once_more([key])[0]
        if row is None or row[0] is None:
            return MISS
        return _new(Answer, (row[0], "table", self.clock() - current.as_of))

    def lookup_many(self, keys: Iterable[str]) -> list[Answer]:
        """The answers for many keys, in their order, all from one version and of one age.

        Raises
        ------
        NotPublishedError, CorruptTableError
            As `lookup` does.
        TypeError
            If `keys` is a single text, or one of them is no text.
        """
        keys = check_keys(keys)
        try:
            return self._find(self._refresh(), keys)
        except sqlite3.Error:
            return self._once_more(keys)

    def age(self) -> float:
        """How old the information of the serving version is, in seconds."""
        return self.clock() - self._refresh().as_of

    @property
    def current(self) -> str:
        """The name of the version that answers; raises NotPublishedError if there is none."""
        return self._refresh().name

    def table(self, version: str | None = None) -> Table:
        """The serving version, or the one of that name, whole: rows and what it says of itself."""
        found = self._pointer.read().find(version) if version else self._refresh()
        return read_table(self.folder / found.place)

    def close(self) -> None:
        """Let go of all files; a later look-up opens them again."""
        with self._lock:
            for opened in list(self._all_opened):
                opened.close()
            self._forget()

    def __enter__(self):
        return self

    def __exit__(self, *exception) -> None:
        self.close()

    def _find(self, version: Version, keys: list[str]) -> list[Answer]:
        execute = self._open(version).execute
        age = self.clock() - version.as_of
        answers = []
        for key in keys:
            try:
                row = execute(FIND, (key,)).fetchone()
            except UnicodeEncodeError:
                row = None
            hit = row is not None and row[0] is not None
            answers.append(_new(Answer, (row[0], "table", age)) if hit else MISS)
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

    def _open(self, version: Version) -> Opened:
        """This thread's own connection to `version`; one connection for all would need a lock."""
        opened = self._local.opened
        if opened.version is not version:
            fresh = Opened(version, self.folder / version.place)
            with self._lock:
                self._all_opened.add(fresh)
            self._local.opened = fresh
            opened.close()
            opened = fresh
        return opened

    def _refresh(self) -> Version:
        """Look at the pointer, and adopt what it names if it has moved."""
        current = self._current
        # While one thread checks a new version, the others go on with the one they have.
        if not self._lock.acquire(blocking=current is None):
            return current
        try:
            looked_at = monotonic()
            signature = self._pointer.signature()
            if signature != self._seen or self._current is None:
                self._adopt(signature)
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
        line, trouble = manifest.line(), None
        if not line:
            raise not_published(self.name)
        for version in line:
            if version == self._current:
                return self._current, trouble
            try:
                check(self.folder, version)
                return version, trouble
            except CorruptTableError as error:
                trouble = trouble or error
                if self._current is not None:  # open and good: no need to go further back
                    break
        return self._current, trouble

    def _forget(self) -> None:
        self._current: Version | None = None
        self._seen = None
        self._look_again = 0.0
        self._local = PerThread()
        self._all_opened: weakref.WeakSet[Opened] = weakref.WeakSet()


def notice_publish(folder: Path, name: str) -> None:
    """Let the readers of this process see a publish at once, without waiting for `check_every`."""
    with _readers_lock:
        readers = list(_readers)
    for reader in readers:
        if (reader.folder, reader.name) == (folder, name):
            reader._look_again = 0.0


_readers: "weakref.WeakSet[TableReader]" = weakref.WeakSet()
_readers_lock = threading.Lock()


def _start_over_in_child() -> None:
    """SQLite connections must not be used across a fork: the child opens its own."""
    global _readers_lock
    _readers_lock = threading.Lock()
    for reader in list(_readers):
        reader._lock = threading.RLock()
        reader._forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_over_in_child)
