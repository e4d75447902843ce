"""After set-up nothing leaves this machine: the guard works, and no page or source names a CDN."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
# What makes a browser fetch: a script, style or import from elsewhere.
FETCHES = re.compile(
    r"""(?:<script[^>]+src=|<link[^>]+href=|\bimport\s*\(?|\bfrom\s+|fetch\(|\burl\()\s*["']?https?://""",
    re.IGNORECASE,
)


def test_guard_refuses_and_records_a_call_outside(tmp_path):
    log = tmp_path / "calls.txt"
    code = "import socket\ntry: socket.create_connection(('192.0.2.1', 80), timeout=1)\nexcept OSError as e: print(e)"
    env = {**os.environ, "LESSONS_OUTSIDE_CALLS": str(log), "PYTHONPATH": str(ROOT / "tests/guard")}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert "allow no connection" in done.stdout
    assert "192.0.2.1" in log.read_text()


def test_sources_fetch_nothing_from_elsewhere():
    for pattern in ("*.py", "*.js", "*.css", "*.html"):
        for path in (ROOT / "lessons_lib").rglob(pattern):
            hit = FETCHES.search(path.read_text(encoding="utf-8"))
            assert not hit, f"{path.relative_to(ROOT)}: {hit.group()}"


def test_stored_outputs_fetch_nothing_from_elsewhere():
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            stored = json.dumps([cell["source"], cell.get("outputs", [])])
            hit = FETCHES.search(stored.replace('\\"', '"'))
            assert not hit, f"{path.name}: {hit.group()}"
