from math import inf

import numpy as np
import pytest
from scipy.stats import poisson as poisson_law

from lessons_lib.simulate import batches
from lessons_lib.theory import mdc_wait
from lessons_lib.traffic import poisson
from theory.oracles import greedy_batch_latency
from theory.runs import agrees

N = 15_000


@pytest.mark.parametrize(
    ("rate", "max_batch"), [(0.5, 1), (1.5, 4), (2.4, 4), (5.0, inf), (8.0, inf)]
)
def test_mean_latency_of_greedy_batches_agrees_with_runs(rate, max_batch):
    def run(seed):
        arrive = poisson(rate, N, seed=seed)
        return (batches(arrive, max_batch, 0.0, 1.0, 0.1) - arrive)[2000:].mean()

    agrees(run, greedy_batch_latency(rate, max_batch, 1.0, 0.1))


def test_batches_of_one_are_a_queue_with_constant_service():
    assert greedy_batch_latency(0.8, 1, 0.7, 0.3) == pytest.approx(mdc_wait(0.8, 1.0) + 1.0)


def test_under_load_unlimited_batches_meet_the_bound_of_inoue():
    """Inoue (2021), arXiv:1912.06322: an upper bound that is tight when the server never idles."""
    rate, fixed, each = 6.0, 0.8, 0.1
    busy = rate * each
    bound = 1.5 * fixed / (1 - busy) + each / 2 * (busy + 2) / (1 - busy**2)
    latency = greedy_batch_latency(rate, inf, fixed, each)
    assert latency <= bound
    assert latency == pytest.approx(bound, rel=1e-5)


def test_larger_batches_help_under_load_and_never_hurt_a_greedy_server():
    rates = (0.2, 0.9)
    alone, four, many = ([greedy_batch_latency(r, b, 1.0, 0.05) for r in rates] for b in (1, 4, 64))
    assert (np.array(many) <= np.array(four) + 1e-9).all()
    assert alone[1] > 3 * four[1]


def test_a_rate_beyond_full_batches_has_no_steady_state():
    assert greedy_batch_latency(4.0, 4, 0.6, 0.1) == inf
    assert greedy_batch_latency(10.0, inf, 1.0, 0.1) == inf


@pytest.mark.parametrize(("max_batch", "max_wait"), [(4, 2.0), (20, 0.5)])
def test_gathering_for_unlimited_servers_agrees_with_the_renewal_formula(max_batch, max_wait):
    """A batch ends max_wait after its first request, or when it is full."""
    rate = 3.0
    tail = poisson_law.sf(np.arange(max_batch - 1), rate * max_wait)  # P(at least 1, 2, ...)
    gathered = (np.arange(1, max_batch) * tail).sum() / rate / (1 + tail.sum())

    def run(seed):
        arrive = poisson(rate, N, seed=seed)
        return (batches(arrive, max_batch, max_wait, 0.0, 0.0, servers=50) - arrive).mean()

    agrees(run, gathered)
