"""The documentation page of a service in a real browser: it draws, and a request can be tried."""

import json
import re

import pytest
from desk import PATIENCE

from lessons_lib.dynamic.server import Server

FAKES = """
from fastapi import FastAPI
from pydantic import BaseModel
from lessons_lib.answer import Answer
from lessons_lib.dynamic.service import serve_docs
from lessons_lib.dynamic.service import create_app


class Fixed:
    def answer(self, request):
        return Answer(0.25, "model", 0.0)


class Number(BaseModel):
    x: float = 0.5


app = create_app(Fixed(), deadline=60)
own = serve_docs(FastAPI())


@own.post("/predict")
def predict(number: Number):
    return {"value": number.x / 2}
"""


@pytest.mark.parametrize("name", ["app", "own"])
def test_a_request_can_be_tried_from_the_page_without_internet(tmp_path, started_browser, name):
    (tmp_path / "fakes.py").write_text(FAKES, encoding="utf-8")
    page, asked = started_browser.new_page(), []
    page.set_default_timeout(PATIENCE * 1000)
    page.on("request", lambda request: asked.append(request.url))
    with Server(f"fakes:{name}", folder=tmp_path) as server:
        page.goto(server.url + "/docs")
        route = page.locator(".opblock-post").filter(has_text="/predict")
        route.locator(".opblock-summary-control").click()
        route.get_by_role("button", name="Try it out").click()
        route.get_by_role("button", name="Execute").click()
        live = route.locator(".live-responses-table .response")
        assert live.locator(".response-col_status").inner_text().split()[0] == "200"
        shown = live.locator("code").first.inner_text()
        assert json.loads(shown)["value"] == 0.25
        own = re.escape(server.url)
        assert [url for url in asked if not re.match(rf"{own}/|data:|blob:", url)] == []
    page.close()
