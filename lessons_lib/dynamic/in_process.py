"""Asks an application without starting it: no process, no port, no network.

Used by lesson 03 to try a service that stands in a notebook cell. The requests run through the
whole application, form and all; only the wire is missing, so nothing is to be timed here.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import httpx

from lessons_lib.dynamic.sender import in_own_thread


def ask(
    app: Callable[..., Any], bodies: Iterable[Mapping], *, path: str = "/predict"
) -> list[httpx.Response]:
    """The replies of an application to some bodies, sent one after the other.

    Parameters
    ----------
    app : ASGI application
        Such as a `fastapi.FastAPI`. What its code raises is raised here too.
    bodies : iterable of dict
        Sent as JSON with POST.
    path : str

    Returns
    -------
    list of httpx.Response
        Each with ``status_code``, ``json()`` and ``text``.

    Examples
    --------
    >>> from fastapi import FastAPI
    >>> app = FastAPI()
    >>> @app.post("/double")
    ... def double(form: dict):
    ...     return 2 * form["x"]
    >>> [reply.json() for reply in ask(app, [{"x": 2}, {"x": 5}], path="/double")]
    [4, 10]
    """
    if isinstance(bodies, Mapping):
        raise ValueError("bodies is a single body: give a list of them.")
    replies: list[httpx.Response] = []

    async def run() -> None:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://in-process") as client:
            replies.extend([await client.post(path, json=body) for body in bodies])

    in_own_thread(run)
    return replies
