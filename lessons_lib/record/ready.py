"""The set-up check of the start page: what is ready, and the fix for what is not.

It must not change anything: it looks, and leaves no file behind.
"""

import importlib
import importlib.metadata
import os
import re
import socket
import sys
import tempfile
from importlib.machinery import PathFinder
from pathlib import Path
from typing import NamedTuple

from lessons_lib import NEWEST, OLDEST
from lessons_lib.record import page

ROOT = Path(__file__).resolve().parents[2]
AGAIN = "close JupyterLab and start it again by `python3 -m lessons_lib lab`"
NEEDED = (
    *("jupyterlab", "ipywidgets", "anywidget", "altair", "numpy", "scipy", "pandas"),
    *("scikit-learn", "onnxruntime", "pandera", "fastapi", "uvicorn", "httpx", "redis"),
)
DATA = ("flights.csv.gz", "weather.csv.gz", "reviews.csv.gz", "SOURCES.md")


class Finding(NamedTuple):
    """One thing that was looked at; `fix` is empty when all is well."""

    what: str
    found: str
    fix: str = ""


def check_setup() -> None:
    """Show what is ready for the course and, for anything that is not, the fix."""
    findings = look()
    amiss = sum(bool(one.fix) for one in findings)
    closing = f"{amiss} to mend." if amiss else "Everything is ready."
    rows = [(one.what, one.found, f"Mend: {one.fix}" if one.fix else "ready") for one in findings]
    text = "\n".join([*(" | ".join(row) for row in rows), closing])
    table = page.table(
        "Your set-up", ("Part", "Found", "State"), [map(page.inline, r) for r in rows]
    )
    page.show(text, f'<div lang="en" dir="ltr">{table}<p><strong>{closing}</strong></p></div>')


def look(*, root: Path = ROOT, folder: Path | None = None) -> list[Finding]:
    """Look at the course in `root` and at the notebook's `folder`, by default the current one."""
    folder = folder or Path.cwd()
    return [
        _python(sys.version_info[:2]),
        _packages(root / "requirements.txt"),
        _data(root / "lessons_lib" / "data"),
        _folder(folder),
        _own_files(folder),
        _server(),
    ]


def _python(version: tuple[int, int]) -> Finding:
    known = OLDEST <= version <= NEWEST
    fix = "" if known else f"install Python 3.12, delete the folder `.venv`, then {AGAIN}"
    return Finding("Python", "{}.{}".format(*version), fix)


def _packages(lock: Path) -> Finding:
    try:
        pinned = dict(re.findall(r"^([\w.-]+)==([^\s;]+)", lock.read_text(encoding="utf-8"), re.M))
    except OSError:
        return Finding("Packages", "no requirements.txt", f"clone the course again, then {AGAIN}")
    wrong = "; ".join(filter(None, (_package(name, pinned.get(name)) for name in NEEDED)))
    found = wrong or "as in the lock, and each can be imported"
    return Finding("Packages", found, AGAIN if wrong else "")


def _package(name: str, pinned: str | None) -> str:
    """What is wrong with a package: its version, its place, or what its import raises."""
    module = "sklearn" if name == "scikit-learn" else name
    try:
        about = importlib.metadata.distribution(name)
        place = importlib.import_module(module).__file__ or ""
    except importlib.metadata.PackageNotFoundError:
        return f"{name} is missing"
    except (Exception, SystemExit) as error:
        spec = PathFinder.find_spec(module)
        where = f" from `{spec.origin}`" if spec and spec.origin else ""
        return f"{name}{where} cannot be imported ({type(error).__name__}: {error})"
    if about.version != pinned:
        return f"{name} is {about.version}, not {pinned}"
    if not Path(place).resolve().is_relative_to(Path(str(about.locate_file(""))).resolve()):
        return f"{name} is taken from `{place}`"
    return ""


def _data(folder: Path) -> Finding:
    missing = [name for name in DATA if not (folder / name).is_file()]
    if missing:
        fix = "run `git checkout -- lessons_lib/data` in the course's folder"
        return Finding("Data", f"{missing[0]} is missing", fix)
    return Finding("Data", "flights, weather, film reviews")


def _folder(folder: Path) -> Finding:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return Finding("This folder", "can be written to")
    except OSError:
        fix = "copy the course to a folder of your own; until then your progress is not kept"
        return Finding("This folder", "cannot be written to", fix)


def _own_files(folder: Path) -> Finding:
    """A file here that bears the name of a module of Python's or of a package."""
    elsewhere = [one for one in sys.path if one and Path(one).resolve() != folder.resolve()]
    known, found = {*sys.stdlib_module_names, "lessons_lib"}, []
    for place in (folder, folder / "work"):
        names = sorted({one.name.split(".")[0] for one in place.glob("*")})
        for name in filter(str.isidentifier, names):
            spec = PathFinder.find_spec(name, [str(place)])
            # A folder without `__init__.py` has no origin, and yields to a package elsewhere.
            own = spec and spec.origin
            if own and (name in known or PathFinder.find_spec(name, elsewhere)):
                found.append(f"`{Path(spec.origin).relative_to(folder)}`")
    if found:
        fix = "rename it: Python has something else by that name"
        return Finding("Your own files", ", ".join(found), fix)
    return Finding("Your own files", "none has the name of a package")


def _server() -> Finding:
    try:
        with (
            socket.create_server(("127.0.0.1", 0)) as probe,
            socket.create_connection(probe.getsockname(), timeout=2),
        ):
            return Finding("A server on this machine", "can be started and reached")
    except OSError as error:
        found = os.strerror(error.errno) if error.errno else "no answer"
        fix = "allow Python to listen on 127.0.0.1 in your firewall (lesson 03 starts a service)"
        return Finding("A server on this machine", found, fix)
