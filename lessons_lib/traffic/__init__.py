"""Traffic: when requests arrive, how much work each brings, and what it asks for.

Used by every lab from lesson 01 on. Import everything from here; the parts are ``arrivals``,
``inputs`` (the six input distributions) and ``draws`` (the random numbers below both). It knows no
predictor, no server and no file: real times and real popularity come from the caller as arrays.

All draws are common random numbers: for one seed, the same customers come at every setting, and a
setting only stretches their time or their work. The number of requests is fixed, not the horizon.
"""

from lessons_lib.traffic.arrivals import DAY, bursty, daily, poisson, replay, service_times, steady
from lessons_lib.traffic.inputs import (
    INPUTS,
    distinct_keys,
    draw_keys,
    drifting_keys,
    growing_keys,
    popular_keys,
    uniform_keys,
    zipf_keys,
)

__all__ = [
    "DAY",
    "INPUTS",
    "bursty",
    "daily",
    "distinct_keys",
    "draw_keys",
    "drifting_keys",
    "growing_keys",
    "poisson",
    "popular_keys",
    "replay",
    "service_times",
    "steady",
    "uniform_keys",
    "zipf_keys",
]
