"""Both stores, made the same way, so that one contract can be held against each."""

import shutil
import socket
import subprocess
import time

import pytest
import redis
from static_tables import write_candidate

from lessons_lib.answer import VirtualClock
from lessons_lib.static.shared import RedisPredictionStore
from lessons_lib.static.store import PredictionStore


@pytest.fixture(scope="session")
def redis_port(tmp_path_factory):
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("no redis-server on this machine (Debian: apt-get install redis-server)")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("redis")
    server = subprocess.Popen(
        [program, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
    )
    client = redis.Redis(port=port)
    try:
        for _ in range(200):
            try:
                client.ping()
                break
            except redis.ConnectionError:
                time.sleep(0.05)
        yield port
    finally:
        client.close()
        server.terminate()
        server.wait(timeout=10)


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
