"""The load generator is bounded, stays on this machine, and shows what a closed loop hides."""

import asyncio
import json
import math
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pandas as pd
import pytest

from lessons_lib.dynamic.load import closed_loop, latency_table, open_loop

COLUMNS = [
    "intended",
    "sent",
    "finished",
    "latency",
    "from_sent",
    "status",
    "outcome",
    "source",
]


class Site:
    """A tiny HTTP server in this process; ``reply(number)`` gives the status, or None to hang up.

    The number is that of the request in order of arrival, or with `by_body` the body's own ``n``:
    requests sent close together may arrive in another order on a busy machine.
    """

    def __init__(self, reply, *, by_body=False):
        self.bodies, self.by_body = [], by_body
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                site.bodies.append(body)
                status = (
                    reply(len(site.bodies) - 1)
                    if not site.by_body
                    else reply(json.loads(body)["n"])
                )
                if status is None:
                    self.close_connection = True
                    return
                text = b'{"source": "model"}' if status == 200 else b"{}"
                head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(text)}\r\n\r\n"
                self.wfile.write(head.encode() + text)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/predict"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def test_open_loop_shows_the_stall_that_a_closed_loop_hides():
    def stalling():
        """One request at a time; at half a second the whole service stops for 0.7 s."""
        lock, begun = threading.Lock(), []

        def reply(number):
            begun.append(time.monotonic())
            with lock:
                if begun[0] + 0.5 < time.monotonic() and not hasattr(reply, "stalled"):
                    reply.stalled = True
                    time.sleep(0.7)
            return 200

        return reply

    with Site(stalling()) as site:
        opened = open_loop(site.url, [{}], np.arange(0, 1.6, 1 / 80))
    with Site(stalling()) as site:
        closed = closed_loop(site.url, [{}], clients=1, seconds=1.6)
    open_table, closed_table = latency_table(opened), latency_table(closed)
    # A third of the users met the stall; the closed loop met it once.
    assert open_table.loc["p95", "latency"] > 0.3
    assert closed_table.loc["p95", "latency"] < 0.1
    assert (closed["latency"] > 0.3).sum() == 1
    assert (opened["latency"] > 0.3).sum() > 10


def test_frame_tells_when_what_and_how(tmp_path):
    statuses = [200, 503, 504, 500, 422, None]
    with Site(lambda n: statuses[n], by_body=True) as site:
        times = np.arange(6) / 20
        frame = open_loop(site.url, [{"n": i} for i in range(6)], times=times, seconds=5)
    assert list(frame.columns) == COLUMNS
    assert list(frame["intended"]) == pytest.approx(times)
    assert (frame["sent"] >= frame["intended"]).all()
    assert (frame["finished"] >= frame["sent"]).all()
    assert frame["latency"].to_numpy() == pytest.approx(frame["finished"] - frame["intended"])
    assert frame["from_sent"].to_numpy() == pytest.approx(frame["finished"] - frame["sent"])
    assert list(frame["outcome"]) == ["ok", "refused", "late", "error", "error", "error"]
    assert list(frame["status"]) == [200, 503, 504, 500, 422, 0]
    assert list(frame["source"]) == ["model", "", "", "", "", ""]


def test_bodies_are_sent_in_turn_and_from_the_start_again():
    with Site(lambda number: 200) as site:
        closed_loop(site.url, [{"a": 1}, b"raw"], max_requests=5)
    assert site.bodies == [b'{"a": 1}', b"raw", b'{"a": 1}', b"raw", b'{"a": 1}']


def test_client_gives_up_after_its_timeout():
    with Site(lambda number: time.sleep(1) or 200) as site:
        frame = open_loop(site.url, [{}], times=[0.0], timeout=0.2)
    assert list(frame["outcome"]) == ["late"]
    assert frame["latency"][0] == pytest.approx(0.2, abs=0.2)


def test_lag_of_the_generator_shows():
    with Site(lambda number: time.sleep(0.1) or 200) as site:
        frame = open_loop(site.url, [{}], times=np.zeros(5), max_open=1)
    lag = frame["sent"] - frame["intended"]
    assert lag.iloc[0] < 0.1
    assert lag.iloc[-1] > 0.35
    assert frame["from_sent"].max() < frame["latency"].max()


@pytest.mark.parametrize(
    "send",
    [
        lambda url: open_loop(url, [{}], np.arange(1, 60, 1 / 200) - 1, seconds=60, max_requests=7),
        lambda url: closed_loop(url, [{}], clients=3, seconds=60, max_requests=7),
    ],
    ids=["open", "closed"],
)
def test_load_is_bounded_in_requests(send):
    with Site(lambda number: 200) as site:
        assert len(send(site.url)) == len(site.bodies) == 7


@pytest.mark.parametrize(
    "send",
    [
        lambda url: open_loop(
            url, [{}], np.arange(0, 9, 0.01), seconds=0.3, timeout=0.3, max_open=1
        ),
        lambda url: closed_loop(url, [{}], clients=2, seconds=0.3, timeout=0.3),
    ],
    ids=["open", "closed"],
)
def test_load_is_bounded_in_seconds_even_if_nothing_answers(send):
    go = threading.Event()
    with Site(lambda number: go.wait(20) and 200) as site:
        began = time.monotonic()
        frame = send(site.url)
        assert time.monotonic() - began < 3
        go.set()
    assert set(frame["outcome"]) == {"late"}
    assert frame["finished"].max() < 1.5


def test_request_that_was_never_sent_is_late_and_not_forgotten():
    go = threading.Event()
    with Site(lambda number: go.wait(20) and 200) as site:
        frame = open_loop(site.url, [{}], times=np.zeros(4), seconds=0.1, timeout=0.3, max_open=1)
        go.set()
    assert len(frame) == 4
    assert frame["sent"].isna().any()
    assert (frame["outcome"] == "late").all()
    assert latency_table(frame).loc["p50", "latency"] > 0.2


def test_load_runs_beside_a_running_event_loop():
    async def cell():
        with Site(lambda number: 200) as site:
            return closed_loop(site.url, [{}], max_requests=3)

    assert len(asyncio.run(cell())) == 3


def test_nobody_listening_is_an_error_in_the_frame():
    with Site(lambda number: 200) as site:
        url = site.url
    assert list(closed_loop(url, [{}], max_requests=2)["outcome"]) == ["error", "error"]


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/predict",
        "http://127.0.0.1.example.com/",
        "http://127.0.0.1@example.com/",
        "http://192.168.0.1:8000/",
        "http://0.0.0.0:8000/",
        "http://[2001:db8::1]/",
        "https://127.0.0.1/",
        "ftp://localhost/",
        "127.0.0.1:8000",
        "",
        None,
    ],
)
@pytest.mark.parametrize("way", [open_loop, closed_loop])
def test_load_leaves_other_machines_alone(way, url):
    settings = {"times": [0.0]} if way is open_loop else {}
    with pytest.raises(ValueError, match="not on this machine"):
        way(url, [{}], seconds=0.1, **settings)


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"times": []}, "times"),
        ({"times": [1, 0]}, "times"),
        ({"times": 5}, "times"),
        ({"times": ["1"]}, "times"),
        ({"times": [math.nan]}, "times"),
        ({"times": [math.inf]}, "times"),
        ({"times": [-1]}, "times begin at -1"),
        ({"seconds": math.inf}, "seconds"),
        ({"max_requests": 0}, "max_requests"),
        ({"max_open": 1.5}, "max_open"),
        ({"timeout": -1}, "timeout"),
        ({"bodies": []}, "no bodies"),
        ({"bodies": {"a": 1}}, "list"),
    ],
    ids=str,
)
def test_senseless_load_is_named(settings, word):
    arguments = {"url": "http://127.0.0.1:1/", "bodies": [{}], "times": [0.0], **settings}
    with pytest.raises(ValueError, match=word):
        open_loop(**arguments)


def test_percentiles_are_those_of_numpy_with_counts():
    values = np.random.default_rng(0).exponential(1, 3_000)
    frame = pd.DataFrame({"latency": values, "from_sent": values, "outcome": "ok"})
    table = latency_table(frame)
    for row, p in zip(table.itertuples(), (50, 95, 99), strict=True):
        assert row.latency == np.percentile(values, p, method="inverted_cdf")
        assert row.behind == (values > row.latency).sum()
        assert row.enough == (row.behind >= 20)
    assert list(table["enough"]) == [True, True, True]
    assert list(latency_table(frame[:1_000])["enough"]) == [True, True, False]


def test_refusals_do_not_flatter_the_percentiles():
    frame = pd.DataFrame(
        {
            "latency": [0.001] * 90 + [1.0] * 10,
            "from_sent": 0.5,
            "outcome": ["refused"] * 90 + ["ok"] * 5 + ["late"] * 5,
        }
    )
    assert latency_table(frame).loc["p50", "latency"] == 1.0


def test_table_of_nothing_claims_nothing():
    frame = pd.DataFrame({"latency": [0.1], "from_sent": [0.1], "outcome": ["refused"]})
    table = latency_table(frame)
    assert table["latency"].isna().all()
    assert not table["enough"].any()


def test_rank_of_a_percentile_is_exact():
    values = np.arange(1.0, 1_001)
    table = latency_table(
        pd.DataFrame({"latency": values, "from_sent": values, "outcome": "ok"}), [50, 99, 99.9, 55]
    )
    assert table["latency"].tolist() == [500, 990, 999, 550]
    assert table["behind"].tolist() == [500, 10, 1, 450]


@pytest.mark.parametrize("percentile", [0, -1, 101, math.nan, "50", None, True])
def test_percentile_outside_its_range_is_named(percentile):
    frame = pd.DataFrame({"latency": [0.1], "from_sent": [0.1], "outcome": ["ok"]})
    with pytest.raises(ValueError, match=repr(percentile)):
        latency_table(frame, percentiles=[percentile])
