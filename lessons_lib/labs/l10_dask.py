"""The batch job of the timetable on Dask, with one worker killed on the way.

The cluster is on this machine alone, and lives from the first `client` to `close`. It knows the job
and the cluster, no store.
"""

import os
import signal
import threading
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pandas as pd
from distributed import Client

from lessons_lib import models
from lessons_lib.models import Slowed
from lessons_lib.static.dask_job import DaskScoringJob, local_cluster
from lessons_lib.static.job import ScoringJob
from lessons_lib.static.table import read_table

CHUNK, PACE = 100, 0.0005
"""Rows of a partition, and seconds that the slowed-down model takes for a row."""
PATIENCE = 60.0
"""Seconds that a killed worker has to come back."""
_kept = ExitStack()
_clients: list[Client] = []
_took: list[float] = []


def client(workers: int = 2) -> Client:
    """The client of this lesson's cluster, which is started where there is none."""
    if not _clients:
        began = time.perf_counter()
        _clients.append(_kept.enter_context(local_cluster(workers)))
        _took.append(time.perf_counter() - began)
    return _clients[0]


def started() -> float:
    """Seconds that the cluster took to start, the first time in this process."""
    client()
    return _took[0]


def close() -> str:
    """End the cluster; what it says is the same if there was none."""
    _clients.clear()
    _kept.close()
    return "No worker is running."


class Noted:
    """A model that leaves a file behind for each partition that it has scored: by whom, from where on."""

    def __init__(self, model, folder: Path):
        self.model, self.folder = model, str(folder)

    def predict_proba(self, frame: pd.DataFrame) -> np.ndarray:
        made = self.model.predict_proba(frame)
        note = f"{os.getpid()} {frame['key'].iloc[0]} {time.time_ns()}".replace(" ", "_")
        Path(self.folder, note).touch()
        return made


def kill_a_worker(keys: pd.DataFrame, folder: str | Path, as_of: float) -> pd.Series:
    """Score `keys` into ``candidate.sqlite`` on the cluster, and kill a worker half-way.

    The model is slowed down, so that there is a half-way. Gives what came out: partitions, those
    that were scored more than once, rows, and rows that are not as the plain job wrote them into
    ``plain.sqlite``.
    """
    folder, model = Path(folder), models.fit_or_load("timetable")
    notes, candidate, plain = folder / "notes", folder / "candidate.sqlite", folder / "plain.sqlite"
    notes.mkdir(parents=True, exist_ok=True)
    for note in notes.iterdir():
        note.unlink()
    shared = {"as_of": as_of, "model_name": "timetable", "chunk_size": CHUNK, "overwrite": True}
    ScoringJob(model, keys, plain, progress=False, **shared).run()
    slow = Noted(Slowed(model, PACE), notes.resolve())
    job = DaskScoringJob(client(), slow, keys, candidate, **shared)
    before = workers()
    killer = threading.Thread(target=_kill_half_way, args=(candidate, len(keys), before[0]))
    killer.start()
    job.run()
    killer.join()
    times = Counter(note.name.split("_", 1)[1].rsplit("_", 1)[0] for note in notes.iterdir())
    return pd.Series(
        {
            "workers that were killed": len(set(before) - set(workers(len(before)))),
            "partitions": -(-len(keys) // CHUNK),
            "of these scored twice or more": sum(count > 1 for count in times.values()),
            "keys": len(keys),
            "rows in the table": len(read_table(candidate).rows),
            "rows that the plain job wrote otherwise": differing(candidate, plain),
        },
        name="on the cluster",
    )


def workers(count: int = 1) -> list[int]:
    """The process of each worker, once there are `count` of them."""
    client().wait_for_workers(count, timeout=PATIENCE)
    return sorted(client().run(os.getpid).values())


def differing(some: Path, other: Path) -> int:
    """How many keys of two tables have not the same value in both, to the last digit."""
    tables = [read_table(path).rows.set_index("key")["value"] for path in (some, other)]
    both = pd.concat(tables, axis=1, keys=["some", "other"])
    return int((both["some"] != both["other"]).sum())


def _kill_half_way(candidate: Path, rows: int, worker: int) -> None:
    """Kill a worker, as a crash would, once half of the rows are saved."""
    from lessons_lib.labs.l02_night import rows_saved  # brings charts, which no worker needs

    until = time.monotonic() + PATIENCE
    while rows_saved(candidate) < rows / 2 and time.monotonic() < until:
        time.sleep(0.005)
    os.kill(worker, getattr(signal, "SIGKILL", signal.SIGTERM))
