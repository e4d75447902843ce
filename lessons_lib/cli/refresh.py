"""Runs the tracked notebooks from a clean kernel and stores their outputs, the same each time.

What differs from run to run without meaning anything (timings, widget ids, versions) is left out, so
that the difference git shows is the difference that was made.
"""

import hashlib
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
KERNEL = "Python 3 (ipykernel)"
KEPT_METADATA = {"tags", "exercise", "jupyter"}
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def main(arguments):
    """Refresh the notebooks whose numbers are given, or all; the exit code."""
    chosen = [
        path
        for path in sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))
        if not arguments or path.name[:2] in {a.zfill(2) for a in arguments}
    ]
    if not chosen:
        print(f"No notebook matches {arguments}: give numbers such as 02.", file=sys.stderr)
        return 1
    for path in chosen:
        print(f"{path.name} ...", flush=True)
        notebook = nbformat.read(path, as_version=4)
        try:
            execute(notebook)
        except CellExecutionError as error:
            print(f"{path.name} was left as it is: {error}", file=sys.stderr)
            return 1
        nbformat.write(tidy(notebook), path)
    return 0


def execute(notebook):
    """Run every cell in order, in an empty folder and with no progress of an earlier run."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["LESSONS_PROGRESS"] = str(Path(folder) / "progress.jsonl")
        (Path(folder) / ".progress.seed").write_bytes(b"stored")  # one order of the options
        what = {"record_timing": False, "store_widget_state": False, "timeout": 300}
        where = {"metadata": {"path": folder}}
        NotebookClient(notebook, resources=where, **what).execute()


def tidy(notebook):
    """Drop what means nothing to a reader; returns the same notebook."""
    notebook.metadata = {
        "kernelspec": {"display_name": KERNEL, "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    seen = Counter()
    for cell in notebook.cells:
        # A name made of the cell's text: editing one cell does not rename the others.
        digest = hashlib.sha256(cell.source.encode()).hexdigest()[:12]
        seen[digest] += 1
        cell.id = f"{digest}-{seen[digest]}"
        cell.metadata = {k: v for k, v in cell.metadata.items() if k in KEPT_METADATA}
        for output in cell.get("outputs", []):
            # It would show as "model not found"; without it the picture or text beside it is shown.
            output.get("data", {}).pop(WIDGET_VIEW, None)
            if (
                "metadata" in output
            ):  # what belongs to a form stays: a picture's size, a chart's style
                kept = {k: v for k, v in output["metadata"].items() if k in output.get("data", {})}
                output["metadata"] = kept
    return notebook


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
