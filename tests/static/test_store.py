"""The file-based store where files matter: damage, kills, other processes, odd paths."""

import itertools
import json
import os
import random
import sqlite3
import threading
import time
import warnings

import pytest
from static_tables import Child, read_rows, write_candidate

from lessons_lib.static.errors import CorruptTableError, FallbackWarning, TableError
from lessons_lib.static.pointer import Pointer
from lessons_lib.static.store import PredictionStore

ROWS = 300


def whole(value):
    """A table in which each row says which version it belongs to."""
    return {f"key {n:06d}": float(value) for n in range(ROWS)}


def damage(path, change="flip"):
    """Harm a file: turn bits in the middle of a value, cut it short, or take it away."""
    if change == "missing":
        path.unlink()
    elif change == "cut":
        os.truncate(path, path.stat().st_size // 2)
    else:
        raw = bytearray(path.read_bytes())
        raw[-200] ^= 1
        path.write_bytes(raw)


@pytest.fixture
def store(tmp_path, clock):
    with PredictionStore(tmp_path / "store", clock=clock) as store:
        yield store


@pytest.fixture
def publish(store, tmp_path):
    def publish(value):
        return store.publish(write_candidate(tmp_path / "candidate.sqlite", whole(value)))

    return publish


@pytest.mark.slow
def test_a_reader_elsewhere_never_sees_a_missing_or_mixed_table(store, publish):
    publish(1)
    with Child("hammer", store.folder, ROWS) as reader:
        assert reader.read() == "ready"
        for value in range(2, 102):
            publish(value)
        time.sleep(0.2)
        seen = reader.finish()
    assert (seen["mixed"], seen["missing"], seen["backwards"]) == (0, 0, 0)
    assert seen["last"] == 101.0
    assert seen["reads"] > 500
    assert seen["versions"] > 20


@pytest.mark.slow
def test_a_publisher_killed_at_any_moment_leaves_the_old_version_serving(store, publish, tmp_path):
    candidates = [
        str(write_candidate(tmp_path / f"other-{value}.sqlite", whole(value)))
        for value in (1000, 2000)
    ]
    publish(1)
    moments = random.Random(0)
    interrupted = 0
    for turn in range(12):
        with Child("publish", store.folder, json.dumps(candidates), 100_000) as publisher:
            assert publisher.read() == "ready"
            time.sleep(moments.uniform(0.0, 0.1))
        fresh = PredictionStore(store.folder)
        left = {path.name for path in store.folder.glob("*-*.*")}
        interrupted += left != set(read_places(store))
        values = {answer.value for answer in fresh.lookup_many(whole(0))}
        assert len(values) == 1
        assert values <= {1.0, 1000.0, 2000.0} | set(map(float, range(turn)))
        publish(turn)
        assert fresh.lookup("key 000000").value == store.lookup("key 000000").value == turn
        assert {path.name for path in store.folder.glob("*-*.*")} == set(read_places(store))
    assert interrupted > 0, "no kill came in the middle of a publish"


def read_places(store):
    return [version.place for version in Pointer(store.folder, "board").read().versions]


def test_a_publish_that_fails_half_way_changes_nothing(store, publish, monkeypatch):
    publish(1)

    def full_disk(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("lessons_lib.files.os.fsync", full_disk)
        with pytest.raises(TableError, match="the disk is full: free some space"):
            publish(2)
        assert [path.name for path in store.folder.glob("*-*.*")] == ["board-0001.sqlite"]
    assert PredictionStore(store.folder).lookup("key 000000").value == 1.0
    assert publish(3) == "board-2"
    assert sorted(path.name for path in store.folder.glob("*-*.*")) == [
        "board-0001.sqlite",
        "board-0002.sqlite",
    ]


@pytest.mark.parametrize("change", ["flip", "cut", "missing"])
def test_a_fresh_reader_falls_back_from_a_damaged_version_and_names_it(store, publish, change):
    for value in (1, 2, 3):
        publish(value)
    store.close()
    damage(store.folder / "board-0003.sqlite", change)
    fresh = PredictionStore(store.folder)
    with pytest.warns(FallbackWarning, match=r"'board-3' is refused.*0003\.sqlite.*'board-2' ans"):
        assert fresh.lookup("key 000000").value == 2.0
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # said once, not at every look-up
        assert fresh.lookup("key 000001").value == 2.0
    assert fresh.current == "board-2"
    fresh.close()


def test_an_open_reader_stays_with_the_last_good_version(store, publish, tmp_path):
    publish(1)
    reader = PredictionStore(store.folder, check_every=0)
    assert reader.lookup("key 000000").value == 1.0
    reader.check_every = 3600.0
    reader.lookup("key 000000")  # trusts what it saw for an hour from now
    reader._look_again = time.monotonic() + 3600
    pointer = Pointer(store.folder, "board")
    publish(2)
    damage(store.folder / "board-0002.sqlite")
    assert pointer.read().current == "board-2"
    with pytest.warns(FallbackWarning, match=r"'board-2' is refused.*'board-1' answers instead"):
        assert reader.lookup("key 000000").value == 1.0
    publish(3)
    assert reader.lookup("key 000000").value == 3.0
    reader.close()


def test_damage_under_a_reader_is_noticed_when_the_file_no_longer_reads(store, publish):
    publish(1)
    publish(2)
    assert store.lookup("key 000000").value == 2.0
    store.close()
    store.lookup("key 000000")
    damage(store.folder / "board-0002.sqlite", "cut")
    with pytest.warns(FallbackWarning, match="'board-2' is refused"):
        values = {answer.value for answer in store.lookup_many(whole(0))}
    assert values == {1.0}


def test_with_no_good_version_left_the_error_names_the_file(store, publish):
    publish(1)
    store.close()
    damage(store.folder / "board-0001.sqlite")
    with pytest.raises(CorruptTableError, match=r"board-0001\.sqlite is damaged.*publish again"):
        store.lookup("key 000000")
    publish(2)
    assert store.lookup("key 000000").value == 2.0


def test_rollback_to_a_damaged_version_is_refused(store, publish):
    publish(1)
    publish(2)
    damage(store.folder / "board-0001.sqlite")
    with pytest.raises(CorruptTableError, match="'board-1' is refused"):
        store.rollback()
    assert store.lookup("key 000000").value == 2.0


def test_a_pointer_that_cannot_be_read_is_named_and_stops_nobody_who_reads(store, publish):
    publish(1)
    assert store.lookup("key 000000").value == 1.0
    store._pointer.path.write_text('{"current": ', encoding="utf-8")
    time.sleep(0.01)
    with pytest.warns(FallbackWarning, match=r"board\.json does not hold the list"):
        assert store.lookup("key 000000").value == 1.0
    with pytest.raises(TableError, match=r"board\.json does not hold"):
        PredictionStore(store.folder).lookup("key 000000")
    with pytest.raises(TableError, match=r"board\.json does not hold"):
        publish(2)


def test_each_pointer_has_a_later_stamp_than_the_last(store, publish):
    stamps = []
    for value in range(5):
        publish(value)
        stamps.append(store._pointer.signature()[0])
    assert all(later > earlier for earlier, later in itertools.pairwise(stamps))


@pytest.mark.parametrize(
    "name", ["with space", "what?mode=rw", "a#b", "100%25", "ünïcode 漢", "a'b;c"]
)
def test_a_folder_may_have_any_name(tmp_path, name):
    if os.name == "nt" and "?" in name:
        pytest.skip("Windows allows no '?' in a name")
    folder = tmp_path / name
    folder.mkdir()
    path = write_candidate(folder / "candidate.sqlite", whole(1))
    with PredictionStore(folder / "store") as store:
        store.publish(path)
        assert store.lookup("key 000000").value == 1.0
        assert store.rollback(store.current) == "board-1"
    assert [child.name for child in tmp_path.iterdir()] == [name]


def test_a_version_is_compact_and_in_key_order_whatever_the_candidate_was(store, tmp_path):
    path = tmp_path / "loose.sqlite"
    rows = list(whole(0.5).items())
    random.Random(0).shuffle(rows)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE predictions(key, value)")
        connection.execute("CREATE TABLE meta(name, value)")
        connection.execute("INSERT INTO meta VALUES ('as_of', '0')")
        connection.executemany("INSERT INTO predictions VALUES (?, ?)", rows)
    store.publish(path)  # while the candidate is still open, its rows in the write-ahead log
    connection.close()
    version = store.folder / "board-0001.sqlite"
    assert read_rows(version) == sorted(rows)
    with sqlite3.connect(version) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        made = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'predictions'")
        assert "WITHOUT ROWID" in made.fetchone()[0]
    connection.close()


def test_a_key_that_comes_twice_is_refused(store, tmp_path):
    path = tmp_path / "loose.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE predictions(key, value)")
        connection.execute("CREATE TABLE meta(name, value)")
        connection.execute("INSERT INTO meta VALUES ('as_of', '0')")
        connection.executemany("INSERT INTO predictions VALUES (?, 0.5)", [("a",), ("b",), ("a",)])
    connection.close()
    with pytest.raises(TableError, match="the key 'a' more than once"):
        store.publish(path)


def test_two_tables_share_a_folder(tmp_path):
    path = tmp_path / "candidate.sqlite"
    for name, value in (("board", 0.1), ("board-2", 0.2)):
        PredictionStore(tmp_path, name=name).publish(write_candidate(path, {"a": value}))
    assert PredictionStore(tmp_path, name="board").lookup("a").value == 0.1
    assert PredictionStore(tmp_path, name="board-2").lookup("a").value == 0.2


def test_pruned_files_leave_the_disk_and_a_reader_that_was_slow_goes_on(tmp_path):
    path = tmp_path / "candidate.sqlite"
    writer = PredictionStore(tmp_path / "store", keep=1)
    writer.publish(write_candidate(path, whole(1)))
    reader = PredictionStore(tmp_path / "store", check_every=3600.0)
    assert reader.lookup("key 000000").value == 1.0
    reader_elsewhere = reader._look_again
    writer.publish(write_candidate(path, whole(2)))
    reader._look_again = reader_elsewhere  # as in another process: it has not noticed yet
    assert [p.name for p in (tmp_path / "store").glob("*.sqlite")] == ["board-0002.sqlite"]
    assert reader.lookup("key 000000").value == 1.0
    found = []
    # A thread that opens the pruned version only now finds the next one instead.
    thread = threading.Thread(target=lambda: found.append(reader.lookup("key 000000").value))
    thread.start()
    thread.join()
    assert found == [2.0]


def test_connections_are_closed_with_their_threads_and_with_the_store(store, publish):
    publish(1)
    for _ in range(5):
        thread = threading.Thread(target=store.lookup, args=("key 000000",))
        thread.start()
        thread.join()
    assert len(store._all_opened) == 0
    store.lookup("key 000000")
    assert len(store._all_opened) == 1
    store.close()
    assert len(store._all_opened) == 0
    assert store.lookup("key 000000").value == 1.0  # opened again


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork: Windows has none")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_child_opens_its_own_connection(store, publish):
    publish(1)
    store.lookup("key 000000")
    opened = store._local.opened.connection
    child = os.fork()
    if child == 0:
        good = store.lookup("key 000000").value == 1.0
        own = store._local.opened.connection is not opened
        os._exit(0 if good and own else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_a_publisher_that_waits_too_long_is_told_why(store):
    impatient = Pointer(store.folder, "board").lock(timeout=0.1)
    refusal = pytest.raises(TableError, match=r"Another process has been publishing .* 0\.1 s")
    with store._pointer.lock(), refusal, impatient:
        pass
