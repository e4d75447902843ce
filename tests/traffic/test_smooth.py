"""One step of a slider never moves a percentile the wrong way: what common draws are for."""

import numpy as np
import pytest

from lessons_lib.simulate import fifo, percentiles
from lessons_lib.traffic import poisson, service_times, steady

N = 2000
ARRIVALS = {
    "steady": lambda rate, seed: steady(rate, N),
    "poisson": lambda r, s: poisson(r, N, seed=s),
}
RATES = np.linspace(1.0, 6.0, 11)
LATENCIES = np.geomspace(0.1, 3.0, 11)
SERVERS = range(1, 9)


def curve(arrivals, seed, settings):
    rows = []
    for rate, mean, servers in settings:
        arrive = ARRIVALS[arrivals](rate, seed)
        work = service_times(mean, N, seed=seed)
        latency = fifo(arrive, work, servers) + work - arrive
        rows.append(percentiles(latency, (50, 90, 99, 99.9)).value)
    return np.array(rows)


@pytest.mark.parametrize("arrivals", ARRIVALS)
def test_a_slider_step_never_moves_a_percentile_the_wrong_way(arrivals):
    for seed in range(40):
        by_rate = curve(arrivals, seed, [(rate, 1.0, 4) for rate in RATES])
        by_latency = curve(arrivals, seed, [(4.0, mean, 4) for mean in LATENCIES])
        by_servers = curve(arrivals, seed, [(4.0, 0.9, servers) for servers in SERVERS])
        rounding = 1e-9
        assert (np.diff(by_rate, axis=0) >= -rounding).all()
        assert (np.diff(by_latency, axis=0) > 0).all()
        assert (np.diff(by_servers, axis=0) <= rounding).all()


def test_with_fresh_draws_at_every_step_percentiles_do_move_the_wrong_way():
    rates = np.linspace(2.0, 3.6, 33)
    rows = [curve("poisson", seed, [(rate, 1.0, 4)])[0] for seed, rate in enumerate(rates)]
    assert (np.diff(rows, axis=0) < 0).mean() > 0.1
