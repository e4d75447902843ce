"""Candidates, models and child processes that the tests of static inference share."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pandas as pd

CHILD = Path(__file__).with_name("static_child.py")


def write_candidate(path, values, *, as_of=0.0, model="fake"):
    """A candidate as a job leaves it, written with nothing but sqlite3."""
    Path(path).unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "CREATE TABLE predictions(key TEXT PRIMARY KEY, value REAL) WITHOUT ROWID"
        )
        connection.execute("CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT)")
        connection.executemany("INSERT INTO predictions VALUES (?, ?)", sorted(values.items()))
        notes = {"as_of": as_of, "model": model}
        connection.executemany("INSERT INTO meta VALUES (?, ?)", notes.items())
        connection.commit()
    return path


def read_rows(path):
    """All rows of a table, in the order in which the file holds them."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT key, value FROM predictions").fetchall()


def numbered_keys(count):
    """A keys frame in no good order, whose feature decides the prediction of `Linear`."""
    number = np.random.default_rng(0).permutation(count)
    return pd.DataFrame({"key": [f"key {n:06d}" for n in number], "number": number})


def tenths(count):
    """A keys frame of numbers within 100..500, and a feed in which half of them change."""
    numbers = np.random.default_rng(2).integers(100, 500, (2, count))
    keys = pd.DataFrame({"key": [f"key {n:06d}" for n in range(count)], "number": numbers[0]})
    feed = keys[::2].assign(at=150.0, number=numbers[1][::2])
    return keys, feed


class Linear:
    """A model whose prediction is known: slope x number."""

    def __init__(self, slope=1e-5):
        self.slope = slope

    def predict_proba(self, frame):
        late = self.slope * frame["number"].to_numpy(dtype=float)
        return np.column_stack([1 - late, late])


class Logged(Linear):
    """A model that writes into a file how many rows it scored, at once, whatever happens next."""

    def __init__(self, log):
        super().__init__()
        self.log = str(log)

    def predict_proba(self, frame):
        handle = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(handle, f"{len(frame)}\n".encode())
        os.close(handle)
        return super().predict_proba(frame)


def rows_logged(log):
    """How many rows a `Logged` model has scored in all."""
    return sum(map(int, Path(log).read_text().split())) if Path(log).exists() else 0


class Child:
    """A command of static_child.py in a process of its own, always ended."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen(
            [sys.executable, str(CHILD), *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def read(self):
        """Its next line, as JSON."""
        line = self.process.stdout.readline()
        assert line, f"the child ended with {self.process.wait()}"
        return json.loads(line)

    def finish(self):
        """Tell it to stop, and read its last word."""
        self.process.stdin.close()
        return self.read()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.process.kill()  # SIGKILL; TerminateProcess on Windows
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()
