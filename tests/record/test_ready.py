"""The set-up check finds what is amiss and says the fix, and leaves nothing behind."""

import shutil
import socket
import sys
from pathlib import Path

import pytest

from lessons_lib.record import ready


@pytest.fixture
def course(tmp_path):
    """A course with everything in its place, as far as the check looks."""
    data = tmp_path / "lessons_lib" / "data"
    data.mkdir(parents=True)
    for name in ready.DATA:
        (data / name).touch()
    shutil.copy(ready.ROOT / "requirements.txt", tmp_path)
    return tmp_path


def fixes(course):
    return {one.what: one.fix for one in ready.look(root=course, folder=course) if one.fix}


def test_a_whole_set_up_is_ready(course):
    before = sorted(course.rglob("*"))
    assert fixes(course) == {}
    assert sorted(course.rglob("*")) == before


def test_missing_data_names_the_file_and_the_fix(course):
    (course / "lessons_lib" / "data" / "weather.csv.gz").unlink()
    finding = next(one for one in ready.look(root=course, folder=course) if one.what == "Data")
    assert "weather.csv.gz" in finding.found
    assert "git checkout" in finding.fix


def test_package_of_another_version_is_named(course):
    lock = course / "requirements.txt"
    lock.write_text(lock.read_text().replace("altair==", "altair==0."))
    finding = next(one for one in ready.look(root=course, folder=course) if one.what == "Packages")
    assert "altair is" in finding.found
    assert "lessons_lib lab" in finding.fix


def finding(course, what):
    return next(one for one in ready.look(root=course, folder=course) if one.what == what)


@pytest.mark.parametrize("version", [(3, 10), (3, 15)])
def test_python_outside_the_lock_is_named(version):
    assert "3.12" in ready._python(version).fix


def test_door_and_check_agree_on_the_pythons(monkeypatch, capsys):
    from lessons_lib import __main__ as door

    for minor in range(8, 18):
        monkeypatch.setattr(door.sys, "version_info", (3, minor, 0))
        assert (door.main(["help"]) == 0) == (not ready._python((3, minor)).fix)
    assert "3.11 to 3.14" in capsys.readouterr().err


@pytest.mark.parametrize(
    "module",
    ["raise ImportError('torn')", "raise SystemExit", "1 / 0", "def", "import absent_part"],
)
def test_package_that_cannot_be_imported_is_not_called_ready(course, monkeypatch, module):
    broken = course / "elsewhere"
    broken.mkdir()
    (broken / "redis.py").write_text(module)
    monkeypatch.syspath_prepend(broken)
    monkeypatch.delitem(sys.modules, "redis", raising=False)
    said = finding(course, "Packages")
    assert "redis from" in said.found
    assert "redis.py" in said.found
    assert "lessons_lib lab" in said.fix


def test_package_taken_from_elsewhere_is_named_with_its_place(course, monkeypatch):
    (course / "redis.py").write_text("")
    monkeypatch.syspath_prepend(course)
    monkeypatch.delitem(sys.modules, "redis", raising=False)
    assert str(course / "redis.py") in finding(course, "Packages").found


@pytest.mark.parametrize(
    "name",
    [
        *("fastapi.py", "numpy/__init__.py", "random.py", "queue.py", "json.py", "copy.py"),
        *("logging/__init__.py", "work/random.py", "work/starlette.py", "lessons_lib.py"),
    ],
)
def test_own_file_with_the_name_of_a_module_is_named(course, name):
    shutil.rmtree(course / "lessons_lib")
    (course / name).parent.mkdir(exist_ok=True)
    (course / name).touch()
    said = ready._own_files(course)
    assert f"`{Path(name)}`" in said.found
    assert "rename" in said.fix


def test_own_files_that_are_in_nobodys_way_are_none_of_the_checks_business(course):
    shutil.rmtree(course / "lessons_lib")
    (course / "numpy").mkdir()  # without __init__.py a package elsewhere comes first
    for name in ("mine.py", "my notes.txt", "random.txt", "json", "02_ahead.ipynb", ".hidden.py"):
        (course / name).touch()
    assert ready._own_files(course).fix == ""


def test_folder_that_cannot_be_written_says_what_is_lost(course):
    assert "progress" in ready._folder(course / "absent").fix


def test_blocked_server_names_the_firewall(monkeypatch):
    def refuse(*args, **kwargs):
        raise OSError(13, "Permission denied")

    monkeypatch.setattr(socket, "create_connection", refuse)
    assert "firewall" in ready._server().fix


def test_message_counts_what_is_to_mend(monkeypatch):
    shown = []
    monkeypatch.setattr(ready.page, "show", lambda text, markup: shown.append((text, markup)))
    monkeypatch.setattr(
        ready, "look", lambda: [ready.Finding("A", "fine"), ready.Finding("B", "bad", "do `x`")]
    )
    ready.check_setup()
    text, markup = shown[0]
    assert "Mend: do `x`" in text
    assert "1 to mend." in text
    assert "<code>x</code>" in markup
