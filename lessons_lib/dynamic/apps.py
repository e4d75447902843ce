"""Services that are ready to start: ``Server("lessons_lib.dynamic.apps:flights_onnx")``.

Each function makes an application whose model is loaded in the background after the start. To change a deadline or a limit, write your own three lines: give
`create_app` one of the ``load_`` functions and the settings you want.
"""

import datetime
import tempfile
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from lessons_lib.board import FlightRequest, load_live_inputs
from lessons_lib.dynamic.forms import ReviewForm
from lessons_lib.dynamic.service import create_app
from lessons_lib.models import ModelPredictor, OnnxModel, export_onnx, fit_or_load

FIRST_FLIGHT = FlightRequest("UA", "EWR", "IAH", 5, datetime.date(2013, 10, 1))


def flights_sklearn() -> FastAPI:
    """The live model of the board, run by scikit-learn."""
    return create_app(load_flights_sklearn, model="live, scikit-learn")


def flights_onnx() -> FastAPI:
    """The same fitted model, run by ONNX Runtime: the same answers, a fraction of the work."""
    return create_app(load_flights_onnx, model="live, ONNX")


def reviews() -> FastAPI:
    """How positive a sentence about a film is: inputs that no table can hold."""
    return create_app(load_reviews, model="reviews", form=ReviewForm)


def load_flights_sklearn(name: str = "live") -> ModelPredictor:
    """A predictor for flights with a model of `lessons_lib.models.MODELS`, in scikit-learn."""
    return warm(ModelPredictor(fit_or_load(name), load_live_inputs()), FIRST_FLIGHT)


def load_flights_onnx(name: str = "live") -> ModelPredictor:
    """The same with the model exported to ONNX first, which takes a second or two."""
    with tempfile.TemporaryDirectory() as folder:
        model = OnnxModel(export_onnx(fit_or_load(name), Path(folder) / f"{name}.onnx"))
    return warm(ModelPredictor(model, load_live_inputs()), FIRST_FLIGHT)


def load_reviews() -> ModelPredictor:
    """A predictor for sentences; text stays in scikit-learn."""
    return warm(ModelPredictor(fit_or_load("reviews")), "A film.")


def warm(predictor: ModelPredictor, request: Any) -> ModelPredictor:
    """The predictor, after its first answer, which can take a hundred times as long as the next."""
    predictor.answer(request)
    return predictor
