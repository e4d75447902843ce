"""A clone that belongs to a teacher, started by a student: it works, or one line says what to do.

The student is really another account where the tests run as root; elsewhere the clone is closed to
its own owner, which is the same to the file system. Windows keeps its rights another way.
"""

import errno
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from lessons_lib import __main__ as door
from lessons_lib.cli import environment, working_copy

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="the rights of POSIX")
AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
STUDENT = {"user": 54321, "group": 54321, "extra_groups": []} if AS_ROOT else {}
# In place of the environment's Python: says how it was started, and installs nothing.
STAND_IN = """#!/bin/sh
[ "$1" = -c ] && exit 0
printf '%s\\n' "$@"
env
"""


@pytest.fixture
def room():
    """A folder that all may look into, with the teacher's clone in it and the student's home."""
    folder = Path(tempfile.mkdtemp(prefix="lessons-room-"))
    folder.chmod(0o755)
    clone, home = folder / "clone", folder / "home"
    shutil.copytree(ROOT / "lessons_lib" / "cli", clone / "lessons_lib" / "cli")
    for name in ("__init__.py", "__main__.py", "files.py"):
        shutil.copy(ROOT / "lessons_lib" / name, clone / "lessons_lib")
    (clone / "notebooks").mkdir()
    (clone / "notebooks" / "00_start_here.ipynb").write_text("the original")
    for name in ("requirements.txt", "requirements-test.txt"):
        (clone / name).write_text("")
    python = environment.interpreter(clone / ".venv")
    python.parent.mkdir(parents=True)
    python.write_text(STAND_IN)
    stamp = environment.fingerprint([clone / "requirements.txt"], clone)
    (clone / ".venv" / "stamp-course").write_text(stamp)
    home.mkdir()
    if AS_ROOT:
        os.chown(home, 54321, 54321)
    for path in [clone, *clone.rglob("*")]:
        path.chmod(0o555 if path.is_dir() or path == python else 0o444)
    yield folder
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755)
    shutil.rmtree(folder)


def opened(path):
    """Let the student write into a folder of the room."""
    path.chmod(0o777)
    return path


def python_for_the_student():
    """A Python that this account may start: root's own often lies where nobody else may look."""
    for python in (sys.executable, "/usr/bin/python3"):
        try:
            code = "import sys; sys.exit(sys.version_info < (3, 11))"
            if subprocess.run([python, "-c", code], capture_output=True, **STUDENT).returncode == 0:
                return python
        except OSError:
            continue
    return pytest.skip("the student's account can start no Python 3.11 or newer")


def start(room, *command, **settings):
    """Start the course as the student; what was said on both channels, and the exit code."""
    env = {"PATH": os.environ["PATH"], "HOME": str(room / "home"), "PYTHONDONTWRITEBYTECODE": "1"}
    env = {k: v for k, v in {**env, **settings}.items() if v is not None}
    python = python_for_the_student()
    return subprocess.run(
        [python, "-m", "lessons_lib", *command],
        cwd=room / "clone",
        env=env,
        capture_output=True,
        text=True,
        **STUDENT,
    )


def one_line(done):
    """The one line of a refusal."""
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def test_student_works_in_their_own_home(room):
    done = start(room, "lab")
    assert done.returncode == 0, done.stderr
    course = room / "home" / environment.HOME / "my_course"
    assert f"your progress are kept in {course}" in done.stdout
    assert (course / "00_start_here.ipynb").read_text() == "the original"
    assert f"--ServerApp.root_dir={course.parent}" in done.stdout
    assert f"IPYTHONDIR={course}" in done.stdout
    assert (course / ".settings").stat().st_mode & 0o777 == 0o700

    (course / "00_start_here.ipynb").write_text("my answers")
    assert start(room, "lab").returncode == 0
    assert (course / "00_start_here.ipynb").read_text() == "my answers"
    assert start(room, "reset", "00").returncode == 0
    assert (course / "00_start_here.ipynb").read_text() == "the original"


def test_the_teachers_own_working_copy_is_not_the_students(room):
    clone = room / "clone"
    clone.chmod(0o755)
    (clone / "my_course").mkdir()
    (clone / "my_course" / "00_start_here.ipynb").write_text("the teacher's answers")
    clone.chmod(0o555)
    assert start(room, "lab").returncode == 0
    course = room / "home" / environment.HOME / "my_course"
    assert (course / "00_start_here.ipynb").read_text() == "the original"


@pytest.mark.slow
def test_student_gets_an_environment_of_their_own_where_there_is_none(room):
    clone = room / "clone"
    clone.chmod(0o755)
    (clone / ".venv").chmod(0o755)
    environment.interpreter(clone / ".venv").parent.chmod(0o755)
    shutil.rmtree(clone / ".venv")
    (clone / "wheels").mkdir()
    clone.chmod(0o555)
    done = start(room, "lab", "--version")
    assert done.returncode == 1, "no JupyterLab lies in the folder of wheels"
    place = room / "home" / environment.HOME
    assert "jupyterlab" in done.stderr
    assert (place / ".venv" / "stamp-course").exists()
    done = subprocess.run(
        [environment.interpreter(place / ".venv"), "-P", "-c", "import lessons_lib as l; print(l)"],
        **{**STUDENT, "cwd": place, "env": {}, "capture_output": True, "text": True},
    )
    assert str(clone) in done.stdout


@pytest.mark.parametrize("home", ["/nonexistent/home", None], ids=["closed home", "no home"])
def test_nowhere_to_write_says_what_to_do(room, home):
    (room / "home").chmod(0o555)
    if home is None and not AS_ROOT:
        home = str(room / "home")
    said = one_line(start(room, "lab", HOME=home))
    assert "copy the course to a folder of your own" in said


@pytest.mark.parametrize("what", ["dangling link", "link to itself", "file"])
@pytest.mark.parametrize("command", [("lab",), ("reset", "00")])
def test_something_else_called_my_course_is_named(room, what, command):
    course = opened(room / "clone") / "my_course"
    if what == "file":
        course.write_text("notes")
    else:
        course.symlink_to("my_course" if what == "link to itself" else "nowhere")
    said = one_line(start(room, *command))
    assert str(course) in said
    assert "move it away" in said


def test_working_copy_that_cannot_be_written_is_named(room):
    course = opened(room / "clone") / "my_course"
    course.mkdir()
    course.chmod(0o555)
    said = one_line(start(room, "lab"))
    assert str(course) in said
    assert "nothing that you do there would be kept" in said


def test_environment_that_belongs_to_another_and_is_out_of_date_is_one_line(room):
    (room / "clone" / "requirements.txt").chmod(0o644)
    (room / "clone" / "requirements.txt").write_text("# changed\n")
    opened(room / "clone")
    done = start(room, "lab")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert ".venv" in done.stderr
    assert done.stderr.count("\n") == 1


def test_full_disk_is_one_line(monkeypatch, capsys, tmp_path):
    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(tmp_path / "file"))

    for target in ("tempfile.TemporaryFile", "shutil.copyfile", "pathlib.Path.mkdir"):
        with monkeypatch.context() as patch:
            patch.setattr(target, full)
            patch.setattr(working_copy, "own_place", lambda root: tmp_path)
            assert door.main(["reset", "00"]) == 1
        said = capsys.readouterr().err
        assert "the disk is full: free some space" in said
        assert said.count("\n") == 1
