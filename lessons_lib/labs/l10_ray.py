"""The service of lesson 03 on Ray Serve: replicas, one of them killed under load, a table replaced.

Ray is an optional extra and runs in a process of its own, never in the notebook's: it takes about a
minute to start, and 1 GB. Where it is not asked for, not installed or not up in time, what was
measured once and stored (``data/scale.json``, by ``benchmarks/scale.py --store``) is shown instead.
"""

import importlib.util
import json
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import httpx
import pandas as pd

from lessons_lib import board, models, traffic
from lessons_lib.dynamic.load import open_loop
from lessons_lib.process import PREFIX, Child, ChildError, free_port, on_stop
from lessons_lib.static.base import Store
from lessons_lib.static.job import ScoringJob
from lessons_lib.static.redis import RedisPredictionStore, local_redis
from lessons_lib.static.store import PredictionStore

STORED = Path(__file__).parents[1] / "data" / "scale.json"
INSTALL = "python3 -m lessons_lib scale"
REPLICAS, RATE, SECONDS, STRIKE = 2, 25.0, 12.0, 3.0
"""Replicas; requests a second, for how many seconds; and when a replica is killed."""
PATIENCE = 240.0
"""Seconds that Ray gets to start."""
READY = "The replicas are ready."
SETTINGS = {
    "RAY_USAGE_STATS_ENABLED": "0",  # nothing is reported to anybody
    "RAY_AUTH_MODE": "disabled",  # else a key is left in the user's home
    "RAY_raylet_start_wait_time_s": "200",
}
CLOUD = "cluster_name: lesson\nprovider: {type: local}\navailable_node_types: {}\n"
RUN = "import sys; from lessons_lib.labs.l10_ray import replicas; replicas(*sys.argv[1:])"
REQUEST = {"carrier": "UA", "origin": "EWR", "dest": "IAH", "hour": 5, "date": "2013-12-17"}
KEY = "UA EWR IAH 05"


def serve_on_ray(folder: str | Path, *, live: bool = False) -> dict:
    """What became of the requests on Ray Serve: measured now if `live` and Ray is here, else stored.

    One line says which of the two it is. See `measure` for what is in it.
    """
    stored = json.loads(STORED.read_text(encoding="utf-8"))
    why = "Ray was not asked for (live=True asks; it takes about a minute and 1 GB)"
    if live and not installed():
        why = f"Ray is not installed (in a terminal, in the course's folder: {INSTALL})"
    elif live:
        try:
            found = measure(folder)
            print(f"Measured now on Ray {found['ray']}; the table was {found['table']}.")
            return stored | found  # CPU a request takes a benchmark, and stays the stored one
        except (ChildError, httpx.HTTPError, TimeoutError) as error:
            why = f"Ray did not come up ({str(error).splitlines()[0]})"
    print(f"{why}. These are stored results of {stored['date']}, on {stored['machine']}.")
    return stored


def installed() -> bool:
    """Whether Ray is here; it is not imported."""
    return importlib.util.find_spec("ray") is not None


def measure(folder: str | Path, watch=lambda child, address: {}) -> dict:
    """Start Ray once, kill a replica under load, publish a new table under load, and end it all.

    Gives ``start`` (seconds), ``table`` (where it lies), ``killed`` (a row for each second of load) and
    ``published``, as `killed_under_load` and `published_under_load` have them, and what ``watch(child,
    address)`` adds. Raises ChildError if Ray does not start.
    """
    folder = Path(folder).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("replica-*"):
        old.unlink()
    with ExitStack() as stack:
        url = stack.enter_context(local_redis())
        store = stack.enter_context(shared_store(url or str(folder)))
        store.publish(candidate(folder, models.fit_or_load("timetable")))
        # Short, since Ray keeps sockets below it, whose paths may have about 100 letters.
        short = tempfile.mkdtemp(
            prefix=f"{PREFIX}{os.getpid()}-", dir="/tmp" if os.path.isdir("/tmp") else None
        )
        stack.callback(shutil.rmtree, short, ignore_errors=True)
        port, began = free_port(), time.monotonic()
        # Else it asks the network in which cloud it is; and a home of its own keeps the user's clean.
        Path(short, "ray_bootstrap_config.yaml").write_text(CLOUD, encoding="utf-8")
        home = {"HOME": short, "USERPROFILE": short}
        arguments = (str(port), url or str(folder), str(folder), short)
        child = stack.enter_context(Child("Ray", RUN, *arguments, env=SETTINGS | home, grace=30.0))
        child.wait(lambda: READY in child.log(), PATIENCE)
        address = f"http://127.0.0.1:{port}"
        told = dict(line.split("=", 1) for line in child.log().splitlines() if "=" in line[:6])
        found = {
            "ray": told.get("ray", "?"),
            "table": "in Redis"
            if url
            else "in a file, as there is no redis-server on this machine",
            "start": round(time.monotonic() - began, 1),
        }
        found |= watch(child, address)
        found["killed"] = killed_under_load(address, folder)
        found["published"] = published_under_load(address, store, folder)
        return found


def killed_under_load(address: str, folder: Path) -> list[dict]:
    """For each second of load: requests, those with an answer, the slowest (ms); one replica is killed."""
    victim = min(int(left.name.removeprefix("replica-")) for left in folder.glob("replica-*"))
    strike = threading.Timer(STRIKE, os.kill, (victim, getattr(signal, "SIGKILL", signal.SIGTERM)))
    strike.start()
    times = traffic.steady(RATE, int(RATE * SECONDS))
    frame = open_loop(f"{address}/predict", [REQUEST], times, seconds=SECONDS, timeout=20.0)
    strike.join()
    second = frame["intended"].astype(int)
    rows = frame.assign(answered=frame["outcome"] == "ok").groupby(second)
    table = pd.DataFrame({"requests": rows.size(), "answered": rows["answered"].sum()})
    table["slowest (ms)"] = (1000 * rows["latency"].max()).round(1)
    return table.rename_axis("second").reset_index().to_dict("records")


def published_under_load(address: str, store: Store, folder: Path) -> dict:
    """Ask for one key again and again while a new table is published: old and new answers, and errors."""
    changed = candidate(folder, Tomorrow(models.fit_or_load("timetable")))
    before, values, errors = store.lookup(KEY).value, [], 0
    with httpx.Client(trust_env=False, timeout=20.0) as client:
        for number in range(200):
            if number == 80:
                store.publish(changed)
                after = store.lookup(KEY).value
            reply = client.post(f"{address}/predict", json=REQUEST, headers={"Connection": "close"})
            errors += reply.status_code != 200
            values.append(reply.json().get("value"))
    first_new = values.index(after) if after in values else len(values)
    return {
        "requests": len(values),
        "answers of the old table": values.count(before),
        "answers of the new table": values.count(after),
        "old answers after the first new one": values[first_new:].count(before),
        "errors": errors,
    }


class Tomorrow:
    """Another model: a little surer of itself everywhere."""

    def __init__(self, model):
        self.model = model

    def predict_proba(self, frame: pd.DataFrame):
        return 0.9 * self.model.predict_proba(frame) + 0.05


def candidate(folder: Path, model) -> Path:
    """A table of the timetable's keys, scored and not published."""
    keys, path = board.timetable_keys(board.load_board()), folder / "candidate.sqlite"
    ScoringJob(model, keys, path, overwrite=True, progress=False).run()
    return path


def shared_store(where: str) -> Store:
    """The table at a Redis URL, or in a folder of this machine."""
    return RedisPredictionStore(where) if "://" in where else PredictionStore(Path(where, "store"))


# In the process of Ray.


def replicas(port: str, where: str, folder: str, short: str) -> None:
    """Serve the application of lesson 03, unchanged, by `REPLICAS` replicas, until asked to stop."""
    asked = threading.Event()
    on_stop(asked.set)
    import ray
    from ray import serve

    def application():
        from lessons_lib.dynamic.service import create_app

        Path(folder, f"replica-{os.getpid()}").touch()
        return create_app(shared_store(where), model="board")

    ray.init(
        address="local",
        num_cpus=REPLICAS,
        include_dashboard=False,
        object_store_memory=80 * 2**20,
        log_to_driver=False,
        _node_ip_address="127.0.0.1",
        _temp_dir=short,
    )
    serve.start(proxy_location="HeadOnly", http_options={"host": "127.0.0.1", "port": int(port)})
    service = serve.deployment(num_replicas=REPLICAS, ray_actor_options={"num_cpus": 0.1})
    serve.run(service(serve.ingress(application)()).bind())
    print(f"ray={ray.__version__}", READY, sep="\n", flush=True)
    asked.wait()
    serve.shutdown()
    ray.shutdown()
    sys.exit()
