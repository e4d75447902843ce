"""The one atomic write and the one lock: whole files, no links followed, no wait for ever."""

import errno
import os
import stat
import subprocess
import sys
import threading

import pytest

from lessons_lib import files
from lessons_lib.files import locked, patiently, reason, replacing, write_atomically

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no os.fork")
HOLD = """
import sys
from lessons_lib.files import locked
with locked(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that holds the lock, until it is killed."""
    command = [sys.executable, "-c", HOLD, tmp_path / "lock"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline().strip() == b"held"
        yield process
        process.kill()


@pytest.mark.parametrize(
    ("data", "written"), [(b"\r\n\x00", b"\r\n\x00"), ("ü\n", "ü\n".encode()), ("", b"")]
)
def test_a_file_is_written_as_given_and_nothing_else_is_left(tmp_path, data, written):
    path = tmp_path / "a name with %s and ü.json"
    for _ in range(2):
        write_atomically(path, data)
        assert path.read_bytes() == written
        assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such permissions")
def test_a_file_is_private_unless_it_is_to_be_shared(tmp_path):
    write_atomically(tmp_path / "private", b"")
    write_atomically(tmp_path / "shared", b"", mode=0o644)
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("private", "shared")]
    assert modes == [0o600, 0o644]


@pytest.mark.skipif(os.name == "nt", reason="links need a right of their own on Windows")
def test_a_link_is_replaced_and_never_written_through(tmp_path, monkeypatch):
    others = tmp_path / "others"
    others.write_text("keep")
    (tmp_path / "mine").symlink_to(others)
    write_atomically(tmp_path / "mine", b"new")
    assert (others.read_text(), (tmp_path / "mine").is_symlink()) == ("keep", False)
    monkeypatch.setattr(files.secrets, "token_hex", lambda _: "guessed")
    (tmp_path / "mine.guessed.part").symlink_to(others)
    with pytest.raises(FileExistsError):
        write_atomically(tmp_path / "mine", b"newer")
    assert (others.read_text(), (tmp_path / "mine").read_bytes()) == ("keep", b"new")


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt()])
def test_a_write_that_fails_leaves_the_old_file_and_no_part(tmp_path, monkeypatch, error):
    path = tmp_path / "file"
    write_atomically(path, b"old")

    def fails(_):
        raise error

    monkeypatch.setattr(files.os, "fsync", fails)
    with pytest.raises(type(error)):
        write_atomically(path, b"new")
    assert [entry.read_bytes() for entry in tmp_path.iterdir()] == [b"old"]


def test_a_block_that_fails_leaves_the_old_file_and_no_part(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def fail_half_way():
        with replacing(path) as part:
            part.write_bytes(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert [entry.read_bytes() for entry in tmp_path.iterdir()] == [b"old"]


def test_a_folder_that_is_not_there_is_an_error_that_names_it(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        write_atomically(tmp_path / "nowhere" / "file", b"")


def test_what_is_in_use_is_tried_again_for_a_bounded_time(monkeypatch):
    monkeypatch.setattr(files, "PATIENCE", 1.0)
    tries = []

    def in_use_twice():
        tries.append(1)
        if len(tries) < 3:
            raise PermissionError(errno.EACCES, "in use")
        return "done"

    assert patiently(in_use_twice) == "done"
    monkeypatch.setattr(files, "PATIENCE", 0.0)
    tries.clear()
    with pytest.raises(PermissionError):
        patiently(in_use_twice)
    assert len(tries) == 1


def test_the_lock_keeps_other_threads_out(tmp_path):
    inside, most = [], []

    def work():
        for _ in range(50):
            with locked(tmp_path / "lock"):
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (max(most), len(most)) == (1, 200)


def test_the_lock_of_another_process_is_waited_for_and_then_named(tmp_path, holder):
    too_long = pytest.raises(TimeoutError, match=r"lock has been locked .* 0\.1 s: wait")
    with too_long, locked(tmp_path / "lock", timeout=0.1):
        pytest.fail("two hold it")
    holder.kill()
    holder.wait()
    with locked(tmp_path / "lock", timeout=10):
        pass  # it died with its process


def test_the_lock_is_free_again_after_a_block_that_fails(tmp_path):
    with pytest.raises(ZeroDivisionError), locked(tmp_path / "lock"):
        1 / 0  # noqa: B018
    with locked(tmp_path / "lock", timeout=0):
        pass


@needs_fork
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_child_neither_holds_nor_frees_the_lock_of_its_parent(tmp_path):
    path, (ear, mouth) = tmp_path / "lock", os.pipe()
    leaves = None
    try:
        with locked(path):
            child = os.fork()
            if child:
                assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
                with pytest.raises(TimeoutError), locked(path, timeout=0):
                    pass
                leaves = os.fork()  # lives on when the parent is done
                if not leaves:
                    os.close(mouth)
                    os.read(ear, 1)
                    os._exit(0)
    finally:
        if not child:
            os._exit(0 if sys.exc_info()[0] is None else 1)
    with locked(path, timeout=0):
        pass
    os.close(mouth)
    os.waitpid(leaves, 0)


@needs_fork
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_child_that_ends_within_a_write_leaves_the_part_to_its_parent(tmp_path):
    path = tmp_path / "file"
    try:
        with replacing(path) as part:
            part.write_bytes(b"whole")
            child = os.fork()
            if not child:
                raise ZeroDivisionError
            os.waitpid(child, 0)
    except ZeroDivisionError:
        os._exit(0)
    assert path.read_bytes() == b"whole"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EROFS, "can only be read"),
        (errno.EACCES, "may not"),
        (errno.ENAMETOOLONG, "too long"),
        (errno.EEXIST, "another folder"),
        (errno.EIO, os.strerror(errno.EIO)),
    ],
)
def test_an_error_is_put_into_words(number, words):
    assert words in reason(OSError(number, os.strerror(number)))
