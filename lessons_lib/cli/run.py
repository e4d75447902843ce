"""The commands of ``python3 -m lessons_lib``, one function each; the rest is in this folder."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

from lessons_lib.cli import environment, working_copy
from lessons_lib.cli.environment import NO_NETWORK, ROOT, Problem, ensure

NONE_CHOSEN = 5
"""Pytest's exit code where the arguments leave no test."""


def lab(arguments):
    """Open the learner's working copy in JupyterLab; the exit code."""
    check_port(arguments)
    python = ensure()
    course, updated = working_copy.bring()
    if ROOT not in course.parents:
        print(f"You cannot write to {ROOT}: your lessons and your progress are kept in {course}.")
    for number in updated:
        print(
            f"Lesson {number} has been updated; yours is untouched. For the new one:"
            f" '-m lessons_lib reset {number}' (it keeps yours beside it)."
        )
    command = [
        str(python), "-P", "-m", "jupyterlab",
        f"--ServerApp.root_dir={course.parent}",
        f"--LabApp.default_url=/lab/tree/{course.name}/00_start_here.ipynb",
        *arguments,
    ]  # fmt: skip
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # In a container everybody is root, and JupyterLab would not start; it stays on this machine.
        command.append("--ServerApp.allow_root=True")
    # What Jupyter and IPython keep for a user lies beside the copy: neither the learner's settings
    # for their other work nor the kernels of another environment reach the course.
    kept = course / ".settings"
    kept.mkdir(mode=0o700, exist_ok=True)
    return hand_over(
        command,
        JUPYTER_CONFIG_PATH=str(ROOT / ".jupyter"),
        JUPYTER_PATH=str(ROOT / ".jupyter"),
        JUPYTER_CONFIG_DIR=str(kept / "config"),
        JUPYTER_DATA_DIR=str(kept / "data"),
        IPYTHONDIR=str(kept / "ipython"),
    )


def test(arguments):
    """Run the whole test-suite, or what the arguments name; the exit code."""
    python = ensure(with_tests=True)
    named = [a for a in arguments if Path(a.split("::")[0]).exists()]
    # A file at a time: a notebook's cells and a browser's fixtures stay together. One worker more
    # than two cores, since much of it waits; in this order (see `conftest.py`) all end together.
    spread = ["-n", "3", "--dist", "loadfile", "--no-loadscope-reorder"]
    pytest, whole = [str(python), "-m", "pytest"], ["tests", "lessons_lib", "notebooks"]
    if named or "-m" in arguments:
        return hand_over([*pytest, *([] if named else [*spread, *whole]), *arguments])
    ended = hand_over([*pytest, *spread, "-m", "not scale", *whole, *arguments])
    # Ray takes all cores when it starts: alone, after the rest.
    scaled = hand_over([*pytest, "-m", "scale", "tests/labs", *arguments])
    return ended or (scaled if scaled != NONE_CHOSEN else 0)


def reset(arguments):
    """Give a fresh copy of one lesson; the exit code."""
    if len(arguments) != 1:
        raise Problem("Say which lesson to reset, for example: -m lessons_lib reset 02")
    fresh, kept = working_copy.reset(arguments[0])
    print(f"{fresh.parent.name}/{fresh.name} is fresh.")
    if kept:
        print(f"Your own work, as it was last saved, is in {kept.parent.name}/{kept.name}.")
        print(
            "If the lesson is open in JupyterLab, choose 'File > Reload Notebook from Disk' there, and"
            " 'Revert' where it asks; 'Overwrite' would undo the reset."
        )
    return 0


def certificate(arguments):
    """Check certificates, files or folders of them, one line each; the exit code, 1 if one fails."""
    options = [a for a in arguments if a.startswith("-")]
    if len(options) == len(arguments) or options not in ([], ["--again"]):
        raise Problem(
            "Say which certificates to check, files or folders, for example: -m lessons_lib certificate"
            " handed_in; before them '--again' grades their designs anew as well."
        )
    found = [os.path.abspath(a) for a in arguments if a not in options]
    return hand_over([str(ensure()), "-m", "lessons_lib.record.certificate", *options, *found])


def wheels(arguments):
    """Fetch every package into ``wheels/``, for machines of this kind without internet."""
    python = ensure(with_tests=True)
    command = [
        str(python), "-m", "pip", "download", "--quiet", "--dest", str(ROOT / "wheels"),
        "-r", str(ROOT / "requirements.txt"), "-r", str(ROOT / "requirements-test.txt"), *arguments,
    ]  # fmt: skip
    if hand_over(command):
        raise Problem(NO_NETWORK)
    print("Copy the folder 'wheels' into the course's folder on the other machine.")
    return 0


def scale(arguments):
    """Add the optional extra of lesson 10 to the environment; the exit code."""
    ensure(with_scale=True)
    print("Ray is installed: in lesson 10, live=True starts it.")
    return 0


def refresh(arguments):
    """Run the tracked notebooks from a clean kernel and store their outputs; the exit code."""
    python = ensure(with_tests=True)
    return hand_over([str(python), "-m", "lessons_lib.cli.refresh", *arguments])


def hand_over(command, **extra):
    """Run a command in the course's folder, in this terminal; its exit code."""
    sys.stdout.flush()
    settings = {**environment.settings(), **bytecode(), **extra}
    with subprocess.Popen(command, cwd=ROOT, env=settings) as child, ended_with_us(child):
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:
                # Ctrl-C reaches the child too, and JupyterLab asks before it ends: wait for it.
                continue


@contextlib.contextmanager
def ended_with_us(child):
    """Hand SIGTERM on to a child, which would live on; JupyterLab ends its kernels too then."""
    before = signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def bytecode():
    """Settings that keep compiled modules in ``.venv`` where the caller wants none beside the source.

    Without any, each kernel and each service compiles its libraries anew: five seconds and not one.
    """
    if not sys.dont_write_bytecode:
        return {}
    kept = os.environ.get("PYTHONPYCACHEPREFIX") or str(ROOT / ".venv" / "bytecode")
    return {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": kept}


def check_port(arguments):
    """Refuse a port that the caller named and cannot have; without one, JupyterLab finds one itself."""
    found = re.search(r"--(?:ServerApp\.)?port[= ](\S+)", " ".join(arguments))
    port = found.group(1) if found else "0"
    try:
        socket.create_server(("127.0.0.1", int(port))).close()
    except (ValueError, OverflowError):
        raise Problem(f"{port!r} is not a port: give a number from 1 to 65535, or 0.") from None
    except OSError:
        raise Problem(
            f"Port {port} is in use, or closed to your account: leave --port out and JupyterLab finds a free"
            " one, or name another."
        ) from None
