"""A function of a notebook, moved to a file that another process can import."""

import linecache
import subprocess
import sys

import pytest

from lessons_lib.dynamic.from_notebook import module_source, write_module

CELLS = """
import datetime as when
import math
from typing import Annotated, Literal

from fastapi import Depends, FastAPI
from pydantic import BaseModel, Field

from lessons_lib.board import FlightRequest

LIMIT = {"hours": [0, 23]}
model = object()


class Helper:
    pass


def half(x):
    return half(x - 1) if x > 9 else math.floor(x / 2)


def make(limit=LIMIT["hours"][1]):
    class Form(BaseModel):
        hour: int = Field(le=limit)
        day: when.date | None = None
        side: Literal["left", "right"] = "left"

    app = FastAPI(title=str(half(limit)))

    @app.post("/")
    def post(form: Form, extra: Annotated[int, Depends(lambda: 1)]):
        model = FlightRequest("UA", "EWR", "IAH", form.hour, form.day)
        return model.key

    return app


def leans():
    return model


def leans_on_a_class():
    return Helper()
"""


@pytest.fixture
def notebook():
    """The names of a notebook in which `CELLS` have run."""
    linecache.cache["<cell>"] = (len(CELLS), None, CELLS.splitlines(True), "<cell>")
    names = {"__name__": "__main__"}
    exec(compile(CELLS, "<cell>", "exec"), names)
    return names


def test_function_runs_in_another_process_as_it_did_here(notebook, tmp_path):
    path = write_module(tmp_path / "deep" / "mine.py", notebook["make"], "\n\napp = make()\n")
    code = "import mine; print(mine.app.title, sorted(mine.app.openapi()['paths']))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=path.parent, capture_output=True, text=True
    )
    assert done.stdout == "4 ['/']\n", done.stderr


def test_names_are_imported_from_where_people_import_them(notebook):
    source = module_source(notebook["make"])
    for line in (
        "import datetime as when",
        "import math",
        "from fastapi import Depends",
        "from lessons_lib.board import FlightRequest",
        "from pydantic import Field",
        "from typing import Literal",
        "LIMIT = {'hours': [0, 23]}",
    ):
        assert line in source.splitlines()
    assert "model = object" not in source, "a local name is not the notebook's"


@pytest.mark.parametrize(("name", "used"), [("leans", "model"), ("leans_on_a_class", "Helper")])
def test_what_lives_in_the_notebook_only_is_named(notebook, name, used):
    with pytest.raises(ValueError, match=f"`{name}` uses `{used}`"):
        module_source(notebook[name])


def test_a_class_is_refused_by_name():
    with pytest.raises(ValueError, match="no function"):
        module_source(int)
