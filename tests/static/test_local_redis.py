"""A Redis server for the length of a block: it answers, it is gone afterwards, it may be absent."""

import shutil
import stat
import sys

import pytest
import redis

from lessons_lib.static.errors import UnavailableError
from lessons_lib.static.redis import local_redis


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
