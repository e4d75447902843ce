"""What the service counts, in the format that Prometheus reads.

Used by `service`; lesson 08 builds its alarms on the same four numbers. It knows no model. Each
application has a registry of its own, so that two of them live in one process without mixing.
With several worker processes each counts for itself: ``/metrics`` speaks for the one that answered.
"""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from lessons_lib.answer import SOURCES

OUTCOMES = (
    "ok",
    "invalid",
    "too_large",
    "slow_body",
    "gone",
    "loading",
    "refused",
    "late",
    "failed",
)
"""How a request to ``/predict`` can end."""

BUCKETS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Upper edges of the latency histogram, in seconds. A percentile read from it is no finer."""


class Metrics:
    """Requests by outcome, answers by source, latency, and the depth of the queue.

    Parameters
    ----------
    waiting : callable
        Gives the number of waiting requests when ``/metrics`` is read.
    """

    def __init__(self, waiting: Callable[[], float]):
        self.registry = CollectorRegistry()
        requests = Counter(
            "predict_requests", "Requests by how they ended.", ["outcome"], registry=self.registry
        )
        answers = Counter(
            "predict_answers",
            "Answers by where they came from.",
            ["source"],
            registry=self.registry,
        )
        # Looked up once: a series that was never counted then shows as 0 instead of being absent.
        self._outcomes = {name: requests.labels(name) for name in OUTCOMES}
        self._sources = {name: answers.labels(name) for name in (*SOURCES, "other")}
        self._latency = Histogram(
            "predict_latency_seconds",
            "From arrival to answer, for requests that got a prediction or were late.",
            buckets=BUCKETS,
            registry=self.registry,
        )
        Gauge(
            "predict_queue_depth", "Requests waiting for the model.", registry=self.registry
        ).set_function(waiting)

    def count(self, outcome: str, seconds: float, source: str | None = None) -> None:
        """Count one request that ended after `seconds`; `source` if it got an answer."""
        self._outcomes[outcome].inc()
        if source is not None:
            self._sources.get(source, self._sources["other"]).inc()
        if outcome in ("ok", "late"):
            self._latency.observe(seconds)

    def text(self) -> bytes:
        """All of it as Prometheus reads it."""
        return generate_latest(self.registry)
