"""Makes ``.venv`` from the lock, once, and knows when it has to be made again.

A stamp inside the environment holds a fingerprint of the lock; while it matches, starting takes no
installing at all. The environment is filled by ``uv`` (about six times faster than pip); pip does
it where uv cannot be had.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV_FOLDERS = {"bin", "Scripts", "lib", "lib64", "Lib", "include", "Include", "share", "etc"}
BYTECODE = "bytecode"  # ours: see `run.bytecode`
NO_NETWORK = re.compile(
    r"NewConnectionError|NameResolutionError|name resolution|Failed to establish|Could not resolve"
    r"|Network is unreachable|Connection refused|ConnectTimeout|dns error|error sending request"
    r"|getaddrinfo failed|Failed to fetch|ProxyError|ReadTimeout|timed out",
    re.IGNORECASE,
)


class Problem(Exception):
    """Something the person at the keyboard can mend; its text is one line that says how."""


def ensure(*, root=ROOT, with_tests=False):
    """The environment's Python, made or brought up to date if need be.

    Parameters
    ----------
    root : Path
        The course's folder; the environment is its ``.venv``.
    with_tests : bool
        Whether the packages of ``requirements-test.txt`` belong in it too.

    Returns
    -------
    Path
        The interpreter inside ``.venv``.

    Raises
    ------
    Problem
        venv or ensurepip is missing, there is no network, or an install failed.
    """
    venv = root / ".venv"
    locks = [root / "requirements.txt"] + [root / "requirements-test.txt"] * with_tests
    stamp = venv / ("stamp-test" if with_tests else "stamp-course")
    wanted = fingerprint([*locks, root / "pyproject.toml"], root)
    if stamp.is_file() and stamp.read_text() == wanted and runs(interpreter(venv)):
        return interpreter(venv)
    if not any(venv.glob("stamp-*")) or not runs(interpreter(venv)):
        make(venv)
    print("Installing the course's packages into .venv (about a minute the first time) ...")
    install(venv, root, locks)
    stamp.write_text(wanted)
    return interpreter(venv)


def fingerprint(files, root):
    """A digest of the files' content and of the folder (an editable install points at it)."""
    digest = hashlib.sha256(str(root).encode())
    for file in files:
        digest.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def interpreter(venv):
    """Where an environment keeps its Python, on this system."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def runs(python):
    """Whether `python` is there and starts."""
    if not python.exists():
        return False
    try:
        return subprocess.run([str(python), "-c", ""], capture_output=True).returncode == 0
    except OSError:
        return False


def make(venv):
    """Make an empty environment, clearing away a half-made one."""
    if venv.exists():
        clear(venv)
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise Problem(missing_venv())
    print("Making .venv ...")
    done = subprocess.run([sys.executable, "-m", "venv", str(venv)], capture_output=True, text=True)
    if done.returncode:
        shutil.rmtree(venv, ignore_errors=True)
        said = (done.stdout + done.stderr).strip()
        if "ensurepip" in said:
            raise Problem(missing_venv())
        raise Problem("Could not make .venv: " + last_line(said) + " Mend that and start again.")


def clear(venv):
    """Remove a half-made or outdated ``.venv``, but never a folder that holds something else."""
    if not venv.is_dir() or venv.is_symlink():
        raise Problem("'.venv' is in the way and is not a folder: move it away and start again.")
    strange = [
        entry.name
        for entry in venv.iterdir()
        if entry.name not in {*VENV_FOLDERS, BYTECODE}
        and not entry.name.startswith("stamp-")
        and entry.name not in ("pyvenv.cfg", ".gitignore", "CACHEDIR.TAG", ".lock")
    ]
    if strange:
        raise Problem(
            f"'.venv' holds {sorted(strange)[0]!r}, which no Python environment has: move that folder away and start"
            " again."
        )
    print("Clearing away a half-made .venv ...")
    try:
        shutil.rmtree(venv)
    except OSError as error:
        raise Problem(
            f"Could not clear .venv ({error.strerror}): close every program that uses it, delete the folder and"
            " start again."
        ) from None


def missing_venv():
    """One line for a Python without venv or ensurepip (Debian and Ubuntu split them off)."""
    return (
        "This Python cannot make environments (venv or ensurepip is missing): on Debian or Ubuntu"
        " run 'apt install python3-venv' as root, then start again; elsewhere install Python from"
        " its own site."
    )


def install(venv, root, locks):
    """Fill the environment: by uv if it can be had, else by pip; from ``wheels/`` if it is there."""
    python = str(interpreter(venv))
    wheels = root / "wheels"
    offline = ["--no-index", "--find-links", str(wheels)] if wheels.is_dir() else []
    wanted = [part for lock in locks for part in ("-r", str(lock))] + ["-e", str(root)]
    # The stamps go first: an install that breaks off half-way must be seen as half-made.
    for stamp in venv.glob("stamp-*"):
        stamp.unlink()
    pip = [python, "-m", "pip", "install", "--disable-pip-version-check", "--quiet", *offline]
    got = run([*pip, "--retries", "1", "--timeout", "20", uv_pin(root)])
    if got.returncode and is_offline(got) and not offline:
        raise Problem(no_network())
    if not got.returncode:
        done = run(
            [python, "-m", "uv", "pip", "install", "--quiet", "--python", python, *offline, *wanted]
        )
        if not done.returncode:
            return
        print("uv could not do it; trying pip, which takes longer ...")
    done = run([*pip, *wanted])
    if done.returncode:
        if is_offline(done) and not offline:
            raise Problem(no_network())
        raise Problem(
            f"Installing failed: {last_line(done.stdout + done.stderr)} Mend that and start again; what is installed stays."
        )


def run(command):
    """Run a command, keeping what it says."""
    # A virtual environment or PYTHONPATH of the caller's must not leak into ours.
    env = {
        k: v for k, v in os.environ.items() if k not in ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH")
    }
    return subprocess.run(command, capture_output=True, text=True, errors="replace", env=env)


def uv_pin(root):
    """The version of uv that the test lock names, so that both installs use one."""
    found = re.search(r"^uv==\S+", (root / "requirements-test.txt").read_text(), re.MULTILINE)
    return found.group() if found else "uv"


def is_offline(done):
    """Whether a failed install failed for want of a network."""
    return bool(NO_NETWORK.search(done.stdout + done.stderr))


def no_network():
    """One line for a first start without internet."""
    return (
        "No network, and the first start has to fetch the packages: connect and start again, or copy"
        " the folder 'wheels' here from a machine of this kind where '-m lessons_lib wheels' was run."
    )


def last_line(text):
    """The last line that says something."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it gave no reason."
