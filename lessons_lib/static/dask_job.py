"""The batch job on many processes or machines: Dask's workers score, and one process writes.

The job stays the one of `lessons_lib.static.job`: the same chunks, the same checkpoint, the same
candidate. All that changes is who computes. A chunk is a task of its own, from rows to predictions,
so it may be done anywhere, and twice; a worker that dies takes unfinished and unfetched chunks with
it, and the scheduler gives them to another. What reaches the file goes through one writer, in order,
and so it is there once.

It knows a cluster by its ``Client`` alone, whether that is on this machine or on a thousand.
"""

import logging
import multiprocessing
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice

import dask
import numpy as np
from distributed import Client, LocalCluster
from distributed.utils import get_mp_context

from lessons_lib.static.job import ScoringJob, probabilities

LIBRARIES = ("distributed", "sklearn.ensemble", "lessons_lib.models")
"""What a worker of this machine needs."""
AHEAD = 4
"""How many chunks are on their way for each thread of a worker: more would fill the memory."""


class DaskScoringJob(ScoringJob):
    """A `ScoringJob` whose chunks are scored by the workers of `client`, a ``distributed.Client``.

    All else is as there: it is resumed after a crash, also by a job of the other kind.
    """

    def __init__(self, client: Client, model, keys_frame, candidate_path, **options):
        super().__init__(model, keys_frame, candidate_path, **options)
        self.client = client

    def scored(self, done: int) -> Iterator[tuple[int, np.ndarray]]:
        """As `ScoringJob.scored`, by the workers; at most `AHEAD` chunks a thread are on their way."""
        # The model is the result of a task, so that it travels to each worker once, and is made
        # again should the only worker that holds it die.
        model = self.client.submit(itself, self.model, pure=False)
        tasks = (
            (first, self.client.submit(probabilities, model, chunk, pure=False))
            for first, chunk in self.chunks(done)
        )
        threads = sum(self.client.nthreads().values())
        waiting = deque(islice(tasks, AHEAD * max(threads, 1)))
        while waiting:
            first, future = waiting.popleft()
            yield first, future.result()
            waiting.extend(islice(tasks, 1))


def itself(model):
    return model


@contextmanager
def local_cluster(workers: int = 2) -> Iterator[Client]:
    """A client of a cluster on this machine alone, one thread a worker, closed after the block."""
    settings = {"distributed.worker.profile.enabled": False}  # looks 100 times a second
    if sys.platform != "win32":
        settings["distributed.worker.multiprocessing-method"] = "forkserver"
    here = {"host": "127.0.0.1", "dashboard_address": "127.0.0.1:0"}
    quiet = {"silence_logs": logging.CRITICAL}  # a worker that dies is what an engine is for
    with dask.config.set(settings):
        if get_mp_context().get_start_method() == "forkserver":
            # Workers are forks of one process that has read the libraries, which takes seconds.
            multiprocessing.set_forkserver_preload([*LIBRARIES, __name__])
        with (
            LocalCluster(n_workers=workers, threads_per_worker=1, **here, **quiet) as cluster,
            Client(cluster) as client,
        ):
            yield client
