"""Independent runs of the simulator, and when a formula agrees with them."""

from functools import lru_cache

import numpy as np

from lessons_lib.simulate import fifo, warm_up
from lessons_lib.traffic import poisson, service_times

REPLICATIONS = 30


def agrees(run, formula, precision=0.05):
    """Whether 30 runs with seeds of their own lie within 4 standard errors of the formula.

    `precision` is the largest standard error, as a share of the formula, that makes this a test.
    """
    results = np.array([run(seed) for seed in range(REPLICATIONS)])
    standard_error = results.std(ddof=1) / np.sqrt(REPLICATIONS)
    assert standard_error <= precision * formula, (results.mean(), standard_error, formula)
    assert abs(results.mean() - formula) < 4 * standard_error, (results.mean(), formula)


@lru_cache(maxsize=150)  # several formulas look at the same runs
def queue_run(seed, busy, servers, spread="exponential", n=None, cv=1.0, arrivals=poisson):
    """Waits and latencies at utilisation `busy`, mean service time 1, warm-up left out."""
    n = warm_up(busy) + (n or (25_000 if busy > 0.8 else 8000))
    arrive = arrivals(busy * servers, n, seed=seed)
    work = service_times(1.0, n, seed=seed, spread=spread, cv=cv)
    wait = fifo(arrive, work, servers) - arrive
    return wait[warm_up(busy) :], (wait + work)[warm_up(busy) :]
