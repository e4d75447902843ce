"""What every store of predictions is: a predictor with versions, whatever holds them.

A subclass gives ``publish``, ``rollback``, ``lookup_many``, ``table`` and ``_manifest()``, its list of
versions. This file knows neither files nor servers.
"""

import re
import time
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from lessons_lib.answer import Answer, Clock, key_of
from lessons_lib.static.pointer import Manifest, Version
from lessons_lib.static.table import Table, check_publishable, read_table

MISS = Answer(None, "default", float("nan"))
"""What every key gets that the table does not hold: a miss, never a guess."""


class Store:
    """A table of predictions, version by version.

    Parameters
    ----------
    name : str
        The table's name: its versions are called ``<name>-1``, ``<name>-2``, ...
    clock : callable
        Gives the time in seconds; ages are counted by it.
    keep : int, optional
        How many versions to keep for a rollback, the one that serves included; None keeps all.
    """

    def __init__(self, name: str = "board", clock: Clock = time.time, keep: int | None = None):
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
            raise ValueError(
                f"A table cannot be called {name!r}: use letters, digits, '_' and '-'."
            )
        if keep is not None and keep < 1:
            raise ValueError(f"keep is {keep}: give 1 or more versions, or None to keep all.")
        self.name, self.clock, self.keep = name, clock, keep

    def answer(self, request: Any) -> Answer:
        """What the table holds for the key of `request`, see `lessons_lib.answer.key_of`."""
        return self.lookup(key_of(request))

    def lookup(self, key: str) -> Answer:
        """The prediction for one key; ``Answer(None, "default", nan)`` if the table has none.

        Raises NotPublishedError if nothing was published yet, CorruptTableError if no version that
        is kept can be read, and TypeError if the key is no text.
        """
        return self.lookup_many((key,))[0]

    def lookup_many(self, keys: Iterable[str]) -> list[Answer]:
        """The answers for many keys, in their order, all from one version and of one age.

        Raises as `lookup` does, and TypeError if `keys` is a single text.
        """
        raise NotImplementedError

    def versions(self):
        """The versions that are kept, as a DataFrame, oldest first.

        Columns: ``name``, ``rows``, ``as_of`` and ``published_at`` in seconds since the epoch,
        ``model``, and ``current``, true for the one that serves.
        """
        import pandas as pd  # here, because a service that only looks keys up has no need of it

        manifest = self._manifest()
        columns = ["name", "rows", "as_of", "published_at", "model"]
        frame = pd.DataFrame([asdict(version) for version in manifest.versions], columns=columns)
        return frame.assign(current=frame["name"] == manifest.current)

    def age(self) -> float:
        """How old the information of the serving version is, in seconds."""
        return self.clock() - self._serving().as_of

    @property
    def current(self) -> str:
        """The name of the version that answers; raises NotPublishedError if there is none."""
        return self._serving().name

    def close(self) -> None:
        """Let go of what is open; a later look-up opens it again."""

    def __enter__(self):
        return self

    def __exit__(self, *exception) -> None:
        self.close()

    def _serving(self) -> Version:
        return self._manifest().serving()

    def _describe(self, whole: Table, manifest: Manifest, place: str, checksum: str) -> Version:
        return Version(
            name=manifest.next_name,
            place=place,
            rows=len(whole.rows),
            as_of=whole.as_of,
            published_at=float(self.clock()),
            model=whole.model,
            checksum=checksum,
        )


def read_verified(candidate, gate_report) -> Table:
    """Read a candidate to publish it; what is read is what the gate verified, or it is refused."""
    whole = read_table(candidate) if gate_report is None else gate_report.require(candidate)
    check_publishable(whole, candidate)
    return whole


def check_keys(keys: Iterable[str]) -> list[str]:
    """`keys` as a list; raises TypeError for a single text and for a key that is no text."""
    if isinstance(keys, str):
        raise TypeError(f"lookup_many needs a list of keys, got the one key {keys!r}: use lookup.")
    keys = list(keys)
    for key in keys:
        check_key(key)
    return keys


def check_key(key: str) -> None:
    """Raise TypeError for a key that is no text."""
    if not isinstance(key, str):
        raise TypeError(
            f"A key is a text, got {key!r}: lessons_lib.answer.key_of(request) gives a request's "
            f"key."
        )
