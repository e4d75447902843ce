"""The tabular models as ONNX files, and ONNX Runtime to run them.

The same model answers one row many times faster, because what took the time was not its arithmetic.
The file carries the tables of `features` with it, so that it is complete: whoever loads it computes
the same features. Text stays in scikit-learn. It knows no scikit-learn except while exporting.
"""

import warnings
from pathlib import Path

import numpy as np
import pandas as pd

from lessons_lib.files import write_atomically
from lessons_lib.models.estimators import TabularModel, two_columns
from lessons_lib.models.features import Features

INPUT = "features"
FEATURES = "lessons_lib.models.features"  # the name of our entry in the file's metadata
OPSET = {"": 17, "ai.onnx.ml": 3}  # old enough for every ONNX Runtime since 2022


def export_onnx(model: TabularModel, path: str | Path) -> Path:
    """Write a fitted tabular model as an ONNX file; one that is there is replaced in one step.

    Raises TypeError for the group means (a dict is as fast as it gets) and the text model.
    """
    if not isinstance(model, TabularModel):
        raise TypeError(
            f"Cannot export a {type(model).__name__}: give a model with an estimator behind the "
            "board's columns, such as 'timetable' or 'live'."
        )
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import FloatTensorType

    with warnings.catch_warnings():
        # skl2onnx hands booleans over as integers; the protobuf that would refuse it is kept out
        # by requirements.in.
        warnings.filterwarnings("ignore", message=".*Expected an int, got a boolean")
        graph = to_onnx(
            model.estimator,
            initial_types=[(INPUT, FloatTensorType([None, len(model.features.columns)]))],
            options={"zipmap": False},
            target_opset=OPSET,
        )
    entry = graph.metadata_props.add()
    entry.key, entry.value = FEATURES, model.features.to_json()
    write_atomically(path, graph.SerializeToString(), mode=0o666)
    return Path(path)


class OnnxModel:
    """An exported model, run by ONNX Runtime on one thread.

    It answers as the model that was exported does, within 1e-5, with the same two ways in. `path`
    is a file of `export_onnx` (FileNotFoundError if there is none, ValueError if it is another's).
    """

    def __init__(self, path: str | Path):
        import onnxruntime

        path = Path(path)
        if not path.is_file():
            raise FileNotFoundError(f"No model at {path}: write it with export_onnx first.")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3  # errors only
        try:
            self._session = onnxruntime.InferenceSession(
                path.read_bytes(), options, providers=["CPUExecutionProvider"]
            )
            tables = self._session.get_modelmeta().custom_metadata_map[FEATURES]
        except Exception as error:  # ONNX Runtime has a class of its own for each way to fail
            raise ValueError(f"{path} is not a model of export_onnx: write it anew.") from error
        self.features = Features.from_json(tables)
        self._run = self._session.run
        self._output = [self._session.get_outputs()[1].name]

    @property
    def needs_live(self) -> bool:
        """Whether a request alone is not enough."""
        return self.features.needs_live

    def predict_proba(self, board: pd.DataFrame) -> np.ndarray:
        """Probabilities of rows of the board, shape (n, 2)."""
        if len(board) == 0:
            return np.empty((0, 2))
        numbers = self.features.matrix(board)
        return two_columns(self._run(self._output, {INPUT: numbers})[0][:, 1])

    def predict_one(self, request, known=None) -> float:
        """The probability of one request with what was known for it, in some 15 microseconds."""
        numbers = self.features.row(request, known)
        return float(self._run(self._output, {INPUT: numbers})[0][0, 1])
