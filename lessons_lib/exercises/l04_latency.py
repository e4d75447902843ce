"""Exercise: the mean wait and the tail of the latency (lesson 04)."""

import numpy as np

from lessons_lib import simulate
from lessons_lib.exercises.probes import fail, show, unchanged

NAME = "wait_and_p99"
TITLE = "The mean wait, and the tail of the latency"
MINUTES = 4
ORDER = 1
HINTS = [
    "What does a client go through from arrival to answer? First the wait, then the service. Add the "
    "two for each request, and look for the percentile afterwards.",
    '`np.percentile(latency, 99, method="inverted_cdf")` gives a latency that occurred.',
    "Return two numbers: `return waiting.mean(), p99`.",
]
FAILURES = {
    "not_a_pair": "`wait_and_p99` gave {got}. Give two numbers, the mean wait and the p99.",
    "those_who_wait": "The mean wait reads {got:.4g} s and should be {wanted:.4g} s. Whoever did not "
    "have to wait counts too, with 0 s.",
    "mean_wait": "The mean wait reads {got:.4g} s and should be {wanted:.4g} s: the mean of start less "
    "arrival.",
    "waiting_only": "The p99 reads {got:.4g} s. That is the p99 of the wait; a client waits through "
    "the service time as well. The latency is both.",
    "service_only": "The p99 reads {got:.4g} s. That is the p99 of the service time; the wait in front "
    "of it is missing.",
    "added": "The p99 reads {got:.4g} s: you added the p99 of the wait and that of the service time. "
    "Those are two different requests. Add first, for each request, then take the percentile.",
    "invented": "The p99 reads {got:.6g} s, and no request took that long: it was made up between two. "
    "Take a latency that occurred.",
    "p99": "The p99 reads {got:.4g} s and should be {wanted:.4g} s: 99 of 100 requests took no longer.",
    "changed": "Your function changed one of the arrays that it was given. Compute new ones.",
}


def wait_and_p99(arrive, start, work):
    waiting = start - arrive
    latency = waiting + work
    p99 = np.percentile(latency, 99, method="inverted_cdf")
    return waiting.mean(), p99


reference = wait_and_p99


def check(candidate):
    arrive, start, work = _run()
    with unchanged("changed", arrive, start, work):
        got = candidate(arrive, start, work)
    try:
        mean, p99 = (float(number) for number in got)
    except (TypeError, ValueError):
        fail("not_a_pair", got=show(got))
    waiting = start - arrive
    wanted_mean, wanted_p99 = (float(number) for number in wait_and_p99(arrive, start, work))
    if not _near(mean, wanted_mean):
        code = "those_who_wait" if _near(mean, waiting[waiting > 0].mean()) else "mean_wait"
        fail(code, got=mean, wanted=wanted_mean)
    if _near(p99, wanted_p99):
        return
    of_wait, of_work = _p99(waiting), _p99(work)
    for code, value in (
        ("waiting_only", of_wait),
        ("service_only", of_work),
        ("added", of_wait + of_work),
        ("invented", np.percentile(waiting + work, 99)),
    ):
        if _near(p99, value):
            fail(code, got=p99)
    fail("p99", got=p99, wanted=wanted_p99)


def _run() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two servers at a utilisation of 0.7: some wait, and some do not."""
    draws = np.random.default_rng(4)
    arrive = draws.exponential(1.0, 900).cumsum()
    work = draws.exponential(1.4, 900)
    return arrive, simulate.fifo(arrive, work, servers=2), work


def _p99(values: np.ndarray) -> float:
    return float(np.percentile(values, 99, method="inverted_cdf"))


def _near(a: float, b: float) -> bool:
    return bool(abs(a - b) <= 1e-9 * max(1.0, abs(b)))
