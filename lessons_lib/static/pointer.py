"""The small file that says which version serves, and the care it takes to replace it.

Lesson 02 meets it when a table is published: the version files are large and never change, so the
only thing that must change in one instant is this pointer. This file knows how to read, replace
and lock it, on Linux, macOS and Windows; it does not know what a version holds.
"""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from lessons_lib.static.errors import TableError
from lessons_lib.static.manifest import Manifest

PATIENCE = 5.0
"""For how many seconds a file is tried again that Windows says is in use."""

Result = TypeVar("Result")


class Pointer:
    """The pointer file of one table: ``<folder>/<table>.json``.

    Parameters
    ----------
    folder : path
        Where the table lives; it must exist.
    table : str
        The table's name, e.g. ``"board"``.
    """

    def __init__(self, folder, table: str):
        self.folder, self.table = Path(folder), table
        self.path = self.folder / f"{table}.json"

    def signature(self) -> tuple[int, int, int] | None:
        """What tells one state of the pointer from the next, cheap to ask; None before the first."""
        try:
            status = os.stat(self.path)
        except FileNotFoundError:
            return None
        return status.st_mtime_ns, status.st_ino, status.st_size

    def read(self) -> Manifest:
        """The versions and which of them serves; an empty manifest before the first publish."""
        try:
            text = patiently(lambda: self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return Manifest(self.table)
        except UnicodeDecodeError:
            text = ""
        return Manifest.from_json(text, where=str(self.path))

    def replace(self, manifest: Manifest) -> None:
        """Let `manifest` hold from one instant to the next; call it with the lock held."""
        before = self.signature()
        fresh = self.folder / f"{self.table}.json.part"
        with open(fresh, "w", encoding="utf-8", newline="\n") as file:
            file.write(manifest.to_json())
            file.flush()
            os.fsync(file.fileno())
        # File systems stamp times in steps of milliseconds. Readers tell versions apart by this
        # stamp, so each gets a later one than the last.
        stamp = max(time.time_ns(), before[0] + 2_000_000 if before else 0)
        os.utime(fresh, ns=(stamp, stamp))
        patiently(lambda: os.replace(fresh, self.path))
        sync_folder(self.folder)

    @contextmanager
    def lock(self, timeout: float = 60.0) -> Iterator[None]:
        """Keep other publishers out, in this process and in others.

        A lock of SQLite's serves: it works on every system and dies with its process, so that a
        publisher that was killed never locks anyone out. Readers take no part in it.

        Raises
        ------
        TableError
            If another publisher holds it for longer than `timeout` seconds.
        """
        path = self.folder / f"{self.table}.lock"
        with closing(sqlite3.connect(path, timeout=timeout, isolation_level=None)) as connection:
            try:
                connection.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError as error:
                raise TableError(
                    f"Another process has been publishing to {self.folder} for {timeout:g} s "
                    f"({error}): wait for it or end it, then try again."
                ) from None
            try:
                yield
            finally:
                connection.execute("ROLLBACK")


def patiently(action: Callable[[], Result]) -> Result:
    """Do `action`, again and again while Windows says that a reader has the file open."""
    deadline = time.monotonic() + PATIENCE
    pause = 0.001
    while True:
        try:
            return action()
        except PermissionError:
            if time.monotonic() + pause > deadline:
                raise
        time.sleep(pause)
        pause = min(2 * pause, 0.1)


def discard(path: Path) -> None:
    """Delete a file if that is possible now; what Windows holds open is left for the next time."""
    with suppress(FileNotFoundError, PermissionError):
        path.unlink()


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` outlive a power cut; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
