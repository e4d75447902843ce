"""The two services of lesson 08, each for a process of its own; their folder holds what they share with you.

One answers from the live model with serving code of its own, and logs what it was told. While there
is a file ``celsius`` in its folder, the weather feed speaks degrees Celsius. The other one answers
from the table that was published into the folder last.
"""

import json
import math
import time
from pathlib import Path

import pandas as pd
from fastapi import FastAPI

from lessons_lib import board, models
from lessons_lib.answer import Answer
from lessons_lib.dynamic.apps import load_flights_onnx
from lessons_lib.dynamic.load import closed_loop
from lessons_lib.dynamic.server import Server
from lessons_lib.dynamic.service import create_app
from lessons_lib.labs.l03_faults import FaultyInputs
from lessons_lib.static.job import ScoringJob
from lessons_lib.static.store import PredictionStore

LOG, CELSIUS = "requests.jsonl", "celsius"
MODEL = "live_logistic"


def to_celsius(values):
    """The fault: a thermometer that has changed its unit."""
    return {"temp": (values["temp"] - 32) / 1.8}


def start(app: str, folder: str | Path) -> Server:
    """Start ``"live_board"`` or ``"table_board"`` in a folder, with an empty log and a healthy feed."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for left in (LOG, CELSIUS):
        (folder / left).unlink(missing_ok=True)
    return Server(f"{__name__}:{app}", folder=folder)


def ask(server: Server, flights: pd.DataFrame) -> dict[int, int]:
    """Ask a service once for each of some flights of the board: how often it gave each status."""
    names = ["carrier", "origin", "dest", "hour", "time"]
    bodies = [
        {**flight._asdict(), "date": str(flight.time.date()), "minute": flight.time.minute}
        for flight in flights[names].itertuples(index=False)
    ]
    for body in bodies:
        del body["time"]
    url, count = f"{server.url}/predict", len(bodies)
    answers = closed_loop(url, bodies, clients=2, seconds=120, max_requests=count)
    return answers["status"].value_counts().to_dict()


def live_board() -> FastAPI:
    """Answers from the live model, with a log in the working folder."""
    return create_app(_logged, model=f"{MODEL}, ONNX")


def table_board() -> FastAPI:
    """Answers from the table in the working folder."""
    return create_app(PredictionStore(Path.cwd()), model="table")


class Logged:
    """A predictor with serving code of its own, which logs what the feed said and what it made of it."""

    def __init__(self, model, inputs, folder: Path):
        self.model, self.folder = model, folder
        celsius = folder / CELSIUS
        self.inputs = FaultyInputs(inputs, lambda x: to_celsius(x) if celsius.exists() else {})

    def answer(self, request: board.FlightRequest) -> Answer:
        """The model's answer; one line of the log."""
        began = time.time()
        reading = self.inputs.known(request)
        served = reading._replace(**_quick_and_dirty(reading._asdict()))
        value = self.model.predict_one(request, served)
        told = {"reading": _plain(reading), "served": _plain(served), "answer": value}
        flight = {"carrier": request.carrier, "origin": request.origin, "dest": request.dest}
        line = {**flight, "hour": request.hour, "minute": request.scheduled, **told}
        with open(self.folder / LOG, "a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")
        return Answer(value, "model", time.time() - began)


def read_log(folder: str | Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What the feed told for each logged request, with its key and answer; and what was served.

    One row a request in both, numbered in the order of the log.
    """
    lines = Path(folder, LOG).read_text(encoding="utf-8").splitlines()
    log = pd.DataFrame([json.loads(line) for line in lines])
    reading, served = (
        pd.DataFrame(log.pop(name).tolist(), columns=board.LIVE, dtype=float)
        for name in ("reading", "served")
    )
    return pd.concat([log, reading], axis=1), served


def training_features(log: pd.DataFrame) -> pd.DataFrame:
    """What the training code makes of the readings in a log: its own columns, one row a request."""
    features = models.fit_or_load(MODEL).features
    return pd.DataFrame(features.matrix(log), log.index, features.columns)[list(board.LIVE)]


def publish_table(folder: str | Path, *, hours_old: float) -> PredictionStore:
    """Publish the table of the training months' keys, as if its job had begun so long ago."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    keys = board.timetable_keys(board.split(board.load_board()).train)
    as_of = time.time() - 3_600 * hours_old
    settings = {"as_of": as_of, "model_name": "timetable", "overwrite": True, "progress": False}
    ScoringJob(models.fit_or_load("timetable"), keys, folder / "candidate.sqlite", **settings).run()
    store = PredictionStore(folder, keep=2)
    store.publish(folder / "candidate.sqlite")
    return store


def _quick_and_dirty(values: dict) -> dict:
    """The skew: the training code leaves gaps to the model, which fills them with the mean."""
    return {name: 0.0 if math.isnan(values[name]) else values[name] for name in board.WEATHER}


def _plain(values) -> list[float | None]:
    return [None if math.isnan(value) else value for value in values]


def _logged() -> Logged:
    ready = load_flights_onnx(MODEL)
    return Logged(ready.model, ready.inputs, Path.cwd())
