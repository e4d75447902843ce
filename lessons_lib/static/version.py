"""One published version as a file: check that it is whole, and open it for a thread.

The reading half of lesson 02's store stands on this file. It knows nothing of the pointer.
"""

import sqlite3
import threading
from contextlib import suppress
from pathlib import Path

from lessons_lib.static import table
from lessons_lib.static.errors import CorruptTableError
from lessons_lib.static.manifest import Version
from lessons_lib.static.pointer import patiently


def check(folder: Path, version: Version) -> None:
    """Compare a version's file with the checksum it was published with.

    Raises
    ------
    CorruptTableError
        If the file is missing or has changed by as little as a bit.
    """
    path = folder / version.place
    try:
        found = patiently(lambda: table.checksum(path))
    except OSError as error:
        problem = f"cannot be read ({error.strerror})"
    else:
        if found == version.checksum:
            return
        problem = "is damaged: its checksum is not the one it was published with"
    raise CorruptTableError(
        f"PredictionTable '{version.name}' is refused, its file {path} {problem}; publish again or "
        f"roll back."
    )


class Opened:
    """A connection to one version, closed when its thread ends or moves on."""

    __slots__ = ("__weakref__", "connection", "execute", "version")

    def __init__(self, version: Version | None, path: Path | None = None):
        self.version, self.connection, self.execute = version, None, None
        if path is not None:
            # Immutable: the file never changes, so SQLite may leave out its locks, a third of the
            # price of a look-up. The thread check is off so that close() may come from another.
            address = table.uri(path, "mode=ro&immutable=1")
            self.connection = sqlite3.connect(
                address, uri=True, isolation_level=None, check_same_thread=False
            )
            self.execute = self.connection.cursor().execute

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()

    def __del__(self):
        with suppress(Exception):
            self.close()


class PerThread(threading.local):
    """What each thread has open; nothing, to begin with."""

    opened = Opened(None)
