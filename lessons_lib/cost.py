"""What a design costs a day: servers, batch jobs, storage, and answers that are old or missing.

Prices stand in one file, ``data/prices.yaml``, each with its date and its source. Money is US
dollars, time is seconds. It knows the formulas of `theory`, and no server, table or model: how long
things take and how often they happen is measured by the caller.
"""

from collections.abc import Callable
from functools import cache
from math import exp, inf, log10
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import yaml

from lessons_lib import theory, validate

FILE = Path(__file__).parent / "data" / "prices.yaml"
HOUR, DAY, MONTH = 3600.0, 86_400.0, 30 * 86_400.0  # seconds
GIGABYTE = 1e9


class Bill(NamedTuple):
    """What a day costs, in dollars, part by part."""

    servers: float
    batch: float
    storage: float
    stale: float
    missing: float

    @property
    def total(self) -> float:
        return sum(self)


def bill(
    *,
    server_seconds: float = 0.0,
    batch_seconds: float = 0.0,
    stored: float = 0.0,
    stale: float = 0.0,
    missing: float = 0.0,
) -> Bill:
    """The bill of a day.

    Parameters
    ----------
    server_seconds : float
        Seconds of processors that wait for requests, busy or idle: a server is paid all day.
    batch_seconds : float
        Seconds of processors that jobs use.
    stored : float
        Bytes that are kept all day.
    stale, missing : float
        Answers that were no longer true, and requests that got none.

    >>> round(bill(server_seconds=2 * DAY).total, 4)
    2.4192
    """
    parts = {
        "server_seconds": (server_seconds, price("server") / HOUR),
        "batch_seconds": (batch_seconds, price("batch") / HOUR),
        "stored": (stored, price("storage") / GIGABYTE * DAY / MONTH),
        "stale": (stale, price("stale")),
        "missing": (missing, price("missing")),
    }
    return Bill(*(validate.finite(name, amount) * usd for name, (amount, usd) in parts.items()))


def prices() -> pd.DataFrame:
    """Every price by its name: ``usd``, ``per`` what, ``status``, ``date`` and ``source``."""
    return pd.DataFrame(_prices()).T.astype({"usd": float, "date": int})


def price(name: str) -> float:
    """One price, in dollars; the ValueError for a name that is not there lists those that are.

    >>> price("server")
    0.0504
    """
    if name not in _prices():
        raise ValueError(f"There is no price {name!r}: take one of {', '.join(_prices())}.")
    return _prices()[name]["usd"]


def servers_within(rate: float, service_time: float, deadline: float, *, p: float = 99) -> float:
    """The fewest servers with which `p` percent of the requests take `deadline` or less.

    Of M/M/c, see `theory`; `rate` is that of the busiest hour. Infinite where no number is enough,
    since the service alone is late too often.

    >>> servers_within(rate=10, service_time=0.3, deadline=2.0), servers_within(10, 0.3, 1.0)
    (4, inf)
    """
    load = theory.utilisation(rate, validate.finite("service_time", service_time, above=True))
    deadline = validate.finite("deadline", deadline)
    late = 1 - validate.number("p", p, above=True, most=100) / 100
    if exp(-deadline / service_time) >= late:
        return inf

    def enough(servers: int) -> bool:
        return theory.mmc_slower_than(deadline, rate, service_time, servers) <= late

    few = int(load)  # never enough: such a queue grows without end
    many = few + 1
    while not enough(many):
        few, many = many, 2 * many - int(load)
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if enough(middle) else (middle, many)
    return many


def break_even(
    static: Callable[[float], float],
    dynamic: Callable[[float], float],
    *,
    low: float = 1e-6,
    high: float = 1e3,
) -> float:
    """The requests per key per refresh from which on the table is no dearer, by bisection.

    `static` and `dynamic` give dollars for a number of requests per key per refresh. 0 where the
    table is the cheaper one from `low` on, infinite where it still is the dearer one at `high`.
    Bills that jump, as servers do, may cross more than once; then it is one of the crossings.

    >>> round(break_even(lambda asked: 3.0 + asked, lambda asked: 5 * asked), 6)
    0.75
    """
    from scipy.optimize import bisect

    def dearer(exponent: float) -> float:
        return 1.0 if static(10**exponent) > dynamic(10**exponent) else -1.0

    ends = log10(low), log10(high)
    if dearer(ends[0]) < 0:
        return 0.0
    if dearer(ends[1]) > 0:
        return inf
    return float(10 ** bisect(dearer, *ends, xtol=1e-12))


@cache
def _prices() -> dict[str, dict]:
    entries = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {entry.pop("name"): entry for entry in entries}
