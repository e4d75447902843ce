"""Which versions of a table exist and which of them serves: the list, and the file that holds it.

The version files are large and never change, so the only thing that must change in one instant is
this small file. The list (`Manifest`) is pure: a new one is made from an old one. `Pointer` reads,
replaces and locks the file. Neither knows what a version holds.
"""

import contextlib
import errno
import hashlib
import json
import os
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import ConfigDict, Field, FiniteFloat, ValidationError
from pydantic.dataclasses import dataclass

from lessons_lib.files import discard, locked, patiently, replacing, write_atomically
from lessons_lib.static.errors import NotPublishedError, TableError, telling

LIMIT = 4_000_000
"""Bytes that a list of versions may have; some 10,000 versions."""
RESERVE = 16_384
"""Bytes of the file that is given up so that a rollback finds room on a full disk."""

Count = Annotated[int, Field(ge=0)]
strict = dataclass(frozen=True, config=ConfigDict(strict=True, extra="forbid"))


@strict
class Version:
    """One published table; never changed once it is there.

    The store keeps it at `place`, a file or a key in Redis. Times are in seconds since the epoch: the
    age of an answer counts from `as_of`, when its information was taken, and not from `published_at`.
    `checksum` is the SHA-256 of the file; in Redis, of what the table says. A rollback goes to
    `before`, the version that served when this one was published.
    """

    name: str
    place: Annotated[str, Field(pattern=r"^[^/\\\x00]+$")]
    rows: Count
    as_of: FiniteFloat
    published_at: FiniteFloat
    model: str = ""
    checksum: str = ""
    before: str | None = None


@strict
class Manifest:
    """All versions that are kept, oldest first, and the name of the one that serves.

    Examples
    --------
    >>> empty = Manifest("board")
    >>> one = empty.publish(Version(empty.next_name, "a.sqlite", 10, 0.0, 5.0))
    >>> two = one.publish(Version(one.next_name, "b.sqlite", 10, 60.0, 65.0))
    >>> two.current, two.serve("board-1").current
    ('board-2', 'board-1')
    """

    table: str
    current: str | None = None
    published: Count = 0
    versions: tuple[Version, ...] = ()

    @property
    def next_name(self) -> str:
        """The name the next version gets; a number is never given twice."""
        return f"{self.table}-{self.published + 1}"

    def publish(self, version: Version, *, keep: int | None = None) -> "Manifest":
        """The manifest in which `version` serves, and only `keep` versions are left.

        Those kept are the new one and the ones a rollback would walk through, so that a version
        that was rolled back from is the first to go.
        """
        version = replace(version, before=self.current)
        grown = Manifest(self.table, version.name, self.published + 1, (*self.versions, version))
        kept = {v.name for v in (grown.versions if keep is None else grown.line()[:keep])}
        return replace(grown, versions=tuple(v for v in grown.versions if v.name in kept))

    def serve(self, name: str | None = None) -> "Manifest":
        """The manifest in which `name` serves; None means the one that served before.

        Raises NotPublishedError if there is no such version; the message lists those there are.
        """
        self.serving()
        if name is not None:
            return replace(self, current=self.find(name).name)
        line = self.line()
        if len(line) < 2:
            raise NotPublishedError(
                f"No version before '{self.current}' is kept: name one of "
                f"{', '.join(v.name for v in self.versions)}, or publish a new one."
            )
        return replace(self, current=line[1].name)

    def serving(self) -> Version:
        """The version that serves; raises NotPublishedError if there is none."""
        return self.find(self.current or self.table)

    def find(self, name: str) -> Version:
        """The version called `name`; raises NotPublishedError if it is not kept."""
        for version in self.versions:
            if version.name == name:
                return version
        way_out = f" or roll back to '{self.current}'" if self.current else ""
        raise NotPublishedError(
            f"PredictionTable '{name}' is not published: run publish(){way_out}."
        )

    def line(self) -> list[Version]:
        """The version that serves, the one that served before it, and so on back in time."""
        by_name = {version.name: version for version in self.versions}
        line, name = [], self.current
        while name in by_name:
            line.append(by_name.pop(name))
            name = line[-1].before
        return line

    def to_json(self) -> str:
        """The manifest as text, sealed with a checksum; TableError if it could not be read back."""
        text = seal(asdict(self))
        if len(text) > LIMIT:
            raise TableError(
                f"PredictionTable '{self.table}' has {len(self.versions):,} versions, more than its "
                f"list holds: make the store with keep= so many as you would roll back to."
            )
        return text

    @classmethod
    def from_json(cls, text: str | bytes, *, where: str) -> "Manifest":
        """Read `to_json` back; raises TableError that names `where` if it is something else.

        A list without a checksum, as earlier editions of the course wrote it, is read as well.
        """
        try:
            if len(text) > LIMIT:
                raise ValueError(f"it is larger than {LIMIT:,} bytes")
            parts = unseal(text)
            parts["versions"] = tuple(Version(**version) for version in parts["versions"])
            manifest = cls(**parts)
            if manifest.current is not None:
                manifest.serving()
            return manifest
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(map(str, first["loc"]))
            problem = f"{field} is {str(first['input'])[:40]!r}: {first['msg']}"
        except (ValueError, TypeError, KeyError, RecursionError, NotPublishedError) as error:
            problem = " ".join(str(error).split())[:100] or type(error).__name__
        raise TableError(
            f"{where} does not hold the list of versions ({problem}): put a good copy in its place, "
            f"or delete it and publish again."
        )


def seal(parts: dict[str, Any]) -> str:
    """`parts` as JSON, with a checksum over all of them."""
    return json.dumps({**parts, "checksum": _digest(parts)}, indent=1) + "\n"


def unseal(text: str | bytes, *, required: bool = False) -> dict[str, Any]:
    """Read `seal` back; raises ValueError if it was changed by as little as a bit."""
    parts = json.loads(text)
    if not isinstance(parts, dict):
        raise ValueError("no object")
    if required or "checksum" in parts:
        found = parts.pop("checksum", None)
        if found != _digest(parts):
            raise ValueError("its checksum is not the one it was written with")
    return parts


def _digest(parts: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


class Pointer:
    """The pointer file of one table: ``<folder>/<table>.json``; the folder must exist."""

    def __init__(self, folder, table: str):
        self.folder, self.table = Path(folder), table
        self.path = self.folder / f"{table}.json"
        self._reserve = self.folder / f"{table}.reserve"

    def signature(self) -> tuple[int, int, int] | None:
        """What tells one state of the pointer from the next, cheap to ask; None if it is gone."""
        try:
            status = os.stat(self.path)
        except OSError:  # `read` says which
            return None
        return status.st_mtime_ns, status.st_ino, status.st_size

    def read(self) -> Manifest:
        """The versions and which of them serves; an empty manifest before the first publish."""
        with telling(self.path):
            try:
                text = patiently(self._read)
            except FileNotFoundError:
                if self.folder.is_dir():
                    return Manifest(self.table)
                raise TableError(
                    f"The folder {self.folder} of PredictionTable '{self.table}' is gone: put it "
                    f"back, or make a new store and publish again."
                ) from None
        return Manifest.from_json(text, where=str(self.path))

    def replace(self, manifest: Manifest, *, spend_reserve: bool = False) -> None:
        """Let `manifest` hold from one instant to the next; call it with the lock held.

        With `spend_reserve`, a small file kept for that is given up on a full disk, and made anew.
        """
        text = manifest.to_json()
        try:
            self._write(text)
        except OSError as error:
            if not spend_reserve or error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            discard(self._reserve)
            self._write(text)
        size = max(RESERVE, 4 * len(text))  # room for two more pointers, if there is any
        with contextlib.suppress(OSError):
            if not self._reserve.is_file() or self._reserve.stat().st_size < size:
                write_atomically(self._reserve, secrets.token_bytes(size))  # no system packs these

    @contextmanager
    def lock(self, timeout: float = 30.0) -> Iterator[None]:
        """Keep other publishers out, in this process and in others; readers take no part in it.

        Raises TableError if another one holds it for longer than `timeout` seconds.
        """
        path = self.folder / f"{self.table}.lock"
        with contextlib.ExitStack() as stack:
            with telling(path):
                try:
                    stack.enter_context(locked(path, timeout=timeout))
                except TimeoutError:
                    raise TableError(
                        f"Another process has been publishing to {self.folder} for {timeout:g} s: "
                        f"wait for it or end it, then try again."
                    ) from None
            yield

    def _read(self) -> bytes:
        # Not blocking, and checked: a pipe in the file's place would be waited for without end.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        handle = os.open(self.path, flags)
        with open(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise TableError(f"{self.path} is no file: move it away and publish again.")
            return file.read(LIMIT + 1)

    def _write(self, text: str) -> None:
        before = self.signature()
        with replacing(self.path, mode=0o644) as part:
            part.write_text(text, encoding="utf-8", newline="\n")
            # File systems stamp times in steps of milliseconds. Readers tell versions apart by
            # this stamp, so each gets a later one than the last.
            stamp = max(time.time_ns(), before[0] + 2_000_000 if before else 0)
            os.utime(part, ns=(stamp, stamp))
