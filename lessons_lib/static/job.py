"""The batch job of static inference: score every key ahead of time, and survive being killed.

The loop is the one that lesson 02 has you write: take a chunk of keys, ask the model, write the rows.
What this version adds is the checkpoint. Each chunk's rows and the count of rows done are written
in *one* transaction, so that after a crash either both are there or neither is: no key is lost, none
is written twice, and at most the chunk that was on its way is scored again.

The job knows a model only as something with ``predict_proba``, and does not publish.
"""

import hashlib
import sqlite3
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from numbers import Real
from pathlib import Path

import numpy as np
import pandas as pd
from tqdm import tqdm

from lessons_lib.answer import Clock
from lessons_lib.static import table
from lessons_lib.static.errors import ResumeError, spelled, telling

ANEW = "Give a new candidate path, or overwrite=True to begin anew"
PATIENCE = 30.0
"""Seconds that a chunk waits for another process that has the candidate locked."""


@dataclass(frozen=True)
class JobReport:
    """What one run of a job did.

    It made `rows` predictions in so many `seconds` by the wall, and found `resumed_from` of them
    done when it began.
    """

    rows: int
    resumed_from: int
    seconds: float

    @property
    def total(self) -> int:
        """Predictions in the candidate now."""
        return self.resumed_from + self.rows

    @property
    def rows_per_second(self) -> float:
        """Throughput of this run; NaN if it had nothing left to do."""
        return self.rows / self.seconds if self.rows else float("nan")

    def __str__(self) -> str:
        start = f", resumed from {self.resumed_from:,}" if self.resumed_from else ""
        pace = f" ({self.rows_per_second:,.0f} a second)" if self.rows else ""
        return f"{self.rows:,} rows scored in {self.seconds:.2f} s{pace}{start}; {self.total:,} in all."


class ScoringJob:
    """Score all keys into a candidate table, chunk by chunk, from where it last stopped.

    Parameters
    ----------
    model : object
        With ``predict_proba(frame)``, of shape (rows, 2): the second column is kept.
    keys_frame : DataFrame
        One row per key: a column ``key`` (texts, each once, else ValueError) and what the model
        reads.
    candidate_path : path
        The SQLite file to write; continued if a run with the same input left it unfinished.
    chunk_size : int
        Rows scored and committed at a time. It may differ from run to run.
    as_of : float, optional
        When the information in `keys_frame` was taken, in seconds since the epoch. By default the
        moment of the first start, by `clock`.
    model_name : str, optional
        Name and version of the model; goes into the table. A model without one is known by the
        name of its class and, when a job is resumed, by its content.
    overwrite : bool
        Begin anew, whatever stands at `candidate_path`.
    progress : bool
        Show a progress bar on stderr.

    Examples
    --------
    >>> import tempfile
    >>> class Coin:
    ...     def predict_proba(self, frame):
    ...         return np.full((len(frame), 2), 0.5)
    >>> folder = tempfile.TemporaryDirectory()
    >>> job = ScoringJob(Coin(), pd.DataFrame({"key": ["b", "a"]}),
    ...                  Path(folder.name) / "candidate.sqlite", as_of=0.0, progress=False)
    >>> job.run().rows, job.run().rows
    (2, 0)
    >>> folder.cleanup()
    """

    def __init__(
        self,
        model,
        keys_frame: pd.DataFrame,
        candidate_path,
        *,
        chunk_size: int = 10_000,
        as_of: float | None = None,
        model_name: str | None = None,
        overwrite: bool = False,
        progress: bool = True,
        clock: Clock = time.time,
    ):
        if chunk_size < 1:
            raise ValueError(f"chunk_size is {chunk_size}: give 1 row or more.")
        if as_of is not None and not (isinstance(as_of, Real) and np.isfinite(as_of)):
            raise ValueError(f"as_of is {as_of!r}: give seconds since the epoch, or None for now.")
        self.model, self.frame = model, in_key_order(keys_frame)
        self.path, self.chunk_size = Path(candidate_path), int(chunk_size)
        self.as_of, self.clock = as_of, clock
        self.model_name = model_name or type(model).__name__
        self._named = model_name is not None
        self.overwrite, self.progress = overwrite, progress

    def run(self) -> JobReport:
        """Score what is not scored yet.

        Raises ResumeError if the candidate was begun with other keys, another model or another
        as_of, or if another job is writing it; TableError if the file at the candidate's path is
        something else, or cannot be written.
        """
        started = time.perf_counter()
        keys, total = self.frame["key"].tolist(), len(self.frame)
        moment = self.clock() if self.as_of is None else self.as_of
        overwrite, self.overwrite = self.overwrite, False  # a second run() goes on, not back
        with Checkpoint(self.path, overwrite=overwrite) as candidate:
            done = candidate.begin(self.identity(), total, moment)
            with tqdm(
                desc=f"Scoring {self.path.name}",
                initial=done,
                total=total,
                unit="key",
                file=sys.stderr,
                disable=not self.progress,
            ) as bar:
                for first, values in self.scored(done):
                    candidate.commit(keys[first : first + len(values)], values.tolist(), first)
                    bar.update(len(values))
        return JobReport(total - done, done, time.perf_counter() - started)

    def scored(self, done: int) -> Iterator[tuple[int, np.ndarray]]:
        """The first row and the predictions of each chunk from row `done` on, in order."""
        for first, chunk in self.chunks(done):
            yield first, probabilities(self.model, chunk)

    def chunks(self, done: int) -> Iterator[tuple[int, pd.DataFrame]]:
        """The first row and the rows of each chunk from row `done` on, in order."""
        for first in range(done, len(self.frame), self.chunk_size):
            yield first, self.frame.iloc[first : first + self.chunk_size]

    def identity(self) -> dict[str, str]:
        """What must not change between two runs of one job, by name."""
        identity = {
            "model": self.model_name,
            "model fingerprint": fingerprint_model(self.model, named=self._named),
            "keys": fingerprint_frame(self.frame),
        }
        return identity if self.as_of is None else {**identity, "as_of": repr(float(self.as_of))}


def in_key_order(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of `frame` sorted by ``key``; raises ValueError unless the keys are distinct texts.

    Sorted keys fill a table from left to right, and a checkpoint needs no more than a count.
    """
    if "key" not in frame.columns:
        raise ValueError(f"keys_frame has the columns {list(frame.columns)}: it needs one 'key'.")
    keys = frame["key"].tolist()
    for row, key in enumerate(keys):
        try:
            key.encode()  # half a character cannot be stored
        except (AttributeError, UnicodeEncodeError):
            message = f"The key {key!r} in row {row} of keys_frame is no text, or broken."
            raise ValueError(message) from None
    if len(set(keys)) < len(keys):
        repeated = frame["key"][frame["key"].duplicated()]
        raise ValueError(
            f"The key {spelled(repeated.iloc[0])} is there more than once ({len(repeated):,} rows too "
            f"many): drop_duplicates('key') before scoring."
        )
    # Python sorts texts in half the time that pandas takes, and in no time if they are in order.
    order = sorted(range(len(keys)), key=keys.__getitem__)
    return frame.take(order).reset_index(drop=True)


def probabilities(model, frame: pd.DataFrame) -> np.ndarray:
    """The model's probability of "late", shape (rows,); raises ValueError for another shape."""
    made = np.asarray(model.predict_proba(frame), dtype=float)
    if made.shape != (len(frame), 2):
        raise ValueError(
            f"predict_proba gave the shape {made.shape} for {len(frame):,} rows: it must give "
            f"({len(frame)}, 2), one column per class."
        )
    return made[:, 1]


class Checkpoint:
    """A candidate that is being written, chunk by chunk; `overwrite` deletes what stands there."""

    def __init__(self, path, *, overwrite: bool = False):
        self.path = Path(path)
        with table.fork_waits, telling(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if overwrite:
                # The journal goes first: without it a half-written file is still refused, while
                # an old journal would be played back into a new file.
                self.path.with_name(self.path.name + "-journal").unlink(missing_ok=True)
                self.path.unlink(missing_ok=True)
            self._connection = sqlite3.connect(self.path, isolation_level=None, timeout=PATIENCE)

    def begin(self, identity: dict[str, str], planned: int, as_of: float) -> int:
        """Start a candidate of `planned` rows, or find an earlier one: how many rows are done.

        Raises ResumeError if that one was begun with another identity, in which an empty text
        matches anything, or was changed since; CorruptTableError if the file is no candidate.
        """
        notes = {"as_of": repr(float(as_of)), **identity, "rows_planned": planned, "rows_done": 0}
        with self._transaction() as connection:
            if not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
                connection.execute(table.CREATE_PREDICTIONS)
                connection.execute(table.CREATE_META)
                connection.executemany("INSERT INTO meta VALUES (?, ?)", notes.items())
            meta = table.read_meta(connection)
            rows = connection.execute("SELECT count(*) FROM predictions").fetchone()[0]
        for what, now in identity.items():
            begun = meta.get(what, "")
            if now != begun and now and begun:
                same = f"; if it is the same model, say so with model_name={meta.get('model')!r}"
                raise ResumeError(
                    f"{self.path} was begun with another {what} ({begun[:20]}, now {now[:20]}): the "
                    f"two would be mixed in one table. {ANEW}{same * what.startswith('model')}."
                )
        if meta.get("rows_done") != str(rows):
            raise ResumeError(
                f"{self.path} holds {rows:,} rows and its checkpoint says "
                f"{meta.get('rows_done', 'nothing')}: something else wrote to it. {ANEW}."
            )
        return rows

    def commit(self, keys: Sequence[str], values: Sequence[float], done: int) -> None:
        """Write one chunk, in key order, and move the checkpoint from `done`, both or neither.

        Raises ResumeError if the checkpoint stands elsewhere, because another job writes the same
        candidate; TableError if the disk is full, or the file cannot be written.
        """
        with self._transaction() as connection:
            moved = connection.execute(
                "UPDATE meta SET value = ? WHERE name = 'rows_done' AND value = ?",
                (str(done + len(keys)), str(done)),
            ).rowcount
            if moved != 1:
                raise ResumeError(
                    f"Another job is writing {self.path}: let it finish, or give this one another "
                    f"candidate path."
                )
            connection.executemany(
                "INSERT INTO predictions VALUES (?, ?)", zip(keys, values, strict=True)
            )

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """All that the block writes, or, where it fails, nothing."""
        with table.fork_waits, telling(self.path), self._connection as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection

    def __enter__(self) -> "Checkpoint":
        return self

    def __exit__(self, *exception) -> None:
        with table.fork_waits:
            self._connection.close()


def fingerprint_frame(frame) -> str:
    """A digest of a keys frame, all columns and rows, the same in every process."""
    digest = hashlib.sha256("\0".join(map(str, frame.columns)).encode())
    # The keys as one text: they are all distinct, which pandas' hashing is slow at.
    digest.update("\0".join(frame["key"].tolist()).encode())
    features = frame.drop(columns="key")
    digest.update(pd.util.hash_pandas_object(features, index=False).to_numpy().tobytes())
    return digest.hexdigest()


def fingerprint_model(model, *, named: bool) -> str:
    """A digest of what a model has learned, or an empty text where none can be had.

    A scikit-learn estimator does not change when it predicts, so its content always counts, also
    when it stands within another object. Of other objects that is not known (a wrapper may count
    its calls): a name given by the caller vouches for them, and only without one do they count.
    """
    learned = model
    for _ in range(5):  # a wrapper in a wrapper, but not without end
        if learned is None or hasattr(learned, "get_params"):
            break
        learned = getattr(learned, "model", None) or getattr(learned, "estimator", None)
    else:
        learned = None
    if learned is None and named:
        return ""
    import joblib

    try:
        return joblib.hash(model if learned is None else learned)
    except Exception:  # whatever pickling a stranger's object may raise
        return ""
