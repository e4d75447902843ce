"""The set-up check finds what is amiss and says the fix, and leaves nothing behind."""

import shutil
import socket

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


@pytest.mark.parametrize("version", [(3, 10), (3, 14)])
def test_python_outside_the_lock_is_named(version):
    assert "3.12" in ready._python(version).fix


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
