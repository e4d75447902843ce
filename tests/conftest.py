"""What all tests share: the board, read once, and fitted models that outlive a run of the tests.

Models are kept under pytest's own cache and not in the user's: the first run fits them, later ones
load them as long as data, sources and versions are the same (`model_cache.fingerprint`). Child
processes and notebook kernels find the same folder through the environment.
``pytest --cache-clear`` fits all of them anew.

One OpenMP thread: on a busy machine the threads of gradient boosting spend their time waiting for
each other, several times what the work costs.
"""

import os
import tempfile

import pytest


def pytest_configure(config):
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    folder = config.cache.mkdir("models")
    if hasattr(os, "geteuid") and config.rootpath.stat().st_uid != os.geteuid():
        # In somebody else's clone the kept models would not be trusted.
        folder = tempfile.mkdtemp(prefix="lessons-test-")
    os.environ.setdefault("LESSONS_CACHE", str(folder))


@pytest.fixture(autouse=True)
def progress_file(request, tmp_path, monkeypatch):
    """Every test of the classroom writes its progress to a file of its own."""
    if request.path.parent.name not in ("exercises", "quiz", "record"):
        return None
    from lessons_lib.record import progress

    path = tmp_path / "progress.jsonl"
    monkeypatch.setenv("LESSONS_PROGRESS", str(path))
    monkeypatch.setattr(progress, "_current", None)  # nor does one test save what another could not
    return path


@pytest.fixture(scope="session")
def shared_board():
    from lessons_lib.board import load_board

    return load_board()


@pytest.fixture
def board(shared_board):
    """All flights; a test may change its copy."""
    return shared_board.copy(deep=False)


@pytest.fixture(scope="session")
def live_inputs():
    from lessons_lib.board import load_live_inputs

    return load_live_inputs()
