"""Sends single requests and notes what became of each; the schedules stand in `load`.

It sends to this machine only, and refuses every other address: whoever can make load can make
trouble, and a typing error should not.
"""

import asyncio
import contextlib
import ipaddress
import json
import threading
import time
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from itertools import zip_longest

import httpx

OUTCOMES = {200: "ok", 503: "refused", 504: "late"}


class Sender:
    """One client program with up to `max_open` connections; see `load.open_loop`."""

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
        self.bodies = [_encoded(body) for body in bodies]
        if not self.bodies:
            raise ValueError("There are no bodies: give at least one request to send.")
        self.headers = {"Content-Type": "application/json", **(headers or {})}
        self.max_open = max_open
        self.timeout = timeout
        self._rows: dict[int, dict] = {}
        self._end = 0.0

    async def play(self, run: Coroutine, most_seconds: float) -> None:
        """Run a schedule, and cut off whatever is not done after `most_seconds`."""
        self._turns = asyncio.Semaphore(self.max_open)
        limits = httpx.Limits(max_connections=self.max_open, max_keepalive_connections=None)
        # trust_env: a proxy from the environment would take the load elsewhere.
        async with httpx.AsyncClient(
            limits=limits, timeout=None, trust_env=False, headers=self.headers
        ) as self._client:
            self._start = time.perf_counter()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(most_seconds):
                    await run
            self._end = self.now()

    def now(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self._start

    async def sleep_until(self, when: float) -> None:
        """Wait for a moment of the schedule; not at all if it has passed."""
        await asyncio.sleep(max(0.0, when - self.now()))

    async def send(self, number: int, intended: float | None) -> None:
        """Send request `number` and note its fate; `intended` None means now."""
        row = self._rows[number] = {"intended": intended, "sent": None}
        async with self._turns:
            row["sent"] = self.now()
            row["intended"] = row["sent"] if intended is None else intended
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

    def rows(self, due: Iterable[float]) -> list[dict]:
        """What became of each request; one that was cut off, or never sent, counts as late."""
        cut_off = {"finished": self._end, "status": 0, "outcome": "late"}
        noted = [self._rows[number] for number in sorted(self._rows)]
        pairs = zip_longest(noted, due, fillvalue=None)
        rows = [{"intended": when} if row is None else row for row, when in pairs]
        return [{"source": "", **({} if "finished" in row else cut_off), **row} for row in rows]


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
    outcome: list[BaseException] = []

    def run() -> None:
        try:
            loop.run_until_complete(task)
        except BaseException as error:  # handed on to the caller's thread below
            outcome.append(error)
        finally:
            loop.close()

    task = loop.create_task(work())
    thread = threading.Thread(target=run, name="load", daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(0.1)
    except KeyboardInterrupt:
        with contextlib.suppress(RuntimeError):  # the loop has just ended by itself
            loop.call_soon_threadsafe(task.cancel)
        thread.join()
        raise
    if outcome:
        raise outcome[0]


def _encoded(body: Mapping | bytes) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()


def _source(answer: httpx.Response) -> str:
    if answer.status_code != 200:
        return ""
    try:
        reply = answer.json()
    except ValueError:
        return ""
    return str(reply.get("source", "")) if isinstance(reply, dict) else ""
