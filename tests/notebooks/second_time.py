"""Runs a lesson again and compares what it shows, not only whether it fails.

Numbers that are measured differ from run to run, so that of most cells only the shape of what is
shown must agree: which kinds of output, which words around the numbers, which large counts are the
same count. A cell marked ``# NBVAL_CHECK_OUTPUT`` measures nothing, and must show the same to the digit.
"""

import contextlib
import re
from pathlib import Path

import nbformat
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("[0-9][0-9]_*.ipynb"))
UNIT = r"(?:µs|ms|s|min|h|hours?|days?|minutes?|seconds?|microseconds|x|%)\b"
NUMBER = re.compile(rf"[-+]?\d[\d,]*\.?\d*(?:e[-+]?\d+)?(?:\s?{UNIT})?|\bnan\b|\binf\b")
VOLATILE = re.compile(r"(/[\w.-]+){2,}|127\.0\.0\.1:\d+|0x[0-9a-f]+|night-\d+|tmp\w+")


@contextlib.contextmanager
def kernel(lesson, folder):
    """A fresh kernel in a folder: a function from the number of a code cell to what it shows."""
    notebook = nbformat.read(lesson, as_version=4)
    code = [index for index, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}})

    def run(number):
        cell = notebook.cells[code[number]]
        cell.outputs = []
        client.execute_cell(cell, code[number])  # raises if the cell does
        return signature(cell)

    with client.setup_kernel():
        yield run, range(len(code))


def signature(cell):
    """What must be the same whenever a cell is run again."""
    exact = cell.source.startswith("# NBVAL_CHECK_OUTPUT")
    shape = []
    for output in merged(cell.outputs):
        data = output.get("data", {})
        text = output.get("text") or data.get("text/plain", "")
        kinds = [output.get("name", output.output_type), *sorted(data)]
        shape.append((*kinds, text if exact else words(text)))
    return shape


def merged(outputs):
    """The outputs, with the pieces in which a stream happened to arrive put together."""
    kept = []
    for output in outputs:
        if output.output_type == "stream" and kept and kept[-1].get("name") == output.name:
            kept[-1].text += output.text
        else:
            kept.append(output)
    return kept


def words(text):
    """A text with its measured numbers and its addresses blanked out, and its counts numbered."""
    counts = {}

    def blank(found):
        digits = re.sub(r"\D", "", found.group())
        if "." in found.group() or len(digits) < 4:
            return "#"
        return f"#{counts.setdefault(digits, len(counts) + 1)}"

    text = NUMBER.sub(blank, VOLATILE.sub("~", text))
    return re.sub(r"\s+", " ", text)
