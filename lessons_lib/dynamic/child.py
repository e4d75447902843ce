"""The process in which a service runs: ``python -m lessons_lib.dynamic.child``, started by `server`.

You never start it yourself. It must not know which application it runs; it is told three things
in its environment: the application, a folder for its reports, and the number of workers.

Three promises are kept here. The port cannot be taken by another program between choosing and
using it: the socket is bound once, to port 0, and stays open. The parent learns when every worker
is ready: each writes one small file. And nothing outlives the parent, not even one that was killed:
a pipe from the parent stands open for as long as it lives, on every operating system, and the end
of that pipe ends this process; the workers watch this process in the same way.
"""

import asyncio
import contextlib
import importlib
import inspect
import multiprocessing
import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn
from uvicorn.supervisors import Multiprocess

GRACE = 2.0
"""Seconds that running requests get to finish once the service is asked to stop."""

APP, REPORTS, WORKERS = "LESSONS_SERVICE_APP", "LESSONS_SERVICE_REPORTS", "LESSONS_SERVICE_WORKERS"


def main() -> None:
    """Serve the application named in the environment until the parent is gone."""
    workers = int(os.environ[WORKERS])
    config = uvicorn.Config(
        "lessons_lib.dynamic.child:application",
        factory=True,
        interface="asgi3",
        workers=workers,
        log_level="info",
        access_log=False,
        use_colors=False,
        timeout_graceful_shutdown=int(GRACE),
    )
    listener = listen()
    report("port", str(listener.getsockname()[1]))
    if workers == 1:
        server = uvicorn.Server(config)
        watch(parent_pipe_closed, lambda: setattr(server, "should_exit", True))
        server.run(sockets=[listener])
    else:
        supervisor = Multiprocess(config, sockets=[listener])
        watch(parent_pipe_closed, supervisor.should_exit.set)
        supervisor.run()


def listen() -> socket.socket:
    """A socket on 127.0.0.1 and a free port, which worker processes may inherit.

    It says that it speaks TCP: asyncio switches Nagle's algorithm off only for sockets that do. With
    it on, an answer's second segment waits for the client's acknowledgement of the first, and each
    request over a connection that stays open takes some 40 ms for nothing.
    """
    listener = socket.socket(proto=socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.set_inheritable(True)
    return listener


def application() -> Callable[..., Any]:
    """The application, wrapped so that it reports when it is ready; called once in each worker."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        watch(parent.join, lambda: os._exit(1))
    try:
        return Reporting(load(os.environ[APP]))
    except BaseException as error:
        # Said here because a supervisor would start the worker again and again.
        report(f"failed-{os.getpid()}", f"{type(error).__name__}: {error}")
        raise


def load(name: str) -> Callable[..., Any]:
    """The application behind ``"module:name"``, which may also be a function that makes it."""
    module, _, attribute = name.partition(":")
    thing = importlib.import_module(module)
    for part in attribute.split("."):
        thing = getattr(thing, part)
    made = inspect.isfunction(thing) and not inspect.signature(thing).parameters
    return thing() if made else thing


class Reporting:
    """An application that passes everything on, and writes a file once it has started.

    An application of `service.create_app` counts as started when its model is loaded as well.
    """

    def __init__(self, app: Callable[..., Any]):
        self.app = app

    def __call__(self, scope: dict, receive: Callable, send: Callable) -> Any:
        # Requests get the inner coroutine itself, so that they pay nothing for the wrapping.
        if scope["type"] == "lifespan":
            return self._lifespan(scope, receive, send)
        return self.app(scope, receive, send)

    async def _lifespan(self, scope: dict, receive: Callable, send: Callable) -> None:
        async def note(message: dict) -> None:
            await send(message)
            if message["type"] == "lifespan.startup.complete":
                self._task = asyncio.create_task(self._report())

        try:
            await self.app(scope, receive, note)
        except Exception:
            # An application without a lifespan is none the worse for it; uvicorn goes on too.
            self._task = asyncio.create_task(self._report())
            raise

    async def _report(self) -> None:
        loading = getattr(getattr(self.app, "state", None), "loading", None)
        try:
            if loading is not None:
                await asyncio.wrap_future(loading.done)
        except Exception as error:
            report(f"failed-{os.getpid()}", f"{type(error).__name__}: {error}")
        else:
            report(f"ready-{os.getpid()}", "")


def report(name: str, text: str) -> None:
    """Write one report; whoever reads it sees all of it or nothing."""
    folder = Path(os.environ[REPORTS])
    draft = folder / f"draft-{os.getpid()}"
    with contextlib.suppress(FileNotFoundError):  # the parent has gone, and the folder with it
        draft.write_text(text, encoding="utf-8")
        os.replace(draft, folder / name)


def parent_pipe_closed() -> None:
    """Wait until the parent is gone. ``os.read``: a reader of ``sys.stdin`` would hold its lock."""
    with contextlib.suppress(OSError):
        while os.read(0, 1):
            pass


def watch(gone: Callable[[], Any], stop: Callable[[], Any]) -> None:
    """When ``gone()`` returns, call ``stop()``; if that does not end the process in time, end it."""

    def wait() -> None:
        gone()
        stop()
        time.sleep(GRACE + 1)
        for worker in multiprocessing.active_children():
            worker.kill()
        os._exit(1)

    threading.Thread(target=wait, name="watch", daemon=True).start()


if __name__ == "__main__":
    main()
    sys.stdout.flush()
