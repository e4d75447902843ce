"""The list of versions and its file: what is kept, where a rollback goes, what is not believed."""

import json
import os
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons_lib.static.errors import NotPublishedError, TableError
from lessons_lib.static.pointer import LIMIT, Manifest, Pointer, Version


def grow(manifest, *, keep=None):
    version = Version(manifest.next_name, f"{manifest.published}.sqlite", 1, 0.0, 0.0)
    return manifest.publish(version, keep=keep)


@given(st.lists(st.sampled_from(["publish", "rollback"]), max_size=25), st.integers(1, 4))
def test_whatever_is_done_the_current_version_is_kept_and_numbers_are_new(steps, keep):
    manifest, names = Manifest("board"), set()
    for step in steps:
        if step == "publish":
            manifest = grow(manifest, keep=keep)
            assert manifest.current not in names
            names.add(manifest.current)
        else:
            try:
                manifest = manifest.serve()
            except NotPublishedError:
                continue
        assert manifest.find(manifest.current).name == manifest.current
        assert len(manifest.versions) <= keep
        assert Manifest.from_json(manifest.to_json(), where="here") == manifest


def test_a_rollback_never_leads_to_a_version_that_was_rolled_back_from():
    manifest = Manifest("board")
    for _ in range(3):
        manifest = grow(manifest)
    manifest = grow(manifest.serve())  # back to 2, then 4
    assert [version.name for version in manifest.line()] == ["board-4", "board-2", "board-1"]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"versions": 3}', '{"versions": [{"x": 1}]}', "null"]
)
def test_what_is_no_manifest_is_named(text):
    with pytest.raises(TableError, match=r"board\.json does not hold"):
        Manifest.from_json(text, where="board.json")


def three_versions():
    manifest = Manifest("board")
    for number in range(3):
        version = Version(
            manifest.next_name, f"board-000{number}.sqlite", 2_517, 1.38e9, 1.38e9 + 60.5, "ü", "ab"
        )
        manifest = manifest.publish(version)
    return manifest


def test_a_single_flipped_bit_is_refused_or_means_the_same():
    manifest = three_versions()
    text = manifest.to_json().encode()
    for place in range(len(text)):
        for bit in range(8):
            flipped = bytearray(text)
            flipped[place] ^= 1 << bit
            with suppress(TableError):
                assert Manifest.from_json(bytes(flipped), where="here") == manifest


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("as_of", "yesterday"),
        ("as_of", None),
        ("as_of", float("nan")),
        ("as_of", 10**400),
        ("as_of", True),
        ("published_at", float("inf")),
        ("rows", -1),
        ("rows", 2.5),
        ("name", 7),
        ("place", "../elsewhere.sqlite"),
        ("place", ""),
        ("place", "nul\0.sqlite"),
        ("checksum", None),
        ("before", 3),
        ("unknown", 1),
    ],
)
def test_a_senseless_value_is_refused_by_name_also_without_a_checksum(field, value):
    parts = json.loads(three_versions().to_json())
    del parts["checksum"]
    parts["versions"][1][field] = value
    with pytest.raises(TableError, match=r"board\.json does not hold the list"):
        Manifest.from_json(json.dumps(parts), where="board.json")


@pytest.mark.parametrize("change", [{"current": "board-9"}, {"published": -1}, {"table": None}])
def test_a_list_that_does_not_fit_together_is_refused(change):
    parts = json.loads(three_versions().to_json())
    del parts["checksum"]
    with pytest.raises(TableError, match="does not hold the list"):
        Manifest.from_json(json.dumps(parts | change), where="here")


def test_a_list_that_was_changed_by_hand_is_refused():
    parts = json.loads(three_versions().to_json())
    parts["versions"][2]["as_of"] += 1.0
    with pytest.raises(TableError, match="checksum"):
        Manifest.from_json(json.dumps(parts), where="here")


def test_a_list_of_an_earlier_edition_has_no_checksum_and_is_read():
    parts = json.loads(three_versions().to_json())
    del parts["checksum"]
    assert Manifest.from_json(json.dumps(parts), where="here") == three_versions()


def test_versions_that_name_each_other_as_the_one_before_end_the_walk():
    parts = json.loads(three_versions().to_json())
    del parts["checksum"]
    parts["versions"][0]["before"] = "board-3"
    line = Manifest.from_json(json.dumps(parts), where="here").line()
    assert [version.name for version in line] == ["board-3", "board-2", "board-1"]


@pytest.mark.parametrize("kind", ["folder", "pipe", "huge", "deep", "no text"])
def test_what_stands_in_the_place_of_the_pointer_is_named(tmp_path, kind):
    pointer = Pointer(tmp_path, "board")
    if kind == "folder":
        pointer.path.mkdir()
    elif kind == "pipe" and hasattr(os, "mkfifo"):
        os.mkfifo(pointer.path)
    elif kind == "huge":
        with open(pointer.path, "wb") as file:
            file.truncate(1_000 * LIMIT)  # takes no room
    else:
        pointer.path.write_bytes(b"[" * 100_000 if kind == "deep" else b"\xff\xfe")
    with pytest.raises(TableError, match=r"board\.json") as refused:
        pointer.read()
    assert "\n" not in str(refused.value)


def test_a_list_too_long_to_be_read_again_is_not_written(tmp_path):
    pointer = Pointer(tmp_path, "board")
    version = Version("board-1", "a", 1, 0.0, 0.0, model="m" * LIMIT)
    with pytest.raises(TableError, match="keep="):
        pointer.replace(Manifest("board").publish(version))
    assert pointer.read() == Manifest("board")
