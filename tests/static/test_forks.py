"""A process that forks while its threads read and publish: nothing inherited is used or closed."""

import gc
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from static_tables import Linear, numbered_keys, read_rows, write_candidate

from lessons_lib.static.job import Checkpoint, ScoringJob
from lessons_lib.static.redis import RedisPredictionStore
from lessons_lib.static.store import PredictionStore

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork: Windows has none"),
    pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning"),
]
KEYS = [f"key {n:04d}" for n in range(500)]


def in_child(work, *, seconds=20.0, collect=False):
    """What a forked child that runs `work` ends with: "good", "bad", or "hung"."""
    child = os.fork()
    if not child:
        try:
            good = work()
            if collect:
                gc.collect()
        except BaseException:
            good = False
        os._exit(0 if good else 1)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return "good" if status == 0 else "bad"
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "hung"


@pytest.fixture
def busy(make_store, tmp_path):
    """A store of which two threads read and one publishes, as long as the test runs."""
    store, stop, failures = make_store(keep=2), threading.Event(), []
    path = write_candidate(tmp_path / "candidate.sqlite", dict.fromkeys(KEYS, 0.5))
    store.publish(path)

    def until_told(work):
        try:
            while not stop.is_set():
                work()
        except Exception as error:
            failures.append(error)

    works = [
        lambda: store.lookup(KEYS[7]),
        lambda: store.lookup_many(KEYS[:50]),
        lambda: store.publish(path) and time.sleep(0.01),
    ]
    threads = [threading.Thread(target=until_told, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    yield store, path
    stop.set()
    for thread in threads:
        thread.join()
    assert failures == []


def test_children_forked_under_readers_and_a_publisher_read_and_publish(busy):
    store, path = busy

    def reads():
        return {answer.value for answer in store.lookup_many(KEYS)} == {0.5}

    def publishes():
        return store.publish(path) and reads()

    assert {in_child(work) for work in [reads] * 10 + [publishes] * 2} == {"good"}
    assert store.lookup(KEYS[3]).value == 0.5


def test_a_child_that_closes_its_store_and_collects_garbage_does_not_hang(busy):
    store, _ = busy
    assert {in_child(lambda: store.close() or True, collect=True) for _ in range(3)} == {"good"}


def test_a_child_uses_no_connection_of_its_parent(make_store, candidate):
    store = make_store()
    store.publish(candidate({"a": 1.0}))
    store.lookup("a")
    if isinstance(store, PredictionStore):
        opened = store._local.opened.connection
        inherited = lambda: store._local.opened.connection is opened  # noqa: E731
    else:
        pool = store.client.connection_pool
        inherited = lambda: store.client.connection_pool is pool  # noqa: E731
    assert inherited()
    assert in_child(lambda: store.lookup("a").value == 1.0 and not inherited()) == "good"
    assert store.lookup("a").value == 1.0


def test_a_pool_locked_by_another_thread_does_not_stop_a_child(redis_port, candidate):
    store = RedisPredictionStore(f"redis://127.0.0.1:{redis_port}/0", name="locked")
    store.publish(candidate({"a": 1.0}))
    held, done = threading.Event(), threading.Event()

    def hold():
        with store.client.connection_pool._lock, store.client.connection_pool._fork_lock:
            held.set()
            done.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    found = in_child(lambda: store.lookup("a").value == 1.0, seconds=15)
    done.set()
    thread.join()
    store.close()
    assert found == "good"


def test_children_forked_in_the_middle_of_a_jobs_commit_run_jobs_of_their_own(tmp_path):
    stop, scored = threading.Event(), []

    def score(path, rows=2_000):
        keys, model = numbered_keys(rows), Linear()
        return ScoringJob(model, keys, path, chunk_size=100, overwrite=True, progress=False).run()

    def until_told():
        while not stop.is_set():
            scored.append(score(tmp_path / "parent.sqlite").rows)

    thread = threading.Thread(target=until_told)
    thread.start()
    try:
        works = [lambda n=n: score(tmp_path / f"{n}.sqlite", 200).rows == 200 for n in range(12)]
        assert {in_child(work) for work in works} == {"good"}
    finally:
        stop.set()
        thread.join()
    assert set(scored) == {2_000}


def test_a_fork_waits_for_a_chunk_that_is_being_written(tmp_path):
    path, inside, go_on = tmp_path / "candidate.sqlite", threading.Event(), threading.Event()

    def slow_values():
        inside.set()
        go_on.wait()
        yield 0.5

    def write():
        with Checkpoint(path) as candidate:
            candidate.begin({}, 1, 0.0)
            candidate.commit(["a"], slow_values(), 0)

    thread = threading.Thread(target=write)
    thread.start()
    inside.wait()
    threading.Timer(0.1, go_on.set).start()
    assert in_child(lambda: read_rows(path) == [("a", 0.5)]) == "good"
    thread.join()


def test_a_child_that_ends_as_usual_does_not_hang(tmp_path):
    script = """
import os, sys, threading
from lessons_lib.static.store import PredictionStore
store = PredictionStore(sys.argv[1])
for _ in range(2):
    threading.Thread(target=lambda: [store.lookup("a") for _ in iter(int, 1)], daemon=True).start()
for _ in range(4):
    child = os.fork()
    if not child:
        sys.exit(0 if store.lookup("a").value == 1.0 else 1)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        os._exit(1)
os._exit(0)
"""
    with PredictionStore(tmp_path) as store:
        store.publish(write_candidate(tmp_path / "candidate.sqlite", {"a": 1.0}))
    subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script, str(tmp_path)], check=True, timeout=60
    )
