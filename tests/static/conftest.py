"""Both stores, made the same way, so that one contract can be held against each."""

from urllib.parse import urlsplit

import pytest
import redis
from static_tables import write_candidate

from lessons_lib.answer import VirtualClock
from lessons_lib.static.redis import RedisPredictionStore, local_redis
from lessons_lib.static.store import PredictionStore


@pytest.fixture(scope="session")
def redis_port():
    with local_redis() as url:
        if url is None:
            pytest.skip("no redis-server on this machine (Debian: apt-get install redis-server)")
        yield urlsplit(url).port


@pytest.fixture
def clock():
    return VirtualClock(10_000.0)


@pytest.fixture(params=["sqlite", "redis"])
def make_store(request, tmp_path, clock):
    """A function that makes a store; all it makes in one test look at the same table."""
    made = []
    port = request.getfixturevalue("redis_port") if request.param == "redis" else None
    if port:
        redis.Redis(port=port).flushall()

    def make(**options):
        options = {"clock": clock, **options}
        if port:
            store = RedisPredictionStore(f"redis://127.0.0.1:{port}/0", **options)
        else:
            store = PredictionStore(tmp_path / "store", **options)
        made.append(store)
        return store

    yield make
    for store in made:
        store.close()


@pytest.fixture
def candidate(tmp_path):
    """A function that writes a candidate and gives its path."""
    return lambda values, **notes: write_candidate(tmp_path / "candidate.sqlite", values, **notes)
