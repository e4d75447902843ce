"""Wrong answers to "write partitions that may come twice"."""

from exercises.variants import changes

but = changes("l10_partitions")
PLACE = "zlib.crc32(key.encode()) % self.count"
TEXT = "text = json.dumps([list(row) for row in rows])"
INTO = 'part = self.folder / f"part-{number}.tmp"'
WRITE = 'part.write_text(text, encoding="utf-8")'
MOVE = 'part.replace(self.folder / f"part-{number}.json")'
READ = "[tuple(row) for file in files for row in json.loads(file.read_text())]"
APPEND = (INTO, "", WRITE, "", MOVE, 'with open(self.folder / "part-all.json", "a") as file:\n    for row in rows: file.write(json.dumps(row) + "\\n")', TEXT, "rows = list(rows)", READ, "[tuple(json.loads(line)) for file in files for line in open(file)]")  # fmt: skip

WRONG = [
    ("Python's hash", but(PLACE, "hash(key) % self.count"), "salted", "Python salts anew"),
    ("a text", but(PLACE, f"str({PLACE})"), "no_number", "Give a whole number"),
    ("a part of one", but(PLACE, f"{PLACE} / self.count"), "no_number", "from 0 to 3"),
    ("from one on", but(PLACE, f"{PLACE} + 1"), "no_number", "from 0 to 3"),
    ("the checksum itself", but(PLACE, "zlib.crc32(key.encode())"), "no_number", "from 0 to 3"),
    ("always four", but("% self.count", "% 4"), "lopsided", "9 partitions"),
    ("by its length", but(PLACE, "len(key) % self.count"), "lopsided", "slowest worker"),
    ("by its first letter", but(PLACE, "ord(key[:1] or ' ') % self.count"), "lopsided", "keys one"),
    (
        "in the order of asking",
        but(
            PLACE,
            "vars(self).setdefault('seen', {}).setdefault(str(key), len(vars(self).get('seen', {}))) % self.count",
        ),
        "order",
        "look at the key alone",
    ),
    ("appends", but(*APPEND), "doubled", "its first try"),
    (
        "a file for each write",
        but(
            MOVE,
            'part.replace(self.folder / f"part-{number}-{len(list(self.folder.iterdir()))}.json")',
        ),
        "doubled",
        "2 times",
    ),
    (
        "one file for all",
        but(MOVE, 'part.replace(self.folder / "part-all.json")'),
        "lost",
        "a file of its own",
    ),
    (
        "the first try counts",
        but(MOVE, f'if not (self.folder / f"part-{{number}}.json").exists():\n    {MOVE}'),
        "old",
        "The last try",
    ),
    (
        "row by row into the file that serves",
        but(
            TEXT,
            "",
            INTO,
            'part = self.folder / f"part-{number}.json"',
            MOVE,
            "",
            WRITE,
            'part.write_text("[]")\ndone = []\nfor row in rows:\n    done.append(list(row))\n    part.write_text(json.dumps(done))',
        ),
        "half",
        "Collect first",
    ),
    (
        "removes the old one first",
        but(TEXT, f'(self.folder / f"part-{{number}}.json").unlink(missing_ok=True)\n{TEXT}'),
        "half",
        "gives None",
    ),
    (
        "in memory",
        but(
            MOVE,
            "vars(self).setdefault('kept', {})[number] = json.loads(text)",
            READ,
            "[tuple(r) for part in vars(self).get('kept', {}).values() for r in part]",
        ),
        "kept",
        "in the files",
    ),
    ("rounds", but("list(row)", "(row[0], round(row[1], 3))"), "value", "as they came"),
    (
        "keeps the error quiet",
        but(
            TEXT,
            "try:\n    text = json.dumps([list(row) for row in rows])\nexcept ConnectionError:\n    return",
        ),
        "swallowed",
        "The worker raised an error",
    ),
]
