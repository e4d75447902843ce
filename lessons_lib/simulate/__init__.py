"""The simulator: what happens to each request, computed from arrays, in virtual time.

Used by every lab from lesson 01 on. Import everything from here; the parts are ``queues`` (`fifo`,
`batches`), ``caches`` (`lru`, `ttl`), ``serving`` (`serve`, all of them together) and ``summary``
(`percentiles` and what else a run amounts to). It knows no predictor, no server and no file:
``traffic`` makes the arrays, and ``drive`` runs a predictor's own code.

Times are seconds as floats, keys are integers, one entry a request, in order of arrival.

No calendar of events is needed. Where requests are taken first come, first served, the fate of
each is known the moment it arrives: it starts when the first server becomes free. So each function
is one loop over the requests, with a heap that tells when each server is next free.

Ties go to the server: one that becomes free at time t is free for a request that arrives at t, and
a result that is ready at t is there for it too. Requests that arrive together are taken in the
order of the trace.
"""

from lessons_lib.latency import Percentiles, percentiles
from lessons_lib.simulate.caches import lru, ttl
from lessons_lib.simulate.queues import batches, fifo
from lessons_lib.simulate.serving import OUTCOMES, ServeResult, serve
from lessons_lib.simulate.summary import utilisation, warm_up

__all__ = [
    "OUTCOMES",
    "Percentiles",
    "ServeResult",
    "batches",
    "fifo",
    "lru",
    "percentiles",
    "serve",
    "ttl",
    "utilisation",
    "warm_up",
]
