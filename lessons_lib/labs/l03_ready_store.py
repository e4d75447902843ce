"""The published table that lesson 02 builds step by step, in one call.

It knows the board, its timetable model and the store.
"""

import time
from pathlib import Path

from lessons_lib import board, models
from lessons_lib.answer import Clock
from lessons_lib.static.job import ScoringJob
from lessons_lib.static.store import PredictionStore


def ready_store(folder: str | Path, clock: Clock = time.time) -> PredictionStore:
    """A store in `folder` that serves the timetable model's prediction of every key of the year.

    Its information is of this moment of `clock`, and ages by it. Called again on the same folder it publishes one version more.

    >>> import tempfile
    >>> temporary = tempfile.TemporaryDirectory()
    >>> store = ready_store(temporary.name)
    >>> store.lookup("UA EWR IAH 05").source, store.lookup("ZZ EWR IAH 05").source
    ('table', 'default')
    >>> store.close()
    >>> temporary.cleanup()
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    keys, model = board.timetable_keys(board.load_board()), models.fit_or_load("timetable")
    settings = {"model_name": "timetable", "as_of": clock(), "overwrite": True, "progress": False}
    ScoringJob(model, keys, folder / "candidate.sqlite", **settings).run()
    store = PredictionStore(folder, clock=clock, keep=2)
    store.publish(folder / "candidate.sqlite")
    return store
