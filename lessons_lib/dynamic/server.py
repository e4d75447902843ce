"""Starts a service from a notebook, in a process of its own, and makes sure that it ends.

A service that shared the kernel's process would stop whenever a cell runs. This file must not know
what it serves; what happens inside the new process stands in `child`.
"""

import contextlib
import http.client
import os
import re
from collections.abc import Mapping
from pathlib import Path

from lessons_lib import validate
from lessons_lib.process import Child, ChildError

APP, WORKERS = "LESSONS_SERVICE_APP", "LESSONS_SERVICE_WORKERS"
GRACE = 2.0
"""Seconds that running requests get to finish once the service is asked to stop."""


class ServerError(ChildError):
    """A service did not come up; the message ends with the last lines of its log."""


class Server:
    """A running service at `url`: 127.0.0.1 and a free port.

    It stops with `stop`, at the end of a ``with`` block, when the variable that holds it is
    forgotten, and with the kernel, even if the kernel is killed.

    Parameters
    ----------
    app : str
        ``"module:name"`` of an ASGI application, or of a function without arguments that makes
        one, such as ``"lessons_lib.dynamic.apps:flights_onnx"``.
    folder : str or Path, optional
        Where the module lies, and the working folder of the service; the current one by default.
        Only the module named comes from there before one of the same name that is installed.
    workers : int
        Processes that share the port. Each loads a model of its own.
    env : mapping, optional
        More environment variables; see `lessons_lib.process.environment`.
    timeout : float
        Seconds within which the service must be ready; a busy machine may need minutes for several.

    Raises
    ------
    ServerError
        If the service ends early, is no application, cannot load its model, or is late.

    Examples
    --------
    In a notebook::

        with Server("lessons_lib.dynamic.apps:flights_onnx") as server:
            httpx.get(server.url + "/health").json()
    """

    def __init__(
        self,
        app: str,
        *,
        folder: str | Path | None = None,
        workers: int = 1,
        env: Mapping[str, str] | None = None,
        timeout: float = 180.0,
    ):
        if not isinstance(app, str) or not re.fullmatch(r"\w+(\.\w+)*:\w+(\.\w+)*", app):
            raise ValueError(f'The application is {app!r}: give it as text, "module:name".')
        if folder is not None and not os.path.isdir(folder):
            raise ValueError(f"There is no folder {str(folder)[:80]!r}.")
        for name, value in (env or {}).items():
            if not isinstance(name, str) or not isinstance(value, str):
                raise ValueError(f"env has {name!r}: {value!r}: give both as text.")
        self.app = app
        self.workers = validate.count("workers", workers)
        self.url = ""
        timeout = validate.finite("timeout", timeout, above=True)
        self._process = Child(
            f"The service {app!r}",
            "from lessons_lib.dynamic.child import main; main()",
            cwd=folder,
            env={**(env or {}), APP: app, WORKERS: str(workers)},
            grace=GRACE,
            error=ServerError,
        )
        self._process.wait(self._ready, timeout)

    def stop(self) -> None:
        """Stop the service; running requests get a moment to finish. Again does nothing."""
        self._process.stop()

    def log(self) -> str:
        """What the service has printed so far."""
        return self._process.log()

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        return self._process.running

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<Server {self.app} at {self.url}{'' if self.running else ', stopped'}>"

    def _ready(self) -> bool:
        """Every worker has reported, and one of them speaks HTTP and does not say 'not yet'."""
        reports = self._process.folder
        for failed in reports.glob("failed-*[0-9]"):
            reason = failed.read_text(encoding="utf-8")
            raise self._process.failure(f"could not be loaded ({reason})")
        if len(list(reports.glob("ready-*[0-9]"))) < self.workers:
            return False
        port = int((reports / "port").read_text(encoding="utf-8"))
        self.url = f"http://127.0.0.1:{port}"
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with (
            contextlib.suppress(OSError, http.client.HTTPException),
            contextlib.closing(connection),
        ):
            connection.request("GET", "/health")
            # Your own first service has no /health: then 404 is a sign of life as well.
            return connection.getresponse().status != 503
        return False
