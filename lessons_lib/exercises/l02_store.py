"""Exercise: publish a table by replacing a pointer, and look keys up in it (lesson 02)."""

import contextlib
import json
import os
import sys
from pathlib import Path

from lessons_lib.answer import Answer, VirtualClock
from lessons_lib.exercises.probes import (
    MISS,
    an_answer,
    answered,
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
    "overwritten": "Publishing version {version!r} changed the file of the one before it, so there "
    "is nothing left to roll back to. A version never changes.",
    "stale": "A second version was published and a reader still answers {got}, the first one's "
    "value. Read the pointer at each look-up.",
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
    with scratch_folder() as folder:
        clock = VirtualClock(10_000.0)
        writer, reader = candidate(folder, clock), candidate(folder, clock)
        _publish(writer, folder, "v1", {KEY: 0.25, ZERO: 0.0}, 9_000.0)
        clock.sleep(500.0)
        _check_answers(reader)
        first = (folder / "v1.json").read_bytes()
        _publish(writer, folder, "v2", {KEY: 0.75, ZERO: 0.5}, 9_900.0)
        if not (folder / "v1.json").exists() or (folder / "v1.json").read_bytes() != first:
            fail("overwritten", version="v2")
        expect(_lookup(reader, KEY).value, 0.75, "stale")
        (folder / "pointer.txt").write_text("v1", encoding="utf-8")
        for store in (candidate(folder, clock), reader):
            expect(_lookup(store, KEY).value, 0.25, "pointer_ignored", version="v1")
        _publish(writer, folder, "v3", {KEY: 1 / 7}, 0.0)
        expect(_lookup(reader, KEY).value, 1 / 7, "wrong_value", key=KEY)


def _publish(store, folder, version, rows, as_of):
    """Publish, and judge in which order and how the two files came to be."""
    with _watched(folder) as moves:
        call(store.publish, version, rows, as_of)
    if not (folder / f"{version}.json").exists():
        fail("no_version", version=version)
    held = _read(folder / "pointer.txt")
    if held.strip() != version:
        fail("no_pointer", version=version, held=held or "nothing")
    if not moves:
        fail("in_place")
    if not moves[-1].get(f"{version}.json"):
        fail("pointer_first", version=version)


@contextlib.contextmanager
def _watched(folder):
    """Note which files of the folder were whole whenever `os.replace` had changed the pointer."""
    moves, seen = [], {}

    def see(frame, event, function):
        if function is os.replace and event == "c_call":
            seen["pointer"] = _read(folder / "pointer.txt")
        elif function is os.replace and _read(folder / "pointer.txt") != seen["pointer"]:
            moves.append({path.name: _is_whole(path) for path in folder.glob("*.json")})

    sys.setprofile(see)  # this thread only, and however the learner has imported it
    try:
        yield moves
    finally:
        sys.setprofile(None)


def _is_whole(path):
    try:
        return isinstance(json.loads(_read(path)), dict | list)
    except ValueError:
        return False


def _read(path):
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


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
