"""Right answers to "publish a table, and look keys up", in other forms."""

import inspect

from lessons_lib.exercises import l02_store

SOLUTION = inspect.getsource(l02_store.TinyStore)
MOVE = 'part.replace(self.folder / "pointer.txt")'
WRITE = '(self.folder / f"{version}.json").write_text(text, encoding="utf-8")'
LOAD = 'json.loads((self.folder / f"{version}.json").read_text(encoding="utf-8"))'
READ = '(self.folder / "pointer.txt").read_text(encoding="utf-8")'
TEST = 'if key not in table["rows"]:'


def instead(*pairs):
    source = SOLUTION
    for right, other in pairs:
        assert right in source
        source = source.replace(right, other)
    return source


RIGHT = [
    ("os.replace", "import os\n" + instead((MOVE, "os.replace(part, self.folder / 'pointer.txt')"))),
    ("replace by name", "from os import replace as put\n"
     + instead((MOVE, "put(str(part), str(self.folder / 'pointer.txt'))"))),
    ("both files are moved", instead((WRITE, "new = self.folder / 'new.part'\n"
     "        new.write_text(text, encoding='utf-8')\n        new.replace(self.folder / f'{version}.json')"))),
    ("a temporary file beside the pointer", "import tempfile\n" + instead(
        ('part = self.folder / "pointer.part"', "name = tempfile.mkstemp(dir=self.folder)[1]\n"
         "        part = Path(name)"))),
    ("a folder for parts in the folder", instead(('part = self.folder / "pointer.part"',
     "(self.folder / 'parts').mkdir(exist_ok=True)\n        part = self.folder / 'parts' / version"))),
    ("a line of its own", instead(("part.write_text(version,", "part.write_text(version + '\\n',"),
     (READ, READ + ".strip()"))),
    ("open, write and flush", "import os\n" + instead(('part.write_text(version, encoding="utf-8")',
     "with open(part, 'w') as file:\n            file.write(version)\n            file.flush()\n"
     "            os.fsync(file.fileno())"))),
    ("a KeyError is a miss", instead((TEST, "try:\n            table['rows'][key]\n        except KeyError:"))),
    ("None is a miss", instead((TEST, "value = table['rows'].get(key)\n        if value is None:"))),
    ("each version read once by a store", instead(("= Path(folder), clock", "= Path(folder), clock\n"
     "        self.seen = {}"), (f"table = {LOAD}", f"if version not in self.seen:\n"
     f"            self.seen[version] = {LOAD}\n        table = self.seen[version]"))),
    ("a copy of the rows", instead(('"rows": rows', '"rows": {str(k): float(v) for k, v in rows.items()}'))),
]  # fmt: skip
