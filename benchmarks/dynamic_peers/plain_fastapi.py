"""One FastAPI endpoint and nothing else: no deadline, no bound on the queue, no metrics.

``async def`` is the cheapest way to write it. It also blocks the event loop while the model runs;
with ``def`` each request would pay for a thread as well.
"""

import datetime

from common import load_predictor
from fastapi import FastAPI
from pydantic import BaseModel

from lessons_lib.board import FlightRequest


class Flight(BaseModel):
    """The request."""

    carrier: str
    origin: str
    dest: str
    hour: int
    date: datetime.date


app = FastAPI()
predictor = load_predictor()


@app.post("/predict")
async def predict(flight: Flight):
    answer = predictor.answer(
        FlightRequest(flight.carrier, flight.origin, flight.dest, flight.hour, flight.date)
    )
    return {"value": answer.value, "source": answer.source, "age": answer.age}
