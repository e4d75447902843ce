"""A real JupyterLab and a real browser, for the browser tests and ``benchmarks/widgets.py``.

`JupyterLab` is the server: one process on 127.0.0.1 with a folder and settings of its own.
`chromium` and `browser` find and start the browser. What a learner does with both is in `desk`.
"""

import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

import nbformat

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PATIENCE = 90
"""Seconds to wait for anything on a busy machine; nothing waits longer than it must."""

SETTINGS = {
    "@jupyterlab/apputils-extension/notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    "@jupyterlab/docmanager-extension/plugin": {"autosave": False},
    # With windowing, cells out of sight are taken out of the page and cannot be counted.
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
    "@jupyterlab/extensionmanager-extension/plugin": {"enabled": False},
}

PRIVATE = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")

FLAGS = [
    "--no-sandbox",
    "--no-first-run",
    "--disable-quic",
    "--disable-sync",
    "--disable-component-update",
    "--disable-background-networking",
    "--disable-domain-reliability",
    "--disable-default-apps",
    # Nothing beyond this machine can be reached, by name or by number.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]


def chromium() -> str | None:
    """Give the path of this machine's Chromium or Chrome, or None."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
    return next(filter(None, map(shutil.which, names)), None)


@contextlib.contextmanager
def browser(profile: Path) -> Iterator:
    """Start the browser without a window; a Playwright ``BrowserContext``, closed at the end.

    Parameters
    ----------
    profile : Path
        A folder for what a browser keeps. JupyterLab's scripts are loaded and compiled once in it,
        and not for each page: that halves the time until a notebook is open.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=chromium(),
            args=FLAGS,
            viewport={"width": 1280, "height": 900},
            service_workers="block",
            timeout=PATIENCE * 1000,
        )
        yield started
        started.close()


class JupyterLab:
    """A JupyterLab of our own on 127.0.0.1; a context manager.

    Parameters
    ----------
    home : Path
        An empty folder for everything it writes. The notebooks lie in ``home / "course"``.
    """

    def __init__(self, home: Path) -> None:
        self.folder = home / "course"
        self.progress = home / "progress.jsonl"
        self.token = secrets.token_hex(16)
        self._home = home
        self._log = home / "server.log"

    def __enter__(self) -> "JupyterLab":
        shutil.copytree(
            ROOT / "notebooks", self.folder, ignore=shutil.ignore_patterns("work", ".*")
        )
        for name, values in SETTINGS.items():
            path = self._home / "settings" / f"{name}.jupyterlab-settings"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(values), encoding="utf-8")
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        with open(self._log, "wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "jupyterlab", *self._options()],
                env=self._environment(),
                cwd=self.folder,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            self._wait_until_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        with contextlib.suppress(OSError):
            self.stop_kernels()
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def api(self, path: str, method: str = "GET") -> object:
        """Ask the server's REST interface; gives the decoded JSON, or None for an empty answer."""
        request = urllib.request.Request(f"{self.url}/api/{path}", method=method)
        request.add_header("Authorization", f"token {self.token}")
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(request, timeout=30) as answer:
            return json.loads(answer.read() or "null")

    def stop_kernels(self, *names: str) -> None:
        """End the kernels of these notebooks, or of all, so that the next one starts clean."""
        for session in self.api("sessions"):
            if not names or session["path"].removesuffix(".ipynb") in names:
                self.api(f"sessions/{session['id']}", "DELETE")

    def write(self, name: str, cells: Sequence[str | tuple[str, str]]) -> str:
        """Write a notebook for a test; gives its name.

        Parameters
        ----------
        name : str
            The file's name, without ``.ipynb``.
        cells : sequence of str or (str, str)
            A string is a code cell, a pair ``("markdown", text)`` a Markdown cell.
        """
        make = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}
        pairs = [("code", cell) if isinstance(cell, str) else cell for cell in cells]
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        notebook = nbformat.v4.new_notebook(
            cells=[make[kind](source) for kind, source in pairs], metadata={"kernelspec": kernel}
        )
        nbformat.write(notebook, self.folder / f"{name}.ipynb")
        return name

    def _options(self) -> list[str]:
        return [
            "--no-browser",
            "--allow-root",
            "--ServerApp.ip=127.0.0.1",
            f"--ServerApp.port={self.port}",
            "--ServerApp.port_retries=0",
            f"--ServerApp.root_dir={self.folder}",
            f"--IdentityProvider.token={self.token}",
            # Should the tests be killed, the server ends by itself after half an hour.
            "--ServerApp.shutdown_no_activity_timeout=1800",
            "--MappingKernelManager.cull_idle_timeout=1700",
            "--LabApp.expose_app_in_browser=True",
            "--LabApp.extension_manager=readonly",
            "--LabApp.news_url=None",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
            f"--LabApp.user_settings_dir={self._home / 'settings'}",
            f"--LabApp.workspaces_dir={self._home / 'workspaces'}",
        ]

    def _environment(self) -> dict[str, str]:
        private = {name: self._home / name.lower() for name in PRIVATE}
        for folder in private.values():
            folder.mkdir(exist_ok=True)
        return {
            **os.environ,
            **{name: str(folder) for name, folder in private.items()},
            "JUPYTER_CONFIG_PATH": str(ROOT / ".jupyter"),
            "JUPYTER_PATH": str(ROOT / ".jupyter"),  # the kernel that `lab` uses
            "LESSONS_PROGRESS": str(self.progress),
            "OMP_NUM_THREADS": "1",
        }

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self._process.poll() is None:
            try:
                self.api("status")
                return
            except OSError:
                time.sleep(0.1)
        log = self._log.read_text(encoding="utf-8", errors="replace")[-3000:]
        raise RuntimeError(f"JupyterLab did not start within {PATIENCE} s. Its log ends:\n{log}")
