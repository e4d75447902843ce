"""Wrong answers to "publish a table, and look keys up"."""

import inspect

from lessons_lib.exercises import l02_store

RIGHT = inspect.getsource(l02_store.TinyStore)
PUBLISHED = RIGHT[RIGHT.index("        text =") : RIGHT.index("    def lookup")]
REPLACED = PUBLISHED[PUBLISHED.index("        part =") :]


def instead(right, wrong):
    """The solution with one part changed."""
    assert right in RIGHT
    return RIGHT.replace(right, wrong)


WRONG = [
    (
        "writes every version into one file",
        instead('f"{version}.json"', '"table.json"'),
        "no_version",
        "there is no file `v1.json`",
    ),
    (
        "writes the version and leaves the pointer",
        instead(REPLACED, ""),
        "no_pointer",
        "it holds nothing",
    ),
    (
        "a dict instead of an answer",
        instead(
            'Answer(table["rows"][key], "table", self.clock() - table["as_of"])',
            '{"value": table["rows"][key]}',
        ),
        "not_an_answer",
        "{'value': 0.25}",
    ),
    (
        "moves the pointer first",
        instead(
            PUBLISHED,
            """
        part = self.folder / "pointer.part"
        part.write_text(version, encoding="utf-8")
        part.replace(self.folder / "pointer.txt")
        text = json.dumps({"rows": rows, "as_of": as_of})
        (self.folder / f"{version}.json").write_text(text, encoding="utf-8")

""",
        ),
        "pointer_first",
        "Write the version first",
    ),
    (
        "writes the pointer where it stands",
        instead(
            REPLACED,
            '        (self.folder / "pointer.txt").write_text(version, encoding="utf-8")\n\n',
        ),
        "in_place",
        "by `replace`",
    ),
    (
        "keeps one version only",
        instead(
            PUBLISHED,
            """
        for old in self.folder.glob("*.json"):
            old.unlink()
"""
            + PUBLISHED,
        ),
        "overwritten",
        "nothing left to roll back to",
    ),
    (
        "reads the table once",
        instead(
            """
        version = (self.folder / "pointer.txt").read_text(encoding="utf-8")
        table = json.loads((self.folder / f"{version}.json").read_text(encoding="utf-8"))
""",
            """
        if not hasattr(self, "table"):
            version = (self.folder / "pointer.txt").read_text(encoding="utf-8")
            text = (self.folder / f"{version}.json").read_text(encoding="utf-8")
            self.table = json.loads(text)
        table = self.table
""",
        ),
        "stale",
        "still answers 0.25",
    ),
    (
        "takes the newest file",
        instead(
            """
        version = (self.folder / "pointer.txt").read_text(encoding="utf-8")
""",
            """
        version = max(path.stem for path in self.folder.glob("*.json"))
""",
        ),
        "pointer_ignored",
        "set back to 'v1'",
    ),
    (
        "gives a percentage",
        instead('table["rows"][key], "table"', '100 * table["rows"][key], "table"'),
        "wrong_value",
        "gave 25.0",
    ),
    (
        "takes 0.0 for nothing",
        instead('if key not in table["rows"]:', 'if not table["rows"].get(key):'),
        "zero",
        "called it a miss",
    ),
    (
        "lets a miss raise",
        instead('if key not in table["rows"]:', "if False:"),
        "miss_raises",
        "KeyError",
    ),
    (
        "guesses the mean",
        instead(
            'Answer(None, "default", float("nan"))',
            'Answer(sum(table["rows"].values()) / len(table["rows"]), "table", 0.0)',
        ),
        "miss_guessed",
        "value=0.125",
    ),
    (
        "says that a model made it",
        instead('"table", self.clock()', '"model", self.clock()'),
        "source",
        "'model'",
    ),
    (
        "counts the age from the epoch",
        instead('self.clock() - table["as_of"])', "self.clock())"),
        "age",
        "1500 s old",
    ),
]

POINTER = '(self.folder / "pointer.txt")'
MOVE = '        part.replace(self.folder / "pointer.txt")'
READ = "        version = (self.folder"
MISS = 'Answer(None, "default", float("nan"))'
HIT = 'Answer(table["rows"][key], "table", self.clock() - table["as_of"])'
WRONG += [
    (name, instead(old, new), code, part)
    for name, old, new, code, part in [
        ("old pointer deleted first", MOVE, f"        {POINTER}.unlink(missing_ok=True)\n{MOVE}", "gone", "finds none"),
        (
            "old pointer moved aside first",
            MOVE,
            f"        if {POINTER}.exists(): {POINTER}.replace(self.folder / 'old.txt')\n{MOVE}",
            "gone",
            "in a single step",
        ),
        (
            "an empty part is moved, then filled",
            REPLACED,
            f"        part = self.folder / 'pointer.part'\n        part.touch()\n{MOVE}\n"
            f"        {POINTER}.write_text(version)\n\n",
            "unfilled",
            "held nothing yet was moved",
        ),
        (
            "the part is filled after the move",
            REPLACED,
            f"        part = self.folder / 'pointer.part'\n        file = open(part, 'w')\n        file.write(version)\n"
            f"{MOVE}\n        file.close()\n\n",
            "unfilled",
            "Write the name into it first",
        ),
        (
            "half a name is moved",
            MOVE,
            f"        part.write_text(version[:1])\n{MOVE}\n        part.write_text(version)\n{MOVE}",
            "unfilled",
            "held 'v' was moved",
        ),
        (
            "a temporary file elsewhere",
            'part = self.folder / "pointer.part"',
            'import tempfile\n        part = Path(tempfile.mkdtemp()) / "pointer.part"',
            "elsewhere",
            "Write it beside the pointer",
        ),
        ("renamed", MOVE, MOVE.replace("replace", "rename"), "in_place", "fails on Windows"),
        ("moved by shutil", MOVE, f"        import shutil\n        shutil.move(part, {POINTER})", "in_place", "`replace`"),
        ("copied", MOVE, f"        import shutil\n        shutil.copy(part, {POINTER})", "in_place", "empty for a moment"),
        ("appended to", MOVE, f"        with open({POINTER}, 'a') as file: file.write('\\n' + version)", "in_place", "by `replace`"),
        ("replaced, and written once more", MOVE, f"{MOVE}\n        {POINTER}.write_text(version)", "in_place", "`replace`"),
        ("names the file", "part.write_text(version,", "part.write_text(version + '.json',", "no_pointer", "it holds v1.json"),
        ("names the first version for ever", MOVE, f"        if not {POINTER}.exists():\n    {MOVE}", "no_pointer", "it holds v1"),
        (
            "the version is filled last",
            PUBLISHED,
            "        file = open(self.folder / f'{version}.json', 'w')\n"
            "        file.write(json.dumps({'rows': rows, 'as_of': as_of}))\n"
            f"{REPLACED.rstrip()}\n        file.close()\n\n",
            "pointer_first",
            "before that file was whole",
        ),
        (
            "every old version is filled with the new one",
            "        part = self",
            "        for old in self.folder.glob('*.json'): old.write_text(text)\n        part = self",
            "overwritten",
            "changed the file of the one before",
        ),
        ("rows are emptied", MOVE, f"{MOVE}\n        rows.clear()", "changed", "{'HA JFK HNL 09': 0.0, 'UA"),
        ("rows are rounded in place", "        text =", "        for key in rows: rows[key] = round(rows[key], 1)\n        text =", "changed", "0.2"),
        ("rows are rounded", '"rows": rows', '"rows": {k: round(v, 3) for k, v in rows.items()}', "kept", "answered 0.333"),
        ("rows are texts", '"rows": rows', '"rows": {k: str(v) for k, v in rows.items()}', "wrong_value", "gave '0.25'"),
        ("zeros are left out", '"rows": rows', '"rows": {k: v for k, v in rows.items() if v}', "zero", "a miss"),
        ("old rows are kept", '"rows": rows', '"rows": (self.__dict__.setdefault("all", {}).update(rows), self.all)[1]', "miss_guessed", "value=0.5"),
        ("as of the moment of publishing", '"as_of": as_of', '"as_of": self.clock()', "age", "1500 s old, and the answer says 500.0"),
        ("an as_of of 0 is none", '"as_of": as_of', '"as_of": as_of or self.clock()', "age", "10500.1 s old"),
        ("age rounded", "self.clock() - table", "round(self.clock()) - table", "age", "says 10500"),
        ("age as a text", 'self.clock() - table["as_of"])', 'str(self.clock() - table["as_of"]))', "age", "says '1500.0'"),
        ("age unknown", 'self.clock() - table["as_of"])', 'float("nan"))', "age", "says nan"),
        ("a plain tuple", HIT, HIT.replace("Answer", ""), "not_an_answer", "(0.25, 'table', 1500.0)"),
        ("only the value", HIT, 'table["rows"][key]', "not_an_answer", "returned 0.25"),
        ("source in capitals", '"table", self', '"TABLE", self', "source", "'TABLE'"),
        ("a miss has an age", 'float("nan")', '0.0', "miss_guessed", "age=0.0"),
        ("a miss is from the table", '"default"', '"table"', "miss_guessed", "source='table'"),
        ("a miss is a zero", "Answer(None", "Answer(0.0", "miss_guessed", "value=0.0"),
        ("a miss is None", MISS, "None", "not_an_answer", "returned None"),
        (
            "whatever breaks is a miss",
            READ,
            f"        try:\n            return self.find(key)\n        except Exception:\n            return {MISS}\n\n"
            f"    def find(self, key):\n{READ}",
            "swallowed",
            "cut short raised an error",
        ),
        ("one folder for all", "self.folder, self.clock = Path(folder), clock", "TinyStore.folder, self.clock = Path(folder), clock", "kept", "its table holds 0.25"),
        ("a look-up leaves a file", READ, f"        (self.folder / 'asked.txt').write_text(key)\n{READ}", "touched", "asked.txt"),
        ("the folder as it came", "Path(folder)", "folder", "TypeError", "in line"),
    ]
]  # fmt: skip
BY_VERSION = instead(
    '        table = json.loads((self.folder / f"{version}.json").read_text(encoding="utf-8"))\n',
    "        if version not in self.seen:\n"
    "            text = (self.folder / f'{version}.json').read_text(encoding='utf-8')\n"
    "            self.seen[version] = json.loads(text)\n        table = self.seen[version]\n",
)
WRONG += [
    (
        "one cache for all stores",
        BY_VERSION.replace("class TinyStore:", "class TinyStore:\n    seen = {}\n"),
        "kept",
        "one answered 0.25, and its table holds 0.333",
    ),
    (
        "a default for all stores",
        BY_VERSION.replace("folder, clock):", "folder, clock, seen={}):").replace(
            "= Path(folder), clock", "= Path(folder), clock\n        self.seen = seen"
        ),
        "kept",
        "Keep nothing for all stores",
    ),
    (
        "answers are kept",
        instead(READ, f"        if key in self.seen: return self.seen[key]\n{READ}")
        .replace(f"return {HIT}", f"self.seen[key] = {HIT}\n        return self.seen[key]")
        .replace("= Path(folder), clock", "= Path(folder), clock\n        self.seen = {}"),
        "stale",
        "still answers 0.25",
    ),
]
