"""Chaos on the real pieces: router, service, store and Redis, each of which is broken while clients ask.

Every request must be answered with its source and age, or refused with a reason, and nothing that was
published may be lost. Where a client's connection breaks it asks again, as any client of a service
that is restarted does; a request that never got a reply is lost.

Without a `redis-server` the parts about Redis are left out, and a line says so.
"""

import contextlib
import itertools
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import httpx
import pytest
import redis

from lessons_lib.dynamic.server import Server
from lessons_lib.process import Child, free_port
from lessons_lib.static.redis import RedisPredictionStore
from lessons_lib.static.store import PredictionStore

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "static"))
from static_tables import write_candidate  # noqa: E402

HOURS = range(24)
IN_TABLE, UNKNOWN = "UA EWR IAH", "ZZ LGA XXX"
CLIENTS, PAUSE = 6, 0.02
ROOM = 2_000_000
"""Bytes of the small disk, or of the largest file where none can be mounted."""


class Crowd:
    """Clients that ask without end, half for keys of the table, and keep what became of each request."""

    def __init__(self, url):
        self.url, self.stop, self.part = url, threading.Event(), "calm"
        self.sent, self.replies = Counter(), []
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self._ask, args=(n,)) for n in range(CLIENTS)]
        for thread in self.threads:
            thread.start()

    def _ask(self, first):
        with httpx.Client(trust_env=False, timeout=5.0) as client:
            for number in itertools.count(first):
                if self.stop.wait(PAUSE):
                    return
                carrier, origin, dest = (IN_TABLE if number % 2 else UNKNOWN).split()
                body = {"carrier": carrier, "origin": origin, "dest": dest, "date": "2013-10-01"}
                body["hour"] = number % len(HOURS)
                self._one(client, body)

    def _one(self, client, body):
        part = self.part
        with self.lock:
            self.sent[part] += 1
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                reply = client.post(self.url() + "/predict", json=body)
            except httpx.TransportError:
                time.sleep(0.02)
                continue
            with self.lock:
                self.replies.append((part, body, reply.status_code, reply.json()))
            return

    def begin(self, part):
        """Begin a part; waits until every request of the parts before has its reply."""
        self.part, end = part, time.monotonic() + 40
        while time.monotonic() < end:
            with self.lock:
                replied = Counter(where for where, *_ in self.replies)
                if all(replied[name] == sent for name, sent in self.sent.items() if name != part):
                    return
            time.sleep(0.02)

    def end(self):
        self.stop.set()
        for thread in self.threads:
            thread.join(60)

    def so_far(self, part):
        """What was answered in a part: (source, value) and how often."""
        with self.lock:
            found = [
                reply for where, _, status, reply in self.replies if (where, status) == (part, 200)
            ]
        return Counter((reply["source"], reply["value"]) for reply in found)

    def until(self, wanted, seconds=20):
        """Wait until this part has seen an answer of this source (and value)."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if any(seen[: len(wanted)] == wanted for seen in self.so_far(self.part)):
                return
            time.sleep(0.02)
        raise AssertionError(f"{self.part}: no answer {wanted}, but {self.so_far(self.part)}")

    def more(self, count=60, seconds=20):
        """Wait until so many more requests of this part got their reply."""
        wanted, end = len(self.replies) + count, time.monotonic() + seconds
        while len(self.replies) < wanted and time.monotonic() < end:
            time.sleep(0.02)


class Stage:
    """Everything that is broken: a folder of moods, a store, a service, perhaps a Redis."""

    def __init__(self, folder, store_folder, redis_port):
        self.folder, self.store = folder, PredictionStore(store_folder)
        self.redis_url = f"redis://127.0.0.1:{redis_port}/0" if redis_port else ""
        self.redis = self.server = None
        self.rows = 400  # beside those that are asked for
        self.published = {}  # name of a version -> what all its rows say

    def candidate(self, value, rows=None):
        keys = [f"{IN_TABLE} {hour:02d}" for hour in HOURS]
        keys += [f"AA JFK LAX {n:07d}" for n in range(self.rows if rows is None else rows)]
        return write_candidate(self.folder / "candidate.sqlite", dict.fromkeys(keys, value))

    def publish(self):
        value = (len(self.published) + 1) / 1000
        name = self.store.publish(self.candidate(value))
        self.published[name] = value
        return value

    @property
    def latest(self):
        """What the rows of the version say that was published last, by whomever."""
        return list(self.published.values())[-1]

    def say(self, name, text):
        part = self.folder / f"{name}.part"
        part.write_text(text)
        part.replace(self.folder / name)

    def start(self):
        env = {"CHAOS_FOLDER": str(self.folder), "CHAOS_STORE": str(self.store.folder)}
        env["CHAOS_REDIS"] = self.redis_url
        self.server = Server("chaos_app:app", folder=HERE, env=env)

    def kill(self):
        os.kill(self.server._process.pid, signal.SIGKILL)
        self.server.stop()

    def start_redis(self):
        port = self.redis_url.rsplit(":", 1)[1].partition("/")[0]
        command = ["redis-server", "--bind", "127.0.0.1", "--port", port, "--save", ""]
        self.redis = Child.program("redis-server", command)
        self.redis.wait(self._redis_answers, 20)

    def _redis_answers(self):
        client = redis.Redis.from_url(self.redis_url, retry=None)
        with client, contextlib.suppress(redis.RedisError):
            return client.ping()
        return False

    def end(self):
        for part in (self.server, self.redis, self.store):
            if part is not None:
                getattr(part, "stop", getattr(part, "close", None))()


@pytest.fixture
def small_disk(tmp_path):
    """A folder on a disk of `ROOM` bytes, or an ordinary one where none can be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(folder)]
    mounted = sys.platform == "linux" and os.geteuid() == 0
    mounted = mounted and subprocess.run(command, capture_output=True).returncode == 0
    yield folder, mounted
    if mounted:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def stage(tmp_path, small_disk):
    port = free_port() if shutil.which("redis-server") else None
    (tmp_path / "moods").mkdir()
    made = Stage(tmp_path / "moods", small_disk[0] / "store", port)
    yield made
    made.end()


PUBLISH = """
import sys
from lessons_lib.static.errors import TableError
from lessons_lib.static.store import PredictionStore
folder, candidate, most_bytes = sys.argv[1:]
if most_bytes != "any":
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(most_bytes), int(most_bytes)))
try:
    PredictionStore(folder).publish(candidate)
except TableError as error:
    sys.exit(str(error))
"""


def publisher(stage, candidate, most_bytes="any"):
    """A process that publishes a candidate; None may write a file larger than so many bytes."""
    command = [sys.executable, "-c", PUBLISH, stage.store.folder, candidate, most_bytes]
    return subprocess.Popen(list(map(str, command)), stderr=subprocess.PIPE, text=True)


def calm(stage, crowd, _disk):
    crowd.until(("table", stage.publish()))
    crowd.until(("model",))
    crowd.until(("cache",))
    crowd.more()


def service_killed(stage, crowd, _disk):
    for _ in range(2):
        stage.kill()
        stage.start()
        crowd.until(("table",))
        crowd.more()


def model_fails(stage, crowd, _disk):
    stage.say("mood", "fails")
    crowd.until(("default", 0.196))
    crowd.more()
    stage.say("mood", "well")
    crowd.until(("model", 0.5))
    crowd.more()


def model_hangs(stage, crowd, _disk):
    stage.say("mood", "hangs")
    crowd.until(("default", 0.196))
    crowd.more()
    assert crowd.so_far(crowd.part)["table", stage.latest], "others are served"
    stage.say("mood", "well")
    crowd.until(("model", 0.5))
    crowd.more()


def publish_interrupted(stage, crowd, _disk):
    before, candidate = stage.store.current, stage.candidate(0.9)
    for wait in (0.0, 0.01):
        with publisher(stage, candidate) as process:
            while not list(stage.store.folder.glob("*.part")) and process.poll() is None:
                time.sleep(0.0005)  # it has begun to write a version
            time.sleep(wait)
            process.kill()
        if stage.store.current != before:  # it was quicker, so it has published
            stage.published[stage.store.current] = 0.9
            before = stage.store.current
    crowd.until(("table", stage.published[before]))
    crowd.until(("table", stage.publish()))
    crowd.more()


def disk_full(stage, crowd, disk):
    before, candidate = stage.store.current, stage.candidate(0.9, rows=90_000)
    with publisher(stage, candidate, "any" if disk else ROOM) as process:
        told = process.communicate()[1]
    assert process.returncode == 1, "it did not fit"
    assert len(told.splitlines()) == 1, told
    assert any(words in told for words in ("disk is full", "is the disk full", "file is larger"))
    assert stage.store.current == before
    crowd.until(("table", stage.published[before]))
    crowd.until(("table", stage.publish()))
    crowd.more()


def clock_set_back(stage, crowd, _disk):
    stage.say("clock", "-1e10")
    crowd.until(("table",))
    crowd.more(120)
    with crowd.lock:
        ages = {r["age"] for part, _, s, r in crowd.replies if s == 200 and part == crowd.part}
    assert None in ages, "older than the clock says: nobody knows how old"
    assert all(age is None or age >= 0 for age in ages)
    stage.say("clock", "0")
    crowd.more()


def redis_absent(stage, crowd, _disk):
    crowd.until(("table", stage.latest))
    crowd.more()


def redis_comes(stage, crowd, _disk):
    stage.start_redis()
    with RedisPredictionStore(stage.redis_url) as shared:
        shared.publish(stage.candidate(0.007))
    crowd.until(("table", 0.007))
    crowd.more()


def redis_killed(stage, crowd, _disk):
    stage.redis.kill()
    crowd.until(("table", stage.latest))
    crowd.more()


def table_corrupted(stage, crowd, _disk):
    """Last, since nothing of it can be read afterwards; a publish heals it."""
    for name, value in stage.published.items():  # before: nothing published was lost
        assert set(stage.store.table(name).rows["value"]) == {value}, name
    for path in stage.store.folder.glob("board-*.sqlite"):
        path.write_bytes(b"\0" * path.stat().st_size)
    crowd.more()
    stage.kill()
    stage.start()
    crowd.until(("model", 0.5))
    crowd.more()
    stage.store.publish(stage.candidate(0.111))
    crowd.until(("table", 0.111))
    crowd.more()


PARTS = [
    calm,
    service_killed,
    model_fails,
    model_hangs,
    publish_interrupted,
    disk_full,
    clock_set_back,
]
WITH_REDIS = [redis_absent, redis_comes, redis_killed]


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="kills with signals, which Windows has not")
def test_every_request_is_answered_or_refused_and_nothing_published_is_lost(
    stage, small_disk, capsys
):
    parts = list(PARTS)
    if stage.redis_url:
        parts += WITH_REDIS
    parts.append(table_corrupted)
    stage.publish()
    stage.start()
    crowd, values = Crowd(lambda: stage.server.url), {0.001, 0.007, 0.111, 0.9}
    try:
        for part in parts:
            crowd.begin(part.__name__)
            part(stage, crowd, small_disk[1])
            values |= set(stage.published.values())
    finally:
        crowd.end()
    with capsys.disabled():
        report(crowd, bool(stage.redis_url), small_disk[1])
    assert sum(crowd.sent.values()) == len(crowd.replies), "none is lost"
    allowed = {"table": values, "model": {0.5}, "cache": {0.5}, "default": {0.196}}
    for part, body, status, reply in crowd.replies:
        if status != 200:
            assert status in (503, 504), (part, body, status, reply)
            assert reply["reason"], "refused with a reason"
            continue
        assert reply["value"] in allowed[reply["source"]], (part, body, reply)
        if part != "clock_set_back":  # the clock is not the age's fault
            assert (reply["age"] is None) == (reply["source"] == "default"), (part, reply)
        if body["carrier"] == UNKNOWN[:2]:
            assert reply["source"] != "table", "a key that no table holds"


def report(crowd, with_redis, mounted):
    """The requests, part by part: how many were sent, and what became of them."""
    names = ("sent", "answered", "degraded", "refused", "lost")
    print(f"\n{'':22}" + "".join(f"{name:>10}" for name in names))
    rows = {part: Counter(sent=sent) for part, sent in crowd.sent.items()}
    for part, body, status, reply in crowd.replies:
        kind = "refused" if status != 200 else "answered"
        wanted = ("table",) if body["carrier"] == IN_TABLE[:2] else ("model", "cache")
        if status == 200 and reply["source"] not in wanted:
            kind = "degraded"
        rows[part][kind] += 1
    rows["all"] = sum(rows.values(), Counter())
    for part, row in rows.items():
        row["lost"] = 2 * row["sent"] - row.total()
        print(f"{part:22}" + "".join(f"{row[name]:10,}" for name in names))
    if not with_redis:
        print(
            "no redis-server on this machine (Debian: apt-get install redis-server): Redis left out"
        )
    if not mounted:
        print("no small disk could be mounted: a limit on the size of a file stood in for it")
