"""Exercise: publish a table by replacing a pointer, and look keys up in it (lesson 02)."""

import contextlib
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from lessons_lib.answer import Answer, VirtualClock
from lessons_lib.exercises.probes import (
    MISS,
    an_answer,
    answered,
    breaks_down,
    call,
    expect,
    fail,
    raised,
    scratch_folder,
)

NAME = "TinyStore"
TITLE = "Publish a table, and look keys up"
MINUTES = 12
ORDER = 4
HINTS = [
    "Step 1: write the version's name into another file, say `pointer.part`, and move it onto the "
    'pointer: `part.replace(self.folder / "pointer.txt")`. Readers see the old name or the new one, '
    "and nothing in between.",
    'Step 2: `(self.folder / "pointer.txt").read_text()` gives the version, `json.loads` of that '
    "version's text a dict with `rows` and `as_of`. Do it at each look-up.",
    'Step 2: for a key that is not in the rows return `Answer(None, "default", float("nan"))`, for '
    'any other `Answer(value, "table", age)`. The age is `self.clock()` less `as_of`.',
]
FAILURES = {
    "no_version": "After `publish({version!r}, ...)` there is no file `{version}.json` in the "
    "folder. Write each version into a file of its own.",
    "no_pointer": "After `publish({version!r}, ...)` the file `pointer.txt` does not name it: it "
    "holds {held}.",
    "pointer_first": "The pointer was moved to {version!r} before that file was whole. A reader who "
    "comes between the two finds nothing. Write the version first.",
    "in_place": "The pointer was not put in its place by `replace`. A file that is written over "
    "where it stands is empty for a moment, and `rename` onto it fails on Windows. Write a second "
    "file and `replace` the pointer with it.",
    "gone": "The old pointer was taken away before the new one was in its place. A reader who comes "
    "between the two finds none. `replace` puts one file onto the other in a single step.",
    "unfilled": "A file that held {held} was moved onto the pointer, and filled afterwards. A reader "
    "who comes between the two finds no version. Write the name into it first.",
    "elsewhere": "The file that became the pointer was written outside of the store's folder. That "
    "may be another disk, from which nothing can be moved in one step. Write it beside the pointer.",
    "overwritten": "Publishing version {version!r} changed the file of the one before it, so there "
    "is nothing left to roll back to. A version never changes.",
    "stale": "A second version was published and a reader still answers {got}, the first one's "
    "value. Read the pointer at each look-up.",
    "kept": "Of two stores with a folder each, one answered {got}, and its table holds {wanted}. Keep "
    "nothing for all stores, and read your own folder.",
    "touched": "A look-up changed the folder: it holds {got}, once {wanted}. A reader only reads.",
    "not_an_answer": "`lookup` should return an `Answer`; it returned {got}.",
    "wrong_value": "The table holds {wanted} for {key!r}, and `lookup` gave {got}.",
    "zero": "The table holds 0.0 for {key!r}, and `lookup` called it a miss. A probability of 0 is "
    "an answer: ask whether the key is there, not whether the value counts as true.",
    "miss_raises": "A key that is not in the table raised {error}. It is no accident, it is a miss: "
    'return `Answer(None, "default", float("nan"))`.',
    "miss_guessed": "For a key that is not in the table `lookup` gave {got}. A miss has no value, "
    'the source `"default"` and the age NaN.',
    "source": 'An answer from the table has the source `"table"`; yours says {got}.',
    "age": "The information was {wanted:g} s old, and the answer says {got}. Take the clock's time "
    "less the `as_of` that was published.",
    "pointer_ignored": "The pointer was set back to {version!r} by hand, and `lookup` gave {got}, "
    "another version's value. Answer from the version that the pointer names.",
}
KEY, ZERO, NEVER = "UA EWR IAH 05", "HA JFK HNL 09", "ZZ EWR IAH 05"


class TinyStore:
    def __init__(self, folder, clock):
        self.folder, self.clock = Path(folder), clock

    def publish(self, version, rows, as_of):
        text = json.dumps({"rows": rows, "as_of": as_of})
        (self.folder / f"{version}.json").write_text(text, encoding="utf-8")
        part = self.folder / "pointer.part"
        part.write_text(version, encoding="utf-8")
        part.replace(self.folder / "pointer.txt")

    def lookup(self, key):
        version = (self.folder / "pointer.txt").read_text(encoding="utf-8")
        table = json.loads((self.folder / f"{version}.json").read_text(encoding="utf-8"))
        if key not in table["rows"]:
            return Answer(None, "default", float("nan"))
        return Answer(table["rows"][key], "table", self.clock() - table["as_of"])


def check(candidate):
    with scratch_folder() as folder, scratch_folder() as another:
        clock = VirtualClock(10_000.0)
        writer, reader = candidate(str(folder), clock), candidate(folder, clock)
        _publish(writer, folder, "v1", {KEY: 0.25, ZERO: 0.0}, 9_000.0)
        clock.sleep(500.0)
        files = _files(folder)
        _check_answers(reader)
        expect(_files(folder), files, "touched")
        _publish(writer, folder, "v2", {KEY: 0.75, ZERO: 0.5}, 9_900.0)
        if _read(folder / "v1.json") != files["v1.json"]:
            fail("overwritten", version="v2")
        expect(_lookup(reader, KEY).value, 0.75, "stale")
        (folder / "pointer.txt").write_text("v1", encoding="utf-8")
        for store in (candidate(folder, clock), reader):
            expect(_lookup(store, KEY).value, 0.25, "pointer_ignored", version="v1")
        other = candidate(another, clock)
        _publish(other, another, "v1", {KEY: 1 / 3}, 0.0)
        for store, value in ((other, 1 / 3), (reader, 0.25)):
            expect(_lookup(store, KEY).value, value, "kept")
        clock.sleep(1 / 7)
        answered(_lookup(other, KEY), Answer(1 / 3, "table", clock()), value="wrong_value", key=KEY)
        _publish(writer, folder, "v3", {KEY: 1 / 7}, 1 / 3)
        wanted = Answer(1 / 7, "table", clock() - 1 / 3)
        answered(_lookup(reader, KEY), wanted, value="wrong_value", key=KEY)
        expect(_lookup(reader, ZERO), MISS, "miss_guessed")
        (folder / "v3.json").write_text('{"rows": {', encoding="utf-8")
        what = "Reading a version's file that is cut short"
        breaks_down(what, candidate(folder, clock).lookup, KEY)


def _publish(store, folder, version, rows, as_of):
    """Publish, and judge in which order and how the two files came to be."""
    with _watched(folder, version) as changes:
        call(store.publish, version, rows, as_of)
    if not (folder / f"{version}.json").exists():
        fail("no_version", version=version)
    held = _read(folder / "pointer.txt") or ""
    if held.strip() != version:
        fail("no_pointer", version=version, held=held or "nothing")
    for change in changes:
        if change.held is None:
            fail("gone")
        if change.by is not os.replace:
            fail("in_place")
        if change.held.strip() != version:
            fail("unfilled", held=repr(change.held) if change.held else "nothing yet")
        if not change.whole:
            fail("pointer_first", version=version)
        if not change.inside:
            fail("elsewhere")
    if not changes:
        fail("in_place")


class _Change(NamedTuple):
    """What changed the pointer, what it held afterwards (None: it was gone), and the rest."""

    by: Callable
    held: str | None
    whole: bool  # the version's file
    inside: bool  # a file of the folder took the pointer's place


@contextlib.contextmanager
def _watched(folder, version):
    """Look at the folder after each call that the learner's code makes, as a reader might."""
    pointer, changes = folder / "pointer.txt", []
    last = {"held": _read(pointer), "files": set()}

    def see(frame, event, function):
        if event == "c_call" and function is os.replace:
            last["files"] = set(folder.rglob("*"))
        held = _read(pointer) if event == "c_return" else last["held"]
        if held != last["held"]:
            last["held"] = held
            inside = bool(last["files"] - set(folder.rglob("*")))
            changes.append(_Change(function, held, _is_whole(folder / f"{version}.json"), inside))

    sys.setprofile(see)  # this thread only, and however the learner has imported it
    try:
        yield changes
    finally:
        sys.setprofile(None)


def _is_whole(path):
    try:
        return isinstance(json.loads(_read(path) or ""), dict | list)
    except ValueError:
        return False


def _read(path):
    """What a file holds, or None where there is none."""
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else None


def _files(folder):
    return {path.name: _read(path) for path in sorted(folder.iterdir()) if path.is_file()}


def _lookup(store, key):
    return an_answer(store.lookup(key), "not_an_answer")


def _check_answers(store):
    wanted = Answer(0.25, "table", 1_500.0)
    answered(_lookup(store, KEY), wanted, value="wrong_value", key=KEY)
    expect(_lookup(store, ZERO).value, 0.0, "wrong_value", [("zero", None)], key=ZERO)
    error = raised(store.lookup, NEVER)
    if error is not None:
        fail("miss_raises", error=type(error).__name__)
    expect(_lookup(store, NEVER), MISS, "miss_guessed")
