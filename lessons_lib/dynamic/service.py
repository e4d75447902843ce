"""Dynamic inference for real: a predictor behind HTTP that answers while the client waits.

Used by lesson 03, where you write the short version (a form, a predictor, one route). What this
one adds is what keeps a service alive when it is used: a deadline, a bound on the queue, a bound
on the body, refusals that say why, and metrics. It must not know which model it serves, nor how
the process was started (`server`), nor who calls (`load`).

The life of a request::

    body  -> too large: 413, too slow: 408 -> form -> wrong: 422
          -> model still loading: 503 -> queue -> full: 503 with Retry-After
          -> thread -> deadline over before the model runs: 504, without running it
          -> model  -> deadline over after the model ran: 504; model failed: 500
          -> 200 {"value": ..., "source": ..., "age": ..., "model": ...}

A running ``predict_proba`` is not interrupted: Python cannot stop a thread from outside. So a
deadline does not bound how long the client waits for a model that hangs; it bounds how long an
answer is worth computing, and it never passes a late answer off as a good one.
"""

import logging
import math
import time
from collections.abc import Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.routing import APIRoute
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import ValidationError

from lessons_lib.answer import Clock, Predictor
from lessons_lib.dynamic.docs import serve_docs
from lessons_lib.dynamic.forms import FlightForm, Form
from lessons_lib.dynamic.incoming import read_body, seconds_allowed
from lessons_lib.dynamic.loading import Loading
from lessons_lib.dynamic.metrics import Metrics
from lessons_lib.dynamic.model_queue import Full, ModelQueue
from lessons_lib.dynamic.replies import PredictReply, Problem, ProblemReply, encode, finite, invalid

log = logging.getLogger("lessons_lib.service")


def create_app(
    predictor: Predictor | Callable[[], Predictor],
    *,
    model: str = "model",
    form: type[Form] = FlightForm,
    deadline: float = 2.0,
    queue_limit: int = 32,
    max_body: int = 16_384,
    threads: int = 1,
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
    >>> sorted(route.path for route in create_app(Coin(), model="coin").routes)
    ['/docs', '/health', '/metrics', '/openapi.json', '/predict']
    """
    _check(deadline=deadline, queue_limit=queue_limit, max_body=max_body, threads=threads)
    service = Service(
        Loading(predictor), model, form, deadline, max_body, ModelQueue(threads, queue_limit), clock
    )

    @asynccontextmanager
    async def lifespan(app: FastAPI):
        service.loading.start()
        yield
        service.queue.close()

    app = FastAPI(title=f"Predictions of {model}", lifespan=lifespan)
    app.state.loading = service.loading
    body = {"content": {"application/json": {"schema": form.schema_for_docs()}}, "required": True}
    refusals = {status: {"model": ProblemReply} for status in (408, 413, 422, 500, 503, 504)}
    app.router.add_api_route(
        "/predict",
        service.predict,
        methods=["POST"],
        openapi_extra={"requestBody": body},
        responses={200: {"model": PredictReply}, **refusals},
        route_class_override=RawRoute,
    )
    app.get("/health")(service.health)
    app.get("/metrics", response_class=Response)(service.metrics_text)
    return serve_docs(app)


class RawRoute(APIRoute):
    """Hands the request to its function as it came.

    FastAPI would read the whole body first, however large, and look up each parameter. Here the
    body is bounded while it is read and checked by the form in one pass; what the documentation
    page shows of it is written out in ``openapi_extra``.
    """

    def get_route_handler(self) -> Callable:
        """The function itself."""
        return self.endpoint


class Service:
    """One predictor, one queue, one set of metrics: what the routes of an application share."""

    def __init__(
        self,
        loading: Loading,
        model: str,
        form: type[Form],
        deadline: float,
        max_body: int,
        queue: ModelQueue,
        clock: Clock,
    ):
        self.loading = loading
        self.model = model
        self.form = form
        self.deadline = deadline
        self.max_body = max_body
        self.queue = queue
        self.clock = clock
        self.metrics = Metrics(lambda: queue.waiting)
        self.started = clock()

    async def predict(self, request: Request) -> Response:
        """Answer one request with a prediction, or say why there is none."""
        arrived = self.clock()
        try:
            until = arrived + seconds_allowed(request, self.deadline)
            body = await read_body(request, self.max_body, until - arrived)
            wanted = self.form.model_validate_json(body).request()
            reply = await self._ask_model(wanted, until)
        except ValidationError as error:
            return self._refuse(invalid(error), arrived)
        except Problem as problem:
            return self._refuse(problem, arrived)
        self.metrics.count("ok", self.clock() - arrived, reply["source"])
        return Response(encode(reply), media_type="application/json")

    async def health(self) -> Response:
        """Whether the service can answer: 200 when ready, 503 while loading or after it failed."""
        self.loading.start()
        now = self.clock()
        state = {
            "status": self.loading.status,
            "model": self.model,
            "uptime": round(now - self.started, 3),
            "model_age": self.loading.age(),
            "waiting": self.queue.waiting,
        }
        status = 200 if self.loading.status == "ready" else 503
        return Response(encode(state), status, media_type="application/json")

    async def metrics_text(self) -> Response:
        """The counters, for Prometheus."""
        return Response(self.metrics.text(), media_type=CONTENT_TYPE_LATEST)

    async def _ask_model(self, wanted: Any, until: float) -> dict[str, Any]:
        predictor = self.loading.predictor()
        try:
            reply = await self.queue.run(self._answer, predictor, wanted, until)
        except Full as full:
            raise Problem(
                503, "refused", f"Busy: {full}", retry_after=self.queue.retry_after()
            ) from None
        except Problem:
            raise
        except Exception as error:
            log.error("The model failed on %r.", wanted, exc_info=error)
            reason = "The model failed on this request; the log of the service says why."
            raise Problem(500, "failed", reason) from None
        if self.clock() > until:
            raise Problem(504, "late", "The model answered after the deadline: answer thrown away.")
        return reply

    def _answer(self, predictor: Predictor, wanted: Any, until: float) -> dict[str, Any]:
        """Run the model; called in a thread of the queue."""
        if self.clock() > until:
            raise Problem(
                504, "late", "The deadline passed while the request waited: not computed."
            )
        answer = predictor.answer(wanted)
        return {
            "value": finite(answer.value),
            "source": str(answer.source),
            "age": finite(answer.age),
            "model": self.model,
        }

    def _refuse(self, problem: Problem, arrived: float) -> Response:
        self.metrics.count(problem.outcome, self.clock() - arrived)
        return problem.response()


def _check(**settings: float) -> None:
    least = {"deadline": 0, "queue_limit": 0, "max_body": 1, "threads": 1}
    for name, value in settings.items():
        number = isinstance(value, int) or (name == "deadline" and isinstance(value, float))
        if isinstance(value, bool) or not number or not least[name] <= value < math.inf:
            whole = "a number" if name == "deadline" else "a whole number"
            raise ValueError(f"{name} is {value!r}: give {whole} of {least[name]} or more.")
    if settings["deadline"] == 0:
        raise ValueError("deadline is 0: give more than 0 seconds.")
