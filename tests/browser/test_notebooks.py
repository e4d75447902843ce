"""What holds for every lesson as it is stored; `visit` looks at each in a real JupyterLab."""

import json
import re
from pathlib import Path

import pytest
from visit import HEAVY

from lessons_lib.record import catalogue

NOTEBOOKS = sorted(path.stem for path in catalogue.NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_lesson_is_visited(name):
    tests = Path(__file__).with_name(f"test_lesson_{name[:2]}.py")
    assert tests.exists(), f"write {tests.name} with a visit to {name}"
    assert f'visit(desk, "{name}")' in tests.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_stored_notebook_is_complete_and_light(name):
    path = catalogue.NOTEBOOKS / f"{name}.ipynb"
    assert path.stat().st_size < HEAVY
    cells = [
        c for c in json.loads(path.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == "code"
    ]
    counts = [cell["execution_count"] for cell in cells]
    assert counts == list(range(1, len(cells) + 1)), "run in order: python3 -m lessons_lib refresh"
    assert not any(o["output_type"] == "error" for cell in cells for o in cell["outputs"])
    assert any("image/png" in o.get("data", {}) for cell in cells for o in cell["outputs"])
    long = [cell["source"][0] for cell in cells if len(cell["source"]) > 20]
    assert long == [], "no code cell is over 20 lines"
    assert not re.search(r"0x[0-9a-f]{8}|/home/|[A-Z]:\\\\Users", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_lesson_is_of_the_length_that_learners_have_time_for(name):
    path = catalogue.NOTEBOOKS / f"{name}.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    assert 1_200 <= len(text.split()) <= 2_200
    lengths = [len(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert 15 <= len(lengths) <= 25
    assert 2 * sum(length <= 5 for length in lengths) >= len(lengths), (
        "half of them 5 lines or fewer"
    )


def test_the_minutes_of_a_lesson_are_the_same_wherever_they_stand():
    readme = (catalogue.NOTEBOOKS.parent / "README.md").read_text(encoding="utf-8")
    start = (catalogue.NOTEBOOKS / f"{NOTEBOOKS[0]}.ipynb").read_text(encoding="utf-8")
    for name in NOTEBOOKS:
        text = (catalogue.NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8")
        [minutes] = re.findall(r"What you will need\.\*\*[^*]*?(\d+) minutes", text)
        assert re.search(rf"`{name}`.*\| {minutes} \|", readme), name
        if name != NOTEBOOKS[0]:
            assert re.search(rf"\({name}\.ipynb\)[^\n]*\| {minutes} \|", start), name


def test_every_link_between_lessons_leads_somewhere():
    for name in NOTEBOOKS:
        cells = json.loads((catalogue.NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))[
            "cells"
        ]
        text = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", text):
            assert (catalogue.NOTEBOOKS / Path(target)).exists(), f"{name} links to {target}"
