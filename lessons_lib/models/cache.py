"""Fitted models on disk, so that a lesson starts in a second and not in twenty.

Used by `models.fit_or_load`. It knows how to keep an object under a name and a fingerprint, and
nothing of what is kept. The files are pickles that this module wrote into the user's own cache
folder. A pickle can run code when it is read, so never point ``$LESSONS_CACHE`` at files from
somebody else; the digest in front of each guards against damage, not against malice.
"""

import contextlib
import hashlib
import os
import pickle
import platform
import tempfile
import warnings
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

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
        return Path(told).expanduser()
    from platformdirs import user_cache_path

    return user_cache_path("lessons_lib", appauthor=False)


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
    """The kept model of this name and fingerprint, or None: absent, stale or damaged."""
    try:
        content = _file(name, folder).read_bytes()
    except OSError:
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
    folder that cannot be written costs a warning; the model itself is fine.
    """
    body = pickle.dumps(model)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, path = tempfile.mkstemp(dir=folder, prefix=f"{name}-", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(body).digest() + body)
            # Windows refuses while another process reads the target, which then is the same model.
            with contextlib.suppress(PermissionError):
                os.replace(path, _file(name, folder))
        finally:
            Path(path).unlink(missing_ok=True)
        _forget_old(name, folder)
    except OSError as error:
        message = f"Cannot keep the model {name!r} in {folder} ({error}); it is fitted each time."
        warnings.warn(f"{message} Set LESSONS_CACHE to a folder that can be written.", stacklevel=3)


def _file(name: str, folder: Path) -> Path:
    return folder / f"{name}-{fingerprint()}.model"


def _forget_old(name: str, folder: Path) -> None:
    files = sorted(folder.glob(f"{name}-????????????????.model"), key=lambda f: f.stat().st_mtime)
    for file in files[:-KEPT]:
        file.unlink(missing_ok=True)
