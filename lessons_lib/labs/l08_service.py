"""The live service of lesson 08, with serving code of its own and a log; how services are started and asked.

Its folder holds what it shares with you: the log, and a file ``celsius`` while the weather feed
speaks degrees Celsius.
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

MODEL, LOG, CELSIUS = "live_logistic", "requests.jsonl", "celsius"


def to_celsius(values):
    """The fault: a thermometer that has changed its unit."""
    return {"temp": (values["temp"] - 32) / 1.8}


def start(app: str, folder: str | Path) -> Server:
    """Start ``"l08_service:live_board"`` or ``"l08_table:table_board"`` in a folder.

    The log is empty then, and the feed healthy.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for left in (LOG, CELSIUS):
        (folder / left).unlink(missing_ok=True)
    return Server(f"lessons_lib.labs.{app}", folder=folder)


def ask(server: Server, flights: pd.DataFrame) -> dict[int, int]:
    """Ask a service once for each of some flights of the board: how often it gave each status."""
    bodies = [
        {**request._asdict(), "date": str(request.date)} for request in board.requests_of(flights)
    ]
    limits = {"seconds": 120, "max_requests": len(bodies)}
    return closed_loop(f"{server.url}/predict", bodies, **limits)["status"].value_counts().to_dict()


def live_board() -> FastAPI:
    """Answers from the live model, with a log in the working folder."""
    return create_app(lambda: Logged(load_flights_onnx(MODEL), Path.cwd()), model=MODEL)


class Logged:
    """A predictor with serving code of its own; it logs what the feed said, and what the model read."""

    def __init__(self, ready: models.ModelPredictor, folder: Path):
        self.model, self.log = ready.model, folder / LOG
        celsius = folder / CELSIUS
        self.inputs = FaultyInputs(
            ready.inputs, lambda x: to_celsius(x) if celsius.exists() else {}
        )

    def answer(self, request: board.FlightRequest) -> Answer:
        """The model's answer, and one line more in the log."""
        began = time.time()
        reading = self.inputs.known(request)
        # The skew: training leaves the gaps to the model, which fills them with its means.
        gaps = [name for name in board.WEATHER if math.isnan(getattr(reading, name))]
        known = reading._replace(**dict.fromkeys(gaps, 0.0))
        value = self.model.predict_one(request, known)
        read = self.model.features.row(request, known)[0, -len(board.LIVE) :]
        line = {**request._asdict(), "date": str(request.date), "answer": value}
        line |= {"scheduled": request.scheduled, "reading": _plain(reading), "served": _plain(read)}
        with open(self.log, "a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")
        return Answer(value, "model", time.time() - began)


def read_log(folder: str | Path, day: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Of a day of the year what was asked, read and answered; and what was given to the model.

    One row a request in both, numbered alike. The log keeps four decimals; of requests for the same
    flight the last one counts.
    """
    lines = Path(folder, LOG).read_text(encoding="utf-8").splitlines()
    log = pd.DataFrame([json.loads(line) for line in lines])
    log = log[log["scheduled"] // 1440 + 1 == day]
    log = log.drop_duplicates(["carrier", "origin", "dest", "scheduled"], keep="last")
    reading, served = (
        pd.DataFrame(log.pop(name).tolist(), log.index, board.LIVE, dtype=float)
        for name in ("reading", "served")
    )
    return pd.concat([log, reading], axis=1).assign(day=day), served


def training_features(log: pd.DataFrame) -> pd.DataFrame:
    """What the training code gives to the model for the readings of a log."""
    features = models.fit_or_load(MODEL).features
    return pd.DataFrame(features.matrix(log), log.index, features.columns)[list(board.LIVE)]


def publish_table(folder: str | Path, *, hours_old: float) -> None:
    """Publish the table of the training months' keys, as if its job had begun so long ago."""
    keys = board.timetable_keys(board.split(board.load_board()).train)
    candidate = Path(folder, "candidate.sqlite")
    candidate.parent.mkdir(parents=True, exist_ok=True)
    model, as_of = models.fit_or_load("timetable"), time.time() - 3_600 * hours_old
    ScoringJob(model, keys, candidate, as_of=as_of, overwrite=True, progress=False).run()
    with PredictionStore(folder, keep=2) as store:
        store.publish(candidate)


def _plain(values) -> list[float | None]:
    return [None if math.isnan(value) else round(float(value), 4) for value in values]
