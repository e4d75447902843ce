"""The list of versions: what is kept, where a rollback goes, and that it survives being written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons_lib.static.errors import NotPublishedError, TableError
from lessons_lib.static.pointer import Manifest, Version


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
