"""What a router costs: a hit in this process, and a request to the real service.

    python benchmarks/router.py

1. In one process and in turns: a hit in the router's cache and in its table, beside a dict, beside
   ``functools.lru_cache`` and ``cachetools.cached`` (without and with a lock), for the same keys. All
   keep every key and hit each time. The router is the only one that says source and age, looks at
   the age, has a deadline and may be shared between threads without more ado.
2. The course's service over the same fitted model (gradient boosting with live inputs, scikit-learn),
   alone and behind a router with a cache, under the same requests: 9 of 10 ask for one of 100 popular
   flights, the tenth for one that nobody asked for before. ``wrk`` (Debian: ``apt-get
   install wrk``) sends the load in turns.

CPU times, medians over the rounds; ratios are taken round by round. The last lines say for each bar
whether it holds; the exit code is 1 if one does not.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before scikit-learn: threads blur CPU times

import argparse
import functools
import itertools
import json
import random
import shutil
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from statistics import median

import cachetools
from dynamic_peers.running import Contender

from lessons_lib.answer import Answer
from lessons_lib.board import load_board, timetable_keys
from lessons_lib.models import fit_or_load
from lessons_lib.models.cache import cache_folder
from lessons_lib.router import Breaker, Limits, Router

LEAST_THROUGHPUT = 0.5
"""The share of `cachetools.cached`'s throughput that a hit of the router must reach."""
MOST_CPU = 0.3
"""How many times the CPU of the service alone a request may take behind a router, at `HITS` hits."""
HITS = 0.9
CALLS, POPULAR, CYCLE = 50_000, 100, 17_000
CONNECTIONS = (1, 16)
CACHED, ROUTED = "cachetools.cached", "router, hit in the cache"


class Rows:
    """A table in memory."""

    def __init__(self, values: dict[str, float]):
        self.values = values

    def answer(self, request: str) -> Answer:
        value = self.values.get(request)
        return Answer(value, "default" if value is None else "table", 60.0)


class Model:
    """Answers with what it holds, at once."""

    def __init__(self, values: dict[str, float]):
        self.values = values

    def answer(self, request: str) -> Answer:
        return Answer(self.values[request], "model", 0.0)


def ways_of(values: dict[str, float]) -> dict[str, Callable]:
    """Each way to look a key up; all are warm."""
    room, model = len(values), Model(values)

    def routed(table: Rows | None) -> Callable:
        limits = Limits(most_runs=32, retry_share=0.1)
        router = Router(table, model, cache_size=room, limits=limits, breaker=Breaker())
        return router.answer

    ask = model.answer
    ways = {
        "dict": values.__getitem__,
        "functools.lru_cache": functools.lru_cache(room)(ask),
        CACHED: cachetools.cached(cachetools.LRUCache(room))(ask),
        "cachetools.cached, locked": cachetools.cached(
            cachetools.LRUCache(room), lock=threading.Lock()
        )(ask),
        ROUTED: routed(None),
        "router, hit in the table": routed(Rows(values)),
        "router, past a table": routed(Rows({})),
    }
    for way in ways.values():
        for key in values:
            way(key)
    return ways


def measure_hits(rounds: int) -> dict[str, list[float]]:
    """CPU seconds of one look-up for each way, in turns; one entry a round."""
    keys = timetable_keys(load_board())["key"].tolist()
    ways = ways_of({key: (n % 1000) / 1000 for n, key in enumerate(keys)})
    asked = random.Random(0).choices(keys, k=CALLS)
    found: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name in random.sample(list(ways), len(ways)):
            way, start = ways[name], time.process_time()
            for key in asked:
                way(key)
            if number:  # the first round only warms up
                found[name].append((time.process_time() - start) / CALLS)
    return found


def write_bodies(path: Path, number: int) -> None:
    """One request a line: nine popular flights, then one that no other line or load asks for."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    flight = {"carrier": "UA", "origin": "EWR", "dest": "IAH", "date": "2013-10-01"}
    popular = [{**flight, "hour": n % 24, "carrier": f"U{n // 24}"} for n in range(POPULAR)]
    draw, lines = random.Random(number), []
    for n in range(CYCLE):
        dest = "".join(letters[n // 26**p % 26] for p in range(3))
        rare = {**flight, "dest": dest, "hour": n % 24, "carrier": f"{letters[number % 26]}Z"}
        lines.append(rare if n % 10 == 9 else draw.choice(popular))
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def measure_services(starts: int, rounds: int, seconds: float) -> tuple[dict, dict]:
    """CPU milliseconds a request by (name, connections), and the shares by source of the routed one."""
    fit_or_load("live")
    settings = {"BENCHMARK_MODEL": "sklearn", "LESSONS_CACHE": str(cache_folder())}
    apps, found, sources = {"alone": "ours:app", "behind a router": "ours_routed:app"}, {}, {}
    quiet = ["--host", "127.0.0.1", "--port", "{port}", "--no-access-log", "--log-level", "warning"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bodies, loads = folder / "bodies.txt", itertools.count()
        for _ in range(starts):
            contenders = []
            try:
                for number, (who, app) in enumerate(apps.items()):
                    command = [sys.executable, "-m", "uvicorn", app, *quiet]
                    log = folder / f"{number}.log"
                    contenders.append(Contender(who, "scikit-learn", command, settings, log))
                write_bodies(bodies, next(loads))
                first = bodies.read_text(encoding="utf-8").splitlines()[: 6 * POPULAR]
                for contender in contenders:
                    contender.values(first)
                for number in range(rounds + 1):
                    for connections in CONNECTIONS:
                        write_bodies(bodies, next(loads))
                        for contender in random.sample(contenders, len(contenders)):
                            one = contender.load(connections, seconds, bodies)
                            if number:
                                key = contender.name, connections
                                found.setdefault(key, []).append(one.cpu_ms)
                sources = answers_by_source(contenders[-1].port)
            finally:
                for contender in contenders:
                    contender.stop()
    return found, sources


def answers_by_source(port: int) -> dict[str, float]:
    """The share of each source among a service's answers, by its own count."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as reply:
        text = reply.read().decode()
    counts = {}
    for line in text.splitlines():
        if line.startswith("predict_answers_total{"):
            counts[line.split('"')[1]] = float(line.rsplit(" ", 1)[1])
    return {source: count / sum(counts.values()) for source, count in counts.items() if count}


def ratio(some: list[float], others: list[float]) -> float:
    """`some` over `others`, round by round; the median."""
    return median(a / b for a, b in zip(some, others, strict=True))


def main() -> int:
    """Measure, print, judge; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9, help="of hits, in turns (default 9)")
    parser.add_argument("--starts", type=int, default=3, help="of each service (default 3)")
    parser.add_argument("--seconds", type=int, default=2, help="of load in each turn (default 2)")
    settings = parser.parse_args()
    if shutil.which("wrk") is None:
        print("wrk is missing: apt-get install wrk (Debian), brew install wrk (macOS).")
        return 1
    hits = measure_hits(settings.rounds)
    print(f"{'one hit':28}{'CPU ns':>8}{'over a dict':>13}{'x cached throughput':>21}")
    for name, found in hits.items():
        over = 1e9 * (median(found) - median(hits["dict"]))
        print(f"{name:28}{1e9 * median(found):8.0f}{over:+13.0f}{ratio(hits[CACHED], found):21.2f}")
    services, sources = measure_services(settings.starts, 2, settings.seconds)
    print(f"\n{'service':28}{'connections':>12}{'CPU ms a request':>18}{'x alone':>9}")
    for (who, connections), found in services.items():
        times = ratio(found, services["alone", connections])
        print(f"{who:28}{connections:12d}{median(found):18.3f}{times:9.2f}")
    shares = ", ".join(f"{name} {share:.1%}" for name, share in sources.items())
    print(f"answers of the routed service: {shares}\n")
    throughput = ratio(hits[CACHED], hits[ROUTED])
    bars = [
        (
            f"a hit has {throughput:.2f} x the throughput of cachetools.cached, at least {LEAST_THROUGHPUT}",
            throughput >= LEAST_THROUGHPUT,
        ),
        (
            f"the load has {sources.get('cache', 0):.1%} hits, {HITS:.0%} within a point",
            abs(sources.get("cache", 0) - HITS) <= 0.01,
        ),
    ]
    for connections in CONNECTIONS:
        times = ratio(services["behind a router", connections], services["alone", connections])
        told = f"{connections:2d} connections: CPU a request {times:.2f} x the service alone"
        bars.append((f"{told}, at most {MOST_CPU}", times <= MOST_CPU))
    for bar, held in bars:
        print(f"{'holds      ' if held else 'falls short'}  {bar}")
    return 0 if all(held for _, held in bars) else 1


if __name__ == "__main__":
    sys.exit(main())
