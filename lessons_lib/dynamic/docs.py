"""The documentation page of a service, drawn here: what to send, and what comes back.

Used by `service` and lesson 03. FastAPI describes every service in a schema (``/openapi.json``)
but draws it with code fetched from the internet. This page needs none: one table, no script. It
knows the schema and nothing of models.
"""

import html
from typing import Any

import pandas as pd
from fastapi import FastAPI
from fastapi.responses import HTMLResponse

STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; } caption { text-align: left; padding: .5rem 0; }
table { margin-bottom: 1rem; } td:first-child { white-space: nowrap; }
th, td { border: 1px solid #888; padding: .25rem .75rem; text-align: left; }
"""
RULES = {
    "const": "{}",
    "enum": "one of {}",
    "pattern": "matches {}",
    "format": "a {}",
    "minimum": "{} or more",
    "maximum": "{} or less",
    "exclusiveMinimum": "above {}",
    "exclusiveMaximum": "below {}",
    "minLength": "{} characters or more",
    "maxLength": "{} characters or fewer",
}
"""How each rule of JSON Schema reads in words."""
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

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(page(app.openapi()))

    return app


def fields(schema: dict[str, Any]) -> pd.DataFrame:
    """What each route that takes a body wants in it.

    Parameters
    ----------
    schema : dict
        An OpenAPI schema, as ``app.openapi()`` or ``/openapi.json`` give it.

    Returns
    -------
    DataFrame
        One row a field: ``route``, ``field``, ``type``, ``rule`` in words, and ``needed``.

    Examples
    --------
    >>> hour = {"type": "integer", "minimum": 0, "maximum": 23}
    >>> body = {"schema": {"properties": {"hour": hour}, "required": ["hour"]}}
    >>> post = {"post": {"requestBody": {"content": {"application/json": body}}}}
    >>> fields({"paths": {"/predict": post}}).iloc[0].tolist()
    ['POST /predict', 'hour', 'integer', '0 or more, 23 or less', 'yes']
    """
    rows = []
    for method, path, route in _routes(schema):
        content = route.get("requestBody", {}).get("content", {}).get("application/json", {})
        form = _resolved(content.get("schema", {}), schema)
        for name, field in form.get("properties", {}).items():
            field = _resolved(field, schema)
            needed = "yes" if name in form.get("required", ()) else "no"
            rows.append((f"{method} {path}", name, _type(field), _rules(field), needed))
    return pd.DataFrame(rows, columns=["route", "field", "type", "rule", "needed"])


def page(schema: dict[str, Any]) -> str:
    """The schema as one HTML page that fetches nothing.

    Parameters
    ----------
    schema : dict
        An OpenAPI schema.
    """
    title = html.escape(schema.get("info", {}).get("title", "Service"))
    routes = [(f"{method} {path}", _answers(route)) for method, path, route in _routes(schema)]
    tables = _table("Routes, and how each can answer", ["route", "answers"], routes)
    form = fields(schema)
    if len(form):
        tables += _table("What to send, as JSON", list(form), form.to_numpy().tolist())
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{STYLE}</style></head><body><h1>{title}</h1>{tables}"
        '<p>The same for programs: <a href="openapi.json">openapi.json</a></p></body></html>'
    )


def _routes(schema: dict[str, Any]):
    for path, methods in schema.get("paths", {}).items():
        for method, route in methods.items():
            yield method.upper(), path, route


def _answers(route: dict[str, Any]) -> str:
    answers = route.get("responses", {}).items()
    return ", ".join(
        f"{status} {answer.get('description', '')}".strip() for status, answer in answers
    )


def _resolved(part: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """The part itself, or what its ``$ref`` names."""
    for step in part.get("$ref", "").removeprefix("#/").split("/") if "$ref" in part else ():
        schema = schema[step]
    return schema if "$ref" in part else part


def _type(field: dict[str, Any]) -> str:
    kinds = [one.get("type", "") for one in field.get("anyOf", [])] or [field.get("type", "any")]
    return " or ".join(kind for kind in kinds if kind)


def _rules(field: dict[str, Any]) -> str:
    words = []
    for rule, text in RULES.items():
        if rule in field:
            value = field[rule]
            values = value if isinstance(value, list) else [value]
            words.append(
                text.format(", ".join(f"{v:g}" if type(v) is float else str(v) for v in values))
            )
    return ", ".join(words)


def _table(caption: str, head: list[str], rows: list) -> str:
    def line(kind: str, cells) -> str:
        return "<tr>" + "".join(f"<{kind}>{html.escape(str(c))}</{kind}>" for c in cells) + "</tr>"

    body = "".join(line("td", row) for row in rows)
    return f"<table><caption>{caption}</caption>{line('th', head)}{body}</table>"
