"""The set-up check of the start page: what is ready, and the fix for what is not.

Used by lesson 00. It must not change anything: it looks, and leaves no file behind.
"""

import importlib.metadata
import os
import re
import socket
import sys
import tempfile
from html import escape
from pathlib import Path
from typing import NamedTuple

from lessons_lib.record import page

ROOT = Path(__file__).resolve().parents[2]
AGAIN = "close JupyterLab and start it again by `python3 -m lessons_lib lab`"
NEEDED = (
    "jupyterlab",
    "ipywidgets",
    "anywidget",
    "altair",
    "scikit-learn",
    "onnxruntime",
    "fastapi",
)
DATA = ("flights.csv.gz", "weather.csv.gz", "reviews.csv.gz", "SOURCES.md")
_CELL = "text-align: left; vertical-align: top; padding: 0.3em 0.9em 0.3em 0"


class Finding(NamedTuple):
    """One thing that was looked at; `fix` is empty when all is well."""

    what: str
    found: str
    fix: str = ""


def check_setup() -> None:
    """Show what is ready for the course and, for anything that is not, the fix."""
    findings = look()
    amiss = [one for one in findings if one.fix]
    closing = f"{len(amiss)} to mend." if amiss else "Everything is ready."
    rows = [(one.what, one.found, f"Mend: {one.fix}" if one.fix else "ready") for one in findings]
    text = "\n".join([*(" | ".join(row) for row in rows), closing])
    body = "".join(
        f'<tr><th scope="row" style="{_CELL}">{escape(row[0])}</th>'
        + "".join(f'<td style="{_CELL}">{page.inline(cell)}</td>' for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    head = "".join(f'<th scope="col" style="{_CELL}">{t}</th>' for t in ("Part", "Found", "State"))
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    page.show(text, table + f"<p><strong>{closing}</strong></p>")


def look(*, root: Path = ROOT, folder: Path | None = None) -> list[Finding]:
    """Look at every part of the set-up.

    Parameters
    ----------
    root : Path
        The course's folder, with the lock and the package in it.
    folder : Path, optional
        Where the notebook runs; by default the current folder.

    Returns
    -------
    list of Finding
        In the order of the table on the start page.
    """
    return [
        _python(sys.version_info[:2]),
        _packages(root / "requirements.txt"),
        _data(root / "lessons_lib" / "data"),
        _folder(folder or Path.cwd()),
        _server(),
    ]


def _python(version: tuple[int, int]) -> Finding:
    known = (3, 11) <= version <= (3, 13)
    fix = "" if known else f"install Python 3.12, delete the folder `.venv`, then {AGAIN}"
    return Finding("Python", "{}.{}".format(*version), fix)


def _packages(lock: Path) -> Finding:
    try:
        pinned = dict(re.findall(r"^([\w.-]+)==([^\s;]+)", lock.read_text(encoding="utf-8"), re.M))
    except OSError:
        return Finding("Packages", "no requirements.txt", f"clone the course again, then {AGAIN}")
    wrong = []
    for name in NEEDED:
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            wrong.append(f"{name} is missing")
            continue
        if version != pinned.get(name):
            wrong.append(f"{name} is {version}, not {pinned.get(name)}")
    if wrong:
        return Finding("Packages", "; ".join(wrong), AGAIN)
    return Finding("Packages", "as in the lock")


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


def _server() -> Finding:
    try:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            probe.listen()
            with socket.create_connection(probe.getsockname(), timeout=2):
                return Finding("A server on this machine", "can be started and reached")
    except OSError as error:
        found = os.strerror(error.errno) if error.errno else "no answer"
        fix = "allow Python to listen on 127.0.0.1 in your firewall (lesson 03 starts a service)"
        return Finding("A server on this machine", found, fix)
