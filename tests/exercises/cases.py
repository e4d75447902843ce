"""Finds everything that belongs to an exercise: its module, its stub, its wrong and right answers.

The stub stands in one place, the notebook cell tagged ``exercise:<id>``.
"""

import ast
import contextlib
import functools
import importlib
import importlib.util
import linecache
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import nbformat

from lessons_lib.exercises.engine import Exercise
from lessons_lib.record import catalogue

HERE = Path(__file__).parent
SAMPLE = "l99_sample"
SAMPLE_STUB = (
    'def batched_scores(model, rows, size):\n    raise NotImplementedError("step 1: the loop")'
)


class Case(NamedTuple):
    """One exercise with what the tests need to know about it."""

    id: str
    module: ModuleType
    wrong: list[tuple[str, Any, str, str]]
    right: list[tuple[str, Any]]  # other ways to do it right

    @property
    def exercise(self) -> Exercise:
        return Exercise(self.id, self.module)

    def stub(self) -> str:
        return SAMPLE_STUB if self.id == SAMPLE else tagged_cells()[self.id].source

    def candidate(self, source: str) -> Any:
        """The object that a learner gets by running `source` in the exercise's notebook."""
        filename = f"<cell {self.id} {abs(hash(source))}>"
        linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
        names = {} if self.id == SAMPLE else dict(_before(self.id))
        exec(compile(source, filename, "exec"), names)
        return names[self.module.NAME]


def cases() -> list[Case]:
    """The sample and each exercise of the course."""
    found = [Case(SAMPLE, importlib.import_module("exercises.sample"), _tried(SAMPLE, "wrong"), [])]
    for card in catalogue.exercise_cards():
        module = importlib.import_module(f"lessons_lib.exercises.{card.id}")
        found.append(Case(card.id, module, _tried(card.id, "wrong"), _tried(card.id, "right")))
    return found


def notebooks() -> list[Path]:
    return sorted(catalogue.NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))


def tagged_cells() -> dict[str, nbformat.NotebookNode]:
    """The stub cell of each exercise, from all notebooks."""
    found = {}
    for path in notebooks():
        for cell in nbformat.read(path, as_version=4).cells:
            name = exercise_in(cell)
            assert name is None or name not in found, f"{path.name}: {name} is tagged twice"
            if name is not None:
                found[name] = cell
    return found


def exercise_in(cell: nbformat.NotebookNode) -> str | None:
    """The id of the exercise whose stub this cell holds, or None."""
    tags = cell.metadata.get("tags", [])
    names = [tag.removeprefix("exercise:") for tag in tags if tag.startswith("exercise:")]
    return names[0] if names else None


@functools.cache
def _before(name: str) -> dict[str, Any]:
    """What a solution may lean on: the imports, constants and solutions above it."""
    names: dict[str, Any] = {}
    for path in notebooks():
        cells = [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]
        if name in map(exercise_in, cells):
            for cell in cells[: [exercise_in(c) for c in cells].index(name)]:
                _add(names, cell)
    return names


def _add(names: dict[str, Any], cell: nbformat.NotebookNode) -> None:
    if exercise_in(cell):
        module = importlib.import_module(f"lessons_lib.exercises.{exercise_in(cell)}")
        names[module.NAME] = getattr(module, module.NAME)
        return
    lines = [line for line in cell.source.splitlines() if line[:1] not in ("%", "!")]
    for node in ast.parse("\n".join(lines)).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            exec(compile(ast.Module([node], []), "<imports>", "exec"), names)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            with contextlib.suppress(ValueError):
                names[node.targets[0].id] = ast.literal_eval(node.value)


def _tried(name: str, kind: str) -> list[tuple]:
    """The answers in ``wrong/<name>.py`` or ``right/<name>.py``."""
    path = HERE / kind / f"{name}.py"
    if not path.exists():
        return []
    spec = importlib.util.spec_from_file_location(f"exercises.{kind}.{name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, kind.upper())
