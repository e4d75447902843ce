"""The Redis twin where the server matters: what it does when data or server are gone."""

import shutil
import socket
import stat
import sys
import threading

import pytest
import redis
from static_tables import write_candidate

from lessons_lib.static.errors import CorruptTableError, TableError, UnavailableError
from lessons_lib.static.redis import RedisPredictionStore, local_redis


@pytest.fixture
def client(redis_port):
    client = redis.Redis(port=redis_port)
    client.flushall()
    yield client
    client.close()


@pytest.fixture
def store(client):
    return RedisPredictionStore(client)


def test_a_version_is_never_overwritten(store, client, candidate):
    store.publish(candidate({"a": 0.1}))
    before = client.dump("predictions:{board}:1")
    store.publish(candidate({"a": 0.2}))
    assert client.dump("predictions:{board}:1") == before
    assert client.hgetall("predictions:{board}:2") == {b"a": b"0.2"}


def test_pruned_versions_leave_the_server(client, candidate):
    store = RedisPredictionStore(client, keep=1)
    for value in (0.1, 0.2, 0.3):
        store.publish(candidate({"a": value}))
    assert sorted(client.keys()) == [
        b"predictions:{board}:3",
        b"predictions:{board}:manifest",
        b"predictions:{board}:serving",
    ]


def test_a_half_made_version_serves_nobody_and_leaves_by_itself(store, client, candidate):
    store.publish(candidate({"a": 0.1}))

    class Dies(redis.client.Pipeline):
        def rename(self, *_):
            raise KeyboardInterrupt

    class Dying(redis.Redis):
        def pipeline(self, transaction=True, shard_hint=None):
            return Dies(self.connection_pool, self.response_callbacks, transaction, shard_hint)

    dying = RedisPredictionStore(Dying(connection_pool=client.connection_pool))
    with pytest.raises(KeyboardInterrupt):
        dying.publish(candidate({"a": 0.2}))
    assert store.lookup("a").value == 0.1
    (left,) = client.keys("*building*")
    assert 0 < client.ttl(left) <= 3600
    assert store.publish(candidate({"a": 0.3})) == "board-2"
    assert client.ttl("predictions:{board}:2") == -1


def test_a_version_that_was_evicted_is_an_error_and_not_a_miss(store, client, candidate):
    store.publish(candidate({"a": 0.1}))
    store.publish(candidate({"a": 0.2}))
    client.delete("predictions:{board}:2", "predictions:{board}:1")
    with pytest.raises(CorruptTableError, match=r"'board-2' is gone from the server"):
        store.lookup("a")
    with pytest.raises(CorruptTableError, match=r"'board-1' is gone from the server"):
        store.rollback()


def test_without_a_server_the_error_says_what_to_do(tmp_path):
    store = RedisPredictionStore("redis://127.0.0.1:1/0")
    path = write_candidate(tmp_path / "candidate.sqlite", {"a": 0.1})
    for ask in (lambda: store.lookup("a"), lambda: store.publish(path), store.versions, store.age):
        with pytest.raises(UnavailableError, match="redis-server"):
            ask()


def test_a_client_that_decodes_gives_the_same_answers(redis_port, store, candidate):
    store.publish(candidate({"a": 0.1, "ü": None}))
    decoding = redis.Redis(port=redis_port, decode_responses=True)
    other = RedisPredictionStore(decoding, clock=lambda: 5.0)
    assert other.lookup("a") == (0.1, "table", 5.0)
    assert other.lookup("ü").value is None
    assert other.table().rows["key"].tolist() == ["a", "ü"]
    assert other.current == "board-1"
    decoding.close()


def test_a_large_table_arrives_in_chunks(client, candidate):
    store = RedisPredictionStore(client, chunk_size=7)
    values = {f"k{n}": n / 100 for n in range(50)}
    store.publish(candidate(values))
    assert [answer.value for answer in store.lookup_many(values)] == list(values.values())


def half_of(client, key):
    client.hdel(key, *client.hkeys(key)[::2])


def test_a_version_that_lost_rows_is_an_error_and_not_a_miss(store, client, candidate):
    values = {f"k{n}": 0.1 for n in range(1_000)}
    for _ in range(2):
        store.publish(candidate(values))
    half_of(client, "predictions:{board}:2")
    lost = r"'board-2' lost rows in the server \(500 of 1,000 are there\).*publish again, or roll"
    for ask in (
        lambda: store.lookup("k1"),
        lambda: store.lookup_many(values),
        store.table,
        lambda: store.rollback("board-2"),
    ):
        with pytest.raises(CorruptTableError, match=lost):
            ask()
    assert store.rollback() == "board-1"
    half_of(client, "predictions:{board}:1")
    with pytest.raises(CorruptTableError, match=r"'board-1' lost rows"):
        store.lookup("k1")


def test_a_value_that_was_changed_in_the_server_is_found_by_the_whole_table(
    store, client, candidate
):
    store.publish(candidate({"a": 0.1, "b": None}))
    assert store.table().rows["key"].tolist() == ["a", "b"]
    client.hset("predictions:{board}:1", "a", "0.2")
    with pytest.raises(CorruptTableError, match="'board-1' was changed in the server"):
        store.table()
    client.hset("predictions:{board}:1", "a", "much")
    with pytest.raises(CorruptTableError, match="key 'a' holds 'much'"):
        store.lookup("a")


def test_a_pointer_that_was_evicted_is_told_as_that_and_set_again(store, client, candidate):
    store.publish(candidate({"a": 0.1}))
    client.delete("predictions:{board}:serving")
    with pytest.raises(CorruptTableError, match=r"pointer .* is gone .*rollback\('board-1'\)"):
        store.lookup("a")
    store.rollback("board-1")
    assert store.lookup("a").value == 0.1


def test_a_list_that_was_evicted_is_told_as_that_and_no_name_is_given_twice(
    store, client, candidate
):
    for value in (0.1, 0.2):
        store.publish(candidate({"a": value}))
    client.delete("predictions:{board}:manifest")
    assert store.lookup("a").value == 0.2
    for ask in (store.versions, store.rollback, store.age, lambda: store.current):
        with pytest.raises(CorruptTableError, match=r"list of versions .* is gone .*publish again"):
            ask()
    assert store.publish(candidate({"a": 0.3})) == "board-3"
    assert store.lookup("a").value == 0.3


@pytest.mark.parametrize(
    "pointer", [b"", b"{", b"[1, 2, 3]", b"null", b'{"place": 5}', b'{"place": [1]}', b"flip"]
)
def test_a_pointer_that_says_something_else_is_named(store, client, candidate, pointer):
    store.publish(candidate({"a": 0.1}))
    if pointer == b"flip":
        pointer = client.get("predictions:{board}:serving").replace(b'"as_of": 0', b'"as_of": 8')
    client.set("predictions:{board}:serving", pointer)
    with pytest.raises(CorruptTableError, match="serving does not name a version"):
        store.lookup("a")
    store.rollback("board-1")
    assert store.lookup("a").value == 0.1


@pytest.mark.parametrize("key", ["serving", "manifest", "1"])
def test_a_key_of_another_type_is_named(store, client, candidate, key):
    store.publish(candidate({"a": 0.1}))
    client.delete("predictions:{board}:" + key)
    client.rpush("predictions:{board}:" + key, "somebody else's")
    with pytest.raises(CorruptTableError, match=r"predictions:\{board\}.* holds something"):
        (store.versions if key == "manifest" else store.lookup)(*["a"] * (key != "manifest"))


@pytest.fixture(scope="module")
def other():
    """A server of one's own, to be made unwell."""
    with local_redis() as url:
        if url is None:
            pytest.skip("no redis-server on this machine (Debian: apt-get install redis-server)")
        yield url


def one_line(refused):
    return "\n" not in str(refused.value) and "board" in str(refused.value)


def test_a_server_out_of_memory_is_told_as_that_and_a_smaller_table_fits(other, candidate):
    with redis.Redis.from_url(other) as client, RedisPredictionStore(other) as store:
        client.flushall()
        store.publish(candidate({"a": 0.1}))
        room = client.info("memory")["used_memory"] + 1_500_000
        client.config_set("maxmemory", room)
        with pytest.raises(UnavailableError, match="out of memory: raise") as refused:
            store.publish(candidate({f"key {n:09d}": 0.5 for n in range(40_000)}))
        assert one_line(refused)
        assert client.keys("*building*") == []
        assert store.lookup("a").value == 0.1
        assert store.publish(candidate({"a": 0.2})) == "board-2"
        assert store.rollback() == "board-1"
        client.config_set("maxmemory", 0)


def test_a_password_is_asked_for(other):
    with redis.Redis.from_url(other) as client:
        client.config_set("requirepass", "open sesame")
        try:
            for url in (other, other.replace("redis://", "redis://:wrong@")):
                with pytest.raises(UnavailableError, match="another password") as refused:
                    RedisPredictionStore(url).versions()
                assert one_line(refused)
                assert "start one" not in str(refused.value)
        finally:
            with redis.Redis.from_url(other, password="open sesame") as allowed:
                allowed.config_set("requirepass", "")


def test_a_replica_that_can_only_be_read_is_told_as_that(other, candidate):
    with redis.Redis.from_url(other) as client, RedisPredictionStore(other) as store:
        client.replicaof("127.0.0.1", 1)
        try:
            with pytest.raises(UnavailableError, match=r"replica.*publish to its primary"):
                store.publish(candidate({"a": 0.1}))
        finally:
            client.replicaof("NO", "ONE")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "another program answers there"),
        (b"-MISCONF cannot persist\r\n", "cannot write its disk: free some space"),
        (b"-LOADING dataset in memory\r\n", "still loading"),
        (b"-BUSY running a script\r\n", "busy with somebody's script"),
        (b"-NOPERM no such right\r\n", "does not allow that"),
        (b"-ERR who knows\r\n", "refused the request"),
        (b"", "does not answer"),
    ],
)
def test_what_a_server_says_is_put_into_words(said, words):
    def answer():
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                if connection.recv(1024) and said:
                    connection.sendall(said * 8)
                    connection.recv(1024)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        client = redis.Redis(port=server.getsockname()[1], socket_timeout=5, retry=None)
        with pytest.raises(UnavailableError, match=words) as refused:
            RedisPredictionStore(client).versions()
        assert one_line(refused)
        server.close()


def test_a_server_that_hangs_is_waited_for_a_bounded_time():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        store = RedisPredictionStore(f"redis://127.0.0.1:{port}/0?socket_timeout=0.2")
        with pytest.raises(TableError, match="did not answer in time"):
            store.versions()


def test_it_answers_inside_the_block_and_is_gone_afterwards():
    if shutil.which("redis-server") is None:
        pytest.skip("no redis-server on this machine (Debian: apt-get install redis-server)")
    with local_redis() as url, redis.Redis.from_url(url) as client:
        assert client.dbsize() == 0
        assert client.config_get("save") == {"save": ""}
    with redis.Redis.from_url(url) as client, pytest.raises(redis.ConnectionError):
        client.ping()


def test_it_ends_with_a_block_that_fails():
    if shutil.which("redis-server") is None:
        pytest.skip("no redis-server on this machine (Debian: apt-get install redis-server)")
    addresses = []

    def interrupted():
        with local_redis() as url:
            addresses.append(url)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    with redis.Redis.from_url(addresses[0]) as client, pytest.raises(redis.ConnectionError):
        client.ping()


def test_without_the_program_there_is_no_url(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with local_redis() as url:
        assert url is None


@pytest.mark.skipif(sys.platform == "win32", reason="the fake program is a shell script")
def test_a_server_that_cannot_start_is_quoted(monkeypatch, tmp_path):
    fake = tmp_path / "redis-server"
    fake.write_text("#!/bin/sh\necho no memory left\nexit 1\n", encoding="utf-8")
    fake.chmod(fake.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnavailableError, match="no memory left"), local_redis():
        pytest.fail("there is no server")
