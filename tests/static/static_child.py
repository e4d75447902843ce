"""What the tests of static inference run in another process, to be killed or to look on."""

import itertools
import json
import sys
import threading

from lessons_lib.static.store import PredictionStore


def say(thing):
    print(json.dumps(thing), flush=True)


def told_to_stop():
    """An event that is set when the parent closes our standard input."""
    event = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), event.set()), daemon=True).start()
    return event


def hammer(folder, rows):
    """Look up without pause; each version holds one value in all its rows, its own number."""
    store, stop = PredictionStore(folder), told_to_stop()
    keys = [f"key {n:06d}" for n in range(int(rows))]
    pair = [keys[0], keys[-1]]
    reads, mixed, missing, backwards, seen = 0, 0, 0, 0, set()
    last = 0.0
    say("ready")
    while not stop.is_set():
        for answers in (store.lookup_many(pair), [store.lookup(keys[reads % len(keys)])]):
            values = {answer.value for answer in answers}
            missing += None in values
            mixed += len(values) > 1
            value = max(v or 0.0 for v in values)
            backwards += value < last
            last = value
            seen.add(value)
            reads += 1
    say({"reads": reads, "mixed": mixed, "missing": missing, "backwards": backwards,
         "versions": len(seen), "last": last})  # fmt: skip


def publish(folder, candidates, ready):
    """Publish the candidates in turn, without end."""
    store = PredictionStore(folder, keep=3)
    ready.set()
    for candidate in itertools.cycle(candidates):
        store.publish(candidate)


def score(candidate, log, rows, chunk):
    """Run a job whose model logs each row that it scores."""
    from static_tables import Logged, numbered_keys

    from lessons_lib.static.job import ScoringJob

    say("ready")
    ScoringJob(
        Logged(log), numbered_keys(int(rows)), candidate, chunk_size=int(chunk),
        as_of=7.0, model_name="logged", progress=False,
    ).run()  # fmt: skip
    say("done")


def refresh(folder, log, rows):
    """Refresh the store in a folder with a feed in which half of its keys change."""
    from dataclasses import asdict
    from pathlib import Path

    from static_tables import Logged, tenths

    from lessons_lib.static.gate import Limits
    from lessons_lib.static.refresh import refresh

    model = Logged(log)
    model.slope = 1e-3
    loose = Limits(rows_moved=1, rows_jumped=1, rank=-1)
    say("ready")
    report = refresh(
        PredictionStore(Path(folder) / "store"), model, tenths(int(rows))[1],
        Path(folder) / "next.sqlite", as_of=200.0, model_name="t", limits=loose, chunk_size=20,
    )  # fmt: skip
    say(asdict(report))


if __name__ == "__main__":
    {"hammer": hammer, "score": score, "refresh": refresh}[sys.argv[1]](*sys.argv[2:])
