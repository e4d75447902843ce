"""Bad input is refused with the field and the reason, whatever it is, and never breaks the service."""

import json

import pytest
from dynamic_fakes import FLIGHT, Fixed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lessons_lib.dynamic.forms import FlightForm, ReviewForm
from lessons_lib.dynamic.service import create_app

BAD_FLIGHTS = [
    ({"carrier": "ua"}, "carrier"),
    ({"carrier": "UAL"}, "carrier"),
    ({"carrier": None}, "carrier"),
    ({"carrier": "UA\n"}, "carrier"),
    ({"origin": "LAX"}, "origin"),
    ({"origin": ["EWR"]}, "origin"),
    ({"dest": ""}, "dest"),
    ({"dest": "IÄH"}, "dest"),
    ({"hour": 24}, "hour"),
    ({"hour": -1}, "hour"),
    ({"hour": 5.5}, "hour"),
    ({"hour": "5"}, "hour"),
    ({"hour": True}, "hour"),
    ({"hour": float("nan")}, "hour"),
    ({"hour": 10**400}, "hour"),
    ({"minute": 60}, "minute"),
    ({"date": "2013-02-29"}, "date"),
    ({"date": "2014-01-01"}, "date"),
    ({"date": "yesterday"}, "date"),
    ({"date": 1380585600}, "date"),
    ({"date": "1380585600"}, "date"),
    ({"date": "2013-10-01T00:00:00"}, "date"),
    ({"date": "20131001"}, "date"),
    ({"date": "２０13-10-01"}, "date"),
    ({"speed": 1}, "speed"),
    ({"\N{PILE OF POO}" * 500: 1}, "\N{PILE OF POO}"),
]
BAD_BODIES = {
    "nothing": b"",
    "cut off": b'{"carrier": "UA"',
    "a list": b"[1, 2]",
    "a number": b"5",
    "not UTF-8": b'{"carrier": "\xff"}',
    "UTF-16": json.dumps(FLIGHT).encode("utf-16"),
    "half a character": b'{"carrier": "\\ud800"}',
    "half a character as a name": b'{"\\udfff": 1}',
    "nested a thousand times": b"[" * 1_000,
    "nested objects": b'{"a":' * 1_000 + b"1" + b"}" * 1_000,
    "infinity": b'{"hour": Infinity}',
    "a form": b"carrier=UA&hour=5",
    "zeros": bytes(100),
}


@pytest.fixture(scope="module")
def flights():
    return create_app(Fixed(), form=FlightForm)


@pytest.mark.parametrize(("change", "field"), BAD_FLIGHTS, ids=lambda v: str(v)[:40])
def test_wrong_field_is_named_with_a_reason(talk, flights, change, field):
    body = json.dumps({**FLIGHT, **change}).encode()
    reply = talk(flights, lambda client: client.post("/predict", content=body))
    assert reply.status_code == 422
    (problem,) = reply.json()["fields"]
    assert problem["field"].startswith(field)
    assert len(problem["field"]) <= 60
    assert problem["reason"]


@pytest.mark.parametrize("name", BAD_BODIES)
def test_body_that_is_no_flight_is_refused(talk, flights, name):
    reply = talk(flights, lambda client: client.post("/predict", content=BAD_BODIES[name]))
    assert reply.status_code == 422
    assert reply.json()["error"] == "invalid"
    assert reply.json()["fields"]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ('"hour": 6', "hour"),
        ('"hour": 5', "hour"),
        ('"h\\u006fur": 6', "hour"),
        ('"carrier": "AA"', "carrier"),
        ('"date": "2013-10-02", "date": "2013-10-03"', "date"),
    ],
)
def test_field_that_stands_twice_is_refused(talk, flights, more, field):
    body = f"{json.dumps(FLIGHT)[:-1]}, {more}}}".encode()
    reply = talk(flights, lambda client: client.post("/predict", content=body))
    assert reply.status_code == 422
    assert [problem["field"] for problem in reply.json()["fields"]] == [field]
    assert "twice" in reply.json()["reason"]


def test_every_missing_field_is_named(talk, flights):
    reply = talk(flights, lambda client: client.post("/predict", content=b"{}"))
    assert {problem["field"] for problem in reply.json()["fields"]} == set(FLIGHT)


def test_a_thousand_wrong_fields_give_a_short_answer(talk, flights):
    body = json.dumps({f"f{i}": i for i in range(1_000)}).encode()
    reply = talk(flights, lambda client: client.post("/predict", content=body))
    assert reply.status_code == 422
    assert len(reply.content) < 2_000
    assert "more" in reply.json()["reason"]


def test_refusal_does_not_repeat_what_was_sent(talk, flights):
    body = json.dumps({**FLIGHT, "carrier": "secret"}).encode()
    assert "secret" not in talk(flights, lambda c: c.post("/predict", content=body)).text


@pytest.mark.parametrize("text", ["", "x" * 2_001, 5, None])
def test_review_must_be_a_sentence(talk, text):
    app = create_app(Fixed(), form=ReviewForm)
    reply = talk(app, lambda client: client.post("/predict", json={"text": text}))
    assert reply.status_code == 422
    assert reply.json()["fields"][0]["field"] == "text"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
NEARLY_FLIGHTS = st.fixed_dictionaries({}, optional={name: JSON for name in FLIGHT}).map(
    lambda changes: {**FLIGHT, **changes}
)
BODIES = st.one_of(
    st.binary(),
    JSON.map(lambda value: json.dumps(value).encode()),
    NEARLY_FLIGHTS.map(lambda value: json.dumps(value).encode()),
)


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(body=BODIES, deadline=st.none() | st.text(st.characters(codec="latin-1"), max_size=9))
def test_no_body_and_no_deadline_breaks_the_service(talk, flights, body, deadline):
    headers = {} if deadline is None else {"X-Deadline-Seconds": deadline.encode("latin-1")}
    reply = talk(flights, lambda c: c.post("/predict", content=body, headers=headers))
    assert reply.status_code in (200, 413, 422)
    assert reply.headers["content-type"] == "application/json"
    reply.json()
