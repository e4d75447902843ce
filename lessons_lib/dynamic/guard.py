"""What stands in front of the service: who may ask, how large and slow a request may be.

It also says how a request is refused, in one shape whoever refuses it. It knows no model and no
route. `Guard` is part of every application of `service.create_app`; `Http11` stands one step before
it, where bytes become requests, and is told to uvicorn.
"""

import asyncio
import json
import re
from collections.abc import Callable

import h11
from fastapi import Request, Response
from pydantic import BaseModel, Field
from uvicorn.protocols.http.h11_impl import H11Protocol

from lessons_lib.answer import Clock

MOST_FIELDS = 10
"""How many wrong fields one answer lists; a hostile body may hold thousands."""

encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode
"""To strict JSON. NaN is not JSON and raises here: whoever builds an answer writes None for it."""


class FieldProblem(BaseModel):
    """One field of a refused request."""

    field: str = Field(examples=["hour"])
    reason: str = Field(examples=["Input should be less than or equal to 23"])


class ProblemReply(BaseModel):
    """The JSON of every refusal."""

    error: str = Field(examples=["invalid"])
    reason: str
    fields: list[FieldProblem] = []


class Problem(Exception):
    """A request that gets no prediction; `outcome` is its word for programs and for the metrics.

    A client can act on each `status`: mend the request (4xx), come back later (503, after
    `retry_after` seconds), ask for more time (504). Only 500 is the service's own fault.
    """

    def __init__(
        self,
        status: int,
        outcome: str,
        reason: str,
        *,
        fields: list[dict[str, str]] | None = None,
        retry_after: int | None = None,
    ):
        super().__init__(reason)
        self.status = status
        self.outcome = outcome
        self.reason = reason
        self.fields = fields or []
        self.headers = {} if retry_after is None else {"Retry-After": str(retry_after)}

    def response(self) -> Response:
        """The problem as an HTTP answer."""
        body = encode({"error": self.outcome, "reason": self.reason, "fields": self.fields})
        return Response(body, self.status, self.headers, media_type="application/json")


def invalid(found: list[tuple[str, str]]) -> Problem:
    """A 422 that names the wrong fields and what is wrong with each.

    The values a client sent are not repeated: they may be long, secret, or not even text. Nor can
    a surrogate alone be written as UTF-8, and a name of a thousand letters helps nobody.
    """
    fields = [
        {"field": (name or "body")[:60].encode("utf-8", "replace").decode(), "reason": reason}
        for name, reason in found[:MOST_FIELDS]
    ]
    first = fields[0]
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    return Problem(422, "invalid", f"{first['field']}: {first['reason']}{more}", fields=fields)


DEADLINE_HEADER = "X-Deadline-Seconds"
SECONDS = r"(?=.*[1-9])[0-9]{1,9}(\.[0-9]{1,9})?"
"""How a deadline is written. ``float`` reads more than people mean: 1_0 as 10, and nan."""

HEAD_SECONDS = 10.0
"""How long the head of a request may take to arrive."""


class Guard:
    """ASGI middleware: only this machine's own clients, and bodies that are small and fast enough.

    A web page that is open in the learner's browser can send requests to any port of this machine.
    It gives itself away: by its ``Origin``, or by the ``Host`` whose name it made point here.
    """

    def __init__(self, app: Callable, *, max_body: int, deadline: float, clock: Clock):
        self.app = app
        self.max_body = max_body
        self.deadline = deadline
        self.clock = clock

    async def __call__(self, scope: dict, receive: Callable, send: Callable) -> None:
        """Pass the request on, with ``arrived`` and ``seconds`` (None: not understood) beside it."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        headers = _headers(scope)
        if (problem := _foreign(scope, headers)) is not None:
            return await problem.response()(scope, receive, send)
        seconds = _seconds_allowed(headers.get(DEADLINE), self.deadline)
        receive = self._bounded(headers, receive, seconds or self.deadline)
        scope = {**scope, "arrived": self.clock(), "seconds": seconds}
        if scope["method"] == "HEAD":  # the server leaves the body out
            scope["method"] = "GET"
        await self.app(scope, receive, send)

    def _bounded(self, headers: dict[bytes, bytes], receive: Callable, seconds: float) -> Callable:
        """`receive`, until the body is too large or too slow.

        The length that a client declares is only a promise, and a body sent in chunks declares
        none: so the bytes are counted as they come.
        """
        declared = headers.get(b"content-length", b"")
        size = int(declared[:16]) if declared.isdigit() else 0
        size, complete = size if size > self.max_body else 0, False
        until = asyncio.get_running_loop().time() + seconds

        async def bounded() -> dict:
            nonlocal size, complete
            if complete:
                return await receive()
            try:
                async with asyncio.timeout_at(until):
                    message = await receive()
            except TimeoutError:
                reason = f"The body was not complete after {seconds:g} s, the request's deadline."
                raise Problem(408, "slow_body", reason) from None
            size += len(message.get("body", b""))
            if size > self.max_body:
                raise Problem(413, "too_large", f"The body is larger than {self.max_body} bytes.")
            complete = not message.get("more_body", False)
            return message

        return bounded


DEADLINE = DEADLINE_HEADER.lower().encode()
OWN_HOST = re.compile(rb"(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)


def _headers(scope: dict) -> dict[bytes, bytes]:
    """The headers by name; one that stands twice has both its values, and so fits no pattern."""
    headers = dict(scope["headers"])
    if len(headers) < len(scope["headers"]):
        for name in headers:
            headers[name] = b", ".join(value for key, value in scope["headers"] if key == name)
    return headers


def _foreign(scope: dict, headers: dict[bytes, bytes]) -> "Problem | None":
    """Why a request is none of this machine's own, if it is not."""
    host, origin = headers.get(b"host", b""), headers.get(b"origin")
    if not OWN_HOST.fullmatch(host):
        reason = "Ask for 127.0.0.1, localhost or [::1]: no other Host is served."
        return Problem(400, "foreign", reason)
    if origin is not None and origin.lower() != f"{scope['scheme']}://".encode() + host.lower():
        return Problem(403, "foreign", "This service answers no page of another Origin.")
    return None


def _seconds_allowed(asked: bytes | None, most: float) -> float | None:
    """How long the request may take: what its header asks for, at most `most`; None: senseless."""
    if asked is None:
        return most
    return min(float(asked), most) if re.fullmatch(SECONDS.encode(), asked) else None


def late_at(request: Request) -> float:
    """When the request is late, by the service's clock."""
    if request.scope["seconds"] is None:
        reason = "Give seconds above 0 as plain digits, once: 2 or 0.5."
        raise invalid([(DEADLINE_HEADER, reason)])
    return request.scope["arrived"] + request.scope["seconds"]


class Http11(H11Protocol):
    """Uvicorn's HTTP/1.1, which refuses in our shape and does not wait for a head for ever.

    Uvicorn bounds how long a connection may be idle between requests, but neither how long the
    first request may stay away nor how long a head that has begun may take.
    """

    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Start the clock."""
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Stop the clock when the head is complete, start it when a next one has begun."""
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        super().connection_lost(exc)
        self._watch()

    def _watch(self) -> None:
        headless = self.conn.their_state is h11.IDLE and not self.transport.is_closing()
        if headless and self._timer is None:
            self._timer = self.loop.call_later(HEAD_SECONDS, self._give_up)
        elif not headless and self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        if self.conn.their_state is h11.IDLE:
            reason = f"The head of the request was not complete after {HEAD_SECONDS:g} s."
            self._refuse(Problem(408, "slow_head", reason))

    def send_400_response(self, msg: str) -> None:
        """What uvicorn calls when the bytes are no HTTP."""
        self._refuse(Problem(400, "malformed", "This is no HTTP/1.1 request."))

    def _refuse(self, problem: Problem) -> None:
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            answer = problem.response()
            headers = [*answer.raw_headers, (b"connection", b"close")]
            head = h11.Response(status_code=problem.status, headers=headers)
            for event in (head, h11.Data(data=answer.body), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event))
        self.transport.close()
