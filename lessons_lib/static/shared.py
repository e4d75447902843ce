"""The same table in Redis, for when many machines read it.

Lesson 05 sets it beside the file-based store: the same methods, the same rules, another price per
look-up. A version is one Redis hash that is written once and never overwritten, under a name of
its own; a pointer key names the one that serves. Overwriting the values in place would mix two
versions in the eyes of every reader that comes in between.

It needs a Redis server. It knows the manifest and the candidate's form, and no file of the store.
"""

import json
import time
import uuid
from collections.abc import Callable, Iterable
from contextlib import contextmanager, suppress

import redis

from lessons_lib.answer import Answer, Clock
from lessons_lib.static.errors import CorruptTableError, UnavailableError, not_published
from lessons_lib.static.lookups import MISS, check_keys, check_options
from lessons_lib.static.manifest import Manifest, Version
from lessons_lib.static.table import Snapshot, Table, snapshot

BUILD_SECONDS = 3600
"""An unfinished version, of a publisher that was killed, leaves by itself after this time."""

FIND = """
local serving = redis.call('GET', KEYS[1])
if not serving then return false end
local place = cjson.decode(serving)[1]
local values = {}
for first = 1, #ARGV, 5000 do
  local last = math.min(first + 4999, #ARGV)
  for _, value in ipairs(redis.call('HMGET', place, unpack(ARGV, first, last))) do
    values[#values + 1] = value
  end
end
return {serving, values, redis.call('EXISTS', place)}
"""
# One script, so that the pointer and the values are read at one instant: between two requests of a
# client a publish could come, and its pruning could take the version away.


class RedisPredictionStore:
    """A table of predictions in Redis, version by version; see `PredictionStore`.

    Parameters
    ----------
    client : redis.Redis or str
        A client, or a URL such as ``"redis://127.0.0.1:6379/0"``.
    name : str
        The table's name; several tables may share one server.
    clock : callable
        Gives the time in seconds; ages are counted by it.
    keep : int, optional
        How many versions to keep, the one that serves included; None keeps all.
    chunk_size : int
        Rows sent to the server at a time when publishing.

    Raises
    ------
    UnavailableError
        By every method, if no server answers.
    """

    def __init__(
        self,
        client,
        *,
        name: str = "board",
        clock: Clock = time.time,
        keep: int | None = None,
        chunk_size: int = 10_000,
    ):
        check_options(name, keep)
        self.client = redis.Redis.from_url(client) if isinstance(client, str) else client
        self.name, self.clock, self.keep, self.chunk_size = name, clock, keep, chunk_size
        # The braces keep all keys of a table on one machine of a Redis Cluster.
        self._root = f"predictions:{{{name}}}"
        self._serving, self._manifest = f"{self._root}:serving", f"{self._root}:manifest"
        self._find = self.client.register_script(FIND)

    def publish(self, candidate, gate_report=None) -> str:
        """Let a candidate serve from now on; as `PredictionStore.publish`."""
        if gate_report is not None:
            gate_report.require(candidate)
        building = f"{self._root}:building:{uuid.uuid4().hex}"
        with self._server(), snapshot(candidate) as source:
            self._build(source, building)

            def swing(before: Manifest) -> Manifest:
                version = Version(
                    name=before.next_name,
                    place=f"{self._root}:{before.published + 1}",
                    rows=source.count,
                    as_of=source.as_of,
                    published_at=self.clock(),
                    model=source.model,
                )
                return before.publish(version, keep=self.keep)

            return self._change(swing, building=building).current

    def lookup(self, key: str) -> Answer:
        """The prediction for one key; ``Answer(None, "default", nan)`` if the table has none.

        Raises NotPublishedError if nothing was published yet, TypeError if the key is no text,
        and CorruptTableError if the serving version is gone from the server's memory.
        """
        return self.lookup_many((key,))[0]

    def lookup_many(self, keys: Iterable[str]) -> list[Answer]:
        """The answers for many keys, in their order, all from one version and of one age."""
        keys = check_keys(keys)
        # Half a character, as broken JSON may carry, passes and then matches no key.
        encoded = [key.encode("utf-8", "surrogatepass") for key in keys]
        with self._server():
            found = self._find(keys=[self._serving], args=encoded)
        if found is None:
            raise not_published(self.name)
        serving, values, there = found
        place, name, as_of = json.loads(serving)
        if not there:
            raise CorruptTableError(
                f"PredictionTable '{name}' is gone from the server ({place} was evicted or "
                f"deleted): publish again, or roll back; keep predictions out of eviction."
            )
        age = self.clock() - as_of
        return [MISS if v in (None, b"", "") else Answer(float(v), "table", age) for v in values]

    def rollback(self, to: str | None = None) -> str:
        """Let an earlier version serve again; returns its name. See `PredictionStore.rollback`."""
        with self._server():
            return self._change(lambda before: before.serve(to)).current

    def versions(self):
        """The versions that are kept, as a DataFrame; see `PredictionStore.versions`."""
        return self._read().frame()

    def age(self) -> float:
        """How old the information of the serving version is, in seconds."""
        return self.clock() - self._current().as_of

    @property
    def current(self) -> str:
        """The name of the version that answers; raises NotPublishedError if there is none."""
        return self._current().name

    def table(self, version: str | None = None) -> Table:
        """The serving version or another one whole, as `PredictionStore.table` gives it."""
        import pandas as pd

        version = self._read().find(version) if version else self._current()
        with self._server():
            pairs = self.client.hscan_iter(version.place, count=self.chunk_size)
            rows = sorted((_text(key), float(value or "nan")) for key, value in pairs)
        meta = {"as_of": repr(version.as_of), "model": version.model, "rows": str(version.rows)}
        return Table(pd.DataFrame(rows, columns=["key", "value"]), meta)

    def close(self) -> None:
        """Let go of the connections; a later look-up opens them again."""
        self.client.close()

    def __enter__(self) -> "RedisPredictionStore":
        return self

    def __exit__(self, *exception) -> None:
        self.close()

    def _build(self, source: Snapshot, building: str) -> None:
        """Write a version under a name that nobody reads yet."""
        while rows := source.rows.fetchmany(self.chunk_size):
            values = {key: "" if value is None else repr(value) for key, value in rows}
            with self.client.pipeline(transaction=False) as pipe:
                pipe.hset(building, mapping=values)
                pipe.expire(building, BUILD_SECONDS)
                pipe.execute()
        found = self.client.hlen(building)
        if found != source.count:
            raise CorruptTableError(
                f"{found:,} of {source.count:,} rows of '{self.name}' reached the server: check its "
                f"memory limit and publish again."
            )

    def _change(self, change: Callable[[Manifest], Manifest], building: str = "") -> Manifest:
        """Replace manifest and pointer at one instant; again from the start if another did."""
        while True:
            with self.client.pipeline() as pipe, suppress(redis.WatchError):
                pipe.watch(self._manifest)
                before = self._parse(pipe.get(self._manifest))
                after = change(before)
                version = after.find(after.current)
                pipe.watch(building or version.place)
                if not pipe.exists(building or version.place):
                    raise CorruptTableError(
                        f"PredictionTable '{version.name}' is gone from the server: publish again, "
                        f"or roll back to another version."
                    )
                pipe.multi()
                if building:
                    pipe.rename(building, version.place)
                    pipe.persist(version.place)
                pipe.set(self._manifest, after.to_json())
                serving = [version.place, version.name, version.as_of]
                pipe.set(self._serving, json.dumps(serving))
                for pruned in {v.place for v in before.versions} - {
                    v.place for v in after.versions
                }:
                    pipe.unlink(pruned)
                pipe.execute()
                return after

    def _read(self) -> Manifest:
        with self._server():
            return self._parse(self.client.get(self._manifest))

    def _parse(self, text: bytes | str | None) -> Manifest:
        if text is None:
            return Manifest(self.name)
        return Manifest.from_json(_text(text), where=f"The key {self._manifest}")

    def _current(self) -> Version:
        manifest = self._read()
        if manifest.current is None:
            raise not_published(self.name)
        return manifest.find(manifest.current)

    @contextmanager
    def _server(self):
        try:
            yield
        except (redis.ConnectionError, redis.TimeoutError) as error:
            raise UnavailableError(
                f"The Redis server of table '{self.name}' does not answer ({error}): start one "
                f"(redis-server), or use a PredictionStore, which needs none."
            ) from error


def _text(raw: bytes | str) -> str:
    """What the server gave, whether or not the client decodes."""
    return raw if isinstance(raw, str) else raw.decode("utf-8")
