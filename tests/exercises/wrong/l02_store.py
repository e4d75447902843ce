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
