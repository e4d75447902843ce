"""Makes ``.venv`` from the lock, once, and knows when it has to be made again.

A stamp inside the environment holds a fingerprint of the lock; while it matches, starting installs
nothing. ``uv`` fills it, about six times faster than pip; pip does it where uv cannot be had.
"""

import contextlib
import errno
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOME = "ahead_of_time"  # in the home of somebody who cannot write to the course's folder
VENV_ENTRIES = re.compile(
    r"bin|Scripts|[lL]ib|lib64|[iI]nclude|share|etc|bytecode|stamp-.*|pyvenv\.cfg|\.gitignore|CACHEDIR\.TAG|\.lock"
)
OFFLINE = re.compile(
    r"NewConnectionError|NameResolutionError|name resolution|Failed to establish|Could not resolve"
    r"|Network is unreachable|Connection refused|ConnectTimeout|dns error|error sending request"
    r"|getaddrinfo failed|Failed to fetch|ProxyError|ReadTimeout|timed out",
    re.IGNORECASE,
)
NO_NETWORK = (
    "No network, and the first start has to fetch the packages: connect and start again, or copy"
    " the folder 'wheels' here from a machine of this kind where '-m lessons_lib wheels' was run."
)
NO_VENV = (
    "This Python cannot make environments (venv or ensurepip is missing): on Debian or Ubuntu"
    " run 'apt install python3-venv' as root, then start again; elsewhere install Python from"
    " its own site."
)
FOREIGN = re.compile(
    r"PYTHON|IPYTHON|JUPYTER|JPY_|TRAITLETS_|VIRTUAL_ENV|CONDA_(PREFIX|DEFAULT_ENV)|__PYVENV_LAUNCHER__"
    r"|PIP_(USER|TARGET|PREFIX|ROOT|CONSTRAINT|REQUIREMENT|NO_DEPS|DRY_RUN|PYTHON|REQUIRE_VIRTUALENV)"
    r"|UV_(TARGET|PREFIX|CONSTRAINT|OVERRIDE|EXCLUDE|PYTHON|SYSTEM_PYTHON|PROJECT|WORKING_DIR|NO_BINARY)"
    r"|PYTEST_(PLUGINS|DISABLE_PLUGIN_AUTOLOAD)|GIT_(DIR|WORK_TREE|INDEX_FILE)"
)
KEPT = {"PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "JUPYTER_TOKEN", "JUPYTER_PORT"}


class Problem(Exception):
    """Something the person at the keyboard can mend; its text is one line that says how."""


def settings():
    """The caller's environment without what steers another Python, Jupyter or installer."""
    return {k: v for k, v in os.environ.items() if k in KEPT or not FOREIGN.match(k)}


def ensure(*, root=ROOT, with_tests=False, with_scale=False):
    """The environment's Python, made or brought up to date if need be.

    It is the ``.venv`` in the course's folder `root`; if that one is not up to date and belongs to
    somebody else, one in `own_place`. `with_tests` adds the packages of ``requirements-test.txt``, and
    `with_scale` those of ``requirements-scale.txt``; what was added once is not taken away.

    Raises
    ------
    Problem
        venv or ensurepip is missing, there is no network, or an install failed.
    """
    locks = [root / "requirements.txt"] + [root / "requirements-test.txt"] * with_tests
    locks += [root / "requirements-scale.txt"] * with_scale
    stamp = "stamp-test" if with_tests else "stamp-scale" if with_scale else "stamp-course"
    wanted = fingerprint(locks, root)
    venv = root / ".venv"
    if not up_to_date(venv, stamp, wanted):
        venv = own_place(root) / ".venv"
    if up_to_date(venv, stamp, wanted):
        return interpreter(venv)
    if not any(venv.glob("stamp-*")) or not runs(interpreter(venv)):
        make(venv)
    print(f"Installing the course's packages into {venv} (about a minute the first time) ...")
    install(venv, root, locks)
    (venv / stamp).write_text(wanted)
    # What holds more than the course's packages holds these too.
    (venv / "stamp-course").write_text(fingerprint(locks[:1], root))
    return interpreter(venv)


def fingerprint(files, root):
    """A digest of the files' content and of the folder, which the environment points at."""
    digest = hashlib.sha256(str(root).encode("utf-8", "surrogateescape"))
    for file in files:
        digest.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def up_to_date(venv, stamp, wanted):
    """Whether an environment holds what the lock wants, and starts."""
    try:
        return (venv / stamp).read_text() == wanted and runs(interpreter(venv))
    except OSError:
        return False


def own_place(root=ROOT):
    """The folder for what this user writes: the course's, or one in their home if that is closed.

    Raises
    ------
    Problem
        Neither can be written to.
    """
    if writable(root):
        return root
    with contextlib.suppress(OSError, RuntimeError):
        place = Path.home() / HOME
        place.mkdir(exist_ok=True)
        if writable(place):
            return place
    raise Problem(
        f"You can write neither to {root} nor to your home folder: copy the course to a folder of your own and"
        " start it there."
    )


def writable(folder):
    """Whether a file can be made in a folder; a full disk is no question of rights, and raises."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            return False
        raise


def interpreter(venv):
    """Where an environment keeps its Python, on this system."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def runs(python):
    """Whether `python` is there and starts."""
    try:
        return run([str(python), "-c", ""]).returncode == 0
    except OSError:
        return False


def make(venv):
    """Make an empty environment, clearing away a half-made one."""
    if os.path.lexists(venv):
        clear(venv)
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise Problem(NO_VENV)
    print("Making .venv ...")
    done = run([sys.executable, "-P", "-m", "venv", str(venv)])
    if done.returncode:
        shutil.rmtree(venv, ignore_errors=True)
        said = done.stdout + done.stderr
        if "ensurepip" in said:
            raise Problem(NO_VENV)
        raise Problem(f"Could not make {venv}: {last_line(said)} Mend that and start again.")


def clear(venv):
    """Remove a half-made or outdated ``.venv``, but never a folder that holds something else."""
    if not venv.is_dir() or venv.is_symlink():
        raise Problem(f"'{venv}' is in the way and is not a folder: move it away and start again.")
    strange = sorted(e.name for e in venv.iterdir() if not VENV_ENTRIES.fullmatch(e.name))
    if strange:
        raise Problem(
            f"'{venv}' holds {strange[0]!r}, which no Python environment has: move that folder away and start"
            " again."
        )
    print("Clearing away a half-made .venv ...")
    shutil.rmtree(venv)


def install(venv, root, locks):
    """Fill the environment: by uv if it can be had, else by pip; from ``wheels/`` if it is there."""
    python = str(interpreter(venv))
    wheels = root / "wheels"
    offline = ["--no-index", "--find-links", str(wheels)] if wheels.is_dir() else []
    wanted = [part for lock in locks for part in ("-r", str(lock))]
    # The stamps go first: an install that breaks off half-way must be seen as half-made.
    for stamp in venv.glob("stamp-*"):
        stamp.unlink()
    # The version of uv that the test lock names, so that both installs use one.
    pin = re.search(r"^uv==\S+", (root / "requirements-test.txt").read_text("utf-8"), re.MULTILINE)
    pip = [python, "-P", "-m", "pip", "install", "--disable-pip-version-check", "--quiet", *offline]
    done = run([*pip, "--retries", "1", "--timeout", "20", pin.group() if pin else "uv"])
    if not done.returncode:
        uv = [python, "-P", "-m", "uv", "pip", "install", "--quiet", "--python", python]
        done = run([*uv, *offline, *wanted])
    elif is_offline(done) and not offline:
        raise Problem(NO_NETWORK)
    if done.returncode:
        print("uv could not do it; trying pip, which takes longer ...")
        done = run([*pip, *wanted])
    if not done.returncode:
        # The course itself is no package to be built: the environment reads it where it lies.
        code = "import sysconfig, sys; open(sysconfig.get_path('purelib') + '/lessons_lib.pth', 'w').write(sys.argv[1])"
        done = run([python, "-c", code, f"import sys; sys.path.append({str(root)!a})"])
    if done.returncode and is_offline(done) and not offline:
        raise Problem(NO_NETWORK)
    if done.returncode:
        said = last_line(done.stdout + done.stderr)
        raise Problem(
            f"Installing failed: {said} Mend that and start again; what is installed stays."
        )


def run(command):
    """Run a command apart from the caller's own settings, keeping what it says."""
    env = {**settings(), "PIP_USER": "0"}
    return subprocess.run(command, capture_output=True, text=True, errors="replace", env=env)


def is_offline(done):
    """Whether a failed install failed for want of a network."""
    return bool(OFFLINE.search(done.stdout + done.stderr))


def last_line(text):
    """The last line that says something."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it gave no reason."
