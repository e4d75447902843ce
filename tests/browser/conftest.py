"""The fixtures of the browser tests: a real JupyterLab, a real browser, and a desk to sit at.

A test asks for ``desk`` and reads like what a learner does::

    def test_the_slider_moves_the_chart(desk):
        desk.write("small", ["import lessons_lib; lessons_lib.setup()", "..."])
        desk.open("small")          # or a copy of a real lesson: desk.open("02_ahead_of_time")
        desk.run_all()
        assert desk.errors() == []
        before = desk.marks()
        desk.page.get_by_role("slider", name="servers").press("ArrowRight")
        desk.wait_for_other_marks(before)
        desk.theme("dark")
        assert desk.axe() == []
        desk.screenshot("small-dark")

`desk.Desk` documents every helper: ``write, open, reload, run_all, run_cell, restart_kernel, stop_kernel,
run, cells, errors, save, marks, wait_for_other_marks, wait_for_panels, theme, screenshot, axe, settle``, and ``page, lab, outside, problems``.

Each test gets a fresh page, a fresh kernel and an empty progress file (``shared_desk`` and ``parts``: each
file of tests); JupyterLab itself starts once. Every test of this folder is marked ``browser``, is skipped in one line where no Chromium is
found, and fails when the page asked for anything beyond 127.0.0.1.
"""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import Desk
from lab import HERE, JupyterLab, browser, chromium
from visit import show

MISSING = "no Chromium or Chrome on this machine: the browser tests need one (Debian: chromium)"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = chromium() is None
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if missing:
                item.add_marker(pytest.mark.skip(reason=MISSING))


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterLab]:
    """One JupyterLab for the whole run."""
    home: Path = tmp_path_factory.mktemp("lab")
    with JupyterLab(home) as running:
        yield running
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What the browser keeps from one file of tests to the next: JupyterLab's own scripts."""
    folder: Path = tmp_path_factory.mktemp("profile")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def started_browser(profile: Path) -> Iterator:
    """One browser a file: while Playwright lives, no other test may start an event loop."""
    pytest.importorskip("playwright", reason="the browser tests need Playwright")
    with browser(profile) as started:
        yield started


@pytest.fixture
def desk(lab: JupyterLab, started_browser: object) -> Iterator[Desk]:
    """A page at a JupyterLab of the course; see `desk.Desk`."""
    with sitting_down(lab, started_browser) as sat_at:
        yield sat_at


@pytest.fixture(scope="module")
def shared_desk(lab: JupyterLab, started_browser: object) -> Iterator[Desk]:
    """One desk for all tests of a file that only look, or that put things back; saves seconds."""
    with sitting_down(lab, started_browser) as sat_at:
        yield sat_at


@pytest.fixture(scope="module")
def parts(shared_desk: Desk, request: pytest.FixtureRequest) -> Desk:
    """A desk with a notebook of the cells that the file of tests names `PARTS`, run and drawn."""
    show(shared_desk, "parts", request.module.PARTS)
    shared_desk.marks()
    return shared_desk


@contextlib.contextmanager
def sitting_down(lab: JupyterLab, started_browser: object) -> Iterator[Desk]:
    """Give an empty progress file and a fresh page, and make sure that it stayed at home."""
    lab.progress.unlink(missing_ok=True)
    sat_at = Desk(lab, started_browser)
    yield sat_at
    sat_at.close()
    assert sat_at.outside == [], "the page asked for something beyond this machine"
