"""Fitted models on disk, so that a lesson starts in a second and not in twenty.

It keeps an object under a name and a fingerprint, and knows nothing of what is kept. The files are
pickles, which can run code when they are read: only a file that this user alone can have written
is loaded (`distrust`). The digest in front of each guards against damage.
"""

import hashlib
import os
import pickle
import platform
import stat
import tempfile
import warnings
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from lessons_lib.files import reason, write_atomically

PACKAGE = Path(__file__).parents[1]
INPUTS = (
    *("data/flights.csv.gz", "data/weather.csv.gz", "data/reviews.csv.gz"),
    *("board/live_inputs.py", "board/__init__.py", "reviews.py"),
    *("models/features.py", "models/estimators.py", "models/recipes.py"),
)
"""What a fitted model depends on; a change in any of them makes the kept models stale."""
DIGEST = hashlib.sha256().digest_size
KEPT = 3  # versions of one model: enough for a few checkouts that share a user


def cache_folder() -> Path:
    """Where fitted models are kept: ``$LESSONS_CACHE``, else this user's cache folder."""
    told = os.environ.get("LESSONS_CACHE")
    if told:
        return Path(os.path.expanduser(told))
    from platformdirs import user_cache_path

    folder = user_cache_path("lessons_lib", appauthor=False)
    # Without a home folder it would be one called "~" in the current folder.
    return folder if folder.is_absolute() else Path(tempfile.gettempdir(), "lessons_lib-cache")


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """A name for everything that a fitted model depends on: data, sources and versions."""
    digest = hashlib.sha256(platform.python_version().encode())
    for package in ("scikit-learn", "numpy", "pandas"):
        digest.update(f"{package} {version(package)}\n".encode())
    for name in INPUTS:
        digest.update(hashlib.sha256((PACKAGE / name).read_bytes()).digest())
    return digest.hexdigest()[:16]


def load(name: str, folder: Path):
    """The kept model of this name and fingerprint, or None: absent, stale, damaged or not trusted.

    What somebody else may have written is not loaded, and a warning says so.
    """
    try:
        with open(_file(name, folder), "rb", opener=_opener) as file:
            why, content = distrust(folder, file.fileno()), file.read()
    except OSError:
        why, content = distrust(folder) if os.path.isdir(folder) else "", b""
    if why:
        advice = "set LESSONS_CACHE to a folder that only you can write"
        warnings.warn(f"The model {name!r} is fitted anew: {why}; {advice}.", stacklevel=3)
        return None
    digest, body = content[:DIGEST], content[DIGEST:]
    if hashlib.sha256(body).digest() != digest:
        return None
    try:
        return pickle.loads(body)
    except Exception:  # whatever is wrong with it, the way out is the same: fit anew
        return None


def save(name: str, model, folder: Path) -> None:
    """Keep a model. Readers see the old file or the new one, never half of it.

    Two processes may do so at once: each writes a file of its own and moves it into place. A
    folder that cannot be written costs a warning; the model is fine. In one that others may write
    nothing is kept: it would not be loaded.
    """
    body = pickle.dumps(model)
    try:
        for one in reversed((folder, *folder.parents)):  # with parents=True only the last is closed
            one.mkdir(exist_ok=True, mode=0o700)
        if distrust(folder):
            return
        write_atomically(_file(name, folder), hashlib.sha256(body).digest() + body)
        _forget_old(name, folder)
    except OSError as error:
        message = (
            f"Cannot keep the model {name!r} in {folder} ({reason(error)}); it is fitted each time."
        )
        warnings.warn(f"{message} Set LESSONS_CACHE to a folder that can be written.", stacklevel=3)


def distrust(folder: Path, handle: int | None = None) -> str:
    """Why a folder, and a file opened in it, may hold what somebody else wrote; else nothing.

    Both must be this user's and closed to others for writing. The folders above may be root's, and
    open if they are sticky, as ``/tmp`` is. Windows keeps the users' folders apart itself.
    """
    if not hasattr(os, "geteuid"):
        return ""
    folder = folder.resolve()
    looked_at = [(one, one.stat()) for one in (folder, *folder.parents)]
    if handle is not None:
        looked_at.insert(0, ("its file", os.fstat(handle)))
    for place, about in looked_at:
        above = place in folder.parents
        if about.st_uid != os.geteuid() and not (above and about.st_uid == 0):
            return f"{place} belongs to another user"
        if _open_to_others(about) and not (above and about.st_mode & stat.S_ISVTX):
            return f"{place} may be written by other users"
    return ""


def _open_to_others(about: os.stat_result) -> bool:
    """Whether others may write; a group of this user alone, as many systems have, is no other."""
    import grp
    import pwd

    if not about.st_mode & stat.S_IWGRP or about.st_mode & stat.S_IWOTH:
        return bool(about.st_mode & stat.S_IWOTH)
    try:
        return grp.getgrgid(about.st_gid).gr_name != pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return True


def _opener(path: str, flags: int) -> int:
    """Open without following a link, and without waiting for the other end of a pipe."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))


def _file(name: str, folder: Path) -> Path:
    return folder / f"{name}-{fingerprint()}.model"


def _forget_old(name: str, folder: Path) -> None:
    files = sorted(folder.glob(f"{name}-????????????????.model"), key=lambda f: f.stat().st_mtime)
    for file in files[:-KEPT]:
        file.unlink(missing_ok=True)
