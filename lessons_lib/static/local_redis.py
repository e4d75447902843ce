"""A Redis server of one's own, for as long as a block lasts.

Used by lesson 05 to measure the shared table. It starts the `redis-server` that is on the PATH, on
a free port of 127.0.0.1, with an empty memory that is never written to the disk; it installs
nothing. What is kept in the server is the business of `lessons_lib.static.shared`.
"""

import contextlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from lessons_lib.static.errors import UnavailableError


@contextlib.contextmanager
def local_redis(*, timeout: float = 20.0) -> Iterator[str | None]:
    """Start a Redis server, stop it at the end of the block, and give its URL in between.

    Parameters
    ----------
    timeout : float
        Seconds within which it must answer.

    Yields
    ------
    str or None
        Such as ``"redis://127.0.0.1:43211/0"``, or None if there is no `redis-server` on the PATH
        (Debian and Ubuntu: ``apt-get install redis-server``).

    Raises
    ------
    UnavailableError
        If there is one, but it does not answer in time.
    """
    program = shutil.which("redis-server")
    if program is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="lessons-redis-") as folder:
        port, log = _free_port(), Path(folder, "log.txt")
        process = _start(program, port, folder, log)
        try:
            _wait(process, port, log, timeout)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            _stop(process)


def _start(program: str, port: int, folder: str, log: Path) -> subprocess.Popen:
    # A group of its own: an interrupt of the cell is meant for the kernel, and stops the server
    # through the block's end.
    if sys.platform == "win32":
        own_group = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    else:
        own_group = {"start_new_session": True}
    options = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", folder]
    with open(log, "wb") as file:
        return subprocess.Popen(
            [program, *options], stdout=file, stderr=subprocess.STDOUT, **own_group
        )


def _wait(process: subprocess.Popen, port: int, log: Path, seconds: float) -> None:
    until = time.monotonic() + seconds
    while not _answers(port):
        if process.poll() is not None or time.monotonic() > until:
            lines = log.read_text(encoding="utf-8", errors="replace").rstrip().splitlines()[-5:]
            raise UnavailableError(
                f"redis-server did not answer on port {port} within {seconds:g} s. Its last words: "
                + (" / ".join(lines) or "(none)")
            )
        time.sleep(0.03)


def _answers(port: int) -> bool:
    """Whether a Redis server says PONG there: an open port alone may be somebody else's."""
    with (
        contextlib.suppress(OSError),
        socket.create_connection(("127.0.0.1", port), timeout=1) as connection,
    ):
        connection.sendall(b"PING\r\n")
        return connection.recv(16).startswith(b"+PONG")
    return False


def _stop(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]
