"""The service on Ray Serve: stored results and one clear line without it, and once for real with it."""

import json
import subprocess
import sys

import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient

from lessons_lib.labs import l10_ray
from lessons_lib.process import ChildError
from lessons_lib.record import catalogue


def told(capsys):
    (line,) = capsys.readouterr().out.splitlines()
    return line


def test_nothing_starts_unless_somebody_asks(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(l10_ray, "measure", lambda folder: pytest.fail("started"))
    found = l10_ray.serve_on_ray(tmp_path)
    line = told(capsys)
    assert line.startswith("Ray was not asked for")
    assert f"stored results of {found['date']}, on {found['machine']}." in line


def test_without_the_extra_it_says_how_to_install_it(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(l10_ray, "installed", lambda: False)
    l10_ray.serve_on_ray(tmp_path, live=True)
    assert "python3 -m lessons_lib scale" in told(capsys)


@pytest.mark.parametrize("error", [ChildError("Ray was not ready\nlog"), TimeoutError("late")])
def test_a_ray_that_does_not_come_up_is_one_line(tmp_path, capsys, monkeypatch, error):
    def fails(folder):
        raise error

    monkeypatch.setattr(l10_ray, "installed", lambda: True)
    monkeypatch.setattr(l10_ray, "measure", fails)
    l10_ray.serve_on_ray(tmp_path, live=True)
    assert "did not come up" in told(capsys)


def test_what_is_stored_is_whole():
    found = json.loads(l10_ray.STORED.read_text(encoding="utf-8"))
    seconds = pd.DataFrame(found["killed"])
    assert abs(seconds["requests"].sum() - l10_ray.RATE * l10_ray.SECONDS) <= 1
    assert (seconds["answered"] <= seconds["requests"]).all()
    assert l10_ray.STRIKE in seconds["second"].tolist(), "the lesson marks it"
    published = found["published"]
    assert published["old answers after the first new one"] == 0
    parts = ("answers of the old table", "answers of the new table", "errors")
    assert published["requests"] == sum(published[part] for part in parts)
    assert 0 < found["uvicorn CPU ms"] < found["Ray Serve CPU ms"]


def test_the_lesson_loads_no_ray():
    code = "import sys; from lessons_lib.labs import l10_ray; sys.exit('ray' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


@pytest.mark.slow
@pytest.mark.scale
@pytest.mark.skipif(not l10_ray.installed(), reason="no Ray here: python3 -m lessons_lib scale")
def test_the_lessons_own_cells_on_a_real_ray(tmp_path, monkeypatch):
    # Ray's processes speak to each other by this machine's own address, which the guard refuses.
    monkeypatch.delenv("LESSONS_CHILD_PYTHONPATH", raising=False)
    (path,) = catalogue.NOTEBOOKS.glob("10_*.ipynb")
    notebook = nbformat.read(path, as_version=4)
    using = [cell for cell in notebook.cells if "serve_on_ray" in cell.source or 'ray["published"]' in cell.source]  # fmt: skip
    setup = ["import lessons_lib", "import pandas as pd", "lessons_lib.setup()"]
    cells = [nbformat.v4.new_code_cell("\n".join(setup)), *(c for c in using if c.cell_type == "code")]  # fmt: skip
    assert len(cells) == 3
    cells[1].source = cells[1].source.replace("live=False", "live=True")
    cells.append(nbformat.v4.new_code_cell("import json; print(json.dumps(ray))"))
    made = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(made, timeout=420, resources={"metadata": {"path": str(tmp_path)}}).execute()
    text = "".join(output.get("text", "") for output in cells[1].outputs)
    assert text.startswith("Measured now on Ray"), text
    found = json.loads(cells[-1].outputs[0]["text"])
    seconds = pd.DataFrame(found["killed"])
    assert abs(seconds["requests"].sum() - l10_ray.RATE * l10_ray.SECONDS) <= 1
    assert seconds["answered"].sum() > seconds["requests"].sum() / 2
    assert found["uvicorn CPU ms"] > 0, "the next cells need it"
    published = found["published"]
    assert published["errors"] == published["old answers after the first new one"] == 0
    assert published["answers of the new table"] > 0
