"""The documentation page is complete, and needs nothing from elsewhere."""

import re

from dynamic_fakes import FLIGHT, Fixed
from fastapi import FastAPI
from pydantic import BaseModel, Field

from lessons_lib.dynamic.docs import fields, page, serve_docs
from lessons_lib.dynamic.service import create_app


def get(path):
    return lambda client: client.get(path)


def test_page_of_a_service_names_every_field_and_fetches_nothing(talk):
    reply = talk(create_app(Fixed(), model="<coin>"), get("/docs"))
    assert reply.headers["content-type"].startswith("text/html")
    for word in (*FLIGHT, "one of EWR, JFK, LGA", "503", "Predictions of &lt;coin&gt;"):
        assert word in reply.text
    assert not re.search(r"https?://|<script|<link|@import|url\(", reply.text)


def test_pages_that_need_the_internet_are_gone(talk):
    for path in ("/redoc", "/docs/oauth2-redirect"):
        assert talk(create_app(Fixed()), get(path)).status_code == 404


def test_a_form_behind_a_reference_is_found(talk):
    class Letter(BaseModel):
        to: str = Field(max_length=9)
        copies: int = Field(default=1, le=9)
        note: str | None = None

    app = FastAPI()

    @app.post("/send")
    def send(letter: Letter):
        return letter

    serve_docs(app)
    table = fields(talk(app, get("/openapi.json")).json())
    assert table.to_numpy().tolist() == [
        ["POST /send", "to", "string", "9 characters or fewer", "yes"],
        ["POST /send", "copies", "integer", "9 or less", "no"],
        ["POST /send", "note", "string or null", "", "no"],
    ]
    assert "9 characters or fewer" in talk(app, get("/docs")).text


def test_a_service_without_forms_still_has_a_page():
    assert "Routes" in page(FastAPI(title="bare").openapi())
