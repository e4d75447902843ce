"""Load for a service on this machine, and the table that says how it fared.

Two ways to send, and why the difference matters:

* `open_loop` sends on a schedule that was fixed beforehand, as a crowd does: people do not wait
  with their request until a stranger's answer has come. Latency counts from the *intended* time.
* `closed_loop` sends the next request when the last answer is there. When the service stalls, so
  does the load: the requests that would have suffered are never sent, and the percentiles look
  fine. Gil Tene named this coordinated omission ("How NOT to Measure Latency", 2013).

The generator shares this machine with the service, so it can be late itself. The frame shows it:
``sent - intended`` is its own lag. Keep rates low (some hundreds a second), and doubt a figure
whose lag is not small beside it. It sends to this machine only: whoever can make load can make
trouble, and a typing error should not. It knows URLs and clocks, and not what is served.
"""

import asyncio
import contextlib
import ipaddress
import json
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait

import httpx
import pandas as pd

from lessons_lib import latency, validate

OUTCOMES = {200: "ok", 503: "refused", 504: "late"}
"""What a status means for the client; any other is an error."""
COLUMNS = ["intended", "sent", "finished", "status", "outcome", "source"]


def open_loop(
    url: str,
    bodies: Sequence[Mapping | bytes],
    times: Sequence[float],
    *,
    seconds: float = 10.0,
    max_requests: int = 2_000,
    max_open: int = 100,
    timeout: float = 10.0,
    headers: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Send on a schedule, whatever the service does, and note what became of each request.

    Parameters
    ----------
    url : str
        Where to, such as ``server.url + "/predict"``; this machine only.
    bodies : sequence of dict or bytes
        Sent as JSON one after the other, from the start again when they run out.
    times : sequence of float
        When each request is due, in seconds from the start, sorted.
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

    Returns
    -------
    DataFrame
        One row a request, by intended time, times in seconds from the start: ``intended``,
        ``sent`` (NaN if never sent), ``finished``, ``latency`` (finished - intended), ``from_sent``
        (finished - sent), ``status`` (0 without an answer), ``outcome`` (ok; late: 504, or given
        up; refused: 503; error: anything else) and ``source`` of the answer.
    """
    sender = Sender(url, bodies, validate.count("max_open", max_open), timeout, headers)
    due = validate.times("times", times)
    if due[0] < 0:
        raise ValueError(f"times begin at {due[0]:g}: give seconds from the start, 0 or more.")
    due = due[due < validate.finite("seconds", seconds, above=True)]
    due = due[: validate.count("max_requests", max_requests)]
    sender.rows = [{"intended": when} for when in due.tolist()]

    async def run() -> None:
        async with asyncio.TaskGroup() as group:
            for number, row in enumerate(sender.rows):
                await asyncio.sleep(max(0.0, row["intended"] - sender.now()))
                group.create_task(sender.send(number, row))

    return sender.play(run, seconds)


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
    sender = Sender(url, bodies, validate.count("clients", clients), timeout, headers)
    validate.finite("seconds", seconds, above=True)
    numbers = iter(range(validate.count("max_requests", max_requests)))

    async def client() -> None:
        while sender.now() < seconds and (number := next(numbers, None)) is not None:
            sender.rows.append(row := {})
            await sender.send(number, row)

    async def run() -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(clients):
                group.create_task(client())

    return sender.play(run, seconds)


def latency_table(frame: pd.DataFrame, percentiles: Sequence[float] = (50, 95, 99)) -> pd.DataFrame:
    """Percentiles of latency, each with the number of requests that stand behind it.

    All requests of a `frame` of `open_loop` or `closed_loop` that waited for an answer are pooled:
    ok and late ones. Refusals come back at once and would flatter the figures, so count them apart:
    ``frame["outcome"].value_counts()``. To join several runs, concatenate their frames first.

    Columns ``latency`` from the intended time and ``from_sent``, in seconds; ``behind``, how many
    requests lie beyond; and ``enough``: where it says False, the figure is a guess.

    >>> frame = pd.DataFrame({"latency": [i / 100 for i in range(100)], "outcome": "ok"})
    >>> latency_table(frame.assign(from_sent=0.01))
         latency  from_sent  behind  enough
    p50     0.49       0.01      50    True
    p95     0.94       0.01       5   False
    p99     0.98       0.01       1   False
    """
    waited = frame[frame["outcome"].isin(["ok", "late"])]
    whole = latency.percentiles(waited["latency"], percentiles)
    sent = latency.percentiles(waited["from_sent"], percentiles)
    columns = {"latency": whole.value, "from_sent": sent.value}
    columns |= {"behind": whole.behind, "enough": whole.enough}
    return pd.DataFrame(columns, [f"p{p:g}" for p in whole.at])


class Sender:
    """One client program with up to `max_open` connections, and what became of its requests."""

    def __init__(
        self,
        url: str,
        bodies: Sequence[Mapping | bytes],
        max_open: int,
        timeout: float,
        headers: Mapping[str, str] | None,
    ):
        self.url = on_this_machine(url)
        if isinstance(bodies, Mapping | bytes | str):
            raise ValueError("bodies is a single body: give a list of them.")
        self.bodies = [b if isinstance(b, bytes) else json.dumps(b).encode() for b in bodies]
        if not self.bodies:
            raise ValueError("There are no bodies: give at least one request to send.")
        self.headers = {"Content-Type": "application/json", **(headers or {})}
        self.max_open = max_open
        self.timeout = validate.finite("timeout", timeout, above=True)
        self.rows: list[dict] = []

    def play(self, run: Callable[[], Coroutine], seconds: float) -> pd.DataFrame:
        """Run a schedule, cut off what is not done a `timeout` after its end; the frame."""
        in_own_thread(lambda: self._play(run, seconds + self.timeout))
        cut_off = {"finished": self._end, "status": 0, "outcome": "late", "source": ""}
        rows = [{**cut_off, **row} for row in self.rows]
        frame = pd.DataFrame(rows, columns=COLUMNS)
        frame = frame.astype({"intended": float, "sent": float, "finished": float, "status": int})
        frame.insert(3, "latency", frame["finished"] - frame["intended"])
        frame.insert(4, "from_sent", frame["finished"] - frame["sent"])
        return frame.sort_values("intended", ignore_index=True, kind="stable")

    async def _play(self, run: Callable[[], Coroutine], most_seconds: float) -> None:
        self._turns = asyncio.Semaphore(self.max_open)
        limits = httpx.Limits(max_connections=self.max_open, max_keepalive_connections=None)
        # trust_env: a proxy from the environment would take the load elsewhere.
        async with httpx.AsyncClient(
            limits=limits, timeout=None, trust_env=False, headers=self.headers
        ) as self._client:
            self._start = time.perf_counter()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(most_seconds):
                    await run()
            self._end = self.now()

    def now(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self._start

    async def send(self, number: int, row: dict) -> None:
        """Send the request of this number, and note in its row what became of it."""
        async with self._turns:
            row["sent"] = self.now()
            row.setdefault("intended", row["sent"])
            body = self.bodies[number % len(self.bodies)]
            try:
                async with asyncio.timeout(self.timeout):
                    answer = await self._client.post(self.url, content=body)
            except TimeoutError:
                row |= {"status": 0, "outcome": "late"}
            except httpx.HTTPError:
                row |= {"status": 0, "outcome": "error"}
            else:
                row |= {"status": answer.status_code, "source": _source(answer)}
                row["outcome"] = OUTCOMES.get(answer.status_code, "error")
            row["finished"] = self.now()


def on_this_machine(url: str) -> str:
    """The URL, if it leads to this machine; ValueError otherwise."""
    try:
        parts = httpx.URL(url)
        local = parts.host == "localhost" or ipaddress.ip_address(parts.host).is_loopback
    except (httpx.InvalidURL, TypeError, ValueError):
        parts, local = None, False
    if not local or parts.scheme != "http":
        raise ValueError(
            f"{url!r} is not on this machine: load is sent only to http://127.0.0.1 or localhost, "
            "such as the url of a Server you started."
        )
    return url


def in_own_thread(work: Callable[[], Coroutine]) -> None:
    """Run a coroutine to its end in a thread: a notebook's own event loop runs already.

    Interrupting the cell cancels it.
    """
    loop = asyncio.new_event_loop()
    task = loop.create_task(work())
    with contextlib.closing(loop), ThreadPoolExecutor(1, "load") as pool:
        running = pool.submit(loop.run_until_complete, task)
        try:
            while not wait([running], timeout=0.1).done:
                pass
        except KeyboardInterrupt:
            loop.call_soon_threadsafe(task.cancel)
            raise
    running.result()


def _source(answer: httpx.Response) -> str:
    if answer.status_code != 200:
        return ""
    reply = None
    with contextlib.suppress(ValueError):
        reply = answer.json()
    return str(reply.get("source", "")) if isinstance(reply, dict) else ""
