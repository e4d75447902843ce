"""Applications without a framework: a process with one of them starts in a fraction of a second."""

import os
import time


async def bare(scope, receive, send):
    """The least there is: every request gets 200 and the process that answered; no lifespan."""
    assert scope["type"] == "http"
    time.sleep(float(os.environ.get("BARE_SECONDS", "0")))
    head = [(b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": str(os.getpid()).encode()})


async def never_ready(scope, receive, send):
    """Starts up for a minute, and hears nothing meanwhile."""
    await receive()
    time.sleep(60)


def quits():
    """An application that takes its process with it."""
    os._exit(7)


def through(scope, receive, send):
    """An application as well: it gives what the one inside gives."""
    return bare(scope, receive, send)


async def silent_lifespan(scope, receive, send):
    """Leaves the lifespan without a word."""
    if scope["type"] == "http":
        await bare(scope, receive, send)


def with_defaults(wanted="bare"):
    """Makes an application, and could be told which."""
    return globals()[wanted]


async def makes_nothing():
    """An application should be made by a plain function."""


def forgets():
    """Makes one and forgets to return it."""


def adds(one, two, three=3):
    """No application at all."""
    return one, two, three


text, number, table = "bare", 7, {"bare": bare}
