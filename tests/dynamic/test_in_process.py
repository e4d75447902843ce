"""An application asked in its own process, also where an event loop runs already."""

import asyncio

import pytest
from dynamic_fakes import FLIGHT, Calls, Fixed
from fastapi import FastAPI

from lessons_lib.dynamic.in_process import ask
from lessons_lib.dynamic.service import create_app


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
