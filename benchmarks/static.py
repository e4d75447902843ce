"""What static inference costs: a look-up in the published table, and a row of the batch job.

Run ``python benchmarks/static.py`` (about a minute; ``--rounds`` makes it longer). It measures the
course's own store and job beside the least that could do the work, in one run and in turns, so
that a busy machine is busy for all of them:

* a look-up in `PredictionStore` beside plain `sqlite3` on the same file, opened the same way and
  with its statement prepared, and beside a dict;
* `ScoringJob` beside a bare loop of ``predict_proba`` and ``executemany`` over the same chunks in
  key order, with one commit at the end and no checkpoint.

Look-ups are compared by their p50 on the wall clock, which a busy neighbour hardly moves; the job
by CPU time. The last lines say for each bar whether it holds; the exit code is 1 if one does not.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before scikit-learn: threads blur CPU times

import argparse
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pandas as pd
import redis

from lessons_lib.board import load_board, timetable_keys
from lessons_lib.models import fit_or_load
from lessons_lib.static.job import ScoringJob
from lessons_lib.static.redis import RedisPredictionStore, local_redis
from lessons_lib.static.store import PredictionStore

LOOKUP_BAR = 1.25
"""A look-up's p50 may be at most so many times that of raw sqlite3."""
JOB_BAR = 0.9
"""The job's throughput must be at least this share of the bare loop's."""

DATES = pd.date_range("2013-10-01", periods=40).strftime("%Y-%m-%d")
CHUNK = 10_000
LOOKUPS = 4_000
FIND = "SELECT value FROM predictions WHERE key = ?"


def many_keys() -> pd.DataFrame:
    """The timetable on each of `DATES`, shuffled: some 115,000 rows."""
    keys = timetable_keys(load_board()).merge(pd.DataFrame({"date": DATES}), how="cross")
    keys["key"] = keys["key"] + " " + keys["date"]
    return keys.sample(frac=1.0, random_state=0, ignore_index=True)


def bare_loop(model, keys: pd.DataFrame, path: Path) -> None:
    """The batch job without anything: no checks, no checkpoint, no progress, one commit."""
    keys = keys.sort_values("key", ignore_index=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "CREATE TABLE predictions(key TEXT PRIMARY KEY, value REAL) WITHOUT ROWID"
        )
        for first in range(0, len(keys), CHUNK):
            chunk = keys.iloc[first : first + CHUNK]
            late = model.predict_proba(chunk)[:, 1]
            rows = zip(chunk["key"].tolist(), late.tolist(), strict=True)
            connection.executemany("INSERT INTO predictions VALUES (?, ?)", rows)
        connection.commit()


def our_job(model, keys: pd.DataFrame, path: Path) -> None:
    """The same work by the course's job."""
    ScoringJob(
        model, keys, path, chunk_size=CHUNK, as_of=0.0, model_name="timetable", progress=False
    ).run()


def measure_jobs(model, keys: pd.DataFrame, folder: Path, rounds: int) -> list[dict]:
    """Seconds of CPU and of wall for both, in turns; one row per run."""
    runs = []
    for turn in range(rounds):
        ways = [("bare loop", bare_loop), ("ScoringJob", our_job)]
        for name, way in ways if turn % 2 else reversed(ways):
            path = folder / "candidate.sqlite"
            path.unlink(missing_ok=True)
            wall, cpu = time.perf_counter(), time.process_time()
            way(model, keys, path)
            runs.append(
                {
                    "way": name,
                    "turn": turn,
                    "cpu": time.process_time() - cpu,
                    "wall": time.perf_counter() - wall,
                }
            )
    return runs


def measure_lookups(ways: dict[str, Callable], keys: list[str], rounds: int) -> list[dict]:
    """p50, p99 and mean CPU of a look-up for each way, in turns; one row per block of look-ups."""
    draw, runs = random.Random(0), []
    for turn in range(rounds):
        asked = draw.choices(keys, k=LOOKUPS)
        for name, find in ways.items():
            few = asked[: LOOKUPS // 8] if name.startswith("Redis") else asked
            took, cpu = [], time.process_time()
            for key in few:
                start = time.perf_counter_ns()
                find(key)
                took.append(time.perf_counter_ns() - start)
            cpu = (time.process_time() - cpu) / len(few)
            cuts = statistics.quantiles(took, n=100)
            runs.append(
                {"way": name, "turn": turn, "p50": cuts[49], "p99": cuts[98], "cpu": cpu * 1e9}
            )
    return runs


def ratio(runs: pd.DataFrame, way: str, base: str, column: str) -> float:
    """`way` over `base`, compared turn by turn; the median of the turns."""
    by_turn = runs.pivot(index="turn", columns="way", values=column)
    return float((by_turn[way] / by_turn[base]).median())


def all_lookups(candidate: Path, keys: list[str], folder: Path, rounds: int) -> pd.DataFrame:
    """Publish the candidate everywhere and look keys up in turns."""
    store = PredictionStore(folder / "store")
    store.publish(candidate)
    (version,) = (folder / "store").glob("board-*.sqlite")
    raw = sqlite3.connect(f"{version.as_uri()}?mode=ro&immutable=1", uri=True)
    plain = sqlite3.connect(version)
    find_raw, find_plain = raw.cursor().execute, plain.cursor().execute
    values = dict(raw.execute("SELECT key, value FROM predictions"))
    ways = {
        "dict": lambda key: values[key],
        "raw sqlite3": lambda key: find_raw(FIND, (key,)).fetchone()[0],
        "PredictionStore": store.lookup,
        "raw sqlite3 with locks": lambda key: find_plain(FIND, (key,)).fetchone()[0],
    }
    with store, closing(raw), closing(plain), local_redis() as url:
        if url is None:
            print("Redis: no redis-server here, so its price is not measured.")
        else:
            client = redis.Redis.from_url(url)
            shared = RedisPredictionStore(client)
            shared.publish(candidate)
            ways["Redis, bare HGET"] = lambda key: client.hget("predictions:{board}:1", key)
            ways["RedisPredictionStore"] = shared.lookup
        for find in ways.values():
            find(keys[0])  # connect, prepare
        return pd.DataFrame(measure_lookups(ways, keys, rounds))


def show_lookups(runs: pd.DataFrame) -> None:
    """One line per way: medians over the blocks, and the ratio to raw sqlite3."""
    print(f"\n{'one look-up':26}{'p50 us':>9}{'p99 us':>9}{'CPU us':>9}{'p50 / raw':>11}")
    for way, of_way in runs.groupby("way", sort=False):
        median = of_way[["p50", "p99", "cpu"]].median() / 1e3
        times = ratio(runs, way, "raw sqlite3", "p50")
        print(f"{way:26}{median.p50:9.2f}{median.p99:9.2f}{median.cpu:9.2f}{times:11.2f}")


def show_jobs(runs: pd.DataFrame, rows: int) -> None:
    """One line per way: medians over the turns, and the share of the bare loop's throughput."""
    print(f"\n{'batch':26}{'CPU s':>9}{'wall s':>9}{'rows/CPU s':>12}{'of bare':>9}")
    for way, of_way in runs.groupby("way"):
        median = of_way[["cpu", "wall"]].median()
        share = ratio(runs, "bare loop", way, "cpu")
        print(f"{way:26}{median.cpu:9.2f}{median.wall:9.2f}{rows / median.cpu:12,.0f}{share:9.2f}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9, help="turns of each way (default 9)")
    rounds = parser.parse_args().rounds
    model, keys = fit_or_load("timetable"), many_keys()
    print(
        f"{len(keys):,} keys, boosting on the timetable, {rounds} turns, CPU times of one thread."
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        jobs = pd.DataFrame(measure_jobs(model, keys, folder, rounds))
        our_job(model, keys, folder / "final.sqlite")
        lookups = all_lookups(folder / "final.sqlite", keys["key"].tolist(), folder, 4 * rounds)
    show_lookups(lookups)
    show_jobs(jobs, len(keys))
    lookup = ratio(lookups, "PredictionStore", "raw sqlite3", "p50")
    job = ratio(jobs, "bare loop", "ScoringJob", "cpu")
    bars = [
        (f"look-up p50 {lookup:.2f} x raw sqlite3, at most {LOOKUP_BAR}", lookup <= LOOKUP_BAR),
        (f"job throughput {job:.2f} x the bare loop, at least {JOB_BAR}", job >= JOB_BAR),
    ]
    print()
    for bar, held in bars:
        print(f"{bar}: {'holds' if held else 'falls short'}")
    return 0 if all(held for _, held in bars) else 1


if __name__ == "__main__":
    sys.exit(main())
