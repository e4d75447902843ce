"""Right answers to "write partitions that may come twice"."""

from exercises.variants import changes
from exercises.wrong.l10_partitions import MOVE, PLACE, TEXT, WRITE

but = changes("l10_partitions")

RIGHT = [
    (
        "another checksum",
        but(PLACE, "int(__import__('hashlib').sha256(key.encode()).hexdigest(), 16) % self.count"),
    ),
    (
        "sums of letters, weighted",
        but(PLACE, "sum((i + 1) ** 2 * b for i, b in enumerate(key.encode())) % self.count"),
    ),
    ("a list first", but(TEXT, "rows = list(rows)\ntext = json.dumps(rows)")),
    ("by os", but(MOVE, 'import os\nos.replace(part, self.folder / f"part-{number}.json")')),
    ("bytes", but(WRITE, "part.write_bytes(text.encode())")),
    (
        "straight, once all is there",
        but(WRITE, "pass", MOVE, '(self.folder / f"part-{number}.json").write_text(text)'),
    ),
]
