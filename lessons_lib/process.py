"""Child processes: started, waited for and stopped in one way, and none outlives this process.

A child is isolated. Settings meant for another Python are kept from it; nothing that lies in its
folder hides an installed module (a learner's ``random.py``); and it has a process group of its own,
since an interrupt of the cell is not meant for it. Its standard input is a pipe from here: a byte
asks it to stop, and the pipe's end says that this process is gone, however it went.

It knows nothing of what the children do.
"""

import contextlib
import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from lessons_lib import files

FOLDER, GRACE, PATH = "LESSONS_CHILD_FOLDER", "LESSONS_CHILD_GRACE", "LESSONS_CHILD_PYTHONPATH"
KEPT = ("PYTHONPYCACHEPREFIX", "PYTHONDONTWRITEBYTECODE", "PYTHONUSERBASE")
"""Settings of Python that mean the same to any child; all others are dropped."""
PREFIX = "lessons-child-"
START = f"import sys; sys.path.append({str(Path(__file__).parents[1])!a})"
START += "; from lessons_lib.process import run; run()"
TAIL = 20
"""How many lines of a child's log stand in an error."""


class ChildError(RuntimeError):
    """A child did not start, or not in time; the message ends with the last lines of its log."""


class Child:
    """A Python that runs some source until it ends, is stopped or forgotten, or this process is gone.

    Parameters
    ----------
    name : str
        What errors call it, such as ``"The service 'a:b'"``.
    source : str
        Run as ``__main__``; it finds `arguments` in ``sys.argv[1:]``.
    cwd : path, optional
        Its working folder, which does not become part of ``sys.path``; the current one by default.
    env : mapping, optional
        More environment variables; see `environment`.
    grace : float
        Seconds that it gets to end by itself when asked to.
    error : type
        What is raised, a `ChildError` or the caller's own kind.

    Attributes
    ----------
    folder : Path
        A temporary folder for the log and for reports, as long as the child lives; the child knows
        it as ``os.environ["LESSONS_CHILD_FOLDER"]``.

    Examples
    --------
    >>> with Child("The example", "import time; print('up', flush=True); time.sleep(60)") as child:
    ...     child.wait(lambda: "up" in child.log(), seconds=60)
    """

    def __init__(
        self,
        name: str,
        source: str,
        *arguments: str,
        cwd: str | Path | None = None,
        env: Mapping[str, str] | None = None,
        grace: float = 2.0,
        error: type[Exception] = ChildError,
    ):
        self.name, self.error, self._owner, self._last_log = name, error, os.getpid(), []
        try:
            sweep()
            self.folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{self._owner}-"))
        except OSError as problem:
            raise error(f"{name} has no room for its log: {files.reason(problem)}.") from None
        settings = environment({**(env or {}), FOLDER: str(self.folder), GRACE: str(grace)})
        try:
            with open(self.folder / "log.txt", "wb") as log:
                self._process = subprocess.Popen(
                    [sys.executable, "-P", "-c", START, source, *arguments],
                    stdin=subprocess.PIPE,
                    bufsize=0,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    cwd=cwd,
                    env=settings,
                    start_new_session=True,  # a group of its own, as the next line is on Windows
                    creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
                )
        except OSError as problem:
            shutil.rmtree(self.folder, ignore_errors=True)
            where = "" if cwd is None else f" in {str(cwd)[:60]!r}"
            raise error(f"{name} could not start{where}: {files.reason(problem)}.") from None
        # Runs once: on stop, when nothing refers to the child any more, or as Python ends.
        self._end = weakref.finalize(
            self, _end, self._owner, self._process, self.folder, grace, self._last_log
        )
        _CHILDREN.add(self)

    @classmethod
    def program(cls, name: str, command: Sequence[str], **settings) -> "Child":
        """A child that runs another program, such as ``redis-server``, and ends it with itself."""
        return cls(name, "from lessons_lib.process import keep; keep()", *command, **settings)

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        if os.getpid() != self._owner:  # a fork is not its parent, and cannot wait for it
            return _exists(self.pid)
        return self._process.poll() is None

    def wait(self, ready: Callable[[], bool], seconds: float) -> None:
        """Return once ``ready()`` says so; if the child ends before, or is late, stop it and raise."""
        until = time.monotonic() + seconds
        try:
            while True:
                running = self.running  # before the look: the last sign may come with the end
                if ready():
                    return
                if not running:
                    raise self.failure("ended before it was ready")
                if time.monotonic() > until:
                    raise self.failure(f"was not ready within {seconds:g} s")
                time.sleep(0.02)
        except BaseException:  # an interrupt of the cell too must leave nothing behind
            self.stop()
            raise

    def failure(self, what: str) -> Exception:
        """Stop the child, and give the error to raise: what happened, and the end of the log."""
        self.stop()
        lines = self.log().rstrip().splitlines()[-TAIL:] or ["(it printed nothing)"]
        tail = "\n".join(f"    {line}" for line in lines)
        return self.error(f"{self.name} {what}. The end of its log:\n{tail}")

    def stop(self) -> None:
        """Ask it to end, end it if it does not, and remove its folder. Again does nothing."""
        self._end()

    def kill(self) -> None:
        """End it at once, as a crash would: it cannot tidy up."""
        if self._end.alive and os.getpid() == self._owner:
            _kill(self._process)
        self.stop()

    def log(self) -> str:
        """What it has printed so far."""
        return self._last_log[0] if self._last_log else _read(self.folder / "log.txt")

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment for a Python child: this one, without what would mislead it, and `more`.

    ``PYTHONPATH``, ``PYTHONHOME``, ``PYTHONSAFEPATH``, ``PYTHONWARNINGS`` and the like were meant
    for somebody else's Python. Unless set, ``OMP_NUM_THREADS`` is 1: more threads make single rows
    slower, not faster. ``LESSONS_CHILD_PYTHONPATH`` is handed on as ``PYTHONPATH``; the test-suite
    watches children that way.
    """
    others = {k: v for k, v in os.environ.items() if k in KEPT or not k.startswith("PYTHON")}
    own = {"PYTHONIOENCODING": "utf-8", "PYTHONUTF8": str(int(sys.flags.utf8_mode))}
    if sys.flags.no_user_site:
        own["PYTHONNOUSERSITE"] = "1"
    if others.get(PATH):
        own["PYTHONPATH"] = others[PATH]
    return {"OMP_NUM_THREADS": "1", **others, **own, **(more or {})}


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses at this moment."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def sweep() -> None:
    """Remove folders that are left because a child and its parent were both killed."""
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*-*"):
        parent = left.name.removeprefix(PREFIX).partition("-")[0]
        if parent.isdecimal() and not _exists(int(parent)):
            shutil.rmtree(left, ignore_errors=True)


# In the child.

_ASK: list[Callable[[], object]] = []
_ORPHAN = threading.Event()


def run() -> None:
    """Run the source in ``sys.argv[1]``, watching the pipe to the parent meanwhile."""
    source = sys.argv.pop(1)
    threading.Thread(target=_watch, name="parent", daemon=True).start()
    try:
        exec(compile(source, "<child>", "exec"), sys.modules["__main__"].__dict__)
    finally:
        _tidy()


def on_stop(ask: Callable[[], object]) -> None:
    """Call this when the child is to end; without any, it ends at once."""
    _ASK.append(ask)


def keep() -> None:
    """Run the program in ``sys.argv[1:]`` to its end, and end it with this process."""
    program = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
    on_stop(program.terminate)
    sys.exit(program.wait())


def _watch() -> None:
    asked = b""
    with contextlib.suppress(OSError):
        asked = os.read(0, 1)  # a reader of ``sys.stdin`` would hold its lock
    if not asked:
        _ORPHAN.set()
    for ask in _ASK:
        ask()
    time.sleep(float(os.environ[GRACE]) + 0.5 if _ASK else 0)
    _tidy()
    for worker in multiprocessing.active_children():
        worker.kill()
    if hasattr(os, "killpg"):
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _tidy() -> None:
    if _ORPHAN.is_set():  # nobody else will remove it
        shutil.rmtree(os.environ[FOLDER], ignore_errors=True)


# In the parent.

_CHILDREN: "weakref.WeakSet[Child]" = weakref.WeakSet()


def _end(
    owner: int, process: subprocess.Popen, folder: Path, grace: float, last_log: list[str]
) -> None:
    if os.getpid() != owner:  # in a fork: the child is its parent's
        return
    with contextlib.suppress(OSError), process.stdin:
        process.stdin.write(b"!")
    try:
        process.wait(grace + 2)
    except subprocess.TimeoutExpired:
        _kill(process)
    last_log.append(_read(folder / "log.txt"))
    shutil.rmtree(folder, ignore_errors=True)


def _kill(process: subprocess.Popen) -> None:
    if hasattr(os, "killpg") and process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def _forked() -> None:
    """A fork holds no pipe of its parent's: it would keep the children alive after the parent."""
    for child in list(_CHILDREN):
        child._end.detach()
        child._process.stdin.close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)


def _exists(pid: int) -> bool:
    if os.name == "nt":  # where a signal 0 is an interrupt
        return True
    try:
        os.kill(pid, 0)
    except OSError as error:
        return not isinstance(error, ProcessLookupError)
    return True


def _read(log: Path) -> str:
    try:
        return log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
