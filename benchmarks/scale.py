"""What an engine costs: rows of the batch job on Dask, and a request of the service on Ray Serve.

Run ``python benchmarks/scale.py`` (some minutes; ``--rows`` and ``--rounds`` make it shorter).

1. The batch job of lesson 02 over 10^4, 10^5 and 10^6 rows: the plain `ScoringJob`, the same model
   over the same chunks by joblib in two processes (which checks and keeps nothing), and `DaskScoringJob`
   on a cluster of two workers. Rows a second by the wall, CPU seconds and memory (PSS) of all processes;
   the start of the workers stands apart. They take turns, so that a busy machine is busy for all.
2. The service over the published table: on uvicorn, and on Ray Serve with two replicas. CPU
   milliseconds a request of all processes, under ``wrk`` with 16 connections. Skipped with a line without
   ``wrk`` or Ray (``python3 -m lessons_lib scale`` installs Ray).

``--store`` keeps what lesson 10 shows where Ray is not asked for, in ``lessons_lib/data/scale.json``.
The last lines say for each bar whether it holds; the exit code is 1 if one does not.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before scikit-learn: threads blur CPU times

import argparse
import datetime
import json
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from statistics import median

import joblib
import numpy as np
import pandas as pd
import psutil
from dynamic_peers.running import HERE

from lessons_lib.board import load_board, timetable_keys
from lessons_lib.labs import l10_ray
from lessons_lib.labs.l03_ready_store import ready_store
from lessons_lib.labs.l10_crossing import timetables
from lessons_lib.models import fit_or_load
from lessons_lib.process import Child, free_port
from lessons_lib.static.dask_job import DaskScoringJob, local_cluster
from lessons_lib.static.job import ScoringJob, probabilities

MOST_CPU = 1.6
"""How many times the CPU of the plain job the job on Dask may take, at `BAR_ROWS` rows."""
BAR_ROWS, CHUNK, WORKERS, CONNECTIONS, LOAD = 1_000_000, 10_000, 2, 16, 5
UVICORN = """
import sys, uvicorn
from lessons_lib.dynamic.service import create_app
from lessons_lib.labs.l10_ray import shared_store
app = create_app(shared_store(sys.argv[2]), model="board")
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=False, log_level="warning")
"""


def family() -> list[psutil.Process]:
    """This process and all that it has started."""
    me = psutil.Process()
    return [me, *me.children(recursive=True)]


def cpu_seconds(processes: list[psutil.Process]) -> float:
    """User and system time of processes that are alive."""
    total = 0.0
    for process in processes:
        with suppress(psutil.Error):
            total += sum(process.cpu_times()[:2])
    return total


def megabytes(processes: list[psutil.Process]) -> float:
    """Memory of processes; what they share is counted once."""
    total = 0.0
    for process in processes:
        with suppress(psutil.Error):
            full = process.memory_full_info()
            total += getattr(full, "pss", full.uss) / 1e6
    return total


def by_joblib(model, frame: pd.DataFrame) -> np.ndarray:
    """The same model over the same chunks in two processes, without checkpoint or file."""
    chunks = (frame.iloc[first : first + CHUNK] for first in range(0, len(frame), CHUNK))
    work = joblib.delayed(probabilities)
    return np.concatenate(joblib.Parallel(WORKERS)(work(model, chunk) for chunk in chunks))


def measure_jobs(sizes: list[int], rounds: int, folder: Path) -> tuple[pd.DataFrame, dict]:
    """A row for each run; and the seconds that the workers took to start and to score for the first time."""
    model, keys = fit_or_load("timetable"), timetable_keys(load_board())
    options = {"chunk_size": CHUNK, "overwrite": True, "progress": False, "model_name": "timetable"}
    small, runs, starts = timetables(keys, 20_000), [], {}

    def timed(what: Callable[[], object]) -> tuple[float, float]:
        wall, cpu = time.perf_counter(), cpu_seconds(family())
        what()
        return time.perf_counter() - wall, cpu_seconds(family()) - cpu

    began, used = time.perf_counter(), cpu_seconds(family())
    with local_cluster(WORKERS) as client:
        starts["start of the cluster"] = time.perf_counter() - began, cpu_seconds(family()) - used
        ways = {
            "plain job": lambda frame: ScoringJob(model, frame, folder / "a", **options).run(),
            "joblib": lambda frame: by_joblib(model, frame),
            "Dask": lambda frame: DaskScoringJob(client, model, frame, folder / "b", **options).run(),
        }  # fmt: skip
        for name, way in ways.items():
            starts[f"first 20,000 rows, {name}"] = timed(lambda way=way: way(small))
        for rows in sizes:
            frame = timetables(keys, rows)
            for turn in range(rounds):
                order = list(ways) if turn % 2 else list(ways)[::-1]
                for name in order:
                    wall, cpu = timed(lambda name=name, frame=frame: ways[name](frame))
                    memory = megabytes(family())
                    runs.append({"way": name, "rows": rows, "turn": turn, "wall": wall, "cpu": cpu, "memory": memory})  # fmt: skip
    return pd.DataFrame(runs), starts


def cpu_a_request(process: psutil.Process, address: str) -> float:
    """CPU milliseconds of a process and its children for one request, under load."""
    bodies = Path(tempfile.gettempdir()) / f"bodies-{os.getpid()}.txt"
    bodies.write_text(json.dumps(l10_ray.REQUEST) + "\n", encoding="utf-8")
    command = ["wrk", "-t1", "--timeout", "20s", f"-c{CONNECTIONS}", f"-d{LOAD}s", "-s", str(HERE / "post.lua"), address]  # fmt: skip
    found = []
    for _ in range(3):  # the first round only warms up
        processes = [process, *process.children(recursive=True)]
        before = cpu_seconds(processes)
        done = subprocess.run(command, env={**os.environ, "BENCHMARK_BODIES": str(bodies)}, capture_output=True, text=True)  # fmt: skip
        (line,) = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
        requests, failed = int(line.split()[1]), int(line.split()[3])
        if failed:
            raise RuntimeError(f"{failed} of {requests} requests to {address} failed.")
        found.append(1000 * (cpu_seconds(processes) - before) / requests)
    bodies.unlink()
    return min(found[1:])


def measure_services(folder: Path) -> dict:
    """What lesson 10 shows: CPU of a request on both, and a killed replica and a publish on Ray Serve."""
    ready_store(folder / "store").close()
    port = free_port()
    with Child("uvicorn", UVICORN, str(port), str(folder)) as child:
        address = f"http://127.0.0.1:{port}"
        child.wait(lambda: answers(address), 120)
        uvicorn = cpu_a_request(psutil.Process(child.pid), address)

    def watch(child: Child, address: str) -> dict:
        process = psutil.Process(child.pid)
        memory = megabytes([process, *process.children(recursive=True)])
        cpu = cpu_a_request(process, address)
        return {"Ray Serve CPU ms": round(cpu, 2), "memory (MB)": round(memory)}

    return {"uvicorn CPU ms": round(uvicorn, 2), **l10_ray.measure(folder / "ray", watch)}


def answers(address: str) -> bool:
    """Whether a service is ready."""
    import httpx

    with suppress(httpx.HTTPError):
        return httpx.get(f"{address}/health", trust_env=False).status_code == 200
    return False


def main() -> int:
    """Measure, print, judge; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="*", default=[10_000, 100_000, BAR_ROWS])
    parser.add_argument("--rounds", type=int, default=3, help="turns of each way (default 3)")
    parser.add_argument("--store", action="store_true", help="keep what lesson 10 shows")
    settings = parser.parse_args()
    bars = []
    with tempfile.TemporaryDirectory() as name:
        if settings.rows:
            runs, starts = measure_jobs(settings.rows, settings.rounds, Path(name))
            print(f"{'batch job':12}{'rows':>11}{'rows/s':>11}{'CPU s':>9}{'x plain':>9}{'MB':>8}")
            for (rows, way), some in runs.groupby(["rows", "way"], sort=False):
                plain = runs[(runs["rows"] == rows) & (runs["way"] == "plain job")]
                pairs = zip(some["cpu"], plain["cpu"], strict=True)
                times = median(one / other for one, other in pairs)
                told = (
                    f"{rows / some['wall'].median():11,.0f}{some['cpu'].median():9.2f}{times:9.2f}"
                )
                print(f"{way:12}{rows:11,}{told}{some['memory'].max():8.0f}")
                if (rows, way) == (BAR_ROWS, "Dask"):
                    bar = f"the job on Dask takes {times:.2f} x the plain job's CPU, at most {MOST_CPU}"
                    bars.append((bar, times <= MOST_CPU))
            for way, (wall, cpu) in starts.items():
                print(f"{way}: {wall:.1f} s, {cpu:.1f} CPU s")
        if not (l10_ray.installed() and shutil.which("wrk")):
            print(
                "The services are skipped: they need wrk, and Ray (python3 -m lessons_lib scale)."
            )
        else:
            found = measure_services(Path(name))
            ratio = found["Ray Serve CPU ms"] / found["uvicorn CPU ms"]
            print(f"\nCPU a request: uvicorn {found['uvicorn CPU ms']} ms, Ray Serve {found['Ray Serve CPU ms']} ms ({ratio:.1f} x)")  # fmt: skip
            print(f"Ray: {found['start']} s to start, {found['memory (MB)']} MB")
            if settings.store:
                where = f"{os.cpu_count()} shared cores, {platform.system()}, Python {platform.python_version()}"  # fmt: skip
                stored = {"date": str(datetime.date.today()), "machine": where, **found}
                text = json.dumps(stored, indent=1) + "\n"
                l10_ray.STORED.write_text(text, encoding="utf-8")
    for bar, held in bars:
        print(f"{'holds      ' if held else 'falls short'}  {bar}")
    return 0 if all(held for _, held in bars) else 1


if __name__ == "__main__":
    sys.exit(main())
