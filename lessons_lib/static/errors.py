"""What can go wrong with a table of predictions, one class for each thing you would do about it.

Knows nothing but words: each message names the table or the file, and the way out.
"""

import os
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from lessons_lib.files import reason


class TableError(RuntimeError):
    """Something is wrong with a table of predictions; the message says what to do next."""


class NotPublishedError(TableError):
    """There is no such version to serve: nothing was published, or it was pruned."""


class CorruptTableError(TableError):
    """A file or a shared table is damaged, or is no table of predictions; the message names it."""


class UnfinishedError(TableError):
    """A candidate is not complete: its job was killed, or is still running."""


class ResumeError(TableError):
    """A job would mix two tables: its keys, model or as_of are not those it began with."""


class GateRefusedError(TableError):
    """The verification before publishing did not pass; `report` says what was found."""

    def __init__(self, message: str, report=None):
        super().__init__(message)
        self.report = report


class UnavailableError(TableError):
    """The server that holds a shared table does not answer, or not as it should."""


class FallbackWarning(UserWarning):
    """A version could not be served, and an earlier one answers in its place."""


@contextmanager
def telling(path) -> Iterator[None]:
    """Let what the system or SQLite says of a file come out as a TableError that names it."""
    try:
        yield
    except sqlite3.IntegrityError:  # the fault of a row, not of the file
        raise
    except OSError as error:
        raise TableError(f"{path} cannot be used: {reason(error)}.") from error
    except sqlite3.Error as error:
        raise _told(error, path) from error


def _told(error: sqlite3.Error, path) -> TableError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_NOTADB):
        return CorruptTableError(
            f"{path} is not a candidate ({error}): it needs the tables predictions(key, value) and "
            f"meta(name, value). Give another path, or score anew with overwrite=True."
        )
    if code == sqlite3.SQLITE_CORRUPT:
        return CorruptTableError(f"{path} is damaged ({error}): make it again.")
    too_long = len(os.fsencode(path)) > 500
    words = {
        sqlite3.SQLITE_FULL: "the disk is full: free some space",
        sqlite3.SQLITE_IOERR: f"{error}: is the disk full? Free some space",
        sqlite3.SQLITE_BUSY: "another process is writing it: wait until it is done",
        sqlite3.SQLITE_LOCKED: "another process is writing it: wait until it is done",
        sqlite3.SQLITE_READONLY: "it can only be read: use another folder",
        sqlite3.SQLITE_PERM: "your account may not do that there: use another folder",
        sqlite3.SQLITE_CANTOPEN: "the path is too long: use a folder with a shorter one"
        if too_long
        else "it cannot be opened: see that it is there and that your account may read it",
    }
    return TableError(f"{path} cannot be used: {words.get(code, error)}.")


def spelled(text: str) -> str:
    """A key for an error message, so that keys that look alike can be told apart.

    Examples
    --------
    >>> print(spelled("Zürich"), spelled("Zu\\u0308rich"), spelled("UA\\u00a0EWR"))
    'Zürich' 'Zu\\u0308rich' 'UA\\xa0EWR'
    """
    return repr(text) if unicodedata.is_normalized("NFC", text) else ascii(text)
