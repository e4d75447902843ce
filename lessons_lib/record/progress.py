"""What the learner has done, as a file of lines that only grows.

Used by exercises, quizzes, predictions and the dashboard. It holds no personal data: ids, outcomes,
answers and times, and neither names nor code. It must not know what a right answer is.

Each line is one event in JSON. Replaying the events gives the state, so answers outlive the kernel.
Several notebooks may write at once: an event is one write to the end of the file, under a lock.
"""

import contextlib
import csv
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lessons_lib.answer import Clock
from lessons_lib.record import state

FILE_NAME = "progress.jsonl"
VARIABLE = "LESSONS_PROGRESS"

_opened: dict[Path, "Progress"] = {}


def current() -> "Progress":
    """The progress kept in the working folder, or in the file that ``LESSONS_PROGRESS`` names."""
    named = os.environ.get(VARIABLE)
    path = Path(named) if named else Path.cwd() / FILE_NAME
    return _opened.setdefault(path, Progress(path))


def export(path: str | Path) -> Path:
    """Write the progress of this folder as a table for teachers; see `Progress.export`."""
    return current().export(path)


class Progress:
    """An append-only record of one learner's events.

    Parameters
    ----------
    path : path
        The file; it is made by the first event.
    clock : callable
        Gives the time in seconds since the epoch.

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
        self._clock = clock
        self._unsaved: list[dict] = []
        self._warned = False

    def record(self, kind: str, name: str, **fields: Any) -> None:
        """Add one event. A folder that cannot be written is reported once; nothing is raised.

        Parameters
        ----------
        kind : str
            ``"exercise"``, ``"question"``, ``"prediction"`` or ``"reveal"``.
        name : str
            The id, which names the lesson.
        **fields
            What else belongs to it, as JSON can hold it.
        """
        event = {"time": round(self._clock()), "kind": kind, "id": name, **fields}
        line = json.dumps(event, ensure_ascii=False, separators=(",", ":")) + "\n"
        try:
            _append(self.path, line.encode("utf-8"))
        except OSError as error:
            self._unsaved.append(event)
            self._warn(error)

    def events(self) -> list[dict]:
        """All events in their order; lines that are torn or foreign are passed over."""
        try:
            text = self.path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            text = ""
        parsed = (_parse(line) for line in text.split("\n"))
        return [event for event in parsed if event is not None] + self._unsaved

    def state(self) -> state.State:
        """Where the learner stands: the events, replayed."""
        return state.replay(self.events())

    def export(self, path: str | Path) -> Path:
        """Write one row for each exercise, question and prediction.

        Parameters
        ----------
        path : path
            Ends in ``.csv`` or ``.json``.

        Raises
        ------
        ValueError
            If the name ends in something else.
        """
        path = Path(path)
        rows = self.state().rows()
        if path.suffix == ".json":
            text = json.dumps(rows, indent=1, ensure_ascii=False) + "\n"
            path.write_text(text, encoding="utf-8")
        elif path.suffix == ".csv":
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, state.COLUMNS)
                writer.writeheader()
                writer.writerows(rows)
        else:
            raise ValueError(f"{str(path)!r} cannot be exported: end it in .csv or .json.")
        return path

    def _warn(self, error: OSError) -> None:
        if not self._warned:
            self._warned = True
            why = error.strerror or type(error).__name__
            print(
                f"Your progress cannot be saved in {self.path} ({why}): it is kept until this "
                f"kernel stops. To save it, set {VARIABLE} to a file that can be written.",
                file=sys.stderr,
            )


def _parse(line: str) -> dict | None:
    try:
        event = json.loads(line)
    except ValueError:
        return None
    known = isinstance(event, dict) and isinstance(event.get("kind"), str)
    return event if known and isinstance(event.get("id"), str) else None


def _append(path: Path, line: bytes) -> None:
    """Write `line` to the end of the file in one piece, after the torn line of a crash if any."""
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags, 0o644)
    try:
        with _locked(handle):
            end = os.lseek(handle, 0, os.SEEK_END)
            if end:
                os.lseek(handle, end - 1, os.SEEK_SET)
                line = line if os.read(handle, 1) in (b"\n", b"") else b"\n" + line
            os.write(handle, line)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _locked(handle: int) -> Iterator[None]:
    """Keep other processes from writing; where a file system has no locks, go on without."""
    if sys.platform == "win32":
        import msvcrt

        os.lseek(handle, 1 << 30, os.SEEK_SET)  # a byte past the end stands for the whole file
        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
        try:
            yield
        finally:
            os.lseek(handle, 1 << 30, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
        return
    import fcntl

    with contextlib.suppress(OSError):
        fcntl.flock(handle, fcntl.LOCK_EX)
    yield  # closing the file gives the lock back
