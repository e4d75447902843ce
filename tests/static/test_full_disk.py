"""A disk without room: what is said, what is left behind, and that one can still go back.

A small disk of its own is mounted where that is allowed (Linux, root); everywhere else, and there as
well, a full one is faked.
"""

import contextlib
import errno
import os
import subprocess
import sys

import pytest
from static_tables import write_candidate

from lessons_lib import files
from lessons_lib.static import table
from lessons_lib.static.errors import TableError
from lessons_lib.static.pointer import Pointer
from lessons_lib.static.store import PredictionStore

FULL = "the disk is full: free some space"


def mount(folder):
    """Whether a disk of a megabyte could be put at `folder`."""
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except OSError:
        return False


@pytest.fixture
def disk(tmp_path):
    """A folder on a small disk, or None where none can be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if sys.platform != "linux" or os.geteuid() != 0 or not mount(folder):
        yield None
        return
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def rows(count, value):
    return {f"key {n:06d}": value for n in range(count)}


def fill(folder):
    """Leave not a byte free."""
    with open(folder / "ballast", "wb", buffering=0) as file:
        for size in (4096, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(bytes(size))


def test_a_table_too_large_for_the_disk_leaves_room_for_a_smaller_one(disk, tmp_path):
    if disk is None:
        return  # the fakes below hold the same
    with PredictionStore(disk / "store") as store:
        store.publish(write_candidate(tmp_path / "small.sqlite", rows(2_000, 0.1)))
        with pytest.raises(TableError, match=FULL) as refused:
            store.publish(write_candidate(tmp_path / "large.sqlite", rows(50_000, 0.2)))
        assert "store" in str(refused.value)
        assert "\n" not in str(refused.value)
        assert [path.name for path in store.folder.glob("*-*")] == ["board-0001.sqlite"]
        assert store.publish(write_candidate(tmp_path / "next.sqlite", rows(4_000, 0.3))) == (
            "board-2"
        )
        assert store.lookup("key 000000").value == 0.3


def test_one_can_go_back_and_forth_on_a_full_disk(disk, tmp_path):
    if disk is None:
        return
    with PredictionStore(disk / "store") as store:
        for value in (0.1, 0.2, 0.3):
            store.publish(write_candidate(tmp_path / "candidate.sqlite", rows(500, value)))
        fill(disk)
        with pytest.raises(OSError, match="No space"):
            (disk / "more").write_bytes(bytes(5000))
        (disk / "more").unlink()
        for to, value in [(None, 0.2), (None, 0.1), ("board-3", 0.3), ("board-1", 0.1)]:
            store.rollback(to)
            assert store.lookup("key 000000").value == value
        with pytest.raises(TableError, match=FULL):
            store.publish(tmp_path / "candidate.sqlite")
        assert store.lookup("key 000000").value == 0.1
        (disk / "ballast").unlink()
        assert store.publish(tmp_path / "candidate.sqlite") == "board-4"


@pytest.fixture
def store(tmp_path):
    with PredictionStore(tmp_path / "store") as store:
        for value in (0.1, 0.2):
            store.publish(write_candidate(tmp_path / "candidate.sqlite", rows(500, value)))
        yield store


def test_sqlite_without_room_is_told_as_a_full_disk(store, tmp_path, monkeypatch):
    class Cramped(table.sqlite3.Connection):
        def executemany(self, *arguments):
            self.execute("PRAGMA max_page_count = 3")
            return super().executemany(*arguments)

    connect, made = table.sqlite3.connect, os.listdir(store.folder)
    monkeypatch.setattr(
        table.sqlite3, "connect", lambda *a, **options: connect(*a, **options, factory=Cramped)
    )
    with pytest.raises(TableError, match=FULL):
        store.publish(tmp_path / "candidate.sqlite")
    assert sorted(os.listdir(store.folder)) == sorted(made)
    assert store.lookup("key 000000").value == 0.2


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_rollback_gives_up_its_reserve_and_makes_it_anew(store, monkeypatch, number):
    if number == getattr(errno, "EDQUOT", None) and os.name == "nt":
        return
    reserve, sync = store.folder / "board.reserve", os.fsync
    used = []

    def full_while_reserved(handle):
        if reserve.exists():
            used.append(1)
            raise OSError(number, os.strerror(number))
        sync(handle)

    monkeypatch.setattr(files.os, "fsync", full_while_reserved)
    assert store.rollback() == "board-1"
    assert used
    assert reserve.exists()
    assert store.lookup("key 000000").value == 0.1


def test_a_pointer_that_finds_no_room_leaves_no_version_behind(store, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Pointer, "_write", full)
        with pytest.raises(TableError, match=FULL):
            store.publish(tmp_path / "candidate.sqlite")
    names = {path.name for path in store.folder.glob("*-*")}
    assert names == {"board-0001.sqlite", "board-0002.sqlite"}
    assert store.publish(tmp_path / "candidate.sqlite") == "board-3"
