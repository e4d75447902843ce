"""Run All reaches the end of a notebook with an exercise, blank or solved.

The lessons themselves are run blank by nbval, and solved by the browser tests.
"""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from exercises import sample
from exercises.cases import SAMPLE, SAMPLE_STUB
from lessons_lib.exercises.engine import Exercise
from lessons_lib.record.progress import Progress

TESTS = str(Path(__file__).parents[1])


def sample_notebook():
    """What a lesson does with an exercise, on the sample exercise of these tests."""
    cells = [
        f"import sys; sys.path.insert(0, {TESTS!r})",
        "from exercises import sample\nfrom lessons_lib.exercises.engine import Exercise",
        SAMPLE_STUB,
        f"ex = Exercise({SAMPLE!r}, sample)\nex.check()",
        "ex.help()",
        "score = ex.use()\nscore(lambda batch: batch, [1, 2, 3], 2)",
    ]
    cells = [nbformat.v4.new_code_cell(source) for source in cells]
    cells[2].metadata["tags"] = [f"exercise:{SAMPLE}"]
    return nbformat.v4.new_notebook(cells=cells)


def run(notebook, folder):
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}})
    client.execute()  # raises if a cell does
    return notebook


def texts(cell):
    return [out.data["text/plain"] for out in cell.outputs if out.output_type != "stream"]


def test_blank_notebook_reaches_its_end_and_says_the_same_every_time(tmp_path, progress_file):
    cells = run(sample_notebook(), tmp_path).cells
    assert texts(cells[3]) == ["Not started: step 1: the loop"], "shown once"
    assert "<details" in cells[4].outputs[0].data["text/html"]
    assert texts(cells[5]) == [
        "From here on the course's own `batched_scores` is used, until yours passes.",
        "[1, 2, 3]",
    ]
    assert not progress_file.exists(), "a blank run is no attempt"
    again = run(sample_notebook(), tmp_path).cells
    assert [cell.outputs for cell in again] == [cell.outputs for cell in cells]


@pytest.mark.slow
def test_solved_notebook_reaches_its_end_and_passes(tmp_path, progress_file):
    notebook = sample_notebook()
    notebook.cells[2].source = Exercise(SAMPLE, sample).solution()
    run(notebook, tmp_path)
    (only,) = Progress(progress_file).state().exercises.items()
    assert only[0] == SAMPLE
    assert only[1].passed
