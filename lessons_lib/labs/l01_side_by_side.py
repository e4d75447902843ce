"""Both modes on the same requests: the numbers behind the flagship lab.

Each of the six input distributions of `traffic` comes with a list of keys that is known before
anyone asks; the table holds one prediction for each of them, and a request for any other key has
none. The timetable and the words are real: the list comes from the earlier part of the data, the
requests from the later.

What is assumed, so that the two modes can be compared at all: every prediction takes the model the
same time, in a job as well as on demand; requests come at Poisson times; a look-up takes `LOOKUP`
seconds, found or not; the table is renewed once a day, or as often as the job allows where that is
less; the job may use as many servers as the clients' requests do. The clients' side of the network
is left out.

It knows the data, the traffic and the simulator, and nothing of charts.
"""

from dataclasses import dataclass
from functools import cache, cached_property
from math import inf
from typing import NamedTuple

import numpy as np
import pandas as pd

from lessons_lib import board, reviews, simulate, theory, traffic, validate

DAY, HOUR = 86_400.0, 3_600.0
LOOKUP = 1e-5
"""Seconds of one look-up, about what the table of lesson 02 takes."""
PATIENCE = 1.0
"""Seconds within which 99 % of the clients want their answer."""
FEWEST_ANSWERED = 0.9
"""The share of requests that must get a prediction for a mode to serve the case."""
REQUESTS = 20_000
PERCENTILES = (*range(1, 100), 99.5)
WARM_UP = 2_000
"""Requests at the start of a run that percentiles leave out: the queue is not filled yet."""

LABELS = {
    "1,000 cities, all as popular": "uniform",
    "100,000 products, Zipf": "zipf",
    "flights of a timetable": "timetable",
    "words of film reviews": "words",
    "sentences of film reviews": "sentences",
    "searches, 15 % of them new": "growing",
}
"""What learners read for each of ``traffic.INPUTS``, from few keys to inputs without end."""

_NEW_SHARE, _LOG = 0.15, 80_000
_SEED = 1


class Demand(NamedTuple):
    """The requests of one input distribution, and the table that was made for them."""

    rows: int
    """Keys on the list, so predictions in the table."""
    in_table: np.ndarray
    """Which requests have a prediction in the table, bool of shape (REQUESTS,)."""

    @property
    def answered(self) -> float:
        """The share of requests that have a prediction in the table, 0..1."""
        return float(self.in_table.mean())


@cache
def demand(inputs: str) -> Demand:
    """The demand of one of ``traffic.INPUTS``; computed once a process."""
    if inputs == "uniform":
        return Demand(1_000, np.ones(REQUESTS, bool))
    if inputs == "zipf":
        return Demand(100_000, np.ones(REQUESTS, bool))
    if inputs == "timetable":
        train, test = board.split(board.load_board(), cancelled=True)
        return _popular(train["key"], test["key"])
    texts = reviews.load_reviews()["text"]
    if inputs == "words":
        words = pd.Series([word for text in texts for word in reviews.words(text)])
        middle = len(words) // 2
        return _popular(words.iloc[:middle], words.iloc[middle:])
    if inputs == "sentences":
        return Demand(len(texts), np.zeros(REQUESTS, bool))
    if inputs == "growing":
        keys = traffic.growing_keys(_NEW_SHARE, _LOG + REQUESTS, seed=_SEED)
        rows = int(keys[:_LOG].max()) + 1
        return Demand(rows, keys[_LOG:] < rows)
    raise ValueError(f"distribution is {inputs!r}: choose one of {traffic.INPUTS}.")


@dataclass(frozen=True)
class Mode:
    """What one mode did with the requests of a case."""

    latency: np.ndarray
    """Seconds from asking to the answer, in the order of arrival, shape (REQUESTS,)."""
    answered: float
    """Share of requests that got a prediction, 0..1; the others got a default."""
    age: float
    """Mean age in seconds of the information behind a prediction when it is handed out."""
    compute: float
    """Seconds of server time asked for in a day."""
    load: float
    """`compute` over the server time there is: at 1 or more the work is not done in time."""

    @cached_property
    def tail(self) -> simulate.Percentiles:
        """The percentiles `PERCENTILES` of the latency without the warm-up, in seconds."""
        return simulate.percentiles(self.latency[WARM_UP:], PERCENTILES)

    @property
    def p99(self) -> float:
        """The 99th percentile of the latency in seconds; infinite without a steady state."""
        return float(self.tail.value[PERCENTILES.index(99)]) if self.stable else inf

    @property
    def stable(self) -> bool:
        """Whether the queue settles, so that percentiles mean something."""
        return self.load < 1

    def waiting_longer(self, seconds: float) -> float:
        """The share of all clients of the run who wait longer than that."""
        return float((self.latency > seconds).mean())


@dataclass(frozen=True)
class Case:
    """A model of `latency` seconds, one of ``traffic.INPUTS``, requests a second, and servers."""

    latency: float
    inputs: str
    rate: float
    servers: int

    def __post_init__(self) -> None:
        validate.finite("latency", self.latency, above=True)
        validate.finite("rate", self.rate, above=True)
        validate.count("servers", self.servers)

    @cached_property
    def arrive(self) -> np.ndarray:
        """When the requests arrive, seconds."""
        return traffic.poisson(self.rate, REQUESTS, seed=_SEED)

    @cached_property
    def job_time(self) -> float:
        """Seconds that the job takes to fill the table, on all servers together."""
        return demand(self.inputs).rows * self.latency / self.servers

    @cached_property
    def refresh(self) -> float:
        """Seconds from one table to the next: a day, or what the job takes if that is longer."""
        return max(DAY, self.job_time)

    @cached_property
    def dynamic(self) -> Mode:
        """The model runs for each request; its inputs are read when it starts."""
        compute = self.rate * DAY * self.latency
        load = theory.utilisation(self.rate, self.latency, self.servers)
        return Mode(self._run(self.latency), 1.0, self.latency, compute, load)

    @cached_property
    def static(self) -> Mode:
        """Each request is looked up in a table that is renewed every `refresh` seconds."""
        rows, answered = demand(self.inputs).rows, demand(self.inputs).answered
        age = theory.mean_age(self.refresh, self.job_time)
        compute = rows * self.latency + self.rate * DAY * LOOKUP
        return Mode(self._run(LOOKUP), answered, age, compute, compute / (self.servers * DAY))

    def _run(self, seconds: float) -> np.ndarray:
        work = np.full(REQUESTS, seconds)
        return simulate.fifo(self.arrive, work, self.servers) + seconds - self.arrive


def fewest_servers(latency: float, rate: float, within: float = PATIENCE) -> int:
    """The fewest servers with which 99 % of a dynamic model's clients wait `within` s or less.

    `latency` is the model's, in seconds; no number of servers gets below it.

    >>> fewest_servers(latency=0.002, rate=10)
    1
    """
    if not latency <= within:
        raise ValueError(f"within is {within} s: the model alone takes {latency} s, give more.")
    servers = int(rate * latency) + 1  # below that the queue grows without end
    while Case(latency, "uniform", rate, servers).dynamic.p99 > within:
        servers += 1
    return servers


def break_even_rate(inputs: str) -> float:
    """Requests per second above which a daily table asks for less server time than the model.

    Look-ups are left out: with a millisecond or more for the model they move it by under a per cent.

    >>> round(break_even_rate("uniform"), 4)
    0.0116
    """
    return demand(inputs).rows / DAY


def _popular(log: pd.Series, later: pd.Series) -> Demand:
    """A table of every key in `log`, asked by requests as popular as in `later`."""
    counts = later.value_counts(sort=False).sort_index()
    known = counts.index.isin(log.unique())
    keys = traffic.popular_keys(counts.to_numpy(), REQUESTS, seed=_SEED)
    return Demand(log.nunique(), known[keys])
