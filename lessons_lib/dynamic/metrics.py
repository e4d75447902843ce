"""What a service counts: requests by how they ended, answers by source, latency, and their moments.

It knows the queue whose depth it shows, but no HTTP and no model.
"""

import time
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily

from lessons_lib.answer import SOURCES
from lessons_lib.dynamic.model_queue import ModelQueue

OUTCOMES = [
    "ok",
    "invalid",
    "too_large",
    "slow_body",
    "gone",
    "loading",
    "refused",
    "late",
    "failed",
]
"""How a request to ``/predict`` can end."""

BUCKETS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Upper edges of the latency histogram, in seconds. A percentile read from it is no finer."""


class Metrics:
    """What the service counts, in the format that Prometheus reads.

    Each application has a registry of its own, so that two of them live in one process without
    mixing. With several worker processes ``/metrics`` speaks for the one that answered.
    """

    def __init__(self, queue: ModelQueue, stuck_after: float):
        self.registry = CollectorRegistry()
        own = {"registry": self.registry}
        requests = Counter("predict_requests", "Requests by how they ended.", ["outcome"], **own)
        answers = Counter("predict_answers", "Answers by where they came from.", ["source"], **own)
        # Looked up once: a series that was never counted then shows as 0 instead of being absent.
        self._outcomes = {name: requests.labels(name) for name in OUTCOMES}
        self._sources = {name: answers.labels(name) for name in (*SOURCES, "other")}
        self._latency = Histogram(
            "predict_latency_seconds",
            "From arrival to answer, for requests that got a prediction or were late.",
            buckets=BUCKETS,
            **own,
        )
        long = f"Requests in the model for more than {stuck_after:g} s."
        self._taken: dict[str, float] = {}  # source -> Unix time
        self.registry.register(self)
        for name, told, value in (
            ("queue_depth", "Requests waiting for the model.", lambda: queue.waiting),
            ("running", "Requests in the model.", queue.running),
            ("stuck", long, lambda: queue.running(longer_than=stuck_after)),
        ):
            Gauge(f"predict_{name}", told, **own).set_function(value)

    def count(
        self, outcome: str, seconds: float, source: str | None = None, age: float | None = None
    ) -> None:
        """Count one request that ended after `seconds`; `source` and `age` if it got an answer."""
        self._outcomes[outcome].inc()
        if source is not None:
            self._sources.get(source, self._sources["other"]).inc()
        if source in SOURCES and age is not None:
            self._taken[source] = time.time() - age
        if outcome in ("ok", "late"):
            self._latency.observe(seconds)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The moments of the latest answers, made when somebody reads them: a request pays nothing.

        When, and not how long ago: an age that nobody updates would stay young.
        """
        told = "When the information behind the latest answer was taken, by its source, Unix time."
        family = GaugeMetricFamily("predict_information_timestamp_seconds", told, labels=["source"])
        for source, moment in list(self._taken.items()):
            family.add_metric([source], moment)
        yield family
