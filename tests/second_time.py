"""Runs a lesson again and looks at what it shows: the demonstrations must be the same.

The first time is the run that nbval has just made, or else one of our own in a clean folder. Then, in
the same folder, a fresh kernel runs every cell twice in a row, and all once more (but for cells that
take seconds to measure). Collected by the root ``conftest.py`` for each notebook, after the cells that
nbval runs.

Measured numbers differ from run to run. So of most cells the shape must agree: the kinds of output,
the words around the numbers, and which large counts are the same count. A cell marked
``nbval-check-output`` measures nothing, and must show the same to the digit; of one tagged
``measured-choice``, in which a measurement chooses what is named, only the kinds must agree.
"""

import os
import re
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbval.plugin import IPyNbCell, coalesce_streams

LONG = 1.0  # seconds: such a cell is run twice in the second kernel, not three times
EXACT = "nbval-check-output"  # the tag of a cell that measures nothing
CHOICE = "measured-choice"  # the tag of a cell in which a measurement chooses the words
UNIT = r"(?:µs|ms|s|min|h|hours?|days?|minutes?|seconds?|microseconds|x|%)\b"
NUMBER = re.compile(rf"[-+]?\d[\d,]*\.?\d*(?:e[-+]?\d+)?(?:\s?{UNIT})?|\bnan\b|\binf\b")
PLACE = re.compile(r"127\.0\.0\.1:\d+|(?:/[\w.-]+){2,}|[A-Z]:\\\S+|0x[0-9a-f]+|\btmp\w+")


class Notebook(pytest.File):
    """A lesson, as a file with one test."""

    def collect(self):
        yield SecondTime.from_parent(self, name="a second time shows the same")


class SecondTime(pytest.Item):
    """The test of one lesson."""

    def runtest(self):
        if found := differences(self.path, self.first_time()):
            raise Different("\n".join(found))

    def first_time(self):
        """What nbval's run of this notebook has shown, a list for each cell; None without a whole one."""
        cells = [i for i in self.session.items if isinstance(i, IPyNbCell) and i.path == self.path]
        ran = cells and all(cell.test_outputs is not None for cell in cells)
        return [shown_by(cell.cell, cell.test_outputs) for cell in cells] if ran else None

    def repr_failure(self, excinfo):
        if isinstance(excinfo.value, Different):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    def reportinfo(self):
        return self.path, None, f"{self.path.name}: {self.name}"


class Different(AssertionError):
    """What a lesson showed otherwise than before."""


def differences(path, shown=None):
    """Run a notebook again and again; one text for each cell that shows something else, or fails.

    `shown` is what it has shown in a run in its own folder; without that, the first run is made here.
    """
    notebook = nbformat.read(path, as_version=4)
    first, took, found = dict(enumerate(shown or ())), {}, []

    def look(run, number, when):
        began = time.monotonic()
        shown = run(number)
        took[number] = time.monotonic() - began
        if shown != first.setdefault(number, shown):
            found.append(f"Cell {number}, {when}, shows\n  {shown}\nand showed\n  {first[number]}")
        elif any(part[0] == "error" for part in shown):
            found.append(f"Cell {number}, {when}, fails: {shown}")

    with tempfile.TemporaryDirectory(prefix="lessons-", ignore_cleanup_errors=True) as clean:
        if first:
            where = path.parent, os.environ["LESSONS_PROGRESS"]
        else:
            where = clean, str(Path(clean) / "progress.jsonl")
            with kernel(notebook, *where) as (run, cells):
                for number in cells:
                    look(run, number, "the first time")
        with kernel(notebook, *where) as (run, cells):
            for number in cells:
                look(run, number, "in a fresh kernel")
                look(run, number, "twice in a row")
            for number in cells:
                if took[number] < LONG:
                    look(run, number, "after all the others")
    return found


@contextmanager
def kernel(notebook, folder, progress):
    """A fresh kernel in a folder: runs the code cell of a number and gives what it shows."""
    code = [index for index, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": folder}})

    def run(number):
        cell = notebook.cells[code[number]]
        cell.outputs = []
        try:
            client.execute_cell(cell, code[number])
        except CellExecutionError as error:
            return [("error", f"{error.ename}: {error.evalue}")]
        return shown_by(cell, cell.outputs)

    with client.setup_kernel(env={**os.environ, "LESSONS_PROGRESS": progress}):
        yield run, range(len(code))


def shown_by(cell, outputs):
    """What must be the same whenever this cell is run again: one tuple for each output."""
    tags = cell.metadata.get("tags", [])
    kept = []
    for output in coalesce_streams(outputs):  # a stream may arrive in pieces
        data = output.get("data", {})
        text = output.get("text") or data.get("text/plain", "")
        kept.append(((output.get("name", output.output_type), *sorted(data)), text))
    if CHOICE in tags:
        return [kind for kind, _ in kept]
    return [(*kind, text if EXACT in tags else words(text)) for kind, text in kept]


def words(text):
    """A text without its measured numbers and places; a large count that recurs is told apart.

    Beside a decimal, which is measured, yes and no are a verdict on it, and as free to change.

    Examples
    --------
    >>> words("took 3.2 ms; 900 of 2,517 rows"), words("2,517 of 2,517 rows")
    ('took #; # of # rows', '#1 of #1 rows')
    """
    text = PLACE.sub("~", text)
    if re.search(r"\d\.\d", text):
        text = re.sub(r"\b(True|False)\b", "#", text)
    counts = [found for found in NUMBER.findall(text) if "." not in found and len(found) > 3]
    again = sorted({count for count in counts if counts.count(count) > 1}, key=counts.index)

    def blank(found):
        return f"#{again.index(found.group()) + 1}" if found.group() in again else "#"

    return re.sub(r"\s+", " ", NUMBER.sub(blank, text))
