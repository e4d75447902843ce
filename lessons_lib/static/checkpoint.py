"""The file a scoring job writes: its rows, and how far it has come, always in step.

Stands behind `lessons_lib.static.job` in lesson 02. It knows rows and fingerprints, and neither
how a model predicts nor what is done with the finished table.
"""

import hashlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from lessons_lib.static import table
from lessons_lib.static.errors import CorruptTableError, ResumeError

ANEW = "Give a new candidate path, or overwrite=True to begin anew"


class Checkpoint:
    """A candidate that is being written, chunk by chunk.

    Parameters
    ----------
    path : path
        The SQLite file; made when absent.
    overwrite : bool
        Delete what stands there first.
    """

    def __init__(self, path, *, overwrite: bool = False):
        self.path = Path(path)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if overwrite:
            # The journal goes first: without it a half-written file is still refused, while an
            # old journal would be played back into a new file.
            self.path.with_name(self.path.name + "-journal").unlink(missing_ok=True)
            self.path.unlink(missing_ok=True)
        self._connection = sqlite3.connect(self.path, isolation_level=None, timeout=30.0)

    def begin(self, identity: dict[str, str], planned: int, as_of: float) -> int:
        """Start a candidate, or find out how far an earlier run came.

        Parameters
        ----------
        identity : dict of str to str
            What must be the same in each run of one job. An empty text matches anything.
        planned : int
            How many rows the finished candidate has.
        as_of : float
            The moment of the information, for a new candidate.

        Returns
        -------
        int
            How many rows are done.

        Raises
        ------
        ResumeError
            If the candidate was begun with another identity, or was changed since.
        CorruptTableError
            If the file is not a candidate.
        """
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            if not self._connection.execute("SELECT 1 FROM sqlite_master").fetchone():
                self._create(identity, planned, as_of)
            meta = table.read_meta(self._connection)
            rows = self._connection.execute("SELECT count(*) FROM predictions").fetchone()[0]
            self._connection.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            raise CorruptTableError(
                f"{self.path} is not a candidate that can be written ({error}). {ANEW}."
            ) from None
        self._check_same(meta, identity)
        if meta.get("rows_done") != str(rows):
            raise ResumeError(
                f"{self.path} holds {rows:,} rows and its checkpoint says "
                f"{meta.get('rows_done', 'nothing')}: something else wrote to it. {ANEW}."
            )
        return rows

    def commit(self, keys: Sequence[str], values: Sequence[float], done: int) -> None:
        """Write one chunk and move the checkpoint, both or neither.

        Parameters
        ----------
        keys, values : sequences of one length
            In key order. NaN is stored as a missing value.
        done : int
            Rows that were done before this chunk.

        Raises
        ------
        ResumeError
            If the checkpoint stands elsewhere, because another job writes the same candidate.
        """
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
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
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def __enter__(self) -> "Checkpoint":
        return self

    def __exit__(self, *exception) -> None:
        self._connection.close()

    def _create(self, identity: dict[str, str], planned: int, as_of: float) -> None:
        self._connection.execute(table.CREATE_PREDICTIONS)
        self._connection.execute(table.CREATE_META)
        notes = {
            "as_of": repr(float(as_of)),
            **identity,
            "rows_planned": str(planned),
            "rows_done": "0",
        }
        self._connection.executemany("INSERT INTO meta VALUES (?, ?)", notes.items())

    def _check_same(self, meta: dict[str, str], identity: dict[str, str]) -> None:
        for what, now in identity.items():
            begun = meta.get(what, "")
            if now != begun and now and begun:
                raise ResumeError(
                    f"{self.path} was begun with another {what} ({begun[:20]}, now {now[:20]}): the "
                    f"two would be mixed in one table. {ANEW}{_hint(what, meta)}."
                )


def fingerprint_frame(frame) -> str:
    """A digest of a keys frame, all columns and rows, the same in every process."""
    import pandas as pd

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
    learned = _estimator(model)
    if learned is None and named:
        return ""
    import joblib

    try:
        return joblib.hash(model if learned is None else learned)
    except Exception:  # whatever pickling a stranger's object may raise
        return ""


def _estimator(model):
    """The scikit-learn estimator that `model` is, or holds as its ``model`` or ``estimator``."""
    for _ in range(5):  # a wrapper in a wrapper, but not without end
        if model is None or hasattr(model, "get_params"):
            return model
        model = getattr(model, "model", None) or getattr(model, "estimator", None)
    return None


def _hint(what: str, meta: dict[str, str]) -> str:
    if not what.startswith("model"):
        return ""
    return f"; if it is the same model, say so with model_name={meta.get('model')!r}"
