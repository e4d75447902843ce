"""What arrives with a request before any model is asked: its body, and how long it may take.

Used by `service`. It knows neither forms nor models. Both functions raise `Problem`.
"""

import asyncio
import math

from fastapi import Request

from lessons_lib.dynamic.replies import Problem

DEADLINE_HEADER = "X-Deadline-Seconds"


def seconds_allowed(request: Request, most: float) -> float:
    """How many seconds the request may take: what its header asks for, at most `most`."""
    asked = request.headers.get(DEADLINE_HEADER)
    if asked is None:
        return most
    try:
        seconds = float(asked)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        reason = "Give a number of seconds above 0."
        fields = [{"field": DEADLINE_HEADER, "reason": reason}]
        raise Problem(422, "invalid", f"{DEADLINE_HEADER}: {reason}", fields=fields)
    return min(seconds, most)


async def read_body(request: Request, most: int, seconds: float) -> bytes:
    """The body of the request, refused when it is larger than `most` bytes or slower than `seconds`.

    The length that a client declares is only a promise, and a body sent in chunks declares none:
    so the bytes are counted as they come.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and (len(declared) > 15 or int(declared) > most):
        raise _too_large(most)
    body = b""
    try:
        async with asyncio.timeout(seconds):
            while True:
                message = await request.receive()
                if message["type"] == "http.disconnect":
                    raise Problem(400, "gone", "The client left before the body was complete.")
                body += message.get("body", b"")
                if len(body) > most:
                    raise _too_large(most)
                if not message.get("more_body", False):
                    return body
    except TimeoutError:
        reason = f"The body was not complete after {seconds:g} s, the deadline of the request."
        raise Problem(408, "slow_body", reason) from None


def _too_large(most: int) -> Problem:
    return Problem(413, "too_large", f"The body is larger than {most} bytes.")
