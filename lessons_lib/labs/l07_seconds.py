"""The seconds behind a bill, on this machine: a look-up, a row of a batch, a run for one request.

It knows the live model, its twin in ONNX Runtime, and the published table.
"""

import datetime
from pathlib import Path

import pandas as pd
from threadpoolctl import threadpool_limits

from lessons_lib import board, models
from lessons_lib.labs.l03_ready_store import ready_store
from lessons_lib.labs.l03_timing import milliseconds

MANY = 10_000
"""Rows of the batch."""


def measured_seconds(folder: str | Path) -> pd.DataFrame:
    """Seconds of a ``look-up``, a ``row`` and a ``run``, for ``live`` and its ``twin``.

    The table is published in `folder`. Both models score the same batch by scikit-learn, which is the
    quicker one there.
    """
    folder, model = Path(folder), models.fit_or_load("live")
    many = board.load_board().tail(MANY)
    request = board.FlightRequest("UA", "EWR", "IAH", 17, datetime.date(2013, 12, 17))
    known = board.load_live_inputs().known(request)
    with ready_store(folder) as store, threadpool_limits(1):  # more threads only slow a row down
        twin = models.OnnxModel(models.export_onnx(model, folder / "live.onnx"))
        ms = milliseconds(
            {
                "look-up": lambda: store.answer(request),
                "live": lambda: model.predict_one(request, known),
                "twin": lambda: twin.predict_one(request, known),
                "batch": lambda: model.predict_proba(many),
            },
            rounds=50,
            seconds=1.5,
        )
    shared = {"look-up": ms["look-up"], "row": ms["batch"] / MANY}
    return pd.DataFrame({name: {**shared, "run": ms[name]} for name in ("live", "twin")}) / 1000
