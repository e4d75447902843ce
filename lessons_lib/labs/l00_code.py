"""How much of this course's own code is about models."""

from pathlib import Path

import pandas as pd

import lessons_lib


def lines_by_folder() -> pd.Series:
    """Lines of Python in each folder of the package, most first; a file of its own is by itself."""
    root = Path(lessons_lib.__file__).parent
    lines: dict[str, int] = {}
    for path in root.rglob("*.py"):
        room = path.relative_to(root).parts[0].removesuffix(".py")
        lines[room] = lines.get(room, 0) + path.read_text(encoding="utf-8").count("\n")
    return pd.Series(lines, name="lines").rename_axis("part").sort_values(ascending=False)
