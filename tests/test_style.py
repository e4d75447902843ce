"""The house keeps its own rules: formatting, file length, and floors whose imports only go down."""

import ast
import graphlib
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "lessons_lib"
DATA, MODES, LABORATORY, CLASSROOM = 0, 1, 1, 2
FLOORS = {
    **dict.fromkeys(
        ["answer", "board", "reviews", "models", "validate", "files", "process", "latency"], DATA
    ),
    **dict.fromkeys(["static", "dynamic", "router"], MODES),
    **dict.fromkeys(
        ["traffic", "simulate", "theory", "drive", "cost", "monitor", "capstone"], LABORATORY
    ),
    **dict.fromkeys(["labs", "charts", "exercises", "quiz", "record"], CLASSROOM),
}
STRANGERS = [
    ({"static"}, {"dynamic"}),
    (
        {"static", "dynamic", "router"},
        {"traffic", "simulate", "theory", "drive", "cost", "monitor", "capstone"},
    ),
]
SOURCES = [p for p in sorted(PACKAGE.rglob("*.py")) if "vendor" not in p.parts]


def part_of(path):
    """The room a file belongs to: ``static`` for lessons_lib/static/store.py."""
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imported_rooms(path):
    """The rooms of the package that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module] + [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "lessons_lib" and len(parts) > 1:
                yield parts[1]


def test_code_and_notebooks_are_formatted_and_linted():
    for command in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "."], cwd=ROOT, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_file_holds_one_idea_and_says_what_it_is_for(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 500
    if text.strip():
        assert ast.get_docstring(ast.parse(text))


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_only_go_down(path):
    room = part_of(path)
    if room not in FLOORS:
        return
    for other in imported_rooms(path):
        if other in FLOORS and other != room:
            assert FLOORS[other] <= FLOORS[room], f"{room} must not know {other}"
            for some, others in STRANGERS:
                assert not (room in some and other in others), f"{room} must not know {other}"
                assert not (room in others and other in some), f"{room} must not know {other}"


def test_every_room_has_a_floor():
    known = set(FLOORS) | {"__init__", "__main__", "cli", "vendor"}
    assert {part_of(path) for path in SOURCES} <= known


def module_name(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in SOURCES}


def imported_modules(name):
    """The modules that one imports, inside functions too, and the packages that are loaded with them.

    A package that the module itself stands in does not count, unless something of its own is
    imported from it: it is being loaded already.
    """
    for node in ast.walk(ast.parse(MODULES[name].read_text(encoding="utf-8"))):
        found = []
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            parts = [f"{node.module}.{alias.name}" for alias in node.names]
            found = [part if part in MODULES else node.module for part in parts]
        for module in set(found) & set(MODULES):
            yield module
            while "." in module:
                module = module.rpartition(".")[0]
                if not f"{name}.".startswith(f"{module}."):
                    yield module


def test_no_imports_go_in_a_circle():
    graph = {name: set(imported_modules(name)) for name in MODULES}
    graph["lessons_lib"] = set()  # what `setup` imports is imported when a lesson calls it
    graphlib.TopologicalSorter(graph).prepare()
