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
    """What the runs showed, in sentences: p90 with each number of workers, and what changed it.

    >>> frame = pd.DataFrame({"latency": [0.012] * 220})
    >>> print(told(0.012, {1: frame * 3, 2: frame}))
    One request by itself takes 12 ms. p90 is 36 ms with 1 worker and 12 ms with 2 workers.
    From 1 to 2 workers it changes by -24 ms.
    """
    p90 = {count: latency.percentiles(run["latency"], [90]).value[0] for count, run in runs.items()}
    each = [
        f"{charts.duration(seconds)} with {count} worker{'s' if count > 1 else ''}"
        for count, seconds in p90.items()
    ]
    text = f"One request by itself takes {charts.duration(service_time)}. p90 is "
    text += f"{', '.join(each[:-1])} and {each[-1]}.\n"
    counts = list(p90)
    changes = [
        f"{'From' if before == counts[0] else 'from'} {before} to {after} workers it changes by "
        f"{1000 * (p90[after] - p90[before]):+.1f} ms"
        for before, after in pairwise(counts)
    ]
    return text + ", ".join(changes) + "."
