"""Exercise: the mean wait and the tail of the latency (lesson 04)."""

import numpy as np

from lessons_lib import simulate
from lessons_lib.exercises.probes import array, call, expect

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
    "order": "The mean wait reads {got:.9g} s, which is the p99. Give the mean wait first.",
    "those_who_wait": "The mean wait reads {got:.9g} s and should be {wanted:.9g} s. Whoever did not "
    "have to wait counts too, with 0 s.",
    "mean_wait": "The mean wait reads {got:.9g} s and should be {wanted:.9g} s: the mean of start less "
    "arrival.",
    "waiting_only": "The p99 reads {got:.9g} s. That is the p99 of the wait; a client waits through "
    "the service time as well. The latency is both.",
    "service_only": "The p99 reads {got:.9g} s. That is the p99 of the service time; the wait in front "
    "of it is missing.",
    "added": "The p99 reads {got:.9g} s: you added the p99 of the wait and that of the service time. "
    "Those are two different requests. Add first, for each request, then take the percentile.",
    "invented": "The p99 reads {got:.9g} s, and no request took that long: it lies between two. Take the "
    'latency that occurred, {wanted:.9g} s, as `method="inverted_cdf"` does.',
    "p99": "Of {count} requests, the p99 reads {got:.9g} s and should be {wanted:.9g} s: the least latency "
    "that 99 % of them do not exceed.",
    "changed": "Your function changed one of the arrays that it was given. Compute new ones.",
}


def wait_and_p99(arrive, start, work):
    waiting = start - arrive
    latency = waiting + work
    p99 = np.percentile(latency, 99, method="inverted_cdf")
    return waiting.mean(), p99


def check(candidate):
    # Some requests wait, and some do not.
    for requests, servers in ((900, 2), (1260, 3), (150, 1)):
        draws = np.random.default_rng(requests)
        arrive = draws.exponential(1.0, requests).cumsum()
        work = draws.exponential(0.7 * servers, requests)
        _judge(candidate, arrive, simulate.fifo(arrive, work, servers), work)


def _judge(candidate, arrive, start, work):
    pair = array(call(candidate, arrive, start, work), (2,), "not_a_pair")
    waiting = start - arrive
    mean, p99 = wait_and_p99(arrive, start, work)
    ideas = [("those_who_wait", waiting[waiting > 0].mean()), ("order", p99)]
    expect(pair[0], mean, "mean_wait", ideas)
    of_wait, of_work = wait_and_p99(arrive, start, 0)[1], wait_and_p99(arrive, arrive, work)[1]
    ideas = [
        ("waiting_only", of_wait),
        ("service_only", of_work),
        ("added", of_wait + of_work),
        ("invented", np.percentile(waiting + work, 99)),
    ]
    expect(pair[1], p99, "p99", ideas, count=len(work))
