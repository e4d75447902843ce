"""The look at a second run sees what it is for, and is not disturbed by measured numbers."""

import nbformat
import pytest
import second_time

STEADY = """import time
print(f"took {time.perf_counter() % 1 * 1000:.2f} ms for", 2_517, "rows")
print(time.time_ns() % 10**9, "ns of", 2_517, "rows at", f"127.0.0.1:{time.time_ns() % 50_000}")"""
CHANGING = {
    "a clock that goes on": "now = globals().get('now', 8) + 1\nprint(now)",
    "a file of the last run": """from pathlib import Path
file = Path("rows.txt")
rows = int(file.read_text()) if file.exists() else 1_200
print(f"killed; the file holds {rows:,} of {2_517:,} rows")
file.write_text("2517")""",
    "what is spent": "spare = globals().get('spare', [1]); spare.pop()",
    "what a later cell ends": "print('ended' if 'end' in globals() else 'runs')",
    "a remark that comes once": "print('by the way') if 'said' not in globals() else 0; said = 1",
    "what is current": "current = not globals().get('current', True); print('row 1', current)",
    "the later cell": "end = True",
}


def notebook(tmp_path, *sources):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    for cell in cells:
        if cell.source == CHANGING["a clock that goes on"]:
            cell.metadata["tags"] = [second_time.EXACT]
    path = tmp_path / "00_small.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


@pytest.mark.slow
def test_measured_numbers_are_no_difference(tmp_path):
    assert second_time.differences(notebook(tmp_path, STEADY, "1 + 1", "object()")) == []


def test_verdict_beside_a_measured_number_is_measured_too():
    assert second_time.words("0.12 True") == second_time.words("0.31 False")
    assert second_time.words("board-1 True") != second_time.words("board-1 False")


@pytest.mark.slow
def test_another_demonstration_is_seen(tmp_path):
    found = second_time.differences(notebook(tmp_path, *CHANGING.values()))
    for number, what in enumerate(list(CHANGING)[:-1]):
        assert any(text.startswith(f"Cell {number},") for text in found), what
    assert not any(text.startswith(f"Cell {len(CHANGING) - 1},") for text in found)
