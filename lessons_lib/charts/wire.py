"""Columns on their way to the page: small, binary, exact enough to draw. It knows no chart.

A number takes four bytes (float32 has seven digits, a screen has four), whole numbers that float32
cannot hold and points in time take eight, and a column of words is sent as its distinct words and
a byte a row (more when there are many).
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from lessons_lib.charts import units

EXACT_IN_FLOAT32 = 2**24
SECONDS = {"s": 1.0, "ms": 1e-3, "µs": 1e-6}


def stacked(pieces: Mapping[str, Mapping[str, object]], name: str) -> dict[str, np.ndarray]:
    """The columns of several series below each other, with a column `name` that tells them apart.

    >>> stacked({"static": {"x": [1, 2]}, "dynamic": {"x": [3]}}, "mode")["mode"].tolist()
    ['static', 'static', 'dynamic']
    """
    columns = list(next(iter(pieces.values())))
    sizes = [len(piece[columns[0]]) for piece in pieces.values()]
    below = {c: np.concatenate([piece[c] for piece in pieces.values()]) for c in columns}
    return {**below, name: np.repeat(list(pieces), sizes)}


def pack(data: Mapping[str, Mapping[str, object]]) -> tuple[dict, list[bytes]]:
    """The data sets of a view as a description and one buffer a column.

    For each data set ``[column, type, words]`` in the order of the buffers, ``words`` being None
    for numbers; and the buffers, little-endian. Columns that differ in length are a ValueError.

    >>> pack({"rows": {"x": [1.0, 2.0], "mode": ["static", "static"]}})[0]
    {'rows': [['x', 'Float32', None], ['mode', 'Uint8', ['static']]]}
    """
    described: dict[str, list] = {}
    buffers: list[bytes] = []
    for name, columns in data.items():
        lengths = {column: len(values) for column, values in columns.items()}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"The columns of data set {name!r} differ in length: {lengths}.")
        described[name] = []
        for column, values in columns.items():
            kind, words, packed = _column(np.asarray(values))
            described[name].append([column, kind, words])
            buffers.append(packed)
    return described, buffers


def rows(columns: Mapping[str, object]) -> list[dict]:
    """A data set as the list of rows that a Vega specification holds, for the picture.

    >>> rows({"day": np.array(["1970-01-02"], "datetime64[D]"), "x": [np.nan]})
    [{'day': 86400000.0, 'x': None}]
    """
    columns = {name: np.asarray(values) for name, values in columns.items()}
    columns = {name: _stamps(v) if v.dtype.kind == "M" else v for name, v in columns.items()}
    frame = pd.DataFrame(columns).astype(object)
    return frame.where(frame.notna(), None).to_dict("records")


def table(frame: pd.DataFrame) -> dict:
    """A frame as the texts of a table: times in words, numbers with three digits, counts in full.

    A unit of time that ends the name of a column, or the first text of a row, goes into the words.
    Per cent are 100 only where that is so. ``numeric`` are the columns of figures, in words or not.

    >>> table(pd.DataFrame({"mode": ["static"], "p99 (ms)": [0.0070000001], "n": [29089.1]}))["rows"]
    [['static', '7 µs', '29,100']]
    >>> table(pd.DataFrame({"measure": ["age (s)"], "static": [2.25e6]}))["rows"]
    [['age', '26 d']]
    """
    names = [str(name) for name in frame.columns]
    numeric = [bool(pd.api.types.is_numeric_dtype(frame[name])) for name in frame.columns]
    by_column = [
        _unit(name) if number else None for name, number in zip(names, numeric, strict=True)
    ]
    body = []
    for row in frame.itertuples(index=False):
        by_row = _unit(row[0]) if isinstance(row[0], str) else None
        of_all = isinstance(row[0], str) and row[0].endswith("(%)")
        texts = [
            _text(value, each or by_row if number else None)
            for value, each, number in zip(row, by_column, numeric, strict=True)
        ]
        for i, (value, number, name) in enumerate(zip(row, numeric, names, strict=True)):
            if number and value < 100 and texts[i] == "100" and (of_all or name.endswith("(%)")):
                texts[i] = "99.9"  # as a sentence says it
        body.append([_bare(texts[0]) if by_row else texts[0], *texts[1:]])
    head = [_bare(name) if unit else name for name, unit in zip(names, by_column, strict=True)]
    figures = [
        number or any(_is_figure(row[i]) for row in body) for i, number in enumerate(numeric)
    ]
    return {"head": head, "numeric": figures, "rows": body}


def _column(values: np.ndarray) -> tuple[str, list | None, bytes]:
    if values.dtype.kind == "M":
        return "Float64", None, _stamps(values).tobytes()
    if values.dtype.kind in "iuf":
        whole = values.dtype.kind != "f" and values.size
        if whole and np.abs(values).max() > EXACT_IN_FLOAT32:
            return "Float64", None, values.astype("<f8").tobytes()
        return "Float32", None, values.astype("<f4").tobytes()
    codes, words = pd.factorize(values)
    kept = [word.item() if isinstance(word, np.generic) else word for word in words]
    # A missing word has the code -1, which becomes the largest code and finds no word.
    bits = next(bits for bits in (8, 16, 32) if len(words) < 2**bits)
    return f"Uint{bits}", kept, codes.astype(f"<u{bits // 8}").tobytes()


def _stamps(values: np.ndarray) -> np.ndarray:
    """Points in time as the page counts them: milliseconds since 1970, NaN where there is none."""
    stamps = values.astype("datetime64[ms]").astype("<i8").astype("<f8")
    return np.where(np.isnat(values), np.nan, stamps)


def _unit(name: str) -> str | None:
    """The unit of time in which a name's numbers are, if it ends with one."""
    return next((unit for unit in SECONDS if name.endswith(f" ({unit})")), None)


def _bare(name: str) -> str:
    return name.rsplit(" (", 1)[0]


def _is_figure(text: str) -> bool:
    return text.replace(",", "").replace(".", "", 1).isdigit()


def _text(value: object, unit: str | None) -> str:
    if isinstance(value, (float, np.floating, int, np.integer)) and not isinstance(value, bool):
        return units.duration(float(value) * SECONDS[unit]) if unit else units.number(value)
    return str(value)
