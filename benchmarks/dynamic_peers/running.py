"""Starting a contender, putting load on it, and reading what it cost."""

import contextlib
import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import psutil

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


class Measured(NamedTuple):
    """One stretch of load on one contender."""

    per_second: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float  # of the whole tree of processes, per request


class Contender:
    """One server process, with all that it starts.

    Parameters
    ----------
    name, model : str
        What is shown: who serves, and what.
    command : sequence of str
        How it is started; ``{port}`` stands for the port.
    environment : dict
        More environment variables.
    """

    def __init__(
        self, name: str, model: str, command: Sequence[str], environment: dict[str, str], log: Path
    ):
        self.name = name
        self.model = model
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        settings = {
            **os.environ,
            "OMP_NUM_THREADS": "1",
            "PYTHONPATH": str(ROOT),
            "BENTOML_DO_NOT_TRACK": "True",  # nothing of this benchmark calls home
            **environment,
        }
        self._log = log
        with open(log, "wb") as output:
            self._process = psutil.Popen(
                [part.format(port=self.port) for part in command],
                cwd=HERE,
                env=settings,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def values(self, bodies: Sequence[str], seconds: float = 240) -> list[float]:
        """Its answer to each body; waits until it is ready to give the first one."""
        until = time.monotonic() + seconds
        while True:
            try:
                return [self._post(body)["value"] for body in bodies]
            except (OSError, urllib.error.URLError) as error:
                if self._process.poll() is not None or time.monotonic() > until:
                    tail = self._log.read_text(errors="replace").splitlines()[-15:]
                    raise RuntimeError(
                        f"{self.name} does not answer ({error}):\n" + "\n".join(tail)
                    ) from None
                time.sleep(0.3)

    def load(self, connections: int, seconds: float, bodies: Path) -> Measured:
        """Put load on it with wrk, and read what its processes used meanwhile."""
        lua = str(HERE / "post.lua")
        command = ["wrk", "-t1", "--timeout", "10s", f"-c{connections}", f"-d{seconds}s", "-s", lua]
        before = self._cpu_seconds()
        done = subprocess.run(
            [*command, f"http://127.0.0.1:{self.port}"],
            env={**os.environ, "BENCHMARK_BODIES": str(bodies)},
            capture_output=True,
            text=True,
        )
        cpu = self._cpu_seconds() - before
        result = [line.split()[1:] for line in done.stdout.splitlines() if line[:7] == "RESULT "]
        if not result:
            raise RuntimeError(f"wrk failed: {done.stderr.strip() or done.stdout.strip()}")
        requests, micros, failed, p50, p99 = map(int, result[0])
        if failed or not requests:
            raise RuntimeError(f"{self.name}: {failed} of {requests} requests failed.")
        return Measured(requests / micros * 1e6, p50 / 1e3, p99 / 1e3, cpu / requests * 1e3)

    def stop(self) -> None:
        """End it and all that it started."""
        with contextlib.suppress(psutil.NoSuchProcess):
            family = [self._process, *self._process.children(recursive=True)]
            for way in ("terminate", "kill"):
                for process in family:
                    with contextlib.suppress(psutil.NoSuchProcess):
                        getattr(process, way)()
                _, family = psutil.wait_procs(family, timeout=5)

    def _post(self, body: str) -> dict:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/predict",
            body.encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def _cpu_seconds(self) -> float:
        total = 0.0
        for process in [self._process, *self._process.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                total += times.user + times.system
        return total
