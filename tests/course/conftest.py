"""Every test of the classroom writes its progress to a file of its own."""

import pytest


@pytest.fixture(autouse=True)
def progress_file(tmp_path, monkeypatch):
    path = tmp_path / "progress.jsonl"
    monkeypatch.setenv("LESSONS_PROGRESS", str(path))
    return path
