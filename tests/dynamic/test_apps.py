"""The services that lessons start by name, with their real models."""

import asyncio
from functools import partial

import pytest
from dynamic_fakes import FLIGHT, Fixed

from lessons_lib.dynamic import apps


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """No deadline can be missed: the tests share the machine with others."""
    monkeypatch.setattr(apps, "create_app", partial(apps.create_app, deadline=60))


async def when_ready(client):
    while (health := await client.get("/health")).status_code == 503:
        assert health.json()["status"] == "loading"
        await asyncio.sleep(0.05)


def values(talk, app, bodies):
    async def scenario(client):
        await when_ready(client)
        return [await client.post("/predict", json=body) for body in bodies]

    replies = talk(app, scenario)
    assert [reply.status_code for reply in replies] == [200] * len(bodies)
    assert {reply.json()["source"] for reply in replies} == {"model"}
    assert all(0 <= reply.json()["age"] < 60 for reply in replies)
    return [reply.json()["value"] for reply in replies]


@pytest.mark.filterwarnings("error::DeprecationWarning")
def test_both_services_of_the_board_give_the_same_probabilities(talk):
    bodies = [{**FLIGHT, "hour": hour} for hour in range(5, 23)]
    bodies += [{**FLIGHT, "dest": "ZZZ", "carrier": "9X"}, {**FLIGHT, "date": "2013-01-01"}]
    plain = values(talk, apps.flights_sklearn(), bodies)
    fast = values(talk, apps.flights_onnx(), bodies)
    assert fast == pytest.approx(plain, abs=1e-5)
    assert len(set(plain)) > 5


def test_service_counts_as_ready_only_after_a_first_answer():
    predictor = Fixed()
    assert apps.warm(predictor, "first") is predictor
    assert predictor.asked == ["first"]


def test_service_of_the_reviews_tells_good_from_bad(talk):
    bodies = [{"text": "A moving, funny and brilliant film."}, {"text": "A dull, boring mess."}]
    good, bad = values(talk, apps.reviews(), bodies)
    assert good > 0.6
    assert bad < 0.4
