"""The documentation page is Swagger's, and needs nothing from elsewhere."""

import re

import pytest
from dynamic_fakes import Fixed
from fastapi import FastAPI

from lessons_lib.dynamic.service import create_app, serve_docs


def own_service():
    return serve_docs(FastAPI(title="My board"))


@pytest.mark.parametrize("make", [lambda: create_app(Fixed()), own_service])
def test_page_and_all_that_it_asks_for_come_from_the_service(talk, make):
    async def scenario(client):
        page = await client.get("/docs")
        parts = re.findall(r'(?:src|href)="([^"]+)"|url: \'([^\']+)\'', page.text)
        return page, [await client.get("/" + (a or b).lstrip("./")) for a, b in parts]

    page, parts = talk(make(), scenario)
    assert page.headers["content-type"].startswith("text/html")
    assert "SwaggerUIBundle" in page.text
    assert "//" not in re.sub(r"^\s*//.*$", "", page.text, flags=re.M).replace("<!--", "")
    assert [part.status_code for part in parts] == [200] * 4
    assert max(len(part.content) for part in parts) > 500_000


def test_title_of_a_service_is_text_and_no_markup(talk):
    app = create_app(Fixed(), model="</title><script>alert(1)</script>")
    assert "<script>alert" not in talk(app, lambda client: client.get("/docs")).text


@pytest.mark.parametrize("path", ["/redoc", "/docs/oauth2-redirect"])
@pytest.mark.parametrize("make", [lambda: create_app(Fixed()), own_service])
def test_pages_that_need_the_internet_are_gone(talk, make, path):
    assert talk(make(), lambda client: client.get(path)).status_code == 404
