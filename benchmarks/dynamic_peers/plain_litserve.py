"""LitServe with one model worker and one API server, as its documentation starts."""

import datetime
import sys

import litserve
from common import load_predictor

from lessons_lib.board import FlightRequest


class Flights(litserve.LitAPI):
    """The model behind LitServe."""

    def setup(self, device):
        self.predictor = load_predictor()

    def decode_request(self, request):
        date = datetime.date.fromisoformat(request["date"])
        return FlightRequest(
            request["carrier"], request["origin"], request["dest"], request["hour"], date
        )

    def predict(self, flight):
        return self.predictor.answer(flight)

    def encode_response(self, answer):
        return {"value": answer.value, "source": answer.source, "age": answer.age}


if __name__ == "__main__":
    server = litserve.LitServer(Flights(), accelerator="cpu", workers_per_device=1)
    server.run(
        host="127.0.0.1",
        port=int(sys.argv[1]),
        num_api_servers=1,
        log_level="warning",
        generate_client_file=False,
    )
