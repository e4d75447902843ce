"""The life of a request: answered, late, refused or failed, and counted as such."""

import asyncio
import gc
import json
import math
import re
import threading
import time

import numpy as np
import pytest
from dynamic_fakes import FLIGHT, Calls, Fixed, Held
from fastapi import HTTPException
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.routing import Mount

from lessons_lib.answer import Answer, VirtualClock
from lessons_lib.dynamic.forms import ReviewForm
from lessons_lib.dynamic.service import create_app


def post(client, body=FLIGHT, **kwargs):
    return client.post("/predict", json=body, **kwargs)


def counted(app, talk):
    """The metrics of an application: (name, label) -> value."""
    text = talk(app, lambda client: client.get("/metrics")).text
    samples = [s for family in text_string_to_metric_families(text) for s in family.samples]
    return {(s.name, *s.labels.values()): s.value for s in samples}


def test_answer_arrives_with_source_age_and_model(talk):
    predictor = Fixed(Answer(0.25, "table", 60.0))
    reply = talk(create_app(predictor, model="board-7"), post)
    assert reply.status_code == 200
    assert reply.json() == {"value": 0.25, "source": "table", "age": 60.0, "model": "board-7"}
    (asked,) = predictor.asked
    assert asked.key == "UA EWR IAH 05"
    assert asked.date.isoformat() == "2013-10-01"


def test_words_with_signs_arrive_as_they_are(talk):
    name = 'live "7" \\ näh\n'
    reply = talk(create_app(Fixed(Answer(1e-7, 'ta"ble', 1e22)), model=name), post)
    assert reply.json() == {"value": 1e-7, "source": 'ta"ble', "age": 1e22, "model": name}


def test_service_answers_within_another_application_too(talk):
    outer = Starlette(routes=[Mount("/flights", create_app(Fixed()))])
    answered = talk(outer, lambda client: client.post("/flights/predict", json=FLIGHT))
    refused = talk(outer, lambda client: client.post("/flights/predict", json={}))
    assert (answered.status_code, answered.json()["value"]) == (200, 0.25)
    assert (refused.status_code, refused.json()["error"]) == (422, "invalid")


def test_review_reaches_the_model_as_its_sentence(talk):
    predictor = Fixed()
    reply = talk(create_app(predictor, form=ReviewForm), lambda c: post(c, {"text": "Très bien."}))
    assert reply.status_code == 200
    assert predictor.asked == ["Très bien."]


def test_unknown_age_and_missing_value_are_null(talk):
    reply = talk(create_app(Fixed(Answer(None, "default", math.nan))), post)
    assert json.loads(reply.text, parse_constant=pytest.fail)["age"] is None
    assert reply.json()["value"] is None


def test_deadline_is_checked_before_the_model_runs(talk):
    clock, predictor, held = VirtualClock(), Fixed(), Held()
    app = create_app(
        Calls(lambda r: (held if r.hour == 0 else predictor).answer(r)), deadline=1, clock=clock
    )

    async def scenario(client):
        first = asyncio.create_task(post(client, {**FLIGHT, "hour": 0}))
        await asyncio.to_thread(held.entered.acquire)
        second = asyncio.create_task(post(client))
        await asyncio.sleep(0.05)
        clock.sleep(1.5)
        held.go.set()
        return await first, await second

    first, second = talk(app, scenario)
    assert (first.status_code, second.status_code) == (504, 504)
    assert "answered after" in first.json()["reason"]
    assert "not computed" in second.json()["reason"]
    assert predictor.asked == []


@pytest.mark.parametrize(("asked", "status"), [(None, 200), ("0.5", 504), ("60", 504)])
def test_client_may_ask_for_a_shorter_deadline_only(talk, asked, status):
    clock = VirtualClock()
    seconds = 0.8 if asked != "60" else 1.2

    def answer(request):
        clock.sleep(seconds)
        return Answer(0.5, "model", 0.0)

    headers = {} if asked is None else {"X-Deadline-Seconds": asked}
    app = create_app(Calls(answer), deadline=1, clock=clock)
    assert talk(app, lambda client: post(client, headers=headers)).status_code == status


@pytest.mark.parametrize(
    "asked",
    [
        *("0", "0.0", "-1", "+1", "-0", "nan", "NaN", "inf", "infinity", "soon", "", " ", " 1"),
        *(
            "1e999",
            "1e1",
            "1E1",
            "1_0",
            "1_000.0",
            "0x1",
            ".5",
            "1.",
            "1,5",
            "1 0",
            "1, 2",
            "1.2.3",
        ),
        *(
            "１０".encode(),
            "٣".encode(),
            "²".encode(),
            b"\xb2",
            b"1\xa0",
            "9" * 400,
            "1" + "0" * 400,
        ),
    ],
    ids=repr,
)
def test_senseless_deadline_is_refused(talk, asked):
    app = create_app(predictor := Fixed())
    reply = talk(app, lambda client: post(client, headers={"X-Deadline-Seconds": asked}))
    assert reply.status_code == 422
    assert reply.json()["fields"][0]["field"] == "X-Deadline-Seconds"
    assert predictor.asked == []


def test_deadline_that_stands_twice_is_refused(talk):
    twice = [("X-Deadline-Seconds", "1"), ("x-deadline-seconds", "1")]
    assert talk(create_app(Fixed()), lambda c: post(c, headers=twice)).status_code == 422


def test_full_queue_refuses_at_once_while_health_goes_on_answering(talk):
    held = Held()
    app = create_app(held, queue_limit=2, deadline=10)

    async def scenario(client):
        inside = [asyncio.create_task(post(client)) for _ in range(3)]
        await asyncio.to_thread(held.entered.acquire)
        await asyncio.sleep(0.05)
        refused, health = await post(client), await client.get("/health")
        depth = (await client.get("/metrics")).text
        held.go.set()
        return refused, health, depth, await asyncio.gather(*inside), await post(client)

    refused, health, depth, inside, afterwards = talk(app, scenario)
    assert refused.status_code == 503
    assert int(refused.headers["retry-after"]) >= 1
    assert health.json()["waiting"] == 2
    assert "predict_queue_depth 2.0" in depth
    assert [reply.status_code for reply in [*inside, afterwards]] == [200] * 4


@pytest.mark.parametrize("threads", [1, 3])
def test_as_many_requests_run_at_once_as_there_are_threads(talk, threads):
    running, most, lock = [0], [0], threading.Lock()

    def answer(request):
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        time.sleep(0.02)
        with lock:
            running[0] -= 1
        return Answer(0.5, "model", 0.0)

    app = create_app(Calls(answer), threads=threads)

    async def scenario(client):
        return await asyncio.gather(*[post(client) for _ in range(9)])

    replies = talk(app, scenario)
    assert all(reply.status_code == 200 for reply in replies)
    assert most[0] == threads


def test_concurrent_requests_get_their_own_answers(talk):
    app = create_app(Calls(lambda r: Answer(r.hour / 100, "model", 0.0)), threads=2)

    async def scenario(client):
        return await asyncio.gather(*[post(client, {**FLIGHT, "hour": h}) for h in range(24)])

    assert [reply.json()["value"] * 100 for reply in talk(app, scenario)] == pytest.approx(
        range(24)
    )


@pytest.mark.parametrize(
    "error",
    [
        ValueError("no weather"),
        StopIteration(),
        MemoryError(),
        KeyError("EWR"),
        TimeoutError("no weather"),
        SystemExit(3),
        KeyboardInterrupt(),
        GeneratorExit(),
        asyncio.CancelledError(),
        BaseException("no weather"),
        HTTPException(404, "no weather"),
        BaseExceptionGroup("many", [SystemExit()]),
    ],
    ids=repr,
)
def test_failing_model_is_a_plain_500_with_the_cause_in_the_log(talk, caplog, error):
    def answer(request):
        raise error

    app = create_app(Calls(answer))
    reply = talk(app, post)
    assert reply.status_code == 500
    assert reply.json()["error"] == "failed"
    assert "Traceback" not in reply.text
    assert "weather" not in reply.text
    assert repr(error) in caplog.text or type(error).__name__ in caplog.text
    assert counted(app, talk)["predict_requests_total", "failed"] == 1


class Hostile:
    """Breaks whoever looks at it."""

    value = source = property(lambda self: (_ for _ in ()).throw(SystemExit))

    def __repr__(self):
        raise KeyboardInterrupt

    def __float__(self):
        raise GeneratorExit


@pytest.mark.parametrize(
    "answer",
    [
        None,
        0.5,
        "yes",
        Hostile(),
        Answer("high", "model", 0.0),
        Answer("0.5", "model", 0.0),
        Answer(True, "model", 0.0),
        Answer(10**400, "model", 0.0),
        Answer(np.array([0.1, 0.9]), "model", 0.0),
        Answer(np.str_("0.5"), "model", 0.0),
        Answer(Hostile(), "model", 0.0),
        Answer(0.5, ["table"], 0.0),
        Answer(0.5, {}, 0.0),
        Answer(0.5, "x" * 1_000_000, 0.0),
        Answer(0.5, Hostile(), 0.0),
        Answer(0.5, "model", "new"),
        (0.5, "model", 0.0),
        Fixed,
    ],
    ids=lambda answer: type(answer).__name__,
)
def test_predictor_that_gives_no_answer_counts_as_failed(talk, answer):
    assert talk(create_app(Fixed(answer)), post).status_code == 500


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize(
    "error", [ZeroDivisionError, SystemExit, KeyboardInterrupt, asyncio.CancelledError]
)
def test_one_failure_does_not_harm_the_next_request(talk, error, threads):
    broken = [True] * 9

    def answer(request):
        if broken:
            broken.pop()
            raise error
        return Answer(0.5, "model", 0.0)

    app = create_app(Calls(answer), threads=threads)

    async def scenario(client):
        first = await asyncio.gather(*[post(client) for _ in range(9)])
        return first, await asyncio.gather(*[post(client) for _ in range(9)])

    first, second = talk(app, scenario)
    assert [reply.status_code for reply in first] == [500] * 9
    assert [reply.status_code for reply in second] == [200] * 9


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (np.float32(0.5), 0.5),
        (np.float64(0.5), 0.5),
        (np.int64(1), 1.0),
        (np.array(0.5), 0.5),
        (1, 1.0),
        (math.nan, None),
        (np.float32("nan"), None),
        (math.inf, None),
        (-math.inf, None),
    ],
    ids=repr,
)
def test_any_number_arrives_as_one_that_json_can_hold(talk, value, shown):
    reply = talk(create_app(Fixed(Answer(value, "model", value))), post)
    assert reply.status_code == 200
    assert (reply.json()["value"], reply.json()["age"]) == (shown, shown)


def test_log_of_a_failure_stays_short_whatever_the_model_raised(talk, caplog):
    def answer(request):
        raise ValueError("x" * 10_000_000)

    assert (
        talk(
            create_app(Calls(answer), form=ReviewForm), lambda c: post(c, {"text": "a"})
        ).status_code
        == 500
    )
    assert len(caplog.text) < 20_000


def test_model_that_hangs_costs_its_client_no_more_than_the_deadline(talk):
    held = Held()
    app = create_app(held, deadline=0.2, stuck_after=0.3, threads=2)

    async def scenario(client):
        hanging = await post(client)
        while (stuck := await client.get("/health")).json()["status"] != "stuck":
            await asyncio.sleep(0.02)
        metrics = (await client.get("/metrics")).text
        held.go.set()
        while (later := await client.get("/health")).json()["running"]:
            await asyncio.sleep(0.02)
        return hanging, stuck, metrics, later, await post(client)

    hanging, stuck, metrics, later, answered = talk(app, scenario)
    assert (hanging.status_code, hanging.json()["error"]) == (504, "late")
    assert stuck.status_code == 503
    assert (stuck.json()["running"], stuck.json()["stuck"]) == (1, 1)
    assert "predict_stuck 1.0" in metrics
    assert (later.status_code, later.json()["status"]) == (200, "ready")
    assert answered.status_code == 200


def test_service_with_a_free_thread_goes_on_while_another_hangs(talk):
    held, fixed = Held(), Fixed()
    app = create_app(
        Calls(lambda r: (held if r.hour == 0 else fixed).answer(r)), threads=2, deadline=10
    )

    async def scenario(client):
        headers = {"X-Deadline-Seconds": "0.1"}
        hanging = await post(client, {**FLIGHT, "hour": 0}, headers=headers)
        others = [await post(client) for _ in range(5)]
        held.go.set()
        return hanging, others

    hanging, others = talk(app, scenario)
    assert hanging.status_code == 504
    assert [reply.status_code for reply in others] == [200] * 5


def test_requests_that_wait_behind_a_hanging_one_are_late_too_and_never_computed(talk):
    asked, held = [], Held()

    def answer(request):
        asked.append(request)
        return held.answer(request)

    app = create_app(Calls(answer), deadline=0.2, queue_limit=2)

    async def scenario(client):
        replies = await asyncio.gather(*[post(client) for _ in range(4)])
        held.go.set()
        while (await client.get("/health")).json()["waiting"]:
            await asyncio.sleep(0.01)
        return replies, await post(client)

    replies, answered = talk(app, scenario)
    assert sorted(reply.status_code for reply in replies) == [503, 504, 504, 504]
    assert answered.status_code == 200
    assert len(asked) == 2


def test_places_are_given_back_though_the_event_loop_has_gone(talk):
    held = Held()
    app = create_app(held, deadline=0.05, queue_limit=0)
    assert talk(app, post).status_code == 504
    held.go.set()
    time.sleep(0.1)
    assert talk(app, post).status_code == 200


def test_large_body_is_refused_by_its_declared_length(talk):
    app = create_app(Fixed(), max_body=100)
    reply = talk(app, lambda client: client.post("/predict", content=b"x" * 101))
    assert reply.status_code == 413
    assert "100 bytes" in reply.json()["reason"]


def test_large_body_is_refused_without_a_declared_length(talk):
    sent = []

    async def chunks():
        for _ in range(1_000):
            sent.append(1)
            yield b"x" * 50

    app = create_app(Fixed(), max_body=100)
    reply = talk(app, lambda client: client.post("/predict", content=chunks()))
    assert reply.status_code == 413


def test_absurd_declared_length_is_refused(talk):
    headers = {"Content-Length": "9" * 5_000}
    app = create_app(Fixed())
    reply = talk(app, lambda c: c.post("/predict", content=b"{}", headers=headers))
    assert reply.status_code == 413


def test_body_that_never_ends_is_given_up_at_the_deadline(talk):
    async def chunks():
        yield b"{"
        await asyncio.sleep(5)
        yield b"}"

    app = create_app(Fixed(), deadline=0.1)
    reply = talk(app, lambda client: client.post("/predict", content=chunks()))
    assert reply.status_code == 408


def test_metrics_count_outcomes_sources_and_latency(talk):
    replies = iter([Answer(0.1, "table", 1.0), Answer(0.2, "cache", 1.0), Answer(0.3, "odd", 1.0)])
    app = create_app(Calls(lambda request: next(replies)))

    async def scenario(client):
        for body in (FLIGHT, FLIGHT, FLIGHT, {}):
            await post(client, body)

    talk(app, scenario)
    values = counted(app, talk)
    assert values["predict_requests_total", "ok"] == 3
    assert values["predict_requests_total", "invalid"] == 1
    assert values["predict_requests_total", "refused"] == 0
    assert values["predict_answers_total", "table"] == 1
    assert values["predict_answers_total", "cache"] == 1
    assert values["predict_answers_total", "other"] == 1
    assert values[("predict_latency_seconds_count",)] == 3


def test_the_moment_of_the_information_is_shown_by_source_and_absent_until_then(talk):
    name = "predict_information_timestamp_seconds"
    replies = iter([Answer(0.1, "table", 3_600.0), Answer(None, "default", float("nan"))])
    app = create_app(Calls(lambda request: next(replies)))
    assert not [labels for labels in counted(app, talk) if labels[0] == name]
    for _ in range(2):
        talk(app, post)
    values = counted(app, talk)
    assert [labels for labels in values if labels[0] == name] == [(name, "table")]
    assert time.time() - values[name, "table"] == pytest.approx(3_600, abs=60)


def test_two_services_in_one_process_count_apart(talk):
    one, other = create_app(Fixed(), model="one"), create_app(Fixed(), model="other")
    assert talk(one, post).json()["model"] == "one"
    assert counted(one, talk)["predict_requests_total", "ok"] == 1
    assert counted(other, talk)["predict_requests_total", "ok"] == 0


def test_service_says_loading_until_the_model_is_there(talk):
    gate = threading.Event()

    def load():
        gate.wait(10)
        return Fixed()

    async def scenario(client):
        health, early = await client.get("/health"), await post(client)
        gate.set()
        while (later := await client.get("/health")).status_code == 503:
            await asyncio.sleep(0.01)
        return health, early, later, await post(client)

    health, early, later, answered = talk(create_app(load, model="live"), scenario)
    assert (health.status_code, health.json()["status"]) == (503, "loading")
    assert (early.status_code, early.headers["retry-after"]) == (503, "1")
    assert later.json()["status"] == "ready"
    assert later.json()["model"] == "live"
    assert later.json()["uptime"] >= later.json()["model_age"] >= 0
    assert answered.status_code == 200


def raises(error):
    raise error


@pytest.mark.parametrize(
    "load",
    [
        lambda: 1 / 0,
        lambda: "no predictor",
        lambda: raises(SystemExit(3)),
        lambda: raises(KeyboardInterrupt),
        lambda: raises(GeneratorExit),
        lambda: raises(asyncio.CancelledError),
        lambda: raises(StopIteration),
        Hostile,
    ],
)
def test_model_that_cannot_be_loaded_is_reported(talk, caplog, load):
    async def scenario(client):
        while (health := await client.get("/health")).json()["status"] == "loading":
            await asyncio.sleep(0.01)
        return health, await post(client)

    health, reply = talk(create_app(load), scenario)
    assert (health.status_code, health.json()["status"]) == (503, "failed")
    assert reply.status_code == 503
    assert "could not be loaded" in caplog.text


def test_documentation_shows_the_form_and_the_refusals(talk):
    schema = talk(create_app(Fixed()), lambda client: client.get("/openapi.json")).json()
    predict = schema["paths"]["/predict"]["post"]
    form = predict["requestBody"]["content"]["application/json"]["schema"]
    assert set(form["properties"]) == {*FLIGHT, "minute"}
    assert ">>>" not in form["description"]
    assert {"200", "413", "422", "503", "504"} <= set(predict["responses"])
    date = form["properties"]["date"]
    assert (date["formatMinimum"], date["formatMaximum"]) == ("2013-01-01", "2013-12-31")
    assert re.fullmatch(date["pattern"], "2013-12-31")
    assert not re.fullmatch(date["pattern"], "2014-01-01")
    assert "2013-01-01" in date["description"]
    (header,) = predict["parameters"]
    assert re.fullmatch(header["schema"]["pattern"], "0.5")
    for wrong in ("1_0", "0", "0.00", "1."):
        assert not re.fullmatch(header["schema"]["pattern"], wrong)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/health/", 404),
        ("GET", "/static-offline-docs/nothing.js", 404),
        ("POST", "/", 404),
        ("GET", "/predict", 405),
        ("HEAD", "/predict", 405),
        ("DELETE", "/predict", 405),
        ("OPTIONS", "/predict", 405),
        ("BREW", "/predict", 405),
        ("POST", "/health", 405),
        ("PUT", "/metrics", 405),
        ("POST", "/docs", 405),
        ("POST", "/openapi.json", 405),
    ],
)
def test_wrong_address_or_method_is_refused_in_the_shape_of_every_refusal(
    talk, method, path, status
):
    reply = talk(create_app(Fixed()), lambda client: client.request(method, path))
    assert reply.status_code == status
    if method != "HEAD":
        assert set(reply.json()) == {"error", "reason", "fields"}
    if status == 405 and "docs" not in path:
        assert set(reply.headers["allow"].split(", ")) & {"POST", "GET"}


@pytest.mark.parametrize("path", ["/health", "/metrics", "/docs", "/openapi.json"])
def test_head_says_what_get_would_say(talk, path):
    reply = talk(create_app(Fixed()), lambda client: client.head(path))
    assert (reply.status_code, reply.content) == (200, b"")


def test_form_that_breaks_is_a_plain_500(talk):
    class Broken(ReviewForm):
        def request(self):
            raise SystemExit

    app = create_app(Fixed(), form=Broken)
    reply = talk(app, lambda client: post(client, {"text": "a"}))
    assert (reply.status_code, reply.json()["error"]) == (500, "failed")


def test_model_in_memory_is_left_out_of_garbage_collection_while_the_service_runs():
    app = create_app(Fixed)

    async def main():
        async with app.router.lifespan_context(app):
            while not gc.get_freeze_count():
                await asyncio.sleep(0.01)

    asyncio.run(main())
    assert gc.get_freeze_count() == 0


@pytest.mark.parametrize(
    "settings",
    [
        {"deadline": 0},
        {"deadline": math.nan},
        {"deadline": "1"},
        {"queue_limit": -1},
        {"queue_limit": 1.5},
        {"max_body": 0},
        {"threads": 0},
        {"threads": True},
        {"stuck_after": 0},
        {"stuck_after": math.inf},
        {"stuck_after": None},
    ],
    ids=str,
)
def test_senseless_setting_is_named(settings):
    (name,) = settings
    with pytest.raises(ValueError, match=name):
        create_app(Fixed(), **settings)


def test_predictor_must_answer_or_be_made():
    with pytest.raises(ValueError, match="answer"):
        create_app(object())
