"""The same table in Redis, for when many machines read it.

The same methods and rules as `lessons_lib.static.store`, at another price per look-up. A version is
one Redis hash that is written once and never overwritten, under a name of its own; a pointer key
names the one that serves. Overwriting the values in place would mix two versions in the eyes of
every reader that comes in between.

It needs a Redis server: `local_redis` starts one for as long as a block lasts. It knows no file.
"""

import math
import os
import shutil
import time
import uuid
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

import redis
from redis import exceptions

from lessons_lib.answer import Answer, Clock
from lessons_lib.process import Child, free_port
from lessons_lib.static.base import MISS, Store, check_keys, read_verified
from lessons_lib.static.errors import CorruptTableError, UnavailableError, spelled
from lessons_lib.static.pointer import Manifest, seal, unseal
from lessons_lib.static.table import Table

BUILD_SECONDS = 3600
"""An unfinished version, of a publisher that was killed, leaves by itself after this time."""
PATIENCE = {"socket_connect_timeout": 5.0, "socket_timeout": 30.0}
"""Seconds that a client made from a URL waits for the server; the URL may say otherwise."""

AGAINST_EVICTION = "keep predictions out of eviction (maxmemory-policy noeviction)"
PASSWORD = "wants another password than it got: put it into the URL, redis://:PASSWORD@host"
START = "does not answer: start one (redis-server), or use a PredictionStore, which needs none"
PROBLEMS = (
    (redis.AuthenticationError, "", PASSWORD),
    (redis.ResponseError, "NOAUTH", PASSWORD),
    (exceptions.NoPermissionError, "", "does not allow that to this user: use another"),
    (redis.BusyLoadingError, "", "is still loading its data: try again in a moment"),
    (redis.TimeoutError, "", "did not answer in time: see whether it hangs, or start it anew"),
    (redis.InvalidResponse, "", "is none, another program answers there: check the address"),
    (redis.ReadOnlyError, "", "is a replica that can only be read: publish to its primary"),
    (redis.ResponseError, "MISCONF", "cannot write its disk: free some space there"),
    (redis.ResponseError, "BUSY", "is busy with somebody's script: wait, or end the script"),
    (redis.ResponseError, "maxmemory", "is out of memory: raise maxmemory, or publish less"),
    (redis.ConnectionError, "", START),
    (redis.RedisError, "", "refused the request: see what it says"),
)
"""The kind of an error, a word that it must hold, and ours; the first that fits counts."""

FIND = """
local serving = redis.call('GET', KEYS[1])
if not serving then return false end
local good, pointer = pcall(cjson.decode, serving)
local place = good and type(pointer) == 'table' and pointer['place']
if type(place) ~= 'string' then return {serving, {}, 0} end
local values = {}
for first = 1, #ARGV, 5000 do
  local last = math.min(first + 4999, #ARGV)
  for _, value in ipairs(redis.call('HMGET', place, unpack(ARGV, first, last))) do
    values[#values + 1] = value
  end
end
return {serving, values, redis.call('HLEN', place)}
"""
# One script, so that the pointer and the values are read at one instant: between two requests of a
# client a publish could come, and its pruning could take the version away.


class RedisPredictionStore(Store):
    """A table of predictions in Redis, version by version; see `PredictionStore`.

    Each look-up asks for the pointer, so that every reader sees a publish at once. The number of
    rows is checked at each look-up: a table of which the server lost some is an error, not a miss.

    Every method raises UnavailableError if no server answers, or not as it should.

    Parameters
    ----------
    client : redis.Redis or str
        A client, or a URL such as ``"redis://127.0.0.1:6379/0"``.
    name, clock, keep
        As in `Store`; several tables may share one server.
    chunk_size : int
        Rows sent to the server at a time when publishing.
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
        super().__init__(name, clock, keep)
        self.chunk_size = chunk_size
        # The braces keep all keys of a table on one machine of a Redis Cluster.
        self._root = f"predictions:{{{name}}}"
        self._pointer, self._list = f"{self._root}:serving", f"{self._root}:manifest"
        self._use(redis.Redis.from_url(client, **PATIENCE) if isinstance(client, str) else client)
        _stores.add(self)

    def publish(self, candidate, gate_report=None) -> str:
        """Let a candidate serve from now on; as `PredictionStore.publish`."""
        whole = read_verified(candidate, gate_report)
        building = f"{self._root}:building:{uuid.uuid4().hex}"

        def swing(before: Manifest) -> Manifest:
            place = f"{self._root}:{before.published + 1}"
            version = self._describe(whole, before, place, whole.checksum)
            return before.publish(version, keep=self.keep)

        with self._server():
            try:
                self._build(whole, building)
                return self._change(swing, building).current
            except Exception:  # a half-made table is in the way of a smaller one
                with suppress(redis.RedisError):
                    self.client.delete(building)
                raise

    def rollback(self, to: str | None = None) -> str:
        """Let an earlier version serve again; returns its name. See `PredictionStore.rollback`."""
        with self._server():
            return self._change(lambda before: before.serve(to)).current

    def lookup_many(self, keys: Iterable[str]) -> list[Answer]:
        keys = check_keys(keys)
        # Half a character, as broken JSON may carry, passes and then matches no key.
        encoded = [key.encode("utf-8", "surrogatepass") for key in keys]
        with self._server():
            found = self._find(keys=[self._pointer], args=encoded)
        if found is None:
            current = self._manifest().serving().name
            raise CorruptTableError(
                f"The pointer of PredictionTable '{self.name}' is gone from the server (evicted or "
                f"deleted): rollback('{current}') sets it again; {AGAINST_EVICTION}."
            )
        serving, values, rows = found
        try:
            pointer = unseal(serving, required=True)
        except (ValueError, RecursionError) as error:
            raise CorruptTableError(
                f"The key {self._pointer} does not name a version ({error}): roll back to one by "
                f"its name, or publish again."
            ) from None
        self._check_rows(pointer["name"], rows, pointer["rows"])
        age = self.clock() - pointer["as_of"]
        return [
            MISS if value in (None, b"", "") else Answer(_number(key, value), "table", age)
            for key, value in zip(keys, values, strict=True)
        ]

    def table(self, version: str | None = None) -> Table:
        """The serving version, or the one of that name, whole; as `PredictionStore.table`."""
        import pandas as pd

        with self._server():
            found = self._manifest().find(version) if version else self._serving()
            pairs = dict(self.client.hscan_iter(found.place, count=self.chunk_size))
        self._check_rows(found.name, len(pairs), found.rows)
        rows = sorted((_text(key), _number(key, value or "nan")) for key, value in pairs.items())
        meta = {"as_of": repr(found.as_of), "model": found.model, "rows": str(found.rows)}
        whole = Table(pd.DataFrame(rows, columns=["key", "value"]), meta)
        if found.checksum and whole.checksum != found.checksum:
            raise CorruptTableError(
                f"PredictionTable '{found.name}' was changed in the server since it was "
                f"published: publish again, or roll back."
            )
        return whole

    def close(self) -> None:
        self.client.close()

    def _use(self, client: redis.Redis) -> None:
        self.client, self._find = client, client.register_script(FIND)

    def _build(self, whole: Table, building: str) -> None:
        """Write a version under a name that nobody reads yet."""
        for first in range(0, len(whole.rows), self.chunk_size):
            chunk = whole.rows.iloc[first : first + self.chunk_size]
            rows = zip(chunk["key"], chunk["value"].astype(float), strict=True)
            values = {key: "" if math.isnan(value) else repr(value) for key, value in rows}
            with self.client.pipeline(transaction=False) as pipe:
                pipe.hset(building, mapping=values)
                pipe.expire(building, BUILD_SECONDS)
                pipe.execute()

    def _change(self, change: Callable[[Manifest], Manifest], building: str = "") -> Manifest:
        """Replace list and pointer at one instant; again from the start if another did."""
        while True:
            with self.client.pipeline() as pipe, suppress(redis.WatchError):
                pipe.watch(self._list)
                before = self._parse(pipe.get(self._list), anew=bool(building))
                after = change(before)
                version = after.serving()
                source = building or version.place
                pipe.watch(source)
                self._check_rows(version.name, pipe.hlen(source), version.rows)
                pipe.multi()
                if building:
                    pipe.rename(building, version.place)
                    pipe.persist(version.place)
                pipe.set(self._list, after.to_json())
                names = ("place", "name", "as_of", "rows")
                pipe.set(self._pointer, seal({name: getattr(version, name) for name in names}))
                for pruned in {v.place for v in before.versions} - {
                    v.place for v in after.versions
                }:
                    pipe.unlink(pruned)
                pipe.execute()
                return after

    def _manifest(self) -> Manifest:
        with self._server():
            return self._parse(self.client.get(self._list))

    def _parse(self, text: bytes | str | None, *, anew: bool = False) -> Manifest:
        """The list of versions; `anew`: if it is gone, one that goes on counting."""
        if text is not None:
            return Manifest.from_json(text, where=f"The key {self._list}")
        left = [_text(key) for key in self.client.scan_iter(f"{self._root}:*", count=10_000)]
        numbers = [int(n) for _, _, n in (key.rpartition(":") for key in left) if n.isdecimal()]
        if numbers and not anew:
            raise CorruptTableError(
                f"The list of versions of PredictionTable '{self.name}' is gone from the server "
                f"(evicted or deleted): publish again; {AGAINST_EVICTION}."
            )
        return Manifest(self.name, published=max(numbers, default=0))

    def _check_rows(self, name: str, found: int, rows: int) -> None:
        if found == rows:
            return
        problem = "is gone from the server (evicted or deleted)"
        if found:
            problem = f"lost rows in the server ({found:,} of {rows:,} are there)"
        raise CorruptTableError(
            f"PredictionTable '{name}' {problem}: publish again, or roll back; {AGAINST_EVICTION}."
        )

    @contextmanager
    def _server(self) -> Iterator[None]:
        try:
            yield
        except redis.RedisError as error:
            said = " ".join(str(error).split())[:200]
            if "WRONGTYPE" in said:
                raise CorruptTableError(
                    f"A key {self._root}:... holds something that is no table: delete it, or use "
                    f"another name than '{self.name}' ({said})."
                ) from error
            words = next(
                w for kind, word, w in PROBLEMS if isinstance(error, kind) and word in said
            )
            raise UnavailableError(
                f"The Redis server of PredictionTable '{self.name}' {words} ({said})."
            ) from error


@contextmanager
def local_redis(*, timeout: float = 20.0) -> Iterator[str | None]:
    """Start a Redis server, stop it at the end of the block, and give its URL in between.

    It listens on 127.0.0.1 only, begins empty, and writes nothing to the disk. The URL is None if
    there is no `redis-server` on the PATH (Debian and Ubuntu: ``apt-get install redis-server``);
    UnavailableError is raised if there is one that does not answer within `timeout` seconds.
    """
    program = shutil.which("redis-server")
    if program is None:
        yield None
        return
    port = free_port()
    url = f"redis://127.0.0.1:{port}/0"
    command = [program, "--bind", "127.0.0.1", "--port", str(port), "--save", ""]
    with Child.program("redis-server", command, error=UnavailableError) as server:
        server.wait(lambda: _answers(url), timeout)
        yield url


def _answers(url: str) -> bool:
    """Whether a Redis server answers there: an open port alone may be somebody else's."""
    with redis.Redis.from_url(url, socket_timeout=1, retry=None) as client, suppress(Exception):
        return client.ping()
    return False


def _number(key, value: bytes | str) -> float:
    try:
        return float(value)
    except ValueError:
        raise CorruptTableError(
            f"The key {spelled(_text(key))} holds {_text(value)[:40]!r} in the server, which is no "
            f"number: publish again."
        ) from None


def _text(raw: bytes | str) -> str:
    """What the server gave, whether or not the client decodes."""
    return raw if isinstance(raw, str) else raw.decode("utf-8", "replace")


_stores: "weakref.WeakSet[RedisPredictionStore]" = weakref.WeakSet()
_inherited: list[redis.Redis] = []  # what a forked child got from its parent: never used or closed


def _start_over_in_child() -> None:
    """A pool of the parent's may be locked by a thread that the child does not have."""
    for store in list(_stores):
        pool = getattr(store.client, "connection_pool", None)
        if pool is None:  # a cluster's client
            continue
        _inherited.append(store.client)
        fresh = redis.ConnectionPool(pool.connection_class, **pool.connection_kwargs)
        store._use(redis.Redis(connection_pool=fresh))


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_over_in_child)
