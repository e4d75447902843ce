"""The learner's service: it starts, answers as long as it is held, and is shown without secrets."""

import json
import shlex
import time

import httpx
import pytest

from lessons_lib import models
from lessons_lib.exercises.l03_service import make_app
from lessons_lib.labs.l03_service import Window, curl, serve, stand_still

GOOD = {"carrier": "UA", "origin": "EWR", "dest": "IAH", "hour": 17, "date": "2013-12-17"}
STALL = """
import time

@app.post("/stall")
async def stall(seconds: float):
    time.sleep(seconds)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("service")
    models.export_onnx(models.fit_or_load("live_logistic"), place / "live.onnx")
    return str(place)


@pytest.fixture(scope="module")
def server(folder):
    with serve(make_app, STALL, folder=folder) as started:
        yield started


def post(server, body):
    return httpx.post(f"{server.url}/predict", json=body, trust_env=False)


def test_the_service_answers_refuses_and_shows_its_page(server):
    assert post(server, GOOD).json()["source"] == "model"
    assert post(server, {**GOOD, "hour": 25}).status_code == 422
    assert "swagger" in httpx.get(f"{server.url}/docs", trust_env=False).text.lower()


def test_a_flight_of_2014_is_answered_though_nothing_is_known(server):
    reply = post(server, {**GOOD, "date": "2014-12-17"})
    assert reply.status_code == 200
    assert reply.json()["value"] == pytest.approx(0.183, abs=0.001)
    assert reply.json()["age"] < 5


def test_the_line_for_a_terminal_sends_the_body(server):
    program, url, _, header, _, body = shlex.split(curl(server.url, GOOD))
    assert (program, url, header) == (
        "curl",
        f"{server.url}/predict",
        "Content-Type: application/json",
    )
    assert json.loads(body) == GOOD


def test_what_is_stored_holds_the_address_and_no_frame(server):
    data, _ = Window(server.url, GOOD)._repr_mimebundle_()
    assert f"{server.url}/docs" in data["text/plain"]
    assert curl(server.url, GOOD) in data["text/plain"]
    assert "<iframe" not in data["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in data
    assert 'title="' in Window(server.url, GOOD).value


def test_while_it_stands_still_nobody_is_served(server):
    before = time.perf_counter()
    waits = stand_still(server, after=0.0, seconds=0.5)
    waits.join()
    assert time.perf_counter() - before >= 0.5
    assert post(server, GOOD).status_code == 200


def test_a_service_that_has_ended_is_named_in_one_line_and_no_thread_fails(folder, capfd):
    with serve(make_app, folder=folder) as ended:
        late = stand_still(ended, after=0.3)
    late.join()
    assert "Traceback" not in capfd.readouterr().err
    with pytest.raises(RuntimeError, match="run the cell that starts it, then this one"):
        stand_still(ended)
