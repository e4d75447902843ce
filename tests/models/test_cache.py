"""Kept models: found again, never trusted when stale or damaged, safe with two processes."""

import os
import pickle
import shutil
import subprocess
import sys
import warnings

import pytest

from lessons_lib import models
from lessons_lib.models import cache as model_cache
from lessons_lib.models import fit_or_load

NAME = "hour_mean"  # the cheapest to fit


@pytest.fixture
def count_fits(monkeypatch):
    """How often a model had to be fitted."""
    fits = []
    original = models.fit
    monkeypatch.setattr(models, "fit", lambda name: fits.append(name) or original(name))
    return fits


def kept(folder):
    return list(folder.glob("*.model"))


def test_a_model_is_fitted_once_and_found_again(tmp_path, count_fits):
    first = fit_or_load(NAME, folder=tmp_path)
    second = fit_or_load(NAME, folder=tmp_path)
    assert count_fits == [NAME]
    assert second.means == first.means
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[:-5],
        lambda content: content[:60] + bytes([content[60] ^ 1]) + content[61:],
        lambda content: b"no model at all",
        lambda content: model_cache.hashlib.sha256(b"junk").digest() + b"junk",
    ],
    ids=["empty", "cut short", "one bit", "text", "no pickle"],
)
def test_a_damaged_file_is_fitted_anew_and_mended(tmp_path, count_fits, damage):
    good = fit_or_load(NAME, folder=tmp_path)
    (file,) = kept(tmp_path)
    file.write_bytes(damage(file.read_bytes()))
    assert fit_or_load(NAME, folder=tmp_path).means == good.means
    assert count_fits == [NAME, NAME]
    fit_or_load(NAME, folder=tmp_path)
    assert count_fits == [NAME, NAME]


def test_a_stale_model_is_fitted_anew(tmp_path, count_fits, monkeypatch):
    fit_or_load(NAME, folder=tmp_path)
    monkeypatch.setattr(model_cache, "fingerprint", lambda: "0123456789abcdef")
    fit_or_load(NAME, folder=tmp_path)
    assert count_fits == [NAME, NAME]


@pytest.mark.parametrize("changed", model_cache.INPUTS)
def test_the_fingerprint_changes_with_data_and_sources(tmp_path, monkeypatch, changed):
    for name in model_cache.INPUTS:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(model_cache.PACKAGE / name, tmp_path / name)
    monkeypatch.setattr(model_cache, "PACKAGE", tmp_path)
    calculate = model_cache.fingerprint.__wrapped__
    assert calculate() == model_cache.fingerprint()
    with (tmp_path / changed).open("ab") as file:
        file.write(b"\n")
    assert calculate() != model_cache.fingerprint()


def test_the_fingerprint_changes_with_the_versions(monkeypatch):
    monkeypatch.setattr(model_cache, "version", lambda package: "0.0")
    assert model_cache.fingerprint.__wrapped__() != model_cache.fingerprint()


def test_old_versions_do_not_pile_up(tmp_path, monkeypatch):
    for number in range(6):
        monkeypatch.setattr(model_cache, "fingerprint", lambda number=number: f"{number:016x}")
        model_cache.save(NAME, {"number": number}, tmp_path)
    assert len(kept(tmp_path)) == model_cache.KEPT
    assert model_cache.load(NAME, tmp_path) == {"number": 5}


def test_pruning_one_model_leaves_its_namesake_alone(tmp_path, monkeypatch):
    model_cache.save("live", "boosting", tmp_path)
    for number in range(6):
        monkeypatch.setattr(model_cache, "fingerprint", lambda number=number: f"{number:016x}")
        model_cache.save("live_logistic", number, tmp_path)
    assert len(list(tmp_path.glob("live-*.model"))) == 1


def test_processes_that_write_at_once_never_show_half_a_model(tmp_path):
    code = (
        "import sys; from pathlib import Path; from lessons_lib.models import cache as model_cache\n"
        "for _ in range(100):\n"
        "    model_cache.save('big', [sys.argv[2]] * 50_000, Path(sys.argv[1]))"
    )
    children = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path), who]) for who in ("a", "b")
    ]
    seen = set()
    while any(child.poll() is None for child in children):
        model = model_cache.load("big", tmp_path)
        if model is None:
            assert not seen, "a model that was there is gone or damaged"
        else:
            assert len(model) == 50_000
            assert len(set(model)) == 1
            seen |= set(model)
    assert [child.returncode for child in children] == [0, 0]
    assert seen
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_that_cannot_be_written_costs_only_a_warning(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way", encoding="utf-8")
    with pytest.warns(UserWarning, match="LESSONS_CACHE"):
        model = fit_or_load(NAME, folder=blocked)
    assert model.means


def test_the_folder_can_be_told(monkeypatch, tmp_path):
    monkeypatch.setenv("LESSONS_CACHE", str(tmp_path / "mine"))
    fit_or_load(NAME)
    assert len(kept(tmp_path / "mine")) == 1


def test_without_being_told_it_is_this_users_cache_folder(monkeypatch):
    from platformdirs import user_cache_dir

    monkeypatch.delenv("LESSONS_CACHE", raising=False)
    folder = model_cache.cache_folder()
    assert "lessons_lib" in folder.parts
    assert str(folder).startswith(user_cache_dir())


# ------------------------------------------------------------------ what others may have written


class Planted:
    """A pickle that leaves a trace when it is loaded."""

    def __init__(self, trace):
        self.trace = trace

    def __reduce__(self):
        return (open, (str(self.trace), "w"))


def give_away(path, monkeypatch):
    """Let `path` belong to somebody else: really for root, else by being somebody else."""
    if os.geteuid() == 0:
        os.chown(path, 54321, 54321)
    else:
        stranger = os.geteuid() + 1
        monkeypatch.setattr(os, "geteuid", lambda: stranger)


OTHERS = {
    "the folder belongs to another": lambda folder, file, patch: give_away(folder, patch),
    "the file belongs to another": lambda folder, file, patch: give_away(file, patch),
    "all may write the folder": lambda folder, file, patch: folder.chmod(0o777),
    "all may write the folder, though sticky": lambda folder, file, patch: folder.chmod(0o1777),
    "all may write the file": lambda folder, file, patch: file.chmod(0o666),
    "a folder above is open": lambda folder, file, patch: folder.parent.chmod(0o777),
    "a folder above belongs to another": lambda folder, file, patch: give_away(
        folder.parent, patch
    ),
}


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="Windows keeps users apart itself")
@pytest.mark.parametrize("how", OTHERS)
def test_what_another_user_may_have_written_is_not_loaded(tmp_path, monkeypatch, count_fits, how):
    folder, trace = tmp_path / "above" / "models", tmp_path / "trace"
    model_cache.save(NAME, "ours", folder)
    (file,) = kept(folder)
    body = pickle.dumps(Planted(trace))
    file.write_bytes(model_cache.hashlib.sha256(body).digest() + body)
    OTHERS[how](folder, file, monkeypatch)
    with pytest.warns(
        UserWarning, match=r"fitted anew: .* (belongs to another|may be written)"
    ) as said:
        model = fit_or_load(NAME, folder=folder)
    assert len(said) == 1
    assert model.means
    assert count_fits == [NAME]
    assert not trace.exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such groups")
def test_a_group_of_strangers_is_not_trusted(tmp_path, count_fits):
    fit_or_load(NAME, folder=tmp_path / "models")
    if os.geteuid() == 0:
        os.chown(tmp_path / "models", -1, 54321)
    (tmp_path / "models").chmod(0o770)
    mine = os.stat(tmp_path / "models").st_gid == os.getegid()
    if not mine:
        with pytest.warns(UserWarning, match="may be written"):
            fit_or_load(NAME, folder=tmp_path / "models")
        assert count_fits == [NAME, NAME]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
@pytest.mark.parametrize("umask", [0o000, 0o002, 0o077])
def test_folder_and_file_are_closed_to_others_whatever_the_umask(tmp_path, count_fits, umask):
    folder = tmp_path / "new" / "models"
    before = os.umask(umask)
    try:
        fit_or_load(NAME, folder=folder)
    finally:
        os.umask(before)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert kept(folder)[0].stat().st_mode & 0o777 == 0o600
    fit_or_load(NAME, folder=folder)
    assert count_fits == [NAME]


@pytest.mark.skipif(os.name == "nt", reason="links and pipes of POSIX")
@pytest.mark.parametrize("kind", ["link to a planted file", "dangling link", "pipe", "folder"])
def test_what_is_no_file_is_not_loaded_and_not_written_through(tmp_path, count_fits, kind):
    folder, elsewhere, trace = tmp_path / "models", tmp_path / "elsewhere", tmp_path / "trace"
    folder.mkdir(mode=0o700)
    file = model_cache._file(NAME, folder)
    if kind == "pipe":
        os.mkfifo(file)
    elif kind == "folder":
        file.mkdir()
    else:
        if kind != "dangling link":
            body = pickle.dumps(Planted(trace))
            elsewhere.write_bytes(model_cache.hashlib.sha256(body).digest() + body)
        file.symlink_to(elsewhere)
    before = elsewhere.read_bytes() if elsewhere.exists() else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert fit_or_load(NAME, folder=folder).means
    assert count_fits == [NAME]
    assert not trace.exists()
    assert (elsewhere.read_bytes() if elsewhere.exists() else None) == before


@pytest.mark.parametrize("bad", ["a file", "a dangling link", "under a file"])
@pytest.mark.parametrize("variable", ["LESSONS_CACHE", "XDG_CACHE_HOME"])
def test_bad_cache_folder_costs_one_line(tmp_path, monkeypatch, variable, bad):
    if variable == "XDG_CACHE_HOME" and not sys.platform.startswith("linux"):
        variable = "LESSONS_CACHE"
    place = tmp_path / "place"
    if bad == "a dangling link":
        place.symlink_to(tmp_path / "nowhere" / "at all")
    else:
        place.write_text("in the way")
    monkeypatch.delenv("LESSONS_CACHE", raising=False)
    monkeypatch.setenv(variable, str(place / "below" if bad == "under a file" else place))
    with pytest.warns(UserWarning, match="LESSONS_CACHE") as said:
        assert fit_or_load(NAME).means
    assert len(said) == 1


def test_without_a_home_nothing_is_written_beside_the_notebook(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.delenv("LESSONS_CACHE", raising=False)
    monkeypatch.chdir(tmp_path)
    assert model_cache.cache_folder().is_absolute()
