"""Lesson 01, watched: sixty clients ask a model that takes an hour, or two milliseconds.

The same clients go to a table and to the model on demand. It knows the traffic, the simulator and
the replay.
"""

import numpy as np

from lessons_lib import charts, simulate, traffic
from lessons_lib.labs.l01_side_by_side import HOUR, LOOKUP

CLIENTS = 60
"""How many ask, one a minute on average, at Poisson times."""


def clients_replay(model_seconds: float) -> charts.Replay:
    """Sixty clients within about an hour, above from the table, below on demand on one server."""
    arrive, start, finish = _on_demand(model_seconds)
    model = charts.duration(model_seconds)
    return charts.Replay(
        [
            charts.Lane("From the table", arrive, arrive, arrive + LOOKUP, ["table"] * CLIENTS),
            charts.Lane("On demand, one server", arrive, start, finish),
        ],
        title=f"{CLIENTS} clients, and a model that takes {model}",
        description=(
            f"{CLIENTS} clients ask within about an hour. Above, each is answered from a table that "
            f"was filled before; below, one server runs the model for each in turn, {model} each."
        ),
        yours=30,
    )


def in_line_at_first_answer(model_seconds: float = HOUR) -> int:
    """How many wait on demand when the first client has left and the next sits in the server."""
    arrive, start, finish = _on_demand(model_seconds)
    return int(((arrive <= finish[0]) & (start > finish[0])).sum())


def _on_demand(model_seconds: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    arrive = traffic.poisson(CLIENTS / HOUR, CLIENTS)
    work = traffic.service_times(model_seconds, CLIENTS, spread="constant")
    start = simulate.fifo(arrive, work)
    return arrive, start, start + work
