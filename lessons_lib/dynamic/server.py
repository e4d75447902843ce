"""Starts a service from a notebook, in a process of its own, and makes sure that it ends.

Used by lessons 03, 04 and 09: a service that shares the kernel's process would stop whenever a
cell runs. This file must not know what it serves; what happens inside the new process stands in
`child`.
"""

import contextlib
import http.client
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import weakref
from collections.abc import Mapping
from pathlib import Path

from lessons_lib.dynamic import child


class ServerError(RuntimeError):
    """A service did not come up; the message ends with the last lines of its log."""


class Server:
    """A running service on 127.0.0.1 and a free port.

    It stops with `stop`, at the end of a ``with`` block, when the variable that holds it is
    forgotten, and with the kernel, even if the kernel is killed.

    Parameters
    ----------
    app : str
        ``"module:name"`` of an ASGI application, or of a function without arguments that makes
        one, such as ``"lessons_lib.dynamic.apps:flights_onnx"``.
    folder : str or Path, optional
        Where the module lies, and the working folder of the service; the current one by default.
    workers : int
        Processes that share the port. Each loads a model of its own.
    env : mapping, optional
        More environment variables. Unless set, ``OMP_NUM_THREADS`` is 1: extra threads make single
        rows slower, not faster.
    timeout : float
        Seconds within which the service must be ready.

    Attributes
    ----------
    url : str
        For example ``"http://127.0.0.1:43211"``.

    Raises
    ------
    ValueError
        If an argument makes no sense.
    ServerError
        If the service ends early, cannot load its model, or is not ready in time.

    Notes
    -----
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
        timeout: float = 60.0,
    ):
        if not isinstance(app, str) or not re.fullmatch(r"[\w.]+:[\w.]+", app):
            raise ValueError(f'The application is {app!r}: give it as text, "module:name".')
        if not isinstance(workers, int) or isinstance(workers, bool) or workers < 1:
            raise ValueError(f"workers is {workers!r}: give a whole number of 1 or more.")
        if folder is not None and not Path(folder).is_dir():
            raise ValueError(f"There is no folder {str(folder)!r}.")
        self.app = app
        self.workers = workers
        self.url = ""
        self._reports = Path(tempfile.mkdtemp(prefix="lessons-service-"))
        self._last_log: list[str] = []
        self._process = _start(app, folder, workers, env or {}, self._reports)
        # Runs once: on stop, when nothing refers to the server any more, or as Python ends.
        self._end = weakref.finalize(self, _end, self._process, self._reports, self._last_log)
        try:
            self._wait(time.monotonic() + timeout, timeout)
        except BaseException:  # an interrupt of the cell too must leave nothing behind
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the service; running requests get a moment to finish. Again does nothing."""
        self._end()

    def log(self) -> str:
        """What the service has printed so far."""
        return self._last_log[0] if self._last_log else _read_log(self._reports)

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        return self._process.poll() is None

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<Server {self.app} at {self.url}{'' if self.running else ', stopped'}>"

    def _wait(self, until: float, seconds: float) -> None:
        while not self._ready():
            running = self.running  # before the reports: the last one may come with the end
            failed = sorted(self._reports.glob("failed-*"))
            if failed:
                reason = failed[0].read_text(encoding="utf-8")
                raise self._error(f"could not be loaded ({reason})")
            if not running:
                raise self._error("ended before it was ready")
            if time.monotonic() > until:
                raise self._error(f"was not ready within {seconds:g} s")
            time.sleep(0.03)

    def _ready(self) -> bool:
        """Every worker has reported, and one of them speaks HTTP and does not say 'not yet'."""
        if len(list(self._reports.glob("ready-*"))) < self.workers:
            return False
        port = int((self._reports / "port").read_text(encoding="utf-8"))
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

    def _error(self, what: str) -> ServerError:
        self.stop()
        lines = self.log().rstrip().splitlines()[-40:] or ["(it printed nothing)"]
        tail = "\n".join(f"    {line}" for line in lines)
        return ServerError(f"The service {self.app!r} {what}. The end of its log:\n{tail}")


def _start(
    app: str, folder: str | Path | None, workers: int, env: Mapping[str, str], reports: Path
) -> subprocess.Popen:
    settings = {"OMP_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8", **os.environ, **env}
    settings |= {child.APP: app, child.REPORTS: str(reports), child.WORKERS: str(workers)}
    # A group of its own: an interrupt of the cell is meant for the kernel, not for the service.
    if sys.platform == "win32":
        own_group = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    else:
        own_group = {"start_new_session": True}
    with open(reports / "log.txt", "wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "lessons_lib.dynamic.child"],
            stdin=subprocess.PIPE,  # open as long as this process lives: see `child`
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=settings,
            **own_group,
        )


def _end(process: subprocess.Popen, reports: Path, last_log: list[str]) -> None:
    process.stdin.close()
    try:
        process.wait(child.GRACE + 3)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    last_log.append(_read_log(reports))
    shutil.rmtree(reports, ignore_errors=True)


def _read_log(reports: Path) -> str:
    try:
        return (reports / "log.txt").read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""
