"""Every lesson in a real JupyterLab: Run All, and look at what a learner sees.

One visit a lesson, since starting a kernel and running it all takes longer than looking. The page
may speak to 127.0.0.1 alone, so a green run also shows that the lesson needs no network.
"""

import json
import re
from pathlib import Path

import pytest

from lessons_lib.course import bank, catalogue

NOTEBOOKS = sorted(path.stem for path in catalogue.NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))
HEAVY = 1_000_000  # bytes of a stored notebook: more is too heavy to read on the web


@pytest.fixture(params=NOTEBOOKS)
def lesson(request, desk):
    """A desk with a whole lesson run; `desk.name` is its name."""
    desk.name = request.param
    desk.open(request.param)
    desk.run_all()
    return desk


def secrets(number):
    """Every explanation of a lesson's bank: none may reach the page before it is asked for."""
    if number not in catalogue.bank_files():
        return []
    found = []
    for question in bank.load(number):
        found += [option.why for option in question.options]
        found += [near.why for near in question.near] + [question.why]
    return [text for text in found if text]


def drawn(desk, selector):
    """How many elements match, and how many of them have a size on the page."""
    return desk.page.eval_on_selector_all(
        selector,
        "all => [all.length, all.filter(e => e.getBoundingClientRect().width > 20"
        " && e.getBoundingClientRect().height > 20).length]",
    )


def test_lesson_runs_and_shows_all_it_promises(lesson):
    source = "\n".join(lesson.cells())
    assert lesson.errors() == []
    assert lesson.problems == [], "the page's own scripts failed"

    # As many widgets as the cells ask for, each with something in it.
    asked = len(re.findall(r"^(?:\w+ = )?(?:quiz|predict)\(", source, re.MULTILINE))
    shown, sized = drawn(lesson, ".lq")
    assert shown == sized >= asked - source.count('quiz("due")')
    charts, sized_charts = drawn(lesson, ".vega-embed svg, .vega-embed canvas, .lm-chart svg")
    assert charts == sized_charts > 0

    lesson.page.evaluate("document.querySelectorAll('details').forEach(d => (d.open = true))")
    for theme in ("light", "dark"):
        lesson.theme(theme)
        lesson.screenshot(f"{lesson.name}-{theme}")
        assert lesson.axe() == []

    stored = lesson.save()
    text = json.dumps(stored, ensure_ascii=False)
    assert len(text) < HEAVY
    assert [secret for secret in secrets(lesson.name[:2]) if secret in text] == []
    assert "widgets" not in stored["metadata"], "widget state is not stored"


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


def test_every_link_between_lessons_leads_somewhere():
    for name in NOTEBOOKS:
        cells = json.loads((catalogue.NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))[
            "cells"
        ]
        text = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", text):
            assert (catalogue.NOTEBOOKS / Path(target)).exists(), f"{name} links to {target}"
