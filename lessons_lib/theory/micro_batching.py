"""The mean latency of greedy micro-batching, computed exactly.

Used by lesson 04 through ``theory``, as the line under the simulator's ``batches``. It knows no
simulation.
"""

from math import inf

import numpy as np

from lessons_lib import validate

_LARGEST = 2048  # states kept at most; a queue that needs more is as good as unstable


def greedy_batch_latency(rate: float, max_batch: float, fixed: float, per_item: float) -> float:
    """Mean latency if one server takes all that waits, up to `max_batch`, whenever it is free.

    Poisson arrivals; a batch of n takes ``fixed + per_item * n`` seconds; no waiting for company
    (the simulator's ``batches`` with ``max_wait=0`` and one server). Exact up to rounding: the
    number left behind by each batch is a Markov chain, whose steady state is solved for.

    Parameters
    ----------
    rate : float
        Requests per second.
    max_batch : int or inf
        Most requests in a batch.
    fixed, per_item : float
        Seconds, 0 or more, not both 0.

    Returns
    -------
    float
        Seconds; infinite where the rate is beyond what full batches can serve.

    Raises
    ------
    ValueError
        For a rate that is not above 0, a negative duration or a batch below 1, and so close to
        the capacity that more than 2,048 waiting requests count.

    References
    ----------
    Bailey (1954), On queueing processes with bulk service, J. R. Stat. Soc. B 16:80-87;
    Neuts (1967), A general class of bulk queues with Poisson input, Ann. Math. Stat. 38:759-770.

    Examples
    --------
    >>> round(greedy_batch_latency(rate=0.9, max_batch=1, fixed=1.0, per_item=0.0), 6)
    5.5
    """
    rate = validate.finite("rate", rate, above=True)
    max_batch = validate.count("max_batch", max_batch, endless=True)
    fixed, per_item = validate.finite("fixed", fixed), validate.finite("per_item", per_item)
    if not fixed + per_item:
        raise ValueError("fixed and per_item are both 0 s: a batch must take some time.")
    per_request = per_item if max_batch == inf else per_item + fixed / max_batch
    if rate * per_request >= 1:
        return inf
    states = 64
    while states <= _LARGEST:
        latency, cut_off = _solve(states, rate, max_batch, fixed, per_item)
        if cut_off < 1e-10:
            return latency
        states *= 2
    raise ValueError(
        f"rate is {rate}: {rate * per_request:.2%} of the capacity is too close to it for an exact "
        "answer. Lower the rate, or simulate it."
    )


def _solve(states, rate, max_batch, fixed, per_item) -> tuple[float, float]:
    """Mean latency with at most `states` - 1 left behind, and the chance to be at that border."""
    behind = np.arange(states)  # waiting when the server becomes free
    present = np.maximum(behind, 1)  # when the next batch starts: an idle server waits for one
    batch = np.minimum(present, max_batch).astype(int)
    seconds = fixed + per_item * batch
    arriving = _poisson(rate * seconds, states)
    step = np.zeros((states, states))
    for q in range(states):
        stay = present[q] - batch[q]
        step[q, stay:] = arriving[q, : states - stay]
    step[step < 1e-18] = 0.0
    step[:, -1] += np.maximum(
        0, 1 - step.sum(axis=1)
    )  # whoever falls off the end stays at the border
    chance = _steady_state(step)
    request_seconds = chance @ (present * seconds + rate * seconds**2 / 2)
    cycle = chance @ seconds + chance[0] / rate
    return float(request_seconds / (rate * cycle)), float(chance[-states // 8 :].sum())


def _steady_state(step: np.ndarray) -> np.ndarray:
    """Long-run chances of a Markov chain, by taking its states away one by one, the last first.

    Nothing is subtracted, so nothing cancels (Grassmann, Taksar & Heyman 1985, Oper. Res. 33(5)).
    Only the band around the diagonal that holds chances is touched.
    """
    states = len(step)
    row, column = np.nonzero(step[:, :-1])
    down, up = max(1, (row - column).max()), max(1, (column - row).max())
    for k in range(states - 1, 0, -1):
        low, first = max(0, k - down), max(0, k - up) if k < states - 1 else 0
        leave = step[k, low:k]
        step[first:k, k] /= leave.sum()
        step[first:k, low:k] += np.outer(step[first:k, k], leave)
    chance = np.ones(states)
    for k in range(1, states):
        chance[k] = chance[:k] @ step[:k, k]
    return chance / chance.sum()


def _poisson(means: np.ndarray, states: int) -> np.ndarray:
    """Chance of 0, 1, ... events for each mean, shape (len(means), states)."""
    count = np.arange(states)
    log_factorial = np.append(0.0, np.cumsum(np.log(count[1:])))
    means = means[:, None]
    return np.exp(count * np.log(means) - means - log_factorial)
