"""BentoML with one worker, as its documentation starts."""

import datetime

import bentoml
from common import load_predictor

from lessons_lib.board import FlightRequest


@bentoml.service(workers=1)
class Flights:
    """The model behind BentoML."""

    def __init__(self):
        self.predictor = load_predictor()

    @bentoml.api
    def predict(self, carrier: str, origin: str, dest: str, hour: int, date: datetime.date) -> dict:
        answer = self.predictor.answer(FlightRequest(carrier, origin, dest, hour, date))
        return {"value": answer.value, "source": answer.source, "age": answer.age}
