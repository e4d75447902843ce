"""What the learner has done, as a file of events in JSON that only grows, and no personal data.

Several notebooks may write at once: an event is one write to the end of the file, under a lock. What
cannot be written is kept in memory, said, and written with the next event that can be. It must not
know what a right answer is.
"""

import csv
import io
import json
import os
import random
import secrets
import sys
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from lessons_lib import files
from lessons_lib.answer import Clock
from lessons_lib.record import state

FILE_NAME = "progress.jsonl"
VARIABLE = "LESSONS_PROGRESS"
LOCK_WAIT = 2.0
"""Seconds that an event waits for another program to let the file go."""

_current: "Progress | None" = None


def current() -> "Progress":
    """The progress kept where this kernel was started, or where ``LESSONS_PROGRESS`` says.

    That may name a file or a folder; another file takes over what could not be saved in the last.
    """
    global _current
    named = os.path.expanduser(os.environ.get(VARIABLE, "").strip())
    path = Path(named) if os.path.isabs(named) else started_in() / (named or FILE_NAME)
    if os.path.isdir(path):
        path /= FILE_NAME
    if _current is None or _current.path != path:
        last, _current = _current, Progress(path)
        if last is not None:
            _current._unsaved, last._unsaved = last._unsaved, []
    return _current


@cache
def started_in() -> Path:
    """The folder in which this kernel was started: ``%cd`` leaves the progress where it is."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    try:
        return Path(getattr(shell, "starting_dir", None) or os.getcwd())
    except OSError:  # the folder was deleted
        return Path()


def seed_file(path: Path) -> Path:
    """Where the seed of a progress file lies: beside it."""
    return path.with_name(f".{path.stem}.seed")


def export(path: str | Path) -> Path:
    """Write the progress of this folder as a table for teachers; see `Progress.export`."""
    return current().export(path)


class Progress:
    """An append-only record of one learner's events, in a file that the first event makes.

    `trouble` says why the last events are not in the file, and what to do; it is empty while all are.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     progress = Progress(Path(folder) / "progress.jsonl")
    ...     progress.record("exercise", "l02_keys", outcome="pass", code="pass")
    ...     progress.state().exercises["l02_keys"].passed
    True
    """

    def __init__(self, path: str | Path, *, clock: Clock = time.time):
        self.path = Path(path)
        self._own_seed: str | None = None
        self.trouble = ""
        self._clock = clock
        self._unsaved: list[dict] = []
        self._lock, self._process = threading.Lock(), os.getpid()

    def record(self, kind: str, name: str, **fields: Any) -> None:
        """Add one event of what was done; a file that cannot be written is reported, not raised."""
        if self._process != os.getpid():  # a fork: what is unsaved is its parent's to save
            self._lock, self._process, self._unsaved = threading.Lock(), os.getpid(), []
        event = {"time": round(self._clock()), "kind": kind, "id": name, **fields}
        with self._lock:
            waiting = [*self._unsaved, event]
            lines = [json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in waiting]
            try:
                _append(self.path, "".join(f"{line}\n" for line in lines).encode("utf-8"))
                self._unsaved, self.trouble = [], ""
            except OSError as error:
                said, self._unsaved, why = self.trouble, waiting, error.strerror
                self.trouble = (
                    f"Your progress cannot be saved in {self.path} "
                    f"({why or 'another program locks it'}): it is kept until this kernel stops. "
                    f"To save it, mend that, or set {VARIABLE} to a file that can be written."
                )
                if not said:
                    print(self.trouble, file=sys.stderr)

    def events(self) -> list[dict]:
        """All events in their order; lines that are torn, damaged or foreign are passed over."""
        content = b""
        if os.path.isfile(self.path):  # and no pipe, which would have us wait
            with suppress(OSError):
                content = self.path.read_bytes()
        return [*filter(None, map(_parse, content.split(b"\n"))), *self._unsaved]

    def shuffled(self, name: str, keys: Iterable[str]) -> list[str]:
        """`keys` in this learner's own order for `name`, which stays the same from day to day.

        It follows from a random text in a small file beside the progress, ``.progress.seed``.
        """
        order = list(keys)
        random.Random(f"{self._seed()} {name}").shuffle(order)
        return order

    def _seed(self) -> str:
        """The text in the file of the seed, made if there is none; where that fails, until the end."""
        if self._own_seed is None:
            made, path = secrets.token_bytes(8), seed_file(self.path)
            self._own_seed = made.hex()
            with suppress(OSError):
                try:
                    with path.open("xb") as file:
                        file.write(made)
                except FileExistsError:
                    if path.is_file():  # and no pipe, which would have us wait
                        self._own_seed = path.read_bytes()[:100].hex()
        return self._own_seed

    def state(self) -> state.State:
        """Where the learner stands: the events, replayed."""
        return state.replay(self.events())

    def export(self, path: str | Path) -> Path:
        """Write one row for each exercise, question and prediction to a ``.csv`` or ``.json`` file.

        Another ending raises `ValueError`. If it cannot be written (`OSError`), the file is as before.
        """
        path, rows = Path(path).expanduser(), self.state().rows()
        text = io.StringIO(newline="")
        if path.suffix == ".json":
            text.write(json.dumps(rows, indent=1, ensure_ascii=False) + "\n")
        elif path.suffix == ".csv":
            writer = csv.DictWriter(text, state.COLUMNS)
            writer.writeheader()
            writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
        else:
            raise ValueError(f"{str(path)!r} cannot be exported: end it in .csv or .json.")
        try:
            files.write_atomically(path, text.getvalue(), mode=0o666)
        except OSError as error:
            why = error.strerror or str(error)
            raise OSError(f"{path} cannot be written ({why}): name a file elsewhere.") from None
        return path


def _parse(line: bytes) -> dict | None:
    try:
        event = json.loads(line.strip(b"\0\t\r \xef\xbb\xbf"))
    except (ValueError, RecursionError):
        return None
    known = isinstance(event, dict) and isinstance(event.get("kind"), str)
    return event if known and isinstance(event.get("id"), str) else None


def _cell(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in set("=+-@\t\r\n") else value


def _append(path: Path, lines: bytes) -> None:
    """Write whole lines to the end of the file or none, after the torn line of a crash if any."""
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags, 0o644)
    with files.holding(handle, path, timeout=LOCK_WAIT, needed=False):
        end = os.lseek(handle, 0, os.SEEK_END)
        if end:
            os.lseek(handle, end - 1, os.SEEK_SET)
            lines = lines if os.read(handle, 1) in (b"\n", b"") else b"\n" + lines
        try:
            while lines:
                lines = lines[os.write(handle, lines) :]
        except OSError:
            with suppress(OSError):
                os.ftruncate(handle, end)
            raise
