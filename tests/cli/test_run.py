"""What the commands hand on, and what they refuse."""

import socket
import sys

import pytest

from lessons_lib.cli import run
from lessons_lib.cli.environment import Problem


@pytest.fixture
def handed(monkeypatch, tmp_path):
    """Catches the command that would be started."""
    seen = {}

    def catch(command, **extra):
        seen.update(command=command, extra=extra)
        return 0

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
    assert handed["command"][-4:] == ["tests", "lessons_lib", "notebooks", "-x"]
    run.test([__file__ + "::test_port_in_use_is_refused"])
    assert "notebooks" not in handed["command"]


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
