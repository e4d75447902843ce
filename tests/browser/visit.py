"""A visit to a whole lesson in a real JupyterLab: as it lies there, and as it is when all is solved.

The visitor opens the lesson with its stored outputs (those of blank exercises), writes the solution
into every exercise, runs all, and looks at what a learner sees. That Run All reaches the end with
blank exercises is what nbval shows. One visit a lesson, since running it all takes longer than
looking; each in a file of its own (``test_lesson_03.py``), so that several workers share them. The
page may speak to 127.0.0.1 alone, so a green visit also shows that the lesson needs no network.
"""

import importlib
import json
import re

from desk import Desk
from quiz.banks import whys

from lessons_lib.exercises.engine import Exercise
from lessons_lib.quiz import bank
from lessons_lib.record import catalogue
from lessons_lib.record.progress import Progress

HEAVY = 1_000_000
"""Bytes of a stored notebook: more is too heavy to read on the web."""


def visit(desk: Desk, name: str) -> None:
    """Solve and run a lesson; check that it shows all it promises, in both themes, and no secret.

    Parameters
    ----------
    desk : Desk
    name : str
        The notebook's name, without ``.ipynb``.
    """
    desk.open(name)
    # Until it is run, a live panel is a picture, to which JupyterLab gives no alternative text.
    assert [breach for breach in desk.axe() if not breach.startswith("image-alt")] == []
    wanted = solve(desk)
    desk.run_all()
    source = "\n".join(desk.cells())
    assert desk.errors() == []
    assert desk.problems == [], "the page's own scripts failed"
    done = Progress(desk.lab.progress).state().exercises
    assert {exercise for exercise, one in done.items() if one.passed} == wanted

    # As many widgets as the cells ask for, each with something in it.
    asked = len(re.findall(r"^(?:\w+ = )?(?:quiz|predict)\(", source, re.MULTILINE))
    shown, sized = drawn(desk, ".lq")
    assert shown == sized >= asked - source.count('quiz("due")')
    charts, sized_charts = drawn(desk, ".vega-embed svg, .vega-embed canvas, .lm-chart svg")
    assert charts == sized_charts > 0

    desk.page.evaluate("document.querySelectorAll('details').forEach(d => (d.open = true))")
    for theme in ("light", "dark"):
        desk.theme(theme)
        desk.screenshot(f"{name}-{theme}")
        assert desk.axe() == []

    stored = desk.save()
    text = json.dumps(stored, ensure_ascii=False)
    assert len(text) < HEAVY
    assert [secret for secret in secrets(name[:2]) if secret in text] == []
    assert "widgets" not in stored["metadata"], "widget state is not stored"


def solve(desk: Desk) -> set[str]:
    """Write the solution into the cell of each exercise; their ids."""
    found = set()
    for index, tags in enumerate(
        desk.page.evaluate("desk.model().cells.map(c => c.metadata.tags)")
    ):
        for tag in tags or []:
            kind, _, name = tag.partition(":")
            if kind == "exercise":
                module = importlib.import_module(f"lessons_lib.exercises.{name}")
                solution = Exercise(name, module).solution()
                desk.page.evaluate("([at, text]) => desk.edit(at, text)", [index, solution])
                found.add(name)
    return found


def drawn(desk: Desk, selector: str) -> list[int]:
    """How many elements match, and how many of them have a size on the page, once all should."""
    count = (
        "selector => { const all = [...document.querySelectorAll(selector)];"
        " return [all.length, all.filter(e => e.getBoundingClientRect().width > 20"
        " && e.getBoundingClientRect().height > 20).length] }"
    )
    for _ in range(100):
        found = desk.page.evaluate(count, selector)
        if found[0] == found[1] > 0:
            break
        desk.page.wait_for_timeout(100)
    return found


def secrets(number: str) -> list[str]:
    """Every explanation of a lesson's bank: none may reach the page before it is asked for."""
    if number not in catalogue.bank_files():
        return []
    return [text for question in bank.load(number) for text in whys(question)]


def show(desk: Desk, name: str, cells: list[str]) -> None:
    """Write, open and run a small notebook, such as one with a lab alone; no cell may fail."""
    desk.write(name, cells)
    desk.open(name)
    desk.run_all()
    assert desk.errors() == []


def says(desk: Desk, *parts: str) -> None:
    """Wait until the sentence under a lab has each of these words in it."""
    for part in parts:
        desk.page.wait_for_function(
            "part => document.querySelector('.lm-status').textContent.includes(part)", arg=part
        )
    desk.settle()


def status(desk: Desk) -> str:
    """The sentence under a lab."""
    return desk.page.locator(".lm-status").text_content()


def readable(desk: Desk, name: str) -> None:
    """A lab has no breach of WCAG in either theme; a screenshot of each is saved under this name."""
    for theme in ("light", "dark"):
        desk.theme(theme)
        assert desk.axe() == []
        desk.screenshot(f"{name}-{theme}", ".lm-panel")


def judged(desk: Desk, cases: tuple[tuple[str, str, str], ...]) -> None:
    """Each number, typed at the question with these words, gets a reply with those words."""
    for part, typed, told in cases:
        card = desk.page.locator(".lq-card").filter(has_text=part)
        card.get_by_role("textbox").fill(typed)
        card.get_by_role("button", name="Check").click()
        card.get_by_role("status").get_by_text(told).wait_for()
