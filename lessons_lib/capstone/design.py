"""What is handed in: a design with its settings, a forecast, and the router that a design stands for.

It knows a world's parts through ``answer(request)`` alone.
"""

from collections import deque
from dataclasses import dataclass
from math import nan, sqrt
from typing import NamedTuple

from lessons_lib import validate
from lessons_lib.answer import Answer

FALLBACKS = ("none", "default", "old")
"""What is answered when nothing fresh came: nothing, the default, or an old answer of the cache."""
USUAL, SPREAD, SIGMAS = 0.3, 0.1, 3.0
"""Mean and standard deviation of healthy predictions; how many standard errors ring the alarm."""
MOST_BATCH = 64
PROBE = 4
"""While the alarm rings, one request in so many still asks the model, to see whether it is well."""


@dataclass(frozen=True)
class Design:
    """What is bought and how it answers; each setting stands by itself.

    Parameters
    ----------
    table_size : int
        Rows of the table: the most asked keys of the log; 0 is no table.
    refresh : float
        Seconds from one job that makes the table anew to the next, 60 or more; infinity is never.
    servers : int
        Servers of the live model; 0 is none.
    batch : int
        Requests that a server may take at once, 1 to 64. A batch takes the time of a full one; it
        fills while all servers are busy.
    ttl : float
        Seconds for which an answer of the model is served from the cache; 0 is no cache.
    fallback : str
        One of `FALLBACKS`.
    alarms : int
        Predictions in the window of the alarm. While their mean is off, the model is not believed;
        and no table is published whose mean is off. 0 is no alarm; a small window also rings
        without a fire.

    Raises
    ------
    ValueError
        Names the setting, its value and what would do; also where there is neither table nor server.

    Examples
    --------
    >>> Design(table_size=100, servers=2).mode
    'hybrid'
    """

    table_size: int = 0
    refresh: float = 3600.0
    servers: int = 0
    batch: int = 1
    ttl: float = 0.0
    fallback: str = "default"
    alarms: int = 0

    def __post_init__(self):
        if self.fallback not in FALLBACKS:
            known = ", ".join(map(repr, FALLBACKS))
            raise ValueError(f"fallback is {self.fallback!r}: give one of {known}.")
        settings = {
            "table_size": validate.count("table_size", self.table_size, 0),
            "refresh": validate.number("refresh", self.refresh, 60.0),
            "servers": validate.count("servers", self.servers, 0),
            "batch": validate.count("batch", self.batch),
            "ttl": validate.number("ttl", self.ttl),
            "alarms": validate.count("alarms", self.alarms, 0),
        }
        for name, value in settings.items():  # plain numbers, so that equal designs are one
            object.__setattr__(self, name, value)
        if self.batch > MOST_BATCH:
            raise ValueError(
                f"batch is {self.batch}: give {MOST_BATCH} or fewer, which is what a server holds."
            )
        if not self.table_size and not self.servers:
            raise ValueError(
                "table_size and servers are both 0, so nothing could answer: give a table, a server, "
                "or both."
            )

    @property
    def mode(self) -> str:
        """``"static"`` without a server, ``"dynamic"`` without a table, else ``"hybrid"``."""
        if not self.servers:
            return "static"
        return "hybrid" if self.table_size else "dynamic"

    def router(self, table, model, clock) -> "Routed":
        """The router that the design stands for."""
        return Routed(self, table, model, clock)


class Forecast(NamedTuple):
    """What the learner expects of the design under the attacks.

    Parameters
    ----------
    p99 : float
        The 99th percentile of the latency, seconds, above 0.
    cost : float
        Dollars a day, above 0.
    coverage : float
        The share of requests that get a prediction in time, 0..1.
    """

    p99: float
    cost: float
    coverage: float

    def checked(self) -> "Forecast":
        """Itself as plain floats; a ValueError names what is out of range."""
        return Forecast(
            validate.finite("p99", self.p99, above=True),
            validate.finite("cost", self.cost, above=True),
            validate.number("coverage", self.coverage, most=1),
        )


class Routed:
    """Table, cache, model, fallback, as a design sets them."""

    def __init__(self, design: Design, table, model, clock):
        self.table, self.model, self.clock = table, model, clock
        self.ttl, self.fallback, self.window = design.ttl, design.fallback, design.alarms
        self.cache: dict = {}  # key -> (value, when it was computed)
        self.seen: deque = deque(maxlen=self.window)  # (key, value) of the latest predictions
        self.total, self.rings, self.turned = 0.0, False, 0

    def answer(self, request) -> Answer:
        """The answer to a request, now."""
        if self.table is not None:
            found = self.table.answer(request)
            if found.value is not None:
                return found
        entry, began = self.cache.get(request), self.clock()
        if entry is not None and began - entry[1] < self.ttl:
            return Answer(entry[0], "cache", began - entry[1])
        if self.model is not None and self._asks():
            try:
                fresh = self.model.answer(request)
            except Exception:
                fresh = None
            if fresh is not None and self._believes(request, fresh.value):
                if self.ttl or self.fallback == "old":
                    self.cache[request] = fresh.value, self.clock() - fresh.age
                return fresh
        entry = self.cache.get(request)
        if self.fallback == "old" and entry is not None:
            return Answer(entry[0], "cache", self.clock() - entry[1])
        return Answer(None if self.fallback == "none" else USUAL, "default", nan)

    def _asks(self) -> bool:
        """Whether the model is asked; while the alarm rings, only now and then."""
        if not self.rings:
            return True
        self.turned += 1
        return self.turned % PROBE == 0

    def _believes(self, request, value: float) -> bool:
        """Note a prediction; whether it may be served."""
        window = self.window
        if not window:
            return True
        if len(self.seen) == window:
            self.total -= self.seen[0][1]
        self.seen.append((request, value))
        self.total += value
        off = abs(self.total / len(self.seen) - USUAL)
        rings = len(self.seen) == window and off > SIGMAS * SPREAD / sqrt(window)
        if rings and not self.rings:
            for key, _ in self.seen:
                self.cache.pop(key, None)
        self.rings = rings
        return not rings
