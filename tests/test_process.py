"""Child processes: isolated, waited for, stopped in time, and never left behind."""

import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest

from lessons_lib import process
from lessons_lib.process import Child, ChildError

FOREVER = "import time; time.sleep(600)"
SAYS = "import os; print(os.environ.get({name!r}), flush=True)"


def gone(pid, seconds=15):
    """Whether a process ends in time."""
    return until(lambda: not alive(pid), seconds)


def alive(pid):
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def until(what, seconds=15):
    end = time.monotonic() + seconds
    while not what():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def printed(source, *arguments, **settings):
    """What a child prints until it ends by itself."""
    with Child("The child", source, *arguments, **settings) as child:
        assert until(lambda: not child.running, 60)
        return child.log()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PYTHONPATH", "no/such/folder"),
        ("PYTHONHOME", "no/such/folder"),
        ("PYTHONSTARTUP", "no-such-file.py"),
        ("PYTHONSAFEPATH", "1"),
        ("PYTHONINSPECT", "1"),
        ("PYTHONBREAKPOINT", "no.such.thing"),
        ("PYTHONWARNINGS", "error"),
        ("PYTHONOPTIMIZE", "2"),
        ("PYTHONIOENCODING", "ascii"),
        ("PYTHONVERBOSE", "1"),
        ("PYTHONHASHSEED", "none"),
        ("PYTHONUTF8", "7"),
    ],
)
def test_settings_of_somebody_elses_python_do_not_reach_a_child(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    said = printed("import os, sys; print(os.environ.get(sys.argv[1]), 'é')", name)
    assert said.endswith("é\n")
    assert value not in said.split()


def test_a_child_runs_with_one_openmp_thread_unless_told_otherwise(monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    assert process.environment()["OMP_NUM_THREADS"] == "1"
    assert process.environment({"OMP_NUM_THREADS": "3"})["OMP_NUM_THREADS"] == "3"


def test_compiled_modules_stay_where_the_caller_keeps_them(monkeypatch):
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", "kept/here")
    assert process.environment()["PYTHONPYCACHEPREFIX"] == "kept/here"


def test_no_child_can_call_the_internet_during_the_tests(monkeypatch, tmp_path):
    monkeypatch.setenv("LESSONS_OUTSIDE_CALLS", str(tmp_path / "calls.txt"))
    source = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)"
    assert "allow no connection" in printed(source)
    assert "192.0.2.1" in (tmp_path / "calls.txt").read_text()


@pytest.mark.parametrize(
    "name", ["random", "queue", "json", "copy", "logging", "numpy", "fastapi", "lessons_lib"]
)
def test_a_learners_file_does_not_hide_a_module_of_that_name(tmp_path, monkeypatch, name):
    (tmp_path / f"{name}.py").write_text("print('the learner’s own')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    said = printed("import importlib, sys; print(importlib.import_module(sys.argv[1]))", name)
    assert "own" not in said
    assert str(tmp_path) not in said


def test_it_is_waited_for_and_its_folder_goes_with_it():
    source = "import os, time; open(os.environ['LESSONS_CHILD_FOLDER'] + '/here', 'w'); print('up', flush=True); time.sleep(600)"
    child = Child("The child", source)
    child.wait(lambda: (child.folder / "here").exists(), 60)
    assert child.running
    child.stop()
    child.stop()
    assert not child.running
    assert gone(child.pid)
    assert not child.folder.exists()


@pytest.mark.parametrize(
    ("source", "seconds", "words"),
    [
        ("raise SystemExit('no such model')", 60, ["ended before it was ready", "no such model"]),
        ("pass", 60, ["ended before it was ready", "printed nothing"]),
        (FOREVER, 0.1, [r"was not ready within 0.1 s"]),
    ],
)
def test_what_went_wrong_is_said_with_the_end_of_the_log(source, seconds, words):
    child = Child("The night's job", source, error=ValueError)
    with pytest.raises(ValueError, match="The night's job") as caught:
        child.wait(lambda: False, seconds)
    assert all(word in str(caught.value) for word in words)
    assert not child.folder.exists()
    assert gone(child.pid)


def test_a_child_that_will_not_leave_is_ended():
    source = """
        import time
        from lessons_lib.process import on_stop
        on_stop(lambda: None)
        print("up", flush=True)
        time.sleep(600)
    """
    child = Child("The child", textwrap.dedent(source), grace=0.2)
    child.wait(lambda: "up" in child.log(), 60)
    child.stop()
    assert gone(child.pid, 1)


def test_a_child_is_killed_without_a_chance_to_tidy_up(tmp_path):
    source = (
        "import time\ntry:\n  print('up', flush=True); time.sleep(600)\nfinally: open('tidy', 'w')"
    )
    with Child("The child", source, cwd=tmp_path) as child:
        child.wait(lambda: "up" in child.log(), 60)
        child.kill()
    assert gone(child.pid, 1)
    assert not (tmp_path / "tidy").exists()


def test_another_program_ends_with_its_child():
    program = [
        sys.executable,
        "-c",
        "import os, time; print(os.getpid(), flush=True); time.sleep(600)",
    ]
    child = Child.program("The program", program)
    child.wait(lambda: child.log().strip().isdecimal(), 60)
    pid = int(child.log())
    assert pid != child.pid
    child.stop()
    assert gone(pid)


@pytest.mark.parametrize(
    "settings",
    [{"cwd": "no/such/folder"}, {"cwd": "x" * 600}, {"cwd": "/".join(["deep" * 40] * 40)}],
    ids=["absent", "long name", "long path"],
)
def test_a_folder_that_cannot_be_entered_is_said_in_one_line(settings):
    with pytest.raises(ChildError, match="could not start in") as caught:
        Child("The child", "pass", **settings)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 200


def test_no_room_for_the_log_is_said_in_one_line(monkeypatch):
    def full(**_):
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(process.tempfile, "mkdtemp", full)
    with pytest.raises(ChildError, match="no room for its log: it is not there"):
        Child("The child", "pass")


PARENT = """
    import os, sys, time
    from lessons_lib.process import Child
    child = Child{how}
    child.wait(lambda: child.log().strip().isdecimal(), 60)
    print(child.pid, child.log().strip(), child.folder, flush=True)
    {then}
"""
PYTHON = "('It', 'import os, time; print(os.getpid(), flush=True); time.sleep(600)')"
PROGRAM = f".program('It', [sys.executable, '-c', {PYTHON[7:-1]}])"


def parent_of(how, then):
    """A Python with a child: its process, the child's pid, the one that works, and the folder."""
    code = textwrap.dedent(PARENT).format(how=how, then=then)
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    child, worker, folder = parent.stdout.readline().split()
    return parent, int(child), int(worker), Path(folder)


@pytest.mark.parametrize("how", [PYTHON, PROGRAM], ids=["python", "program"])
@pytest.mark.parametrize(
    "then", ["time.sleep(600)", "sys.exit()", "os._exit(3)", "1 / 0", "os.abort()"]
)
def test_nothing_is_left_however_the_parent_dies(how, then):
    parent, child, worker, folder = parent_of(how, then)
    if "600" in then:
        parent.kill()
    parent.communicate(timeout=30)
    assert gone(child)
    assert gone(worker)
    assert until(lambda: not folder.exists())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.parametrize(
    "then", ["sys.exit()", "child.stop()", "child.kill()", "del child", "os._exit(0)"]
)
def test_a_forks_end_leaves_its_parents_child_alone(then):
    forks = f"""
    fork = os.fork()
    if fork == 0:
        assert child.running
        {then}
        os._exit(0)
    os.waitpid(fork, 0)
    print(child.running, child.folder.exists(), flush=True)
    child.stop()
    """
    parent, child, _, folder = parent_of(PYTHON, textwrap.dedent(forks))
    assert parent.stdout.readline() == "True True\n"
    parent.communicate(timeout=30)
    assert gone(child)
    assert not folder.exists()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_fork_that_lives_on_does_not_keep_a_dead_parents_child():
    forks = "fork = os.fork()\nprint(fork, flush=True)\ntime.sleep(600)"
    parent, child, _, folder = parent_of(PYTHON, forks)
    fork = int(max(parent.stdout.readline(), parent.stdout.readline(), key=int))
    parent.kill()
    try:
        assert gone(child)
        assert until(lambda: not folder.exists())
    finally:
        os.kill(fork, 9)
        parent.communicate(timeout=30)


def test_folders_that_nobody_could_remove_go_at_the_next_start(tmp_path, monkeypatch):
    monkeypatch.setattr(process.tempfile, "gettempdir", lambda: str(tmp_path))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    stale, own = (tmp_path / f"{process.PREFIX}{pid}-abc" for pid in (ended.pid, os.getpid()))
    other = tmp_path / f"{process.PREFIX}notes-abc"
    for folder in (stale, own, other):
        folder.mkdir()
    process.sweep()
    assert [folder.exists() for folder in (stale, own, other)] == [False, True, True]
