"""Load for a service on this machine, and the table that says how it fared.

Used by lessons 03, 04 and 09. It knows URLs and clocks; it must not know what is served.

Two ways to send, and why the difference matters:

* `open_loop` sends on a schedule that was fixed beforehand, as a crowd does: people do not wait
  with their request until a stranger's answer has come. Latency counts from the *intended* time.
* `closed_loop` sends the next request when the last answer is there. When the service stalls, so
  does the load: the requests that would have suffered are never sent, and the percentiles look
  fine. Gil Tene named this coordinated omission ("How NOT to Measure Latency", 2013).

The generator shares this machine with the service, so it can be late itself. The frame shows it:
``sent - intended`` is its own lag. Keep rates low (some hundreds a second), and doubt a figure
whose lag is not small beside it.
"""

import asyncio
import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from lessons_lib.dynamic.sender import Sender, in_own_thread

FEW = 20
"""A percentile with fewer requests behind it is a guess, and is marked as one."""


def open_loop(
    url: str,
    bodies: Sequence[Mapping | bytes],
    *,
    rate: float | None = None,
    times: Sequence[float] | None = None,
    seconds: float = 10.0,
    max_requests: int = 2_000,
    max_open: int = 100,
    timeout: float = 10.0,
    headers: Mapping[str, str] | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """Send on a schedule, whatever the service does, and note what became of each request.

    Parameters
    ----------
    url : str
        Where to, such as ``server.url + "/predict"``; this machine only.
    bodies : sequence of dict or bytes
        Sent as JSON one after the other, from the start again when they run out.
    rate : float
        Requests a second on average, at Poisson times; see `poisson_times`.
    times : sequence of float, in place of `rate`
        Replayed times in seconds from the start, such as a stretch of the timetable.
    seconds : float
        Nothing is due at or after this time. What is still open then gets `timeout` to finish.
    max_requests : int
        Only so many are sent, the earliest ones.
    max_open : int
        At most so many are open at once. One more waits here and shows as lag.
    timeout : float
        Seconds after which this client gives up on an answer.
    headers : mapping, optional
        More HTTP headers, such as ``{"X-Deadline-Seconds": "0.2"}``.
    seed : int
        Makes the Poisson times repeatable.

    Returns
    -------
    DataFrame
        One row a request, by intended time, times in seconds from the start: ``intended``,
        ``sent`` (NaN if never sent), ``finished``, ``latency`` (finished - intended), ``from_sent``
        (finished - sent), ``status`` (0 without an answer), ``outcome`` (ok; late: 504, or given
        up; refused: 503; error: anything else) and ``source`` of the answer.

    Raises
    ------
    ValueError
        For a URL beyond this machine, no bodies, or a setting out of range.
    """
    _positive(seconds=seconds, timeout=timeout)
    _whole(max_requests=max_requests, max_open=max_open)
    if (rate is None) == (times is None):
        raise ValueError(f"rate is {rate!r} and times is {times!r}: give one of the two.")
    due = _replayed(times) if rate is None else poisson_times(rate, seconds, seed=seed)
    due = due[due < seconds][:max_requests]
    sender = Sender(url, bodies, max_open, timeout, headers)

    async def run() -> None:
        async with asyncio.TaskGroup() as group:
            for number, time in enumerate(due):
                await sender.sleep_until(time)
                group.create_task(sender.send(number, float(time)))

    in_own_thread(lambda: sender.play(run(), seconds + timeout))
    return _frame(sender.rows(due))


def closed_loop(
    url: str,
    bodies: Sequence[Mapping | bytes],
    *,
    clients: int = 1,
    seconds: float = 10.0,
    max_requests: int = 2_000,
    timeout: float = 10.0,
    headers: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Send, wait for the answer, send the next, with so many `clients` at once.

    The parameters are those of `open_loop`, and so is the frame. Here ``intended`` equals ``sent``,
    because nobody intends anything while waiting: that is the flaw of this measurement.
    """
    _positive(seconds=seconds, timeout=timeout)
    _whole(max_requests=max_requests, clients=clients)
    sender = Sender(url, bodies, clients, timeout, headers)
    numbers = iter(range(max_requests))

    async def client() -> None:
        while sender.now() < seconds and (number := next(numbers, None)) is not None:
            await sender.send(number, None)

    async def run() -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(clients):
                group.create_task(client())

    in_own_thread(lambda: sender.play(run(), seconds + timeout))
    return _frame(sender.rows([]))


def poisson_times(rate: float, seconds: float, *, seed: int = 0) -> np.ndarray:
    """Arrival times of independent clients: exponential gaps, `rate` a second on average.

    Parameters
    ----------
    rate : float
        Arrivals a second.
    seconds : float
        The last time is below this one.
    seed : int
        The same seed and rate give the same times.

    Returns
    -------
    ndarray of float
        Times in seconds, sorted.

    Examples
    --------
    >>> poisson_times(2, 3, seed=1).round(2)
    array([0.54, 0.69])
    """
    _positive(rate=rate, seconds=seconds)
    if rate * seconds > 1_000_000:
        raise ValueError(f"rate {rate:g} for {seconds:g} s is over a million requests: give less.")
    random = np.random.default_rng(seed)
    mean = rate * seconds
    # Enough gaps to pass the end, but for one chance in many millions; the loop covers that one.
    times = np.cumsum(random.exponential(1 / rate, math.ceil(mean + 6 * math.sqrt(mean) + 10)))
    while times[-1] < seconds:
        times = np.append(times, times[-1] + random.exponential(1 / rate))
    return times[times < seconds]


def latency_table(frame: pd.DataFrame, percentiles: Sequence[float] = (50, 95, 99)) -> pd.DataFrame:
    """Percentiles of latency, each with the number of requests that stand behind it.

    All requests that waited for an answer are pooled: ok and late ones. Refusals come back at once
    and would flatter the figures, so count them apart: ``frame["outcome"].value_counts()``. To join
    several runs, concatenate their frames first; percentiles cannot be averaged.

    Parameters
    ----------
    frame : DataFrame
        From `open_loop` or `closed_loop`.
    percentiles : sequence of float
        Between 0 and 100.

    Returns
    -------
    DataFrame
        One row a percentile (``p50``, ...): ``latency`` from the intended time and ``from_sent``,
        in seconds; ``behind``, how many requests lie beyond it; ``enough``, whether these are 20 or
        more. Where it says False, the figure is a guess.

    Examples
    --------
    >>> frame = pd.DataFrame({"latency": np.arange(100) / 100, "outcome": "ok"})
    >>> latency_table(frame.assign(from_sent=0.01))
         latency  from_sent  behind  enough
    p50     0.49       0.01      50    True
    p95     0.94       0.01       5   False
    p99     0.98       0.01       1   False
    """
    bad = [p for p in percentiles if not 0 < p < 100]
    if bad:
        raise ValueError(f"{bad[0]!r} is no percentile: give numbers between 0 and 100.")
    waited = frame[frame["outcome"].isin(["ok", "late"])]
    table = pd.DataFrame(index=[f"p{p:g}" for p in percentiles])
    for view in ("latency", "from_sent"):
        values = np.sort(waited[view].dropna().to_numpy(float))
        # The value that really occurred at that rank: no invention between two requests.
        ranks = [math.ceil(p / 100 * len(values)) for p in percentiles]
        table[view] = values[np.maximum(ranks, 1) - 1] if len(values) else math.nan
    table["behind"] = [len(values) - rank for rank in ranks]
    table["enough"] = table["behind"] >= FEW
    return table


def _frame(rows: list[dict]) -> pd.DataFrame:
    columns = ["intended", "sent", "finished", "status", "outcome", "source"]
    frame = pd.DataFrame(rows, columns=columns)
    frame = frame.astype({"intended": float, "sent": float, "finished": float, "status": int})
    frame.insert(3, "latency", frame["finished"] - frame["intended"])
    frame.insert(4, "from_sent", frame["finished"] - frame["sent"])
    return frame.sort_values("intended", ignore_index=True)


def _replayed(times: Sequence[float]) -> np.ndarray:
    due = np.asarray(times, dtype=float)
    if due.ndim != 1 or not np.isfinite(due).all() or (due < 0).any() or (np.diff(due) < 0).any():
        raise ValueError("times must be seconds from the start: finite, 0 or more, sorted.")
    return due


def _positive(**settings: float) -> None:
    for name, value in settings.items():
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not 0 < value < math.inf
        ):
            raise ValueError(f"{name} is {value!r}: give a number above 0.")


def _whole(**settings: int) -> None:
    for name, value in settings.items():
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise ValueError(f"{name} is {value!r}: give a whole number of 1 or more.")
