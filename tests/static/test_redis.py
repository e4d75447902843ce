"""The Redis twin where the server matters: what it does when data or server are gone."""

import pytest
import redis
from static_tables import write_candidate

from lessons_lib.static.errors import CorruptTableError, UnavailableError
from lessons_lib.static.redis import RedisPredictionStore


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
