"""The documentation page of a service: Swagger's own, served from files on this machine.

FastAPI draws ``/docs`` with code fetched from the internet. Here the same page gets the same code
from the package ``fastapi_offline``, so that it also works in a train.
"""

import html
from pathlib import Path

import fastapi_offline
from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

FILES = "/static-offline-docs"
_FETCHING = ("/docs", "/docs/oauth2-redirect", "/redoc")  # FastAPI's own pages


def serve_docs(app: FastAPI) -> FastAPI:
    """Give an application its page at ``/docs``, in place of those that need the internet.

    Parameters
    ----------
    app : FastAPI

    Returns
    -------
    FastAPI
        The same one.
    """
    kept = [route for route in app.router.routes if getattr(route, "path", "") not in _FETCHING]
    app.router.routes = kept
    app.mount(FILES, StaticFiles(directory=Path(fastapi_offline.__file__).with_name("static")))

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url=app.openapi_url.lstrip("/"),
            title=html.escape(app.title),
            swagger_js_url=f"{FILES[1:]}/swagger-ui-bundle.js",
            swagger_css_url=f"{FILES[1:]}/swagger-ui.css",
            swagger_favicon_url=f"{FILES[1:]}/favicon.png",
        )

    return app
