"""What every contender serves: the same fitted model behind the same predictor.

Runs in the peers' own environments, so it needs only the ground floor of the course's package.
"""

import os

from lessons_lib.board import load_live_inputs
from lessons_lib.models import ModelPredictor, OnnxModel, fit_or_load


def load_predictor() -> ModelPredictor:
    """The predictor that ``$BENCHMARK_MODEL`` names: ``sklearn``, or the path of an ONNX file."""
    wanted = os.environ["BENCHMARK_MODEL"]
    model = fit_or_load("live") if wanted == "sklearn" else OnnxModel(wanted)
    return ModelPredictor(model, load_live_inputs())
