"""What a simulated request costs, beside SimPy, Ciw and cachetools on the same work.

Run ``python benchmarks/simulate.py`` (under two minutes; ``--rounds`` makes it longer). Everybody
gets the same arrivals, the same service times and the same keys, must come to the same results,
and takes turns in one run, so that a busy machine is busy for all of them:

* `fifo` on M/M/4 at utilisation 0.9 beside SimPy and Ciw;
* `batches` and the fullest `serve` without coalescing beside the same service in SimPy, the
  independent one that the tests hold the simulator against;
* `lru` beside `cachetools.LRUCache`;
* the steps of a slider: the fullest `serve`, the flagship lab, and a predictor that looks its
  answers up in a dict, driven through virtual time.

Times are CPU times; a ratio is the median over the rounds of the ratio within a round. The last
lines say for each bar whether it holds; the exit code is 1 if one does not.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # threads would blur CPU times

import argparse
import gc
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import cachetools
import ciw
import numpy as np
import simpy

from lessons_lib.answer import Answer, VirtualClock
from lessons_lib.drive import drive
from lessons_lib.labs import l01_both_modes
from lessons_lib.simulate import batches, fifo, lru, serve
from lessons_lib.traffic import poisson, service_times, zipf_keys

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "simulate"))
import simpy_models  # the tests' own services in SimPy

N = 20_000
BUSY, SERVERS = 0.9, 4
MANY = 1_000_000
STEPS = 5  # of a slider, a round
ARRIVE = poisson(BUSY * SERVERS, N, seed=1)
WORK = service_times(1.0, N, seed=1)
KEY = zipf_keys(0.9, 5000, N, seed=1)
CACHE = 500
BATCHING = (8, 0.5, 1.0, 0.1, SERVERS)
LIMITS = {"servers": 2, "queue_limit": 20, "timeout": 6.0}
FULLEST_CONTEST = "serve: cache, ttl, queue limit, time-out"
FULLEST = LIMITS | {"cache_size": CACHE, "ttl": 2000.0, "hit_time": 0.01}


def simpy_fifo() -> np.ndarray:
    """M/M/4 as SimPy's own manual writes it: a source, and a process for each client."""
    env = simpy.Environment()
    server = simpy.Resource(env, SERVERS)
    start = []

    def client(work):
        with server.request() as turn:
            yield turn
            start.append(env.now)
            yield env.timeout(work)

    def source():
        now = 0.0
        for t, work in zip(ARRIVE.tolist(), WORK.tolist(), strict=True):
            yield env.timeout(t - now)
            now = t
            env.process(client(work))

    env.process(source())
    env.run()
    return np.array(start)


def ciw_fifo() -> np.ndarray:
    """M/M/4 in Ciw, with the gaps and the service times of the trace."""
    gaps = [*np.diff(ARRIVE, prepend=0.0).tolist(), float("inf")]
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Sequential(gaps)],
        service_distributions=[ciw.dists.Sequential(WORK.tolist())],
        number_of_servers=[SERVERS],
    )
    run = ciw.Simulation(network)
    run.simulate_until_max_customers(N, method="Finish")
    return np.sort([record.service_start_date for record in run.get_all_records()])


def cachetools_lru() -> np.ndarray:
    """An LRU cache in cachetools, asked and filled in the least steps that do it."""
    cache, hits = cachetools.LRUCache(CACHE), []
    for key in KEY.tolist():
        if key in cache:
            cache[key]
            hits.append(True)
        else:
            cache[key] = None
            hits.append(False)
    return np.array(hits)


class Dict:
    """The smallest static predictor: a dict."""

    def __init__(self):
        self.table = dict.fromkeys(range(5000), 0.5)

    def answer(self, request):
        return Answer(self.table.get(request), "table", 60.0)


def drive_dict() -> np.ndarray:
    """All requests through `drive`, answered by a dict."""
    clock = VirtualClock()
    run = drive(Dict(), KEY.tolist(), ARRIVE, clock, seconds_for={"table": 1e-5}, servers=SERVERS)
    return run.finish


def many_fifo() -> np.ndarray:
    """A million requests through `fifo`."""
    arrive, work = poisson(BUSY * SERVERS, MANY, seed=1), service_times(1.0, MANY, seed=1)
    before = time.process_time()
    fifo(arrive, work, SERVERS)
    return time.process_time() - before


CONTESTS = {
    "fifo, M/M/4": {
        "ours": lambda: fifo(ARRIVE, WORK, SERVERS),
        "SimPy": simpy_fifo,
        "Ciw": ciw_fifo,
    },
    "batches, 4 servers": {
        "ours": lambda: batches(ARRIVE, *BATCHING),
        "SimPy": lambda: simpy_models.batches(ARRIVE, *BATCHING),
    },
    FULLEST_CONTEST: {
        "ours": lambda: serve(ARRIVE, WORK, KEY, **FULLEST).finish,
        "SimPy": lambda: simpy_models.Alone(ARRIVE, WORK, KEY, **FULLEST).run()[1],
    },
    "lru": {"ours": lambda: lru(KEY, CACHE), "cachetools": cachetools_lru},
}


def cpu(run: Callable) -> float:
    """CPU seconds of one run; what others left for the garbage collector is not charged to it."""
    gc.collect()
    before = time.process_time()
    run()
    return time.process_time() - before


def measure(rounds: int) -> tuple[dict, dict]:
    """CPU seconds of every contestant and every step, one entry a round, taken in turns."""
    steps = {
        "serve, all of it": lambda: serve(ARRIVE, WORK, KEY, **FULLEST, coalesce=True),
        "drive, a dict": drive_dict,
        "flagship": lambda: l01_both_modes.flagship_view(dict(l01_both_modes.FLAGSHIP_SETTINGS)),
    }
    contests = {title: {who: [] for who in runs} for title, runs in CONTESTS.items()}
    times = {name: [] for name in [*steps, "fifo, a million"]}
    for _ in range(rounds):
        for title, runs in CONTESTS.items():
            for who, run in runs.items():
                contests[title][who].append(cpu(run))
        times["fifo, a million"].append(many_fifo())
    # A slider asks for one step after the other, in a kernel that does nothing else.
    for _ in range(STEPS * rounds):
        for name, run in steps.items():
            times[name].append(cpu(run))
    return contests, times


def check_same_work() -> None:
    """Raise unless all contestants come to the same results."""
    for title, runs in CONTESTS.items():
        results = [run() for run in runs.values()]
        for result in results[1:]:
            np.testing.assert_allclose(result, results[0], rtol=1e-9, err_msg=title)


def peak_per_request(n: int) -> float:
    """Most bytes a request that the fullest `serve` holds at a time, for `n` requests."""
    arrive, work = poisson(BUSY * SERVERS, n, seed=1), service_times(1.0, n, seed=1)
    key = zipf_keys(0.9, 5000, n, seed=1)
    tracemalloc.start()
    serve(arrive, work, key, **FULLEST, coalesce=True)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / n


def ratio(times: dict, peer: str) -> float:
    """How many times the CPU time of ours the peer needs, median over the rounds."""
    pairs = zip(times[peer], times["ours"], strict=True)
    return statistics.median(theirs / ours for theirs, ours in pairs)


def report(contests: dict, times: dict) -> None:
    """Print requests per CPU second and the ratios."""
    print(f"{N:,} requests, CPU time, medians:")
    for title, runs in contests.items():
        for who, seconds in runs.items():
            speed = N / statistics.median(seconds)
            slower = "" if who == "ours" else f"   ours is {ratio(runs, who):5.1f} x as fast"
            print(f"  {title:42} {who:11} {speed:12,.0f} requests/s{slower}")
    for name, seconds in times.items():
        middle, best = statistics.median(seconds), min(seconds)
        print(f"  {name:42} {middle * 1e3:8.1f} ms (least {best * 1e3:.1f} ms)")


def bars(contests: dict, times: dict) -> list[tuple[str, bool]]:
    """Every bar, and whether it holds."""
    simpy_ratio = ratio(contests["fifo, M/M/4"], "SimPy")
    ciw_ratio = ratio(contests["fifo, M/M/4"], "Ciw")
    lru_ratio = ratio(contests["lru"], "cachetools")
    fullest = ratio(contests[FULLEST_CONTEST], "SimPy")
    many, dicts = (statistics.median(times[name]) for name in ("fifo, a million", "drive, a dict"))
    small, large = peak_per_request(20_000), peak_per_request(160_000)
    results = [
        (f"fifo is at least 40 x SimPy on M/M/4: {simpy_ratio:.1f}", simpy_ratio >= 40),
        (f"fifo is at least 80 x Ciw on M/M/4: {ciw_ratio:.1f}", ciw_ratio >= 80),
        (f"lru is at least 3 x cachetools: {lru_ratio:.1f}", lru_ratio >= 3),
        (f"the fullest serve is at least 25 x SimPy: {fullest:.1f}", fullest >= 25),
        (f"a million requests through fifo take under 0.5 s: {many:.2f}", many < 0.5),
        (
            f"memory is linear: {small:.0f} and {large:.0f} bytes a request at 20,000 and 160,000",
            large <= 1.1 * small,
        ),
        (f"drive answers 100,000 requests/s from a dict: {N / dicts:,.0f}", N / dicts >= 100_000),
    ]
    step = statistics.median(times["flagship"])
    return [*results, (f"a flagship step takes under 12 ms: {step * 1e3:.1f}", step < 0.012)]


def main() -> int:
    """Measure, print, and return 1 if a bar is not met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    check_same_work()
    contests, times = measure(rounds)
    report(contests, times)
    results = bars(contests, times)
    for text, holds in results:
        print(f"{'holds' if holds else 'falls short'}: {text}")
    return 0 if all(holds for _, holds in results) else 1


if __name__ == "__main__":
    sys.exit(main())
