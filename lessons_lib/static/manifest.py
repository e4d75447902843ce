"""Which versions of a table exist, and which of them serves: the list behind the pointer.

Lesson 02 publishes and rolls back with it; `lessons_lib.static.store` keeps it in a file,
`lessons_lib.static.shared` in Redis. This file is pure: it makes a new manifest from an old one,
and knows neither files nor servers.
"""

import json
from dataclasses import asdict, dataclass, replace

from lessons_lib.static.errors import NotPublishedError, TableError, not_published


@dataclass(frozen=True)
class Version:
    """One published table; never changed once it is there.

    Parameters
    ----------
    name : str
        For people, e.g. ``"board-7"``.
    place : str
        For the store: a file name, or a key in Redis.
    rows : int
        How many keys it answers.
    as_of : float
        When its information was taken, in seconds since the epoch. The age of an answer counts
        from here, not from the moment of publishing.
    published_at : float
        When it was published, in seconds since the epoch.
    model : str
        The name of the model that made it.
    checksum : str
        SHA-256 of the file; empty where the store has none.
    before : str or None
        The version that served when this one was published: where a rollback goes.
    """

    name: str
    place: str
    rows: int
    as_of: float
    published_at: float
    model: str = ""
    checksum: str = ""
    before: str | None = None


@dataclass(frozen=True)
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
    published: int = 0
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
        if keep is None:
            return grown
        kept = {v.name for v in grown.line()[:keep]}
        return replace(grown, versions=tuple(v for v in grown.versions if v.name in kept))

    def serve(self, name: str | None = None) -> "Manifest":
        """The manifest in which `name` serves; None means the one that served before.

        Raises
        ------
        NotPublishedError
            If there is no such version; the message lists those there are.
        """
        if self.current is None:
            raise not_published(self.table)
        if name is not None:
            return replace(self, current=self.find(name).name)
        line = self.line()
        if len(line) < 2:
            raise NotPublishedError(
                f"No version before '{self.current}' is kept: name one of "
                f"{', '.join(v.name for v in self.versions)}, or publish a new one."
            )
        return replace(self, current=line[1].name)

    def find(self, name: str) -> Version:
        """The version called `name`; raises NotPublishedError if it is not kept."""
        for version in self.versions:
            if version.name == name:
                return version
        way_out = (
            f"run publish() or roll back to '{self.current}'" if self.current else "run publish()"
        )
        raise NotPublishedError(f"PredictionTable '{name}' is not published: {way_out}.")

    def line(self) -> list[Version]:
        """The version that serves, the one that served before it, and so on back in time."""
        by_name = {version.name: version for version in self.versions}
        line, name = [], self.current
        while name in by_name:
            line.append(by_name[name])
            name = by_name[name].before
        return line

    def frame(self):
        """The versions as a DataFrame: name, rows, as_of, published_at, model, current."""
        import pandas as pd  # here, because a service that only looks keys up has no need of it

        columns = ["name", "rows", "as_of", "published_at", "model"]
        frame = pd.DataFrame([asdict(version) for version in self.versions], columns=columns)
        return frame.assign(current=frame["name"] == self.current)

    def to_json(self) -> str:
        """The manifest as text, the versions one a line so that people can read it."""
        head = {"table": self.table, "current": self.current, "published": self.published}
        rows = ",\n  ".join(json.dumps(asdict(version)) for version in self.versions)
        return f'{json.dumps(head)[:-1]}, "versions": [\n  {rows}\n]}}\n'

    @classmethod
    def from_json(cls, text: str, *, where: str) -> "Manifest":
        """Read `to_json` back; raises TableError that names `where` if it is something else."""
        try:
            parts = json.loads(text)
            versions = tuple(Version(**version) for version in parts.pop("versions"))
            return cls(**parts, versions=versions)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise TableError(
                f"{where} does not hold the list of versions ({error}): put a good copy in its place, "
                f"or delete it and publish again."
            ) from None
