"""Writing a file so that nobody ever meets half of it, and a lock that is waited for, not for ever.

Stands on the ground floor, standard library only: it knows files, and nothing of what is in them.
Works on Linux, macOS and Windows. Errors are `OSError`; `reason` puts one into a few plain words.
"""

import contextlib
import errno
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

if os.name == "nt":
    import msvcrt
else:
    import fcntl

PART = ".part"
"""How the name of a file ends that is being written: ``<target>.<16 hex digits>.part``."""
PATIENCE = 5.0 if os.name == "nt" else 0.0
"""For how many seconds an action is tried again that Windows refuses while a file is in use."""
PAST_THE_END = 1 << 30
"""Where the byte stands that is locked on Windows, where a lock keeps readers out too."""

Result = TypeVar("Result")


def write_atomically(path, data: bytes | str, *, mode: int = 0o600) -> None:
    """Let `path` hold `data` from one instant to the next: a reader sees all of the old or the new.

    A text is written as UTF-8, its line ends as they are. If `path` is a link, the link is
    replaced, not its target. Where the write fails (`OSError`), `path` is what it was before.
    `mode` are the permissions of the file, less those that the umask takes away.
    """
    with replacing(path, mode=mode) as part:
        part.write_bytes(data.encode("utf-8") if isinstance(data, str) else data)


@contextmanager
def replacing(path, *, mode: int = 0o600) -> Iterator[Path]:
    """Give an empty file beside `path` to write into; at the end of the block it becomes `path`.

    Its name cannot be guessed and it is made anew, so that nothing planted there is written
    through. If the block fails, the file is deleted and `path` stays what it was. A process that
    is killed leaves it behind: see `PART`.
    """
    path, owner = Path(path), os.getpid()
    part = path.with_name(f"{path.name}.{secrets.token_hex(8)}{PART}")
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0)
    os.close(os.open(part, flags, mode))
    try:
        yield part
        _sync(part)
        patiently(lambda: os.replace(part, path))
        _sync_folder(path.parent)
    finally:
        if os.getpid() == owner:  # in a child that was forked meanwhile, it is the parent's
            discard(part)


@contextmanager
def locked(path, *, timeout: float = 10.0) -> Iterator[None]:
    """Keep others out, in this process and in others, while the block runs.

    The lock is the operating system's: it ends with its process, however that dies. The file at
    `path` is made when absent, holds nothing and stays. Not re-entrant. Raises TimeoutError if
    somebody else holds it for longer than `timeout` seconds.
    """
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    with holding(os.open(path, flags, 0o666), path, timeout=timeout):
        yield


@contextmanager
def holding(handle: int, path, *, timeout: float, needed: bool = True) -> Iterator[None]:
    """As `locked`, for a file that is open as `handle` already and is closed with the block.

    Unless the lock is `needed`, a file system that knows no locks is no error.
    """
    _held.add(handle)
    try:
        try:
            _wait_for(handle, path, timeout)
        except OSError as error:
            if needed or isinstance(error, TimeoutError):
                raise
        yield
    finally:
        # A child forked meanwhile has closed its copy, and must not unlock what its parent holds.
        if handle in _held:
            _held.discard(handle)
            _unlock(handle)
            os.close(handle)


def patiently(action: Callable[[], Result]) -> Result:
    """Do `action`, again and again while Windows says that somebody has the file open."""
    deadline, pause = time.monotonic() + PATIENCE, 0.001
    while True:
        try:
            return action()
        except PermissionError:
            if time.monotonic() + pause > deadline:
                raise
        time.sleep(pause)
        pause = min(2 * pause, 0.1)


def discard(path) -> None:
    """Delete a file if that is possible now; what cannot be deleted stays."""
    with contextlib.suppress(OSError):
        os.unlink(path)


def reason(error: OSError) -> str:
    """What an `OSError` means and how to mend it, in a few words.

    >>> reason(OSError(errno.ENOSPC, "No space left on device"))
    'the disk is full: free some space'
    """
    forbidden = "your account may not do that there: use another folder"
    known = {
        errno.ENOSPC: "the disk is full: free some space",
        errno.EDQUOT: "your share of the disk is used up: free some space",
        errno.EFBIG: "the file is larger than the system allows: raise the limit",
        errno.EROFS: "the disk can only be read: use another folder",
        errno.EACCES: forbidden,
        errno.EPERM: forbidden,
        errno.ENAMETOOLONG: "the path is too long: use a folder with a shorter one",
        errno.ENOENT: "it is not there",
        errno.ENOTDIR: "a part of the path is a file: use another folder",
        errno.EISDIR: "it is a folder: move it away",
        errno.EEXIST: "there is a file of that name: use another folder",
        errno.ELOOP: "it is a link: delete the link",
        errno.EMFILE: "too many files are open: close some",
    }
    return known.get(error.errno, error.strerror or str(error))


def _sync(path: Path) -> None:
    """Wait until the file is on the disk, so that a power cut cannot take it back."""
    with open(path, "rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make a rename outlive a power cut, where the system can; by now it has taken place."""
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _wait_for(handle: int, path, timeout: float) -> None:
    deadline, pause = time.monotonic() + timeout, 0.001
    while not _try_lock(handle):
        if time.monotonic() + pause > deadline:
            raise TimeoutError(
                f"{path} has been locked by somebody else for {timeout:g} s: wait until the other "
                f"process is done, or end it, then try again."
            )
        time.sleep(pause)
        pause = min(2 * pause, 0.05)


def _try_lock(handle: int) -> bool:
    try:
        if os.name == "nt":
            os.lseek(handle, PAST_THE_END, os.SEEK_SET)  # so that the file itself can be read
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
            return False
        raise
    return True


def _unlock(handle: int) -> None:
    with contextlib.suppress(OSError):  # never got it
        if os.name == "nt":
            os.lseek(handle, PAST_THE_END, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_UN)


_held: set[int] = set()


def _let_go_in_child() -> None:
    """Close, and do not unlock: a forked child shares the lock with its parent, who needs it."""
    for handle in _held:
        with contextlib.suppress(OSError):
            os.close(handle)
    _held.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go_in_child)
