"""From rows of the board, or from one request, to the numbers that a model reads.

The same tables serve training, batches, single requests and the exported model (it carries them in
its file), so that there is no second path which could compute something else: training-serving skew
is kept out by construction. It knows no model.

Numbers are rounded to float32, the type that ONNX Runtime computes in, before scikit-learn sees
them. Both then compare the very same values with the thresholds of a tree.
"""

import json

import numpy as np
import pandas as pd

from lessons_lib.board.live_inputs import LIVE, WEATHER, Known

CODES = ("carrier", "origin", "dest")
TIMETABLE = (*CODES, "hour")
"""The parts of a key: what the timetable alone tells."""
FILLS = {"airport_delay": 0.0}
"""What stands for a missing value. No flight has left yet: then none has been late."""

__all__ = ["LIVE", "TIMETABLE", "WEATHER", "Features"]


def smoothed_means(groups: pd.Series, values: pd.Series, strength: float) -> dict:
    """The mean of `values` in each group, drawn towards the overall mean where rows are few.

    `strength` rows' worth of the overall mean are added to each group.

    >>> smoothed_means(pd.Series(["a", "a", "b"]), pd.Series([1.0, 1.0, 0.0]), 0)
    {'a': 1.0, 'b': 0.0}
    """
    table = values.groupby(groups).agg(["sum", "count"])
    means = (table["sum"] + strength * values.mean()) / (table["count"] + strength)
    return {group: float(mean) for group, mean in means.items()}


class Features:
    """Which columns a model reads, those of a key first, and how codes become numbers.

    For each column of codes `tables` holds the number of each code, and `unknown` the number of one
    that was never seen.
    """

    def __init__(self, columns, tables: dict, unknown: dict):
        self.columns = tuple(columns)
        self.tables = tables
        self.unknown = unknown
        self._codes = [
            (name, tables[name], unknown[name]) for name in self.columns if name in CODES
        ]
        self._live = [Known._fields.index(name) for name in self.columns if name in LIVE]
        self._fills = [FILLS.get(Known._fields[i]) for i in self._live]
        if self.columns != (*TIMETABLE, *(Known._fields[i] for i in self._live)):
            raise ValueError(
                f"Cannot read the columns {list(columns)}: give {list(TIMETABLE)} first, "
                f"then any of {list(LIVE)}."
            )

    @classmethod
    def means(cls, board: pd.DataFrame, columns, *, strength: float = 20.0) -> "Features":
        """Each code becomes the share of late flights under it (smoothed): for trees."""
        base = float(board["late"].mean())
        tables = {name: smoothed_means(board[name], board["late"], strength) for name in CODES}
        return cls(columns, tables, dict.fromkeys(CODES, base))

    @classmethod
    def codes(cls, board: pd.DataFrame, columns) -> "Features":
        """Each code becomes its place in the alphabet, -1 when never seen: for one-hot columns."""
        tables = {
            name: {code: float(i) for i, code in enumerate(sorted(board[name].unique()))}
            for name in CODES
        }
        return cls(columns, tables, dict.fromkeys(CODES, -1.0))

    @property
    def needs_live(self) -> bool:
        """Whether a request alone is not enough: live inputs are read too."""
        return bool(self._live)

    def matrix(self, board: pd.DataFrame) -> np.ndarray:
        """The numbers of many rows, float32, shape (n, number of columns)."""
        if not isinstance(board, pd.DataFrame):
            raise TypeError(f"Give rows of the board as a DataFrame, not {type(board).__name__}.")
        absent = [name for name in self.columns if name not in board.columns]
        if absent:
            raise ValueError(f"The model reads columns that are not there: {', '.join(absent)}.")
        out = np.empty((len(board), len(self.columns)), np.float32)
        for i, name in enumerate(self.columns):
            column = board[name]
            if name in self.tables:  # a dict asked in a loop: four times as fast as Series.map
                number, other = self.tables[name].get, self.unknown[name]
                out[:, i] = [number(code, other) for code in column.tolist()]
                continue
            if name in FILLS:
                column = column.fillna(FILLS[name])
            out[:, i] = column.to_numpy(dtype=np.float32, na_value=np.nan)
        return out

    def row(self, request, known: Known | None = None) -> np.ndarray:
        """The numbers of one request, float32, shape (1, number of columns), in microseconds."""
        values = [table.get(getattr(request, name), other) for name, table, other in self._codes]
        values.append(request.hour)
        if self._live:
            if known is None:
                raise ValueError("The model reads live inputs: give what was known (LiveInputs).")
            for i, fill in zip(self._live, self._fills, strict=True):
                value = known[i]
                values.append(fill if fill is not None and value != value else value)
        return np.array([values], np.float32)

    def to_json(self) -> str:
        """All of it as text, for the file of an exported model."""
        return json.dumps({"columns": self.columns, "tables": self.tables, "unknown": self.unknown})

    @classmethod
    def from_json(cls, text: str) -> "Features":
        """The features that `to_json` wrote."""
        parts = json.loads(text)
        return cls(parts["columns"], parts["tables"], parts["unknown"])
