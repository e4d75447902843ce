"""The environment is made once, made again when it is half-made, and every refusal says the way out."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from lessons_lib.cli import environment
from lessons_lib.cli.environment import Problem, ensure, interpreter

BACKEND = """
import base64, zipfile
def get_requires_for_build_editable(config_settings=None):
    return []
def build_editable(folder, config_settings=None, metadata_directory=None):
    name = "tiny_course-1.0-py3-none-any.whl"
    with zipfile.ZipFile(folder + "/" + name, "w") as wheel:
        wheel.writestr("tiny_course.pth", "")
        wheel.writestr("tiny_course-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: tiny-course\\nVersion: 1.0\\n")
        wheel.writestr("tiny_course-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nGenerator: t\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("tiny_course-1.0.dist-info/RECORD", "")
    return name
"""


def tiny_wheel(folder, version):
    """A package of one line, as a wheel."""
    name = f"tinypart-{version}"
    with zipfile.ZipFile(folder / f"{name}-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tinypart.py", f"version = '{version}'\n")
        info = f"{name}.dist-info"
        wheel.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: tinypart\nVersion: {version}\n"
        )
        wheel.writestr(
            f"{info}/WHEEL",
            "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        wheel.writestr(f"{info}/RECORD", "")


@pytest.fixture
def course(tmp_path):
    """A course of one tiny package, whose wheels lie in the folder: no network is needed."""
    root = tmp_path / "a course"
    (root / "wheels").mkdir(parents=True)
    tiny_wheel(root / "wheels", "1.0")
    (root / "requirements.txt").write_text("tinypart==1.0\n")
    (root / "requirements-test.txt").write_text("uv==0.0.0\n")
    (root / "backend.py").write_text(BACKEND)
    (root / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    )
    return root


def installed(python):
    """The version of the tiny package that this Python imports."""
    said = subprocess.run(
        [str(python), "-c", "import tinypart; print(tinypart.version)"],
        capture_output=True,
        text=True,
    )
    return said.stdout.strip()


@pytest.mark.slow
def test_environment_is_made_once_then_updated_then_mended(course, capsys):
    python = ensure(root=course)
    assert installed(python) == "1.0"
    assert "Installing" in capsys.readouterr().out

    ensure(root=course)
    assert capsys.readouterr().out == "", "the second start installs nothing"

    tiny_wheel(course / "wheels", "2.0")
    (course / "requirements.txt").write_text("tinypart==2.0\n")
    ensure(root=course)
    assert installed(python) == "2.0", "a changed lock is installed"
    assert "Making" not in capsys.readouterr().out, "and the environment is kept"

    python.unlink()
    (python.parents[1] / environment.BYTECODE).mkdir()
    ensure(root=course)
    assert installed(python) == "2.0"
    assert "half-made" in capsys.readouterr().out


@pytest.mark.slow
def test_failed_install_says_why_and_leaves_no_stamp(course):
    (course / "requirements.txt").write_text("tinypart==3.0\n")
    with pytest.raises(Problem, match=r"tinypart==3\.0.*start again"):
        ensure(root=course)
    assert not list((course / ".venv").glob("stamp-*"))


@pytest.mark.slow
def test_no_network_is_one_clear_line(course, monkeypatch):
    for wheel in (course / "wheels").iterdir():
        wheel.unlink()
    (course / "wheels").rmdir()
    for name in (
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "http_proxy",
        "https_proxy",
        "all_proxy",
    ):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    with pytest.raises(Problem, match="No network") as raised:
        ensure(root=course)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("missing", ["venv", "ensurepip"])
def test_missing_venv_names_the_package_and_leaves_no_folder(tmp_path, monkeypatch, missing):
    find = environment.importlib.util.find_spec
    monkeypatch.setattr(
        environment.importlib.util,
        "find_spec",
        lambda name: None if name == missing else find(name),
    )
    with pytest.raises(Problem, match="apt install python3-venv"):
        environment.make(tmp_path / ".venv")
    assert not (tmp_path / ".venv").exists()


def test_folder_with_something_else_in_it_is_never_cleared(tmp_path):
    venv = tmp_path / ".venv"
    venv.mkdir()
    (venv / "thesis.txt").write_text("two years of work")
    with pytest.raises(Problem, match=r"thesis\.txt"):
        environment.clear(venv)
    assert (venv / "thesis.txt").read_text() == "two years of work"


def test_stamp_changes_with_the_lock_and_the_folder_but_not_with_line_ends(tmp_path):
    lock = tmp_path / "lock"
    lock.write_bytes(b"a==1\nb==2\n")
    before = environment.fingerprint([lock], tmp_path)
    lock.write_bytes(b"a==1\r\nb==2\r\n")
    assert environment.fingerprint([lock], tmp_path) == before
    assert environment.fingerprint([lock], tmp_path / "moved") != before
    lock.write_bytes(b"a==1\nb==3\n")
    assert environment.fingerprint([lock], tmp_path) != before


def test_too_old_a_python_gets_one_line(monkeypatch, capsys):
    from lessons_lib import __main__ as entry

    monkeypatch.setattr(entry.sys, "version_info", (3, 9, 2))
    assert entry.main(["lab"]) == 1
    said = capsys.readouterr().err
    assert "Python 3.9" in said
    assert "3.12" in said
    assert said.count("\n") == 1


def test_door_runs_on_the_standard_library_alone():
    root = Path(environment.__file__).parents[2]
    code = (
        "import sys, runpy; sys.argv = ['lessons_lib', 'help']\n"
        "try: runpy.run_module('lessons_lib', run_name='__main__')\n"
        "except SystemExit as end: assert not end.code\n"
        "import json; print(json.dumps(sorted({m.split('.')[0] for m in sys.modules})))"
    )
    # -I and -S: no site-packages at all; the folder of the course is put on the path by hand.
    done = subprocess.run(
        [
            sys.executable,
            "-I",
            "-S",
            "-c",
            f"import sys; sys.path.insert(0, {str(root)!r})\n" + code,
        ],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": ""},
    )
    assert done.returncode == 0, done.stderr
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    foreign = {m for m in loaded - set(sys.stdlib_module_names) if not m.startswith("__")}
    assert foreign == {"lessons_lib"}


def test_unknown_command_names_the_known_ones(capsys):
    from lessons_lib.__main__ import main

    assert main(["labb"]) == 1
    said = capsys.readouterr().err
    assert "'labb'" in said
    assert "lab, refresh, reset, test" in said


def test_interpreter_stands_where_this_system_keeps_it(tmp_path):
    part = "Scripts" if os.name == "nt" else "bin"
    assert interpreter(tmp_path).parent.name == part
