"""What the commands hand on, and what they refuse."""

import os
import re
import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest

from lessons_lib.cli import run
from lessons_lib.cli.environment import Problem


@pytest.fixture
def handed(monkeypatch, tmp_path):
    """Catches the command that would be started."""
    seen = {}

    def catch(command, **extra):
        seen.update(command=command, extra=extra)
        seen.setdefault("commands", []).append(command)
        return seen["codes"].pop(0) if seen.get("codes") else 0

    monkeypatch.setattr(run, "hand_over", catch)
    monkeypatch.setattr(run, "ensure", lambda **kw: seen.update(kw) or sys.executable)
    (tmp_path / "my_course").mkdir()
    monkeypatch.setattr(run.working_copy, "bring", lambda: (tmp_path / "my_course", []))
    return seen


def test_lab_opens_the_start_page_of_the_working_copy(handed, tmp_path):
    assert run.lab(["--no-browser"]) == 0
    assert "--LabApp.default_url=/lab/tree/my_course/00_start_here.ipynb" in handed["command"]
    assert f"--ServerApp.root_dir={tmp_path}" in handed["command"]
    assert "--no-browser" in handed["command"]
    assert handed["extra"]["JUPYTER_CONFIG_PATH"] == str(run.ROOT / ".jupyter")


def test_test_runs_everything_unless_told_otherwise(handed):
    run.test(["-x"])
    assert handed["with_tests"]
    whole, with_ray = handed["commands"]
    assert whole[-6:] == ["-m", "not scale", "tests", "lessons_lib", "notebooks", "-x"]
    assert with_ray[-4:] == ["-m", "scale", "tests/labs", "-x"]
    run.test([__file__ + "::test_port_in_use_is_refused"])
    assert "notebooks" not in handed["command"]
    run.test(["-m", "not browser"])
    assert len(handed["commands"]) == 4
    assert handed["command"][-5:] == ["tests", "lessons_lib", "notebooks", "-m", "not browser"]


@pytest.mark.parametrize(
    ("codes", "ends"), [([0, 0], 0), ([1, 0], 1), ([0, 1], 1), ([0, 5], 0), ([1, 5], 1)]
)
def test_tests_end_well_when_both_runs_do(handed, codes, ends):
    handed["codes"] = codes
    assert run.test([]) == ends


def test_scale_adds_the_extra_and_says_how_to_use_it(handed, capsys):
    assert run.scale([]) == 0
    assert handed["with_scale"]
    assert "live=True" in capsys.readouterr().out


def test_port_in_use_is_refused():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for form in ([f"--port={port}"], ["--port", str(port)], [f"--ServerApp.port={port}"]):
            with pytest.raises(Problem, match=rf"Port {port} is in use"):
                run.check_port(form)
    run.check_port([])


def test_port_that_is_no_number_is_refused():
    with pytest.raises(Problem, match="'eighty'"):
        run.check_port(["--port=eighty"])


def test_exit_code_of_the_child_is_handed_on():
    assert run.hand_over([sys.executable, "-c", "raise SystemExit(3)"]) == 3


def test_reset_needs_one_lesson():
    with pytest.raises(Problem, match="reset 02"):
        run.reset([])


def test_compiled_modules_stay_in_the_environment_where_none_are_wanted_elsewhere(
    monkeypatch, capfd
):
    told = "import sys; print(sys.dont_write_bytecode, sys.pycache_prefix)"
    monkeypatch.setattr(run.sys, "dont_write_bytecode", True)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.delenv("PYTHONPYCACHEPREFIX", raising=False)
    run.hand_over([sys.executable, "-c", told])
    assert capfd.readouterr().out.split() == ["False", str(run.ROOT / ".venv" / "bytecode")]

    monkeypatch.setattr(run.sys, "dont_write_bytecode", False)
    assert run.bytecode() == {}, "everybody else's Python keeps them as it likes"


SPEAKS = "import os, sys, time; print(os.getpid(), flush=True); time.sleep(60)"
HANDS_OVER = f"import sys; from lessons_lib.cli import run; sys.exit(run.hand_over([sys.executable, '-c', {SPEAKS!r}]))"


def test_certificates_are_named_from_where_the_caller_stands(handed, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert run.certificate(["room", "--again", "one.html"]) == 0
    wanted = ["--again", str(tmp_path / "room"), str(tmp_path / "one.html")]
    assert handed["command"][-5:] == ["-m", "lessons_lib.record.certificate", *wanted]
    for wrong in ([], ["--again"], ["--agian", "room"]):
        with pytest.raises(Problem, match="which certificates to check"):
            run.certificate(wrong)


@pytest.mark.skipif(os.name == "nt", reason="the signals of POSIX")
def test_sigterm_ends_what_was_started_too():
    with subprocess.Popen([sys.executable, "-c", HANDS_OVER], cwd=run.ROOT, stdout=-1) as door:
        child = int(door.stdout.readline())
        os.kill(child, 0)
        door.terminate()
        assert door.wait(30) != 0
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the signals of POSIX")
def test_sigterm_to_the_lab_leaves_no_orphan(monkeypatch, tmp_path):
    """JupyterLab itself, with a kernel: the door, the server and the kernel all end."""
    code = f"""import sys; from pathlib import Path; from lessons_lib.cli import run
run.ensure = lambda **kw: sys.executable
run.working_copy.bring = lambda: (Path({str(tmp_path)!r}), [])
sys.exit(run.lab(sys.argv[1:]))"""
    options = ["--no-browser", "--ServerApp.port=0", "--IdentityProvider.token=t"]
    log = tmp_path / "log.txt"
    with log.open("wb") as said:
        door = subprocess.Popen(
            [sys.executable, "-c", code, *options], cwd=run.ROOT, stdout=said, stderr=said
        )
    family = []
    try:
        url = wait_for(lambda: re.search(r"http://127.0.0.1:\d+/", log.read_text()), door)[0]
        headers = {"Authorization": "token t"}
        httpx.post(f"{url}api/kernels", headers=headers, trust_env=False).raise_for_status()
        family = wait_for(lambda: len(found := descendants(door.pid)) >= 2 and found, door)
        door.terminate()
        door.wait(60)
        wait_for(lambda: not any(map(alive, family)))
    finally:
        for pid in filter(alive, [door.pid, *family]):
            os.kill(pid, signal.SIGKILL)
        door.wait()


def wait_for(what, door=None, seconds=60):
    until = time.monotonic() + seconds
    while not (found := what()):
        assert door is None or door.poll() is None, "it ended by itself"
        assert time.monotonic() < until, "not in time"
        time.sleep(0.1)
    return found


def descendants(pid):
    """The processes that a process started, and theirs."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True).stdout
    pairs = [tuple(map(int, line.split())) for line in listed.splitlines()]
    found = [pid]
    for parent in found:
        found += [child for child, of in pairs if of == parent]
    return found[1:]


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_reset_says_how_an_open_lesson_is_not_put_back(monkeypatch, capsys, tmp_path):
    fresh, kept = tmp_path / "my_course" / "02.ipynb", tmp_path / "my_course" / "02.mine-1.ipynb"
    monkeypatch.setattr(run.working_copy, "reset", lambda lesson: (fresh, kept))
    assert run.reset(["02"]) == 0
    said = capsys.readouterr().out
    assert "as it was last saved" in said
    assert "'Revert' where it asks; 'Overwrite' would undo the reset" in said
