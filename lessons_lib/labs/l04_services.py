"""The sleeping service of lesson 04 with several numbers of workers, under the same load at a time.

What sleeps needs hardly any processor, so the services start together and are met together. How
much load there is follows from how long one request takes by itself on this machine. It knows no
simulation: `l04_workers` lays one beside it.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import pairwise
from typing import NamedTuple

import pandas as pd

from lessons_lib import charts, latency, traffic
from lessons_lib.dynamic import load
from lessons_lib.dynamic.notebook import write_module
from lessons_lib.dynamic.server import Server

REQUESTS = 220
"""Requests that each service gets: 22 of them stand behind a 90th percentile."""
ALONE = 40
"""Requests sent one after the other, to see what one takes by itself."""


class Met(NamedTuple):
    """What was measured: `service_time` of one request by itself in seconds, and the runs.

    `runs` holds for each number of workers the frame of `load.open_loop`.
    """

    service_time: float
    runs: dict[int, pd.DataFrame]


def meet(
    make: Callable, *, folder: str = "work", workers: Sequence[int] = (1, 2, 4), busy: float = 0.7
) -> Met:
    """Start what `make` makes once for each number of `workers`, and send to each the same requests.

    `make` is a function that gives an application; it is written into a file in `folder` first. The
    requests come at Poisson times, in an open loop, at a rate that keeps one worker `busy`, a share
    of its time. All services are stopped in the end.
    """
    app = f"{write_module(f'{folder}/sleepy.py', make).stem}:{make.__name__}"
    with ExitStack() as stack, ThreadPoolExecutor(len(workers)) as pool:
        starting = [pool.submit(Server, app, folder=folder, workers=count) for count in workers]
        services = [stack.enter_context(each.result()) for each in starting]
        urls = [service.url + "/predict" for service in services]
        single = load.closed_loop(urls[0], [{}], max_requests=ALONE)["latency"].median()
        times = traffic.poisson(busy / single, REQUESTS, seed=4)
        runs = list(pool.map(lambda url: load.open_loop(url, [{}], times, seconds=60.0), urls))
        list(pool.map(Server.stop, services))
    return Met(float(single), dict(zip(workers, runs, strict=True)))


def told(service_time: float, runs: Mapping[int, pd.DataFrame]) -> str:
    """What the runs showed, in sentences: p90 for each number of workers, and how much is noise.

    >>> frame = pd.DataFrame({"latency": [0.024] * 220, "intended": 0.0, "sent": 0.002})
    >>> print(told(0.022, {1: frame.assign(latency=0.06), 2: frame}))
    One request by itself takes 22 ms. p90 is 60 ms with 1 worker and 24 ms with 2 workers.
    From 1 to 2 workers it changes by -36.0 ms.
    Nine in ten requests were sent at most 2 ms late: a smaller difference says nothing.
    """
    p90 = {workers: _p90(run["latency"]) for workers, run in runs.items()}
    each = [f"{charts.duration(s)} with {charts.count(n, 'worker')}" for n, s in p90.items()]
    changes = [
        f"from {before} to {after} workers it changes by {1000 * (p90[after] - p90[before]):+.1f} ms"
        for before, after in pairwise(p90)
    ]
    late = _p90(pd.concat([run["sent"] - run["intended"] for run in runs.values()]))
    return (
        f"One request by itself takes {charts.duration(service_time)}. "
        f"p90 is {', '.join(each[:-1])} and {each[-1]}.\n"
        f"F{', '.join(changes)[1:]}.\n"
        f"Nine in ten requests were sent at most {charts.duration(late)} late: "
        "a smaller difference says nothing."
    )


def _p90(seconds: pd.Series) -> float:
    return float(latency.percentiles(seconds, [90]).value[0])
