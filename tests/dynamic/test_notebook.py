"""A function of a notebook: moved to a file that another process can import, or asked in place."""

import asyncio
import linecache
import subprocess
import sys

import pytest
from dynamic_fakes import FLIGHT, Calls, Fixed
from fastapi import FastAPI

from lessons_lib.dynamic.notebook import ask, module_source, write_module
from lessons_lib.dynamic.service import create_app

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


@pytest.mark.parametrize(
    "name", ["my service.py", "my-service.py", "service", "import.py", "2nd.py", "service.txt"]
)
def test_a_file_that_cannot_be_imported_is_refused_by_name(notebook, tmp_path, name):
    with pytest.raises(ValueError, match=name):
        write_module(tmp_path / name, notebook["half"])


@pytest.mark.parametrize("folder", ["file", "file/deep", "x" * 600, "/".join(["deep" * 40] * 40)])
def test_a_folder_that_cannot_be_written_is_said_in_one_line(notebook, tmp_path, folder):
    (tmp_path / "file").touch()
    with pytest.raises(ValueError, match=r"'mine\.py' was not written") as caught:
        write_module(tmp_path / folder / "mine.py", notebook["half"])
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 200


def test_a_file_is_replaced_whole(notebook, tmp_path):
    path = write_module(tmp_path / "mine.py", notebook["make"])
    write_module(path, notebook["half"])
    assert "FastAPI" not in path.read_text(encoding="utf-8")
    assert [entry.name for entry in tmp_path.iterdir()] == ["mine.py"]


def test_form_and_predictor_are_both_asked():
    replies = ask(create_app(Fixed()), [FLIGHT, {**FLIGHT, "hour": 24}])
    assert [reply.status_code for reply in replies] == [200, 422]
    assert replies[0].json()["value"] == 0.25


def test_it_works_inside_a_running_event_loop_as_in_a_notebook():
    async def cell():
        return ask(create_app(Fixed()), [FLIGHT])

    assert asyncio.run(cell())[0].status_code == 200


def test_a_single_body_is_refused():
    with pytest.raises(ValueError, match="single body"):
        ask(create_app(Fixed()), FLIGHT)


def test_what_the_application_raises_is_raised():
    app = FastAPI()

    @app.post("/predict")
    def broken(form: dict):
        return Calls(lambda request: 1 / 0).answer(form)

    with pytest.raises(ZeroDivisionError):
        ask(app, [FLIGHT])
