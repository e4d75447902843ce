"""A disk that is full, a lock that is never let go, forks, and `%cd`: no answer is lost in silence."""

import csv
import errno
import multiprocessing
import os
import subprocess
import sys
import textwrap
import threading

import pytest
from quiz.banks import example

from lessons_lib.quiz.widget import Quiz
from lessons_lib.record import progress as module
from lessons_lib.record.progress import Progress, current

POSIX = pytest.mark.skipif(os.name == "nt", reason="no fork and no flock here")


def numbers(progress):
    return [event["answer"] for event in progress.events()]


def answer(progress, number):
    progress.record("question", "l02-q1", right=True, answer=number)


class Disk:
    """A disk with room for so many bytes, in place of `os.write`; it writes at most 40 at a time."""

    def __init__(self, monkeypatch, room):
        self.room, self._write = room, os.write
        monkeypatch.setattr(os, "write", self)

    def __call__(self, handle, data):
        if not self.room:
            raise OSError(errno.ENOSPC, "No space left on device")
        written = self._write(handle, data[: min(40, self.room)])
        self.room -= written
        return written


@pytest.mark.parametrize("room", [0, 1, 40, 79, 100, 200, 333])
def test_a_full_disk_keeps_answers_in_memory_and_saves_them_later_once_and_in_order(
    room, tmp_path, monkeypatch, capsys
):
    progress = Progress(tmp_path / "progress.jsonl")
    disk = Disk(monkeypatch, room)
    for i in range(20):
        answer(progress, float(i))
    assert numbers(progress) == list(range(20))
    assert "No space left" in progress.trouble
    assert capsys.readouterr().err.count("\n") == 1
    content = progress.path.read_bytes()
    assert content == b"" or content.endswith(b"}\n"), "no half line stays behind"
    disk.room = 10**6
    answer(progress, 20.0)
    assert numbers(Progress(progress.path)) == list(range(21))
    assert progress.trouble == ""
    disk.room = 0
    answer(progress, 21.0)
    assert "No space left" in capsys.readouterr().err, "the next trouble is said anew"


def test_an_answer_that_is_not_saved_says_so_beside_the_question(tmp_path, monkeypatch):
    monkeypatch.setenv("LESSONS_PROGRESS", str(tmp_path / "absent" / "progress.jsonl"))
    shown = Quiz(example()[:1])
    said, why = shown.take("l02-q1", ["b"])["notes"][-1]
    assert said == "Not saved"
    assert "LESSONS_PROGRESS" in why
    monkeypatch.setenv("LESSONS_PROGRESS", str(tmp_path / "here.jsonl"))
    reply = shown.take("l02-q1", ["b"])
    assert len(reply["notes"]) == 1
    attempts = Progress(tmp_path / "here.jsonl").state().questions["l02-q1"].attempts
    assert attempts == 2, "the new file takes over what waited"


@POSIX
def test_a_lock_held_for_ever_costs_a_bounded_wait_and_is_said(tmp_path, monkeypatch, capsys):
    import fcntl

    monkeypatch.setattr(module, "LOCK_WAIT", 0.05)
    progress = Progress(tmp_path / "progress.jsonl")
    answer(progress, 1.0)
    with progress.path.open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        answer(progress, 2.0)
        assert "another program locks it" in capsys.readouterr().err
        assert numbers(progress) == [1, 2]
        assert numbers(Progress(progress.path)) == [1]
    answer(progress, 3.0)
    assert numbers(Progress(progress.path)) == [1, 2, 3]


@POSIX
def test_where_a_file_system_has_no_locks_it_goes_on_without(tmp_path, monkeypatch):
    import fcntl

    def unknown(*_args):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", unknown)
    progress = Progress(tmp_path / "progress.jsonl")
    answer(progress, 1.0)
    assert progress.trouble == ""
    assert numbers(Progress(progress.path)) == [1]


@POSIX
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_children_forked_while_answers_are_written_neither_hang_nor_double(tmp_path):
    progress = Progress(tmp_path / "progress.jsonl")
    go_on, written = threading.Event(), []

    def keep_writing():
        while not go_on.is_set():
            answer(progress, float(len(written)))
            written.append(len(written))

    writer = threading.Thread(target=keep_writing)
    writer.start()
    context = multiprocessing.get_context("fork")
    children = [context.Process(target=answer, args=(progress, -1.0 - i)) for i in range(20)]
    try:
        for child in children:
            child.start()
        for child in children:
            child.join(30)
            assert child.exitcode == 0
    finally:
        go_on.set()
        writer.join()
    found = numbers(Progress(progress.path))
    assert [number for number in found if number >= 0] == written
    assert sorted(number for number in found if number < 0) == list(range(-20, 0))


@POSIX
def test_a_child_leaves_to_its_parent_what_could_not_be_saved(tmp_path):
    progress = Progress(tmp_path / "absent" / "progress.jsonl")
    answer(progress, 1.0)
    progress.path.parent.mkdir()
    child = os.fork()
    if child == 0:
        answer(progress, 2.0)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    answer(progress, 3.0)
    assert numbers(Progress(progress.path)) == [2, 1, 3]


def test_a_pipe_in_the_place_of_the_file_does_not_hang(tmp_path, capsys):
    if not hasattr(os, "mkfifo"):
        pytest.skip("no named pipes here")
    os.mkfifo(tmp_path / "progress.jsonl")
    progress = Progress(tmp_path / "progress.jsonl")
    answer(progress, 1.0)
    assert numbers(progress) == [1]
    assert "cannot be saved" in capsys.readouterr().err


MOVES = {
    "magic": "get_ipython().run_line_magic('cd', 'work')",
    "chdir": "import os; os.chdir('work')",
    "deleted": "import os; os.mkdir('gone'); os.chdir('gone'); os.rmdir('../gone')",
}


SETUP = "import lessons_lib; lessons_lib.setup()"


@pytest.mark.parametrize(
    ("before", "move"),
    [("", "magic"), ("", "chdir"), ("", "deleted"), ("answer()", "magic"), (SETUP, "magic")],
)
def test_a_kernel_keeps_one_progress_file_wherever_it_moves(before, move, tmp_path):
    (tmp_path / "work").mkdir()
    script = f"""
        from IPython.core.interactiveshell import InteractiveShell
        shell = InteractiveShell.instance()
        shell.run_cell('''
        def answer():
            from lessons_lib.record.progress import current
            current().record("question", "l02-q1", right=True, answer=["b"])
        '''.replace(chr(10) + " " * 8, chr(10)), silent=True)
        for cell in ({before!r}, {MOVES[move]!r}, "answer()", "answer()"):
            shell.run_cell(cell).raise_error()
    """
    if os.name == "nt" and move == "deleted":
        pytest.skip("a folder in use cannot be deleted here")
    run_apart(script, tmp_path)
    files = [path.relative_to(tmp_path) for path in tmp_path.rglob("*.jsonl")]
    assert [str(path) for path in files] == ["progress.jsonl"]
    attempts = Progress(tmp_path / "progress.jsonl").state().questions["l02-q1"].attempts
    assert attempts == (3 if before == "answer()" else 2)


def test_a_plain_script_keeps_the_file_of_its_first_answer(tmp_path):
    (tmp_path / "work").mkdir()
    script = """
        import os
        from lessons_lib.record.progress import current
        current().record("exercise", "l02_keys", outcome="fail")
        os.chdir("work")
        current().record("exercise", "l02_keys", outcome="pass")
    """
    run_apart(script, tmp_path)
    assert Progress(tmp_path / "progress.jsonl").state().exercises["l02_keys"].attempts == 2


def run_apart(script, folder):
    settings = {name: value for name, value in os.environ.items() if name != "LESSONS_PROGRESS"}
    settings["IPYTHONDIR"] = str(folder / ".ipython")
    settings["PYTHONPATH"] = os.pathsep.join(sys.path)
    command = [sys.executable, "-c", textwrap.dedent(script)]
    done = subprocess.run(command, cwd=folder, env=settings, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_of_an_export_is_a_formula(first, tmp_path):
    danger = f"{first}cmd|' /C calc'!A1"
    current().record("exercise", "l02_keys", outcome=danger)
    current().record("prediction", "l01-p1", answer=danger)
    current().record("prediction", "l01-p2", answer=-3.5)
    with current().export(tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert rows["l02_keys"]["state"] == rows["l01-p1"]["answer"] == f"'{danger}"
    assert rows["l01-p2"]["answer"] == "-3.5", "a number is no formula"


@pytest.mark.parametrize("name", ["out.csv", "out.json"])
def test_an_export_is_whole_or_the_old_one(name, tmp_path, monkeypatch):
    current().record("exercise", "l02_keys", outcome="pass")
    path = current().export(tmp_path / name)
    before = path.read_bytes()

    def full(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    current().record("exercise", "l02_gate", outcome="pass")
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match=rf"{name} cannot be written \(No space left"):
        current().export(path)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir() if "part" in one.name] == []


def test_an_export_replaces_a_link_and_leaves_its_target(tmp_path):
    target = tmp_path / "target.csv"
    target.write_text("mine")
    (tmp_path / "out.csv").symlink_to(target)
    current().export(tmp_path / "out.csv")
    assert target.read_text() == "mine"
    assert (tmp_path / "out.csv").read_text().startswith("lesson,kind")


@pytest.mark.parametrize("place", ["absent/out.csv", "folder.csv"])
def test_an_export_that_cannot_be_written_is_one_line(place, tmp_path):
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(OSError, match="cannot be written") as refused:
        current().export(tmp_path / place)
    assert "\n" not in str(refused.value)
