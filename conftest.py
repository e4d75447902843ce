"""What holds for the whole suite: no run leaves a trace in the course, and none leaves this machine."""

import os
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent
GUARD = ROOT / "tests" / "guard"
sys.path.insert(0, str(ROOT / "tests"))


def pytest_addoption(parser):
    parser.addoption(
        "--forbid-skips",
        action="store_true",
        help="fail when any test was skipped: for CI, where everything is installed",
    )


def pytest_configure(config):
    folder = os.environ.get("LESSONS_TEST_FOLDER") or tempfile.mkdtemp(prefix="lessons-test-")
    os.environ["LESSONS_TEST_FOLDER"] = folder
    # Kernels and child processes inherit these: progress goes elsewhere, outside calls are refused.
    os.environ["LESSONS_PROGRESS"] = str(Path(folder) / f"progress-{os.getpid()}.jsonl")
    os.environ["LESSONS_OUTSIDE_CALLS"] = str(Path(folder) / "outside-calls.txt")
    already = os.environ.get("PYTHONPATH")
    if str(GUARD) not in (already or ""):
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(GUARD), already]))
    # The package's own children get no PYTHONPATH but this one: see `lessons_lib.process`.
    os.environ["LESSONS_CHILD_PYTHONPATH"] = str(GUARD)


def pytest_ignore_collect(collection_path):
    # They are loaded as plugins; as files for doctests they would all be called "conftest".
    return True if collection_path.name == "conftest.py" else None


def pytest_collect_file(file_path, parent):
    """Each lesson is run a second time as well, beside the cells that nbval runs."""
    if file_path.suffix == ".ipynb" and file_path.parent == ROOT / "notebooks":
        import second_time

        return second_time.Notebook.from_parent(parent, path=file_path)
    return None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """The longest files first, so that several workers end together: lessons, browser, the rest.

    A lesson's second time comes after its first.
    """

    def rank(item):
        if item.path.suffix == ".ipynb":
            return 0, item.path, item.name.endswith("shows the same")
        if item.get_closest_marker("browser"):
            return 1 if item.path.name.startswith("test_lesson") else 2, ROOT, False
        return 3, ROOT, False

    items.sort(key=rank)


def outside_calls():
    """What the guard in ``tests/guard`` refused, one line each."""
    log = Path(os.environ["LESSONS_OUTSIDE_CALLS"])
    return log.read_text(encoding="utf-8").splitlines() if log.exists() else []


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    if hasattr(session.config, "workerinput"):
        return
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if session.config.getoption("--forbid-skips") and skipped:
        reporter.write_line(f"{len(skipped)} skipped, and --forbid-skips allows none", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    if calls := outside_calls():
        reporter.write_line(
            "Something called the internet: " + "; ".join(sorted(set(calls))), red=True
        )
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
