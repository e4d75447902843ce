"""What runs inside the process of a service; `server` starts it, you never do.

It must not know which application it serves. The socket is bound once, to port 0, and stays open, so
that no other program can take the port. Each worker writes one small file when it is ready.
"""

import asyncio
import contextlib
import importlib
import importlib.util
import inspect
import multiprocessing
import os
import reprlib
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import uvicorn
from uvicorn.supervisors import Multiprocess

from lessons_lib import files
from lessons_lib.dynamic.guard import Http11
from lessons_lib.dynamic.server import APP, GRACE, WORKERS
from lessons_lib.process import FOLDER, on_stop

PATIENCE = 120
"""Seconds within which a worker must show that it lives, or it is replaced. On a busy machine a
process may take far more than uvicorn's five to start, and a new one would take as long."""


def main() -> None:
    """Serve the application named in the environment until the parent is gone."""
    sys.path.append(os.getcwd())  # the last: no file in it hides an installed module
    workers = int(os.environ[WORKERS])
    config = uvicorn.Config(
        "lessons_lib.dynamic.child:application",
        factory=True,
        interface="asgi3",
        http=Http11,
        workers=workers,
        log_level="info",
        access_log=False,
        use_colors=False,
        timeout_graceful_shutdown=int(GRACE),
        timeout_worker_healthcheck=PATIENCE,
    )
    listener = listen()
    report("port", str(listener.getsockname()[1]))
    if workers == 1:
        server = uvicorn.Server(config)
        on_stop(lambda: setattr(server, "should_exit", True))
        server.run(sockets=[listener])
    else:
        supervisor = Multiprocess(config, sockets=[listener])
        on_stop(supervisor.should_exit.set)
        supervisor.run()


def listen() -> socket.socket:
    """A socket on 127.0.0.1 and a free port, which worker processes may inherit.

    It says that it speaks TCP: asyncio switches Nagle's algorithm off only for sockets that do, and
    with it on each request over a connection that stays open takes some 40 ms for nothing.
    """
    listener = socket.socket(proto=socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.set_inheritable(True)
    return listener


def application() -> Callable[..., Any]:
    """The application, wrapped so that it reports when it is ready; called once in each worker."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=lambda: (parent.join(), os._exit(1)), daemon=True).start()
    try:
        return Reporting(load(os.environ[APP]))
    except BaseException as error:
        # Said here because a supervisor would start the worker again and again.
        report_failure(error)
        raise


def load(name: str) -> Callable[..., Any]:
    """The application behind ``"module:name"``, which may also be a function that makes it."""
    module, _, attribute = name.partition(":")
    thing = load_module(module)
    for part in attribute.split("."):
        thing = getattr(thing, part)
    if inspect.isfunction(thing) and not inspect.iscoroutinefunction(thing) and _takes(thing, 0):
        thing, name = thing(), f"what {name} gives"
    if inspect.isclass(thing) or not callable(thing) or not _takes(thing, 3):
        raise not_an_application(name, thing)
    return thing


def load_module(name: str) -> ModuleType:
    """A module; a file of that name in the working folder comes before an installed module."""
    path = Path.cwd() / f"{name}.py"
    found = importlib.util.find_spec(name) if path.is_file() else None
    if not path.is_file() or (found is not None and found.origin == str(path)):
        return importlib.import_module(name)
    # Under a name of its own: what is installed goes on to find the installed one.
    spec = importlib.util.spec_from_file_location(f"own_{name}", path)
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def not_an_application(name: str, thing: Any) -> TypeError:
    """The error that says what stands there, and what should."""
    return TypeError(
        f"{name} is no application but {reprlib.repr(thing)} ({type(thing).__name__}): name one of "
        "FastAPI, or a function without arguments that makes one"
    )


class Reporting:
    """An application that passes everything on, and writes a file once it has started.

    One of `service.create_app` has started when its model is loaded as well.
    """

    def __init__(self, app: Callable[..., Any]):
        self.app = app

    def __call__(self, scope: dict, receive: Callable, send: Callable) -> Any:
        # Requests get the inner coroutine itself, so that they pay nothing for the wrapping.
        if scope["type"] == "lifespan":
            return self._lifespan(scope, receive, send)
        return self.app(scope, receive, send)

    async def _lifespan(self, scope: dict, receive: Callable, send: Callable) -> None:
        started = asyncio.Event()

        async def note(message: dict) -> None:
            await send(message)
            if message["type"] == "lifespan.startup.complete":
                started.set()

        self._task = asyncio.create_task(self._report(started))
        try:
            running = self.app(scope, receive, note)
            if not inspect.isawaitable(running):
                raise not_an_application(os.environ[APP], self.app)
        except Exception as error:
            report_failure(error)
            raise
        try:
            await running
        finally:
            # An application without a lifespan is none the worse for it; uvicorn goes on too.
            started.set()

    async def _report(self, started: asyncio.Event) -> None:
        await started.wait()
        loading = getattr(getattr(self.app, "state", None), "loading", None)
        try:
            if loading is not None:
                await asyncio.wrap_future(loading.done)
        except Exception as error:
            report_failure(error)
        else:
            report(f"ready-{os.getpid()}", "")


def report_failure(error: BaseException) -> None:
    """Tell the parent why there is no service."""
    report(f"failed-{os.getpid()}", f"{type(error).__name__}: {error}")


def report(name: str, text: str) -> None:
    """Write one report; whoever reads it sees all of it or nothing."""
    with contextlib.suppress(FileNotFoundError):  # the parent has gone, and the folder with it
        files.write_atomically(Path(os.environ[FOLDER], name), text)


def _takes(thing: Callable[..., Any], count: int) -> bool:
    """Whether it can be called with so many arguments, as far as that can be told."""
    try:
        inspect.signature(thing).bind(*range(count))
    except TypeError:
        return False
    except ValueError:  # some builtins do not say
        return count > 0
    return True
