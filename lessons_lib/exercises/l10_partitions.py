"""Exercise: partitions that can be written again without harm (lesson 10)."""

import json

from lessons_lib.exercises.probes import (
    Breakdown,
    breaks_down,
    fail,
    number,
    scratch_folder,
    show,
)

NAME = "PartitionedTable"
TITLE = "Write partitions that may come twice"
MINUTES = 12
ORDER = 1
HINTS = [
    "Step 1: Python's own `hash` of a text is another one in each process. A checksum of its bytes is the "
    "same everywhere: `zlib.crc32(key.encode())`; `%` brings it into range.",
    "Step 2: the name of a file decides what a second write does. One file a partition, called after its "
    "number, is replaced; a line that is appended is there twice.",
    "`rows` may break off, so collect them first: `text = json.dumps([list(row) for row in rows])`. Write "
    "that into a file with another ending, and `replace` it onto `part-3.json`.",
]
FAILURES = {
    "no_number": "`partition({key!r})` gave {got}. Give a whole number from 0 to {last}.",
    "salted": "`partition({key!r})` gave {got} and then {wanted}, as it would in two processes: it rests on "
    "`hash`, which Python salts anew in each. Take a checksum of the key's bytes.",
    "order": "`partition({key!r})` gives {got} where other keys were asked for before, and else {wanted}. "
    "Two workers meet keys in different orders: look at the key alone.",
    "lopsided": "Of {keys} keys one of {count} partitions gets {got}, more than twice an even share. The "
    "slowest worker decides when a job is over: spread the keys.",
    "lost": "After {what}, `rows()` lacks {key!r}. Give each partition a file of its own.",
    "doubled": "After {what}, `rows()` gives {key!r} {times} times. A retried partition has to take "
    "the place of its first try.",
    "old": "A retried partition said {wanted} for {key!r}, and `rows()` gives {got}. The last try "
    "that was written whole counts.",
    "half": "A worker died while its rows of partition {partition} came in, and `rows()` then gives {got} for "
    "{key!r}, once {wanted}. Collect first, then let the new file take the old one's place in one step.",
    "kept": "Another object on the same folder gives {got} rows, where {wanted} were written. The worker "
    "that writes is not the process that reads: all has to be in the files.",
    "value": "`rows()` gives {got} for {key!r}; written was {wanted}. Keep the rows as they came.",
}
KEYS = [f"{carrier} EWR {dest} {hour:02d}" for carrier in ("UA", "B6") for dest in ("IAH", "SFO", "BOS") for hour in range(24)]  # fmt: skip


class PartitionedTable:
    """Predictions in a folder, one partition a file; a partition that is written twice is there once."""

    def __init__(self, folder, count):
        self.folder, self.count = folder, count

    def partition(self, key):
        import zlib

        return zlib.crc32(key.encode()) % self.count

    def write(self, number, rows):
        text = json.dumps([list(row) for row in rows])
        part = self.folder / f"part-{number}.tmp"
        part.write_text(text, encoding="utf-8")
        part.replace(self.folder / f"part-{number}.json")

    def rows(self):
        """Pairs of key and value, of all partitions."""
        files = sorted(self.folder.glob("part-*.json"))
        return [tuple(row) for file in files for row in json.loads(file.read_text())]


def check(candidate):
    with scratch_folder() as folder:
        for count in (4, 9):
            _check_partitions(candidate, folder, count)
        _check_writes(candidate, folder)


class _Salted(str):
    """A text whose `hash` is another one for each object, as it is in each process."""

    def __new__(cls, text, salt):
        made = super().__new__(cls, text)
        made.salt = salt
        return made

    def __hash__(self):
        return hash((str(self), self.salt))

    def __eq__(self, other):
        return str.__eq__(self, other)


def _check_partitions(candidate, folder, count):
    keys = [*KEYS, "Zürich é 7", ""]
    one, other = candidate(folder, count), candidate(folder, count)
    places = {}
    for key in keys:
        found = one.partition(key)
        place = number(found, "no_number", key=key, last=count - 1)
        if place not in range(count) or isinstance(found, bool):
            fail("no_number", key=key, got=found, last=count - 1)
        places[key] = place
    for key in reversed(keys):
        if other.partition(key) != places[key]:
            fail("order", key=key, got=other.partition(key), wanted=places[key])
        for salt in range(3):
            said = other.partition(_Salted(key, salt))
            if said != places[key]:
                fail("salted", key=key, got=said, wanted=places[key])
    most = max(map(list(places.values()).count, range(count)))
    if most > 2 * len(keys) / count:
        fail("lopsided", keys=len(keys), count=count, got=most)


def _check_writes(candidate, folder):
    table, wanted = candidate(folder, 4), {}

    def write(place, rows, what):
        table.write(place, iter(rows))
        wanted.update(rows)
        _compare(candidate(folder, 4).rows(), wanted, rows, what)
        _compare(table.rows(), wanted, rows, what)

    first = [("a", 1 / 3), ("b", 0.0), ("é 'q'", 1 / 7)]
    write(0, first, "a first partition")
    write(3, [("c", 2 / 3), ("d", 1e-9)], "a second partition")
    write(0, first, "a partition that was written again")
    write(0, [(key, value / 2) for key, value in first], "a retry with new values")
    write(1, [], "an empty partition")

    def dying():
        yield "a", 0.75
        raise Breakdown("the worker died")

    breaks_down("The worker", table.write, 0, dying())
    try:
        left = dict(table.rows())
    except Exception:  # a file that is half there
        fail("half", partition=0, key="a", got="an error", wanted=wanted["a"])
    for key in ("a", "b"):
        if left.get(key) != wanted[key]:
            fail("half", partition=0, key=key, got=left.get(key), wanted=wanted[key])
    write(0, first, "the retry of a worker that died")


def _compare(rows, wanted, written, what):
    """Fail unless the rows are those that were written, each once."""
    rows = [tuple(row) for row in rows]
    names, values = [key for key, _ in rows], dict(rows)
    if not rows and wanted:
        fail("kept", got=0, wanted=len(wanted))
    for key in wanted:
        if key not in values:
            fail("lost", what=what, key=key)
        if names.count(key) > 1:
            fail("doubled", what=what, key=key, times=names.count(key))
        if values[key] != wanted[key]:
            code = "old" if what == "a retry with new values" else "value"
            fail(code, key=key, got=show(values[key]), wanted=wanted[key])
