"""Dynamic inference for real: a predictor behind HTTP that answers while the client waits.

You write the short version in a lesson: a form, a predictor, one route. What this one adds is what
keeps a service alive when it is used: a deadline, a bound on the queue and on the body, refusals
that say why, and metrics. It must not know which model it serves, nor how the process was started
(`server`), nor who calls (`load`).

The life of a request::

    host or origin foreign: 400, 403
    deadline's header -> wrong: 422
          -> body  -> too large: 413, too slow: 408 -> form -> wrong: 422
          -> model still loading: 503 -> queue -> full: 503 with Retry-After
          -> thread -> deadline over, while it waits or while the model runs: 504
          -> model  -> failed: 500
          -> 200 {"value": ..., "source": ..., "age": ..., "model": ...}

Python cannot stop a thread from outside. When a model hangs, its clients get their 504 in time,
but the thread stays taken; ``/health`` then says ``stuck``, so that somebody can restart the
service. A model that hangs without letting go of Python's lock stops everything.
"""

import gc
import json
import logging
import math
import numbers
import reprlib
import sys
import time
import traceback
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.routing import APIRoute
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from lessons_lib.answer import SOURCES, Clock, Predictor
from lessons_lib.dynamic.docs import serve_docs
from lessons_lib.dynamic.forms import FlightForm, Form
from lessons_lib.dynamic.guard import DEADLINE_HEADER, SECONDS, Guard, late_at
from lessons_lib.dynamic.model_queue import Full, Late, Loading, ModelQueue, WorkFailed
from lessons_lib.dynamic.replies import (
    HealthReply,
    PredictReply,
    Problem,
    ProblemReply,
    encode,
    invalid,
)
from lessons_lib.validate import count, finite

log = logging.getLogger("lessons_lib.service")

SWITCH_INTERVAL = 0.0005
"""Seconds after which a thread that computes gives way to another (Python's default: 0.005).

The model's thread and the event loop take turns. At the default each turn may cost either of them
5 ms, and with 16 clients those add up.
"""


def create_app(
    predictor: Predictor | Callable[[], Predictor],
    *,
    model: str = "model",
    form: type[Form] = FlightForm,
    deadline: float = 2.0,
    queue_limit: int = 32,
    max_body: int = 16_384,
    threads: int = 1,
    stuck_after: float = 10.0,
    clock: Clock = time.monotonic,
) -> FastAPI:
    """A FastAPI application with ``POST /predict``, ``GET /health``, ``GET /metrics`` and ``/docs``.

    Parameters
    ----------
    predictor : Predictor or callable
        Answers the requests. A callable without arguments is called once, in the background, and
        gives the predictor; until then ``/health`` says ``loading``.
    model : str
        The name that answers and ``/health`` show.
    form : type
        What a request looks like: `FlightForm`, `ReviewForm` or a `Form` of your own.
    deadline : float
        Seconds a request may take, from arrival. A client may ask for less with the header
        ``X-Deadline-Seconds``, never for more.
    queue_limit : int
        How many requests may wait for the model, those that run not counted.
    max_body : int
        The largest body in bytes.
    threads : int
        How many requests run in the model at the same moment.
    stuck_after : float
        Once the model works on one request for more seconds than this, ``/health`` says ``stuck``.
    clock : callable
        Measures the deadline, in seconds.

    Raises
    ------
    ValueError
        If a setting is out of range, or `predictor` neither answers nor can be called.

    Examples
    --------
    >>> from lessons_lib.answer import Answer
    >>> class Coin:
    ...     def answer(self, request):
    ...         return Answer(0.5, "default", float("nan"))
    >>> sorted(create_app(Coin(), model="coin").openapi()["paths"])
    ['/health', '/metrics', '/predict']
    """
    deadline = finite("deadline", deadline, above=True)
    stuck_after = finite("stuck_after", stuck_after, above=True)
    max_body = count("max_body", max_body)
    queue = ModelQueue(count("threads", threads), count("queue_limit", queue_limit, 0))
    loading = Loading(predictor)
    metrics = Metrics(queue, stuck_after)
    started = clock()

    @asynccontextmanager
    async def lifespan(app: FastAPI):
        before = sys.getswitchinterval()
        sys.setswitchinterval(min(before, SWITCH_INTERVAL))
        loading.done.add_done_callback(_set_aside)
        loading.start()
        yield
        queue.close()
        gc.unfreeze()
        sys.setswitchinterval(before)

    app = FastAPI(
        title=f"Predictions of {model}",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses=_refusals(400, 403, 500),
    )
    app.state.loading = loading
    app.add_middleware(Guard, max_body=max_body, deadline=deadline, clock=clock)
    _answer_refusals(app, metrics, clock)

    async def predict(request: Request) -> Response:
        """Answer one request with a prediction, or say why there is none."""
        until = late_at(request)
        wanted = await read_form(request, form)
        if loading.predictor is None:
            loading.start()
            raise _not_there(loading)

        def work() -> dict[str, Any]:
            if clock() > until:
                raise Problem(
                    504, "late", "The deadline passed while the request waited: not computed."
                )
            return reply_of(loading.predictor.answer(wanted.request()), model)

        try:
            reply = await queue.run(work, seconds=until - clock())
        except Full as full:
            wait = queue.retry_after()
            raise Problem(503, "refused", f"Busy: {full}", retry_after=wait) from None
        except Late:
            raise Problem(
                504, "late", "The deadline passed; an answer would come too late."
            ) from None
        except WorkFailed as failed:
            raise _failed(wanted, failed.__cause__) from None
        now = clock()
        if now > until:
            raise Problem(504, "late", "The model answered after the deadline: answer thrown away.")
        metrics.count("ok", now - request.scope["arrived"], reply["source"])
        return Response(encode(reply), media_type="application/json")

    app.router.add_api_route(
        "/predict",
        predict,
        methods=["POST"],
        responses={200: {"model": PredictReply}, **_refusals(408, 413, 422, 503, 504)},
        openapi_extra=_request_for_docs(form),
        route_class_override=RawRoute,
    )

    @app.get("/health", responses={200: {"model": HealthReply}, 503: {"model": HealthReply}})
    async def health() -> Response:
        """Whether the service can answer: 200 when ready, else 503."""
        loading.start()
        stuck = queue.running(longer_than=stuck_after)
        state = HealthReply(
            status="stuck" if stuck else loading.status,
            model=model,
            uptime=round(clock() - started, 3),
            model_age=loading.age(),
            waiting=queue.waiting,
            running=queue.running(),
            stuck=stuck,
        )
        status = 200 if state.status == "ready" else 503
        return Response(state.model_dump_json(), status, media_type="application/json")

    @app.get("/metrics", response_class=Response)
    async def metrics_text() -> Response:
        """The counters, for Prometheus."""
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)

    return serve_docs(app)


def _set_aside(loaded: Future) -> None:
    """Keep the model and its libraries out of garbage collection.

    A full collection looks at every object there is, and with a model in memory that stopped the
    service for some 40 ms several times a second: its p99 was eight times that of others.
    """
    gc.collect()
    gc.freeze()


class RawRoute(APIRoute):
    """Hands the request to its function as it came, which saves a tenth of the CPU of a request.

    FastAPI's own handler would look up each parameter, and check Python's values where strict
    should mean what JSON can say. What the documentation shows stands in ``openapi_extra``.
    """

    def get_route_handler(self) -> Callable:
        """The function itself."""
        return self.endpoint


async def read_form(request: Request, form: type[Form]) -> Form:
    """The body as a form that has checked itself.

    Read from JSON and not from Python's values, so that strict means what JSON can say. A key that
    stands twice is refused: which of its values was meant?
    """
    try:
        body = await request.body()
    except ClientDisconnect:
        raise Problem(400, "gone", "The client left before the body was complete.") from None
    try:
        filled = form.model_validate_json(body)
        if body.count(b":") > len(filled.model_fields_set):  # else each key stands there once
            json.loads(body, object_pairs_hook=_no_key_twice)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        raise invalid([(".".join(map(str, e["loc"])), e["msg"]) for e in found]) from None
    except _Twice as twice:
        raise invalid([(twice.args[0], "This field stands in the body twice.")]) from None
    return filled


class _Twice(Exception):
    pass


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _Twice(next(key for key in keys if keys.count(key) > 1))
    return made


def reply_of(answer: Any, model: str) -> dict[str, Any]:
    """The JSON of an `Answer`; NaN and infinities become null.

    Raises
    ------
    TypeError
        If it is no `Answer`, or one with something else than numbers in it.
    """
    source = answer.source
    if not isinstance(source, str) or len(source) > 60:
        raise TypeError(f"The source of an answer is a word, not {reprlib.repr(source)}.")
    value, age = _finite(answer.value), _finite(answer.age)
    return {"value": value, "source": str(source), "age": age, "model": model}


def _finite(value: Any) -> float | None:
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        value = value.item()  # a number of NumPy's
    if value is None:
        return None
    if not isinstance(value, numbers.Real) or isinstance(value, bool):
        raise TypeError(f"An answer holds numbers, not {reprlib.repr(value)}.")
    value = float(value)
    return value if math.isfinite(value) else None


def _not_there(loading: Loading) -> Problem:
    if loading.status == "failed":
        return Problem(503, "loading", "The model could not be loaded; the log says why.")
    return Problem(503, "loading", "The model is being loaded.", retry_after=1)


def _failed(wanted: Any, cause: BaseException) -> Problem:
    """What the work raised: a `Problem` as it is, anything else as a 500, with the cause logged."""
    if isinstance(cause, Problem):
        return cause
    told = "".join(traceback.format_exception(cause))
    log.error("The model failed on %s.\n%s", reprlib.repr(wanted), told[-10_000:])
    reason = "The model failed on this request; the log of the service says why."
    return Problem(500, "failed", reason)


def _answer_refusals(app: FastAPI, metrics: "Metrics", clock: Clock) -> None:
    """Give every refusal the same shape, whoever made it."""

    async def refuse(request: Request, problem: Problem) -> Response:
        if request.scope["path"] == "/predict":
            metrics.count(problem.outcome, clock() - request.scope["arrived"])
        return problem.response()

    async def no_route(request: Request, error: HTTPException) -> Response:
        words = {404: ("not_found", "There is nothing at this address; /docs shows what there is.")}
        words[405] = ("not_allowed", f"{request.method} is not possible at this address.")
        outcome, reason = words.get(error.status_code, ("refused", str(error.detail)))
        problem = Problem(error.status_code, outcome, reason)
        problem.headers |= error.headers or {}  # 405 says in one what is allowed
        return problem.response()

    async def broken(request: Request, error: Exception) -> Response:
        reason = "The service failed on this request; its log says why."
        return await refuse(request, Problem(500, "failed", reason))

    for kind, handler in ((Problem, refuse), (HTTPException, no_route), (Exception, broken)):
        app.add_exception_handler(kind, handler)


def _refusals(*statuses: int) -> dict[int, dict[str, Any]]:
    return {status: {"model": ProblemReply} for status in statuses}


def _request_for_docs(form: type[Form]) -> dict[str, Any]:
    """What the documentation page shows of a request."""
    header = {
        "name": DEADLINE_HEADER,
        "in": "header",
        "description": "seconds within which the answer is of use; no more than the service allows",
        "schema": {"type": "string", "pattern": f"^{SECONDS}$"},
    }
    content = {"application/json": {"schema": form.schema_for_docs()}}
    return {"parameters": [header], "requestBody": {"content": content, "required": True}}


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
        gauges = {
            "predict_queue_depth": ("Requests waiting for the model.", lambda: queue.waiting),
            "predict_running": ("Requests in the model.", queue.running),
            "predict_stuck": (
                f"Requests in the model for more than {stuck_after:g} s.",
                lambda: queue.running(longer_than=stuck_after),
            ),
        }
        for name, (told, value) in gauges.items():
            Gauge(name, told, **own).set_function(value)

    def count(self, outcome: str, seconds: float, source: str | None = None) -> None:
        """Count one request that ended after `seconds`; `source` if it got an answer."""
        self._outcomes[outcome].inc()
        if source is not None:
            self._sources.get(source, self._sources["other"]).inc()
        if outcome in ("ok", "late"):
            self._latency.observe(seconds)
