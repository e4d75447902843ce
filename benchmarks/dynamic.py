"""What a request costs: the course's service against plain FastAPI, LitServe and BentoML.

    python benchmarks/dynamic.py

All contenders serve the same fitted model (gradient boosting with live inputs) through the same
predictor, with one worker and ``OMP_NUM_THREADS=1``, and get the same bytes from ``wrk``. Each
peer has an environment of its own, made on the first run (needs a network then). They take turns
within every round, and are started anew a few times, because one and the same program can be a
third slower in one process than in the next. Medians over all rounds are shown, for ratios too.

Most bars are on CPU per request, all processes of a contender together: on a shared machine
wall-clock figures say little. Plain FastAPI runs the model in its event loop, without a thread that
could be given up when it hangs; beside it, with the exported model, the p99 counts as well. It is
compared as the median of ours by the median of theirs: one pause of the machine makes one p99.

Exit code 1 if a bar falls short.
"""

import argparse
import json
import random
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median

from dynamic_peers.environments import NoEnvironment, python_of
from dynamic_peers.running import Contender, Measured

from lessons_lib.board import load_board, requests_of, split
from lessons_lib.models import export_onnx, fit_or_load
from lessons_lib.models.cache import cache_folder

CONNECTIONS = (1, 16)
OURS, BARE = "our service", "plain FastAPI"
PEERS = (BARE, "LitServe", "BentoML")
MODELS = ("scikit-learn", "ONNX")
MOST = {"scikit-learn": 1.3, "ONNX": 1.2}
"""How many times the CPU of a bare endpoint our service may take with the same model."""
MOST_P99 = 2.0
"""How many times its p99, with the exported model."""

Runs = dict[tuple[str, str, int], list[Measured]]


def main() -> int:
    """Measure, print, judge; the exit code."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--starts", type=int, default=3, help="of each contender")
    arguments.add_argument("--rounds", type=int, default=2, help="of load after each start")
    arguments.add_argument("--seconds", type=int, default=1, help="of load in each turn")
    settings = arguments.parse_args()
    if shutil.which("wrk") is None:
        print("wrk is missing: apt-get install wrk (Debian), brew install wrk (macOS).")
        return 1
    try:
        pythons = {name: str(python_of(name)) for name in ("fastapi", "litserve", "bentoml")}
    except NoEnvironment as problem:
        print(problem)
        return 1
    runs: Runs = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = write_bodies(folder / "bodies.txt")
        export_onnx(fit_or_load("live"), folder / "live.onnx")
        for _ in range(settings.starts):
            contenders: list[Contender] = []
            try:
                start_all(contenders, pythons, folder)
                check_same_answers(contenders, lines)
                measure(contenders, folder / "bodies.txt", settings.rounds, settings.seconds, runs)
            finally:
                for contender in contenders:
                    contender.stop()
    show(runs)
    return judge(runs)


def start_all(contenders: list[Contender], pythons: dict[str, str], folder: Path) -> None:
    """Start each contender with each model, and add it to `contenders` at once."""
    for model, told in zip(MODELS, ("sklearn", str(folder / "live.onnx")), strict=True):
        environment = {"BENCHMARK_MODEL": told, "LESSONS_CACHE": str(cache_folder())}
        for who, command in commands(pythons).items():
            log = folder / f"{len(contenders)}.log"
            contenders.append(Contender(who, model, command, environment, log))


def commands(pythons: dict[str, str]) -> dict[str, list[str]]:
    """How each contender is started; ``{port}`` is filled in later."""
    quiet = ["--host", "127.0.0.1", "--port", "{port}", "--no-access-log", "--log-level", "warning"]
    bento = ["serve", "plain_bentoml:Flights", "--host", "127.0.0.1", "--port", "{port}"]
    return {
        OURS: [sys.executable, "-m", "uvicorn", "ours:app", *quiet],
        BARE: [pythons["fastapi"], "-m", "uvicorn", "plain_fastapi:app", *quiet],
        "LitServe": [pythons["litserve"], "plain_litserve.py", "{port}"],
        "BentoML": [pythons["bentoml"], "-m", "bentoml", *bento],
    }


def write_bodies(path: Path, count: int = 200) -> list[str]:
    """Real flights of the test months as request bodies, one a line; the lines."""
    flights = split(load_board()).test.sample(count, random_state=0)
    lines = []
    for flight in requests_of(flights):
        form = {name: getattr(flight, name) for name in ("carrier", "origin", "dest", "hour")}
        lines.append(json.dumps({**form, "date": flight.date.isoformat()}))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return lines


def check_same_answers(contenders: list[Contender], lines: list[str]) -> None:
    """Wait until all are ready, and make sure that all do the same work."""
    expected = contenders[0].values(lines)
    for contender in contenders[1:]:
        pairs = zip(contender.values(lines), expected, strict=True)
        worst = max(abs(one - other) for one, other in pairs)
        if worst > 1e-5:
            raise RuntimeError(f"{contender.name}, {contender.model}: answers differ by {worst}.")


def measure(
    contenders: list[Contender], bodies: Path, rounds: int, seconds: int, runs: Runs
) -> None:
    """Add runs, by name, model and connections. Who comes first changes from round to round."""
    for number in range(rounds + 1):
        for connections in CONNECTIONS:
            for contender in random.sample(contenders, len(contenders)):
                one = contender.load(connections, seconds, bodies)
                if number:  # the first round only warms up
                    key = (contender.name, contender.model, connections)
                    runs.setdefault(key, []).append(one)


def ratio(runs: Runs, one: tuple[str, str, int], other: tuple[str, str, int]) -> float:
    """CPU per request of `one` as a multiple of `other`: the median over the rounds."""
    pairs = zip(runs[one], runs[other], strict=True)
    return median(a.cpu_ms / b.cpu_ms for a, b in pairs)


def show(runs: Runs) -> None:
    """The table: medians, and the ratio of CPU to the bare endpoint with the same model."""
    print(
        f"{'':14} {'model':12} {'connections':>11} {'requests/s':>10} {'p50 ms':>8} {'p99 ms':>8}"
        f" {'CPU ms/request':>14} {'x plain FastAPI':>15}"
    )
    for connections in CONNECTIONS:
        for key in [(who, model, connections) for model in MODELS for who in (OURS, *PEERS)]:
            many = runs[key]
            one = Measured(*[median(column) for column in zip(*many, strict=True)])
            times = ratio(runs, key, (BARE, key[1], connections))
            print(
                f"{key[0]:14} {key[1]:12} {connections:11d} {one.per_second:10.0f}"
                f" {one.p50_ms:8.2f} {one.p99_ms:8.2f} {one.cpu_ms:14.3f} {times:15.2f}"
            )


def judge(runs: Runs) -> int:
    """One line a bar; 1 if one falls short."""
    code = 0
    for connections in CONNECTIONS:
        for peer in PEERS:
            times = ratio(runs, (OURS, "ONNX", connections), (peer, "scikit-learn", connections))
            told = f"ONNX-backed service {times:.2f} x {peer}, below 1"
            code |= say(times < 1, f"{connections:2d} connections: {told}")
        for model, most in MOST.items():
            times = ratio(runs, *[(name, model, connections) for name in (OURS, BARE)])
            told = f"{model}-backed service {times:.2f} x {BARE}, at most {most}"
            code |= say(times <= most, f"{connections:2d} connections: {told}")
        ours, bare = [
            median(one.p99_ms for one in runs[name, "ONNX", connections]) for name in (OURS, BARE)
        ]
        told = f"ONNX-backed service {ours / bare:.2f} x {BARE}, at most {MOST_P99}"
        code |= say(ours <= MOST_P99 * bare, f"{connections:2d} connections: {told}", "p99")
    return code


def say(holds: bool, bar: str, what: str = "CPU per request") -> int:
    """Print a bar with its verdict; 0 if it holds."""
    print(f"{'holds      ' if holds else 'falls short'}  {what}, {bar}")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
