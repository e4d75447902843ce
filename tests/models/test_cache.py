"""Kept models: found again, never trusted when stale or damaged, safe with two processes."""

import shutil
import subprocess
import sys

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
