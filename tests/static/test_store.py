"""The file-based store where files matter: damage, kills, other processes, odd paths."""

import errno
import functools
import itertools
import multiprocessing
import os
import random
import shutil
import sqlite3
import threading
import time
import warnings

import pytest
import static_child
from static_tables import Child, read_rows, write_candidate

from lessons_lib import files
from lessons_lib.static import table
from lessons_lib.static.errors import (
    CorruptTableError,
    FallbackWarning,
    GateRefusedError,
    TableError,
)
from lessons_lib.static.gate import verify
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
    moments, interrupted = random.Random(0), 0
    context = multiprocessing.get_context("spawn" if os.name == "nt" else "forkserver")
    context.set_forkserver_preload(["pandas", "static_child"])  # imported once for all of them
    for turn in range(12):
        ready = context.Event()
        publisher = context.Process(
            target=static_child.publish, args=(store.folder, candidates, ready)
        )
        publisher.start()
        assert ready.wait(60)
        time.sleep(moments.uniform(0.0, 0.1))
        publisher.kill()
        publisher.join()
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


@pytest.mark.parametrize("key", [b"a", 5, 1.5, None])
@pytest.mark.parametrize("ask", ["publish", "verify"])
def test_a_key_that_is_no_text_is_refused_by_name(store, tmp_path, key, ask):
    path = tmp_path / "loose.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE predictions(key, value)")
        connection.execute("CREATE TABLE meta(name, value)")
        connection.execute("INSERT INTO meta VALUES ('as_of', '0')")
        connection.executemany("INSERT INTO predictions VALUES (?, 0.5)", [("good",), (key,)])
    connection.close()
    with pytest.raises(TableError, match=r"loose\.sqlite holds \(") as refused:
        store.publish(path) if ask == "publish" else verify(path, expected_keys=["good"])
    assert repr(key) in str(refused.value)


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


def change_in_the_log(path):
    """Change a candidate through its write-ahead log, whose file stays apart."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    yield connection
    connection.execute("UPDATE predictions SET value = 0.99 WHERE key = 'key 000007'")
    connection.commit()
    yield connection
    connection.close()


def test_a_candidate_changed_in_its_write_ahead_log_is_not_what_was_verified(store, tmp_path):
    path = write_candidate(tmp_path / "candidate.sqlite", dict.fromkeys(whole(0), 0.5), as_of=1.5)
    steps = change_in_the_log(path)
    next(steps)
    report = verify(path)
    assert report.passed
    next(steps)
    with pytest.raises(GateRefusedError, match="changed since"):
        store.publish(path, report)
    assert store.publish(path, verify(path)) == "board-1"
    assert store.lookup("key 000007").value == 0.99
    next(steps, None)


def test_a_log_that_is_merged_into_its_file_changes_nothing(store, tmp_path):
    path = write_candidate(tmp_path / "candidate.sqlite", dict.fromkeys(whole(0), 0.5), as_of=1.5)
    steps = change_in_the_log(path)
    next(steps)
    next(steps)
    report = verify(path)
    next(steps, None)
    assert store.publish(path, report) == "board-1"


@pytest.mark.parametrize("note", ["as_of", "model"])
def test_a_candidate_whose_notes_changed_is_not_what_was_verified(store, tmp_path, note):
    path = write_candidate(tmp_path / "candidate.sqlite", dict.fromkeys(whole(0), 0.5), as_of=1.5)
    report = verify(path)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE meta SET value = '86400' WHERE name = ?", (note,))
    connection.close()
    with pytest.raises(GateRefusedError, match="changed since"):
        store.publish(path, report)


def test_a_candidate_replaced_while_publish_waits_for_its_lock_is_refused(store, tmp_path):
    path = write_candidate(tmp_path / "candidate.sqlite", dict.fromkeys(whole(0), 0.5), as_of=1.5)
    other = write_candidate(tmp_path / "other.sqlite", dict.fromkeys(whole(0), 0.9), as_of=1.5)
    report, refused = verify(path), []

    def publish():
        try:
            store.publish(path, report)
        except GateRefusedError as error:
            refused.append(error)

    with store._pointer.lock():
        thread = threading.Thread(target=publish)
        thread.start()
        time.sleep(0.2)
        os.replace(other, path)
    thread.join()
    assert len(refused) == 1
    assert store.versions().empty


def test_the_whole_table_is_compared_with_its_checksum(store, publish):
    publish(1)
    publish(2)
    assert len(store.table().rows) == ROWS
    path = store.folder / "board-0002.sqlite"
    good = path.read_bytes()
    for place in random.Random(0).sample(range(8 * len(good)), 60):
        flipped = bytearray(good)
        flipped[place // 8] ^= 1 << place % 8
        path.write_bytes(flipped)
        with pytest.raises(CorruptTableError, match=r"'board-2' is refused.*0002\.sqlite"):
            store.table()


def test_a_publish_is_seen_by_the_next_look_up_of_every_reader(store, publish):
    publish(0)
    readers, stop = [store, PredictionStore(store.folder, check_every=3600.0)], threading.Event()

    def read(reader):
        while not stop.is_set():
            reader.lookup("key 000000")

    threads = [threading.Thread(target=read, args=(reader,)) for reader in readers * 2]
    for thread in threads:
        thread.start()
    late = 0
    try:
        for value in range(1, 60):
            publish(value)
            late += sum(reader.lookup("key 000000").value != value for reader in readers)
        store.rollback()
        value_before = value - 1
        late += sum(reader.lookup("key 000000").value != value_before for reader in readers)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert late == 0


def test_a_reader_goes_on_when_the_pointer_is_damaged_bit_by_bit(store, publish):
    publish(1)
    assert store.lookup("key 000000").value == 1.0
    path = store._pointer.path
    good, publisher = path.read_bytes(), PredictionStore(store.folder)
    for place in random.Random(1).sample(range(8 * len(good)), 40):
        flipped = bytearray(good)
        flipped[place // 8] ^= 1 << place % 8
        path.write_bytes(flipped)
        store._look_again = 0.0
        with warnings.catch_warnings(record=True):
            warnings.simplefilter("always")
            assert store.lookup("key 000000") == (1.0, "table", 10_000.0)
    path.write_bytes(good)
    assert publisher.lookup("key 000000").value == 1.0


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "your account may not"),
        (errno.EROFS, "can only be read"),
        (errno.ENOSPC, "disk is full"),
    ],
)
@pytest.mark.parametrize("what", ["publish", "rollback", "new"])
def test_a_folder_that_cannot_be_written_is_named(
    store, publish, tmp_path, monkeypatch, number, words, what
):
    publish(1)
    publish(2)

    def refuses(*_, **__):
        raise OSError(number, os.strerror(number))

    asks = {
        "publish": lambda: publish(3),
        "rollback": lambda: store.rollback(),
        "new": lambda: PredictionStore(tmp_path / "new"),
    }
    with monkeypatch.context() as patched:
        patched.setattr(os, "mkdir" if what == "new" else "open", refuses)
        with pytest.raises(TableError, match=words) as refused:
            asks[what]()
    assert str(tmp_path) in str(refused.value)
    assert "\n" not in str(refused.value)
    assert store.lookup("key 000000").value == 2.0


def test_a_candidate_that_is_being_written_is_told_as_that(store, tmp_path, monkeypatch):
    path = write_candidate(tmp_path / "candidate.sqlite", whole(1))
    impatient = functools.partial(sqlite3.connect, timeout=0.05)
    monkeypatch.setattr(table.sqlite3, "connect", impatient)
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("BEGIN EXCLUSIVE")
    with pytest.raises(TableError, match=r"candidate\.sqlite .*another process is writing it"):
        store.publish(path)
    writer.close()


def test_a_path_that_sqlite_finds_too_long_is_told_as_that(tmp_path):
    folder = tmp_path.joinpath(*["long" * 25] * 6)
    path = write_candidate(tmp_path / "candidate.sqlite", whole(1))
    with pytest.raises(TableError, match="path is too long: use a folder with a shorter one"):
        PredictionStore(folder).publish(path)


def test_a_folder_that_is_deleted_under_a_reader_is_named(store, publish):
    publish(1)
    assert store.lookup("key 000000").value == 1.0
    shutil.rmtree(store.folder)
    store.close()
    with pytest.raises(TableError, match=r"folder .*store .*is gone"):
        store.lookup("key 000000")
    with pytest.raises(TableError, match=r"store"):
        store.rollback()
    assert publish(2) == "board-1"
    assert store.lookup("key 000000").value == 2.0


@pytest.mark.skipif(os.name == "nt", reason="links need a right of their own on Windows")
@pytest.mark.parametrize("name", ["board-0001.part", "board.json.part", "board.lock"])
def test_nothing_is_written_through_a_planted_link(store, tmp_path, name):
    precious = tmp_path / "precious"
    precious.write_text("keep")
    (store.folder / name).symlink_to(precious)
    path = write_candidate(tmp_path / "candidate.sqlite", whole(1))
    if name == "board.lock":
        with pytest.raises(TableError, match=r"board\.lock .*link"):
            store.publish(path)
    else:
        store.publish(path)
    assert precious.read_text() == "keep"


def test_a_part_that_is_there_already_is_not_written_into(store, tmp_path, monkeypatch):
    precious = tmp_path / "precious"
    precious.write_text("keep")
    monkeypatch.setattr(files.secrets, "token_hex", lambda _: "guessed")
    path = write_candidate(tmp_path / "candidate.sqlite", whole(1))
    monkeypatch.setattr(store, "_tidy", lambda _: None)
    os.link(precious, store.folder / "board-0001.sqlite.guessed.part")
    with pytest.raises(TableError):
        store.publish(path)
    assert precious.read_text() == "keep"


def test_a_version_number_is_not_given_twice_when_the_pointer_was_deleted(store, publish):
    publish(1)
    publish(2)
    store._pointer.path.unlink()
    assert publish(3) == "board-3"
    assert store.lookup("key 000000").value == 3.0


def test_keys_that_look_alike_are_told_apart(store, tmp_path):
    messages = set()
    for key in ("Zürich", "Zu\u0308rich", "Zürich\u00a0", "Zürich\u200b"):
        path = tmp_path / "loose.sqlite"
        path.unlink(missing_ok=True)
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE predictions(key, value)")
            connection.execute("CREATE TABLE meta(name, value)")
            connection.execute("INSERT INTO meta VALUES ('as_of', '0')")
            connection.executemany("INSERT INTO predictions VALUES (?, 0.5)", [(key,)] * 2)
        connection.close()
        with pytest.raises(TableError, match="more than once") as refused:
            store.publish(path)
        messages.add("".join(c for c in str(refused.value) if c.isprintable()))
    assert len(messages) == 4


def test_two_spellings_of_one_name_are_two_keys(store, tmp_path):
    values = {"Zürich": 0.1, "Zu\u0308rich": 0.2}
    store.publish(write_candidate(tmp_path / "candidate.sqlite", values))
    assert [store.lookup(key).value for key in values] == [0.1, 0.2]
