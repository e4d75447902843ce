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
import html
import json
import logging
import math
import numbers
import reprlib
import time
import traceback
from collections.abc import Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import fastapi_offline
from fastapi import FastAPI, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel, Field, ValidationError
from starlette.exceptions import HTTPException

from lessons_lib.answer import Clock, Predictor
from lessons_lib.dynamic.forms import FlightForm, Form
from lessons_lib.dynamic.guard import (
    DEADLINE_HEADER,
    SECONDS,
    Guard,
    Problem,
    ProblemReply,
    encode,
    invalid,
    late_at,
)
from lessons_lib.dynamic.metrics import Metrics
from lessons_lib.dynamic.model_queue import Full, Late, Loading, ModelQueue, WorkFailed
from lessons_lib.validate import count, finite

log = logging.getLogger("lessons_lib.service")


class PredictReply(BaseModel):
    """The JSON of an answer; see `lessons_lib.answer.Answer`."""

    value: float | None = Field(description="the prediction; null when there is none")
    source: str = Field(description="table, cache, model or default")
    age: float | None = Field(description="age of the information in seconds; null when unknown")
    model: str = Field(description="name of the model that serves")


class HealthReply(BaseModel):
    """The JSON of ``/health``."""

    status: str = Field(description="ready, loading, failed (to load) or stuck")
    model: str
    uptime: float = Field(description="seconds since the start")
    model_age: float | None = Field(description="seconds since the model was loaded")
    waiting: int = Field(description="requests that wait for the model")
    running: int = Field(description="requests that the model works on")
    stuck: int = Field(description="those of them that have taken longer than is plausible")


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
    service = Service(Loading(predictor), model, form, queue, stuck_after, clock)

    @asynccontextmanager
    async def lifespan(app: FastAPI):
        service.loading.done.add_done_callback(_set_aside)
        service.loading.start()
        yield
        queue.close()
        gc.unfreeze()

    app = FastAPI(
        title=f"Predictions of {model}",
        lifespan=lifespan,
        redirect_slashes=False,
        responses=_refusals(400, 403, 500),
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.loading = service.loading
    app.add_middleware(Straight, service=service)
    app.add_middleware(Guard, max_body=max_body, deadline=deadline, clock=clock)
    for kind, handler in (
        (Problem, service.refuse),
        (HTTPException, no_such_route),
        (Exception, service.broken),
    ):
        app.add_exception_handler(kind, handler)
    app.router.add_api_route(
        "/predict",
        service.predict,
        methods=["POST"],
        responses={200: {"model": PredictReply}, **_refusals(408, 413, 422, 503, 504)},
        openapi_extra=_request_for_docs(form),
    )
    states = {200: {"model": HealthReply}, 503: {"model": HealthReply}}
    app.get("/health", responses=states)(service.health)
    app.get("/metrics", response_class=Response)(service.metrics_text)
    return serve_docs(app)


def _set_aside(loaded: object) -> None:
    """Keep the model and its libraries out of garbage collection.

    A full collection looks at every object there is, and with a model in memory that stopped the
    service for some 40 ms several times a second: its p99 was eight times that of others.
    """
    gc.collect()
    gc.freeze()


class Straight:
    """ASGI middleware: a request for a prediction goes to the service, past all routes.

    What FastAPI would do for it, find the route, look up each parameter and check the body, is done
    here and by `read_form`, for a fifth of the CPU. The route stands there for the documentation.
    """

    def __init__(self, app: Callable, service: "Service"):
        self.app = app
        self.service = service

    async def __call__(self, scope: dict, receive: Callable, send: Callable) -> None:
        """Answer what is asked of ``POST /predict``, and pass anything else on."""
        if scope.get("path") != "/predict" or scope.get("method") != "POST":
            return await self.app(scope, receive, send)
        request = Request(scope, receive)
        try:
            response = await self.service.predict(request)
        except Problem as problem:
            response = await self.service.refuse(request, problem)
        await response(scope, receive, send)


class Service:
    """One predictor, one queue, one set of metrics: what the routes of an application share."""

    def __init__(
        self,
        loading: Loading,
        model: str,
        form: type[Form],
        queue: ModelQueue,
        stuck_after: float,
        clock: Clock,
    ):
        self.loading = loading
        self.model = model
        self.form = form
        self.queue = queue
        self.stuck_after = stuck_after
        self.clock = clock
        self.metrics = Metrics(queue, stuck_after)
        self.started = clock()

    async def predict(self, request: Request) -> Response:
        """Answer one request with a prediction, or say why there is none."""
        until = late_at(request)
        wanted = await read_form(request, self.form)
        if self.loading.predictor is None:
            self.loading.start()
            raise _not_there(self.loading)
        try:
            reply = self.at_hand(wanted)
            if reply is None:
                seconds = until - self.clock()
                reply = await self.queue.run(self.ask, wanted, until, seconds=seconds)
        except Full as full:
            wait = self.queue.retry_after()
            raise Problem(503, "refused", f"Busy: {full}", retry_after=wait) from None
        except Late:
            reason = "The deadline passed; an answer would come too late."
            raise Problem(504, "late", reason) from None
        except WorkFailed as failed:
            raise _failed(wanted, failed.__cause__) from None
        now = self.clock()
        if now > until:
            raise Problem(504, "late", "The model answered after the deadline: answer thrown away.")
        self.metrics.count("ok", now - request.scope["arrived"], reply.source, reply.age)
        return Response(reply.body, media_type="application/json")

    def at_hand(self, wanted: Form) -> "Reply | None":
        """What a predictor that can tell has in memory already; no thread is needed for it."""
        look = getattr(self.loading.predictor, "at_hand", None)
        found = None if look is None else look(wanted.request())
        return None if found is None else reply_of(found, self.model)

    def ask(self, wanted: Form, until: float) -> "Reply":
        """Ask the predictor; called in a thread of the queue."""
        if self.clock() > until:
            reason = "The deadline passed while the request waited: not computed."
            raise Problem(504, "late", reason)
        return reply_of(self.loading.predictor.answer(wanted.request()), self.model)

    async def health(self) -> Response:
        """Whether the service can answer: 200 when ready, else 503."""
        self.loading.start()
        stuck = self.queue.running(longer_than=self.stuck_after)
        state = HealthReply(
            status="stuck" if stuck else self.loading.status,
            model=self.model,
            uptime=round(self.clock() - self.started, 3),
            model_age=self.loading.age(),
            waiting=self.queue.waiting,
            running=self.queue.running(),
            stuck=stuck,
        )
        status = 200 if state.status == "ready" else 503
        return Response(state.model_dump_json(), status, media_type="application/json")

    async def metrics_text(self) -> Response:
        """The counters, for Prometheus."""
        return Response(generate_latest(self.metrics.registry), media_type=CONTENT_TYPE_LATEST)

    async def refuse(self, request: Request, problem: Problem) -> Response:
        """Answer with a refusal, and count it."""
        if request.scope["path"] == "/predict":
            self.metrics.count(problem.outcome, self.clock() - request.scope["arrived"])
        return problem.response()

    async def broken(self, request: Request, error: Exception) -> Response:
        """Answer for a fault of the service's own; the server has it in its log."""
        reason = "The service failed on this request; its log says why."
        return await self.refuse(request, Problem(500, "failed", reason))


async def no_such_route(request: Request, error: HTTPException) -> Response:
    """The answer to an address or a method that is not there, in the shape of every refusal."""
    words = {404: ("not_found", "There is nothing at this address; /docs shows what there is.")}
    words[405] = ("not_allowed", f"{request.method} is not possible at this address.")
    problem = Problem(error.status_code, *words.get(error.status_code, ("refused", error.detail)))
    problem.headers |= error.headers or {}  # 405 says in one what is allowed
    return problem.response()


async def read_form(request: Request, form: type[Form]) -> Form:
    """The body as a form that has checked itself.

    A key that stands twice is refused: which of its values was meant?
    """
    body, more = b"", True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise Problem(400, "gone", "The client left before the body was complete.")
        body += message.get("body", b"")
        more = message.get("more_body", False)
    try:
        filled = form.model_validate_json(body)
        if body.count(b":") > len(filled.model_fields_set):  # else each key stands there once
            json.loads(body, object_pairs_hook=_no_key_twice)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        raise invalid([(".".join(map(str, e["loc"])), e["msg"]) for e in found]) from None
    return filled


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise invalid([(twice, "This field stands in the body twice.")])
    return made


class Reply(NamedTuple):
    """An answer as it is sent, and what is counted of it."""

    body: str  # JSON, as `PredictReply` has it
    source: str
    age: float | None


def reply_of(answer: Any, model: str) -> Reply:
    """An `Answer` as JSON; NaN and infinities become null.

    Raises
    ------
    TypeError
        If it is no `Answer`, or one with something else than numbers in it.
    """
    source = answer.source
    if not isinstance(source, str) or len(source) > 60:
        raise TypeError(f"The source of an answer is a word, not {reprlib.repr(source)}.")
    value, age = _finite(answer.value), _finite(answer.age)
    # By hand, as it is the same four fields for each request.
    fields = f'"value":{_text(value)},"source":{encode(source)},"age":{_text(age)}'
    return Reply(f'{{{fields},"model":{encode(model)}}}', source, age)


def _text(value: float | None) -> str:
    return "null" if value is None else repr(value)


def _finite(value: Any) -> float | None:
    if type(value) is not float:
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


# What the documentation page shows.

_FILES = "/static-offline-docs"
_FETCHING = ("/docs", "/docs/oauth2-redirect", "/redoc")  # FastAPI's own pages


def serve_docs(app: FastAPI) -> FastAPI:
    """Give an application Swagger's page at ``/docs``, from files on this machine; returns it.

    FastAPI draws that page with code fetched from the internet. Here it gets the same code from
    the package ``fastapi_offline``, so that it also works on a train.
    """
    app.router.routes = [r for r in app.router.routes if getattr(r, "path", "") not in _FETCHING]
    app.mount(_FILES, StaticFiles(directory=Path(fastapi_offline.__file__).with_name("static")))

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url=app.openapi_url.lstrip("/"),
            title=html.escape(app.title),
            swagger_js_url=f"{_FILES[1:]}/swagger-ui-bundle.js",
            swagger_css_url=f"{_FILES[1:]}/swagger-ui.css",
            swagger_favicon_url=f"{_FILES[1:]}/favicon.png",
        )

    return app


def _refusals(*statuses: int) -> dict[int, dict[str, Any]]:
    return {status: {"model": ProblemReply} for status in statuses}


def _request_for_docs(form: type[Form]) -> dict[str, Any]:
    schema = form.model_json_schema()
    schema["description"] = (form.__doc__ or "").partition("\n\n")[0].strip()
    header = {
        "name": DEADLINE_HEADER,
        "in": "header",
        "description": "seconds within which the answer is of use; no more than the service allows",
        "schema": {"type": "string", "pattern": f"^{SECONDS}$"},
    }
    content = {"application/json": {"schema": schema}}
    return {"parameters": [header], "requestBody": {"content": content, "required": True}}
