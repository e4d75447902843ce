"""What the service says: one JSON shape for answers, one for every refusal.

It knows HTTP's status codes and nothing of models or queues.
"""

import json

from fastapi import Response
from pydantic import BaseModel, Field

MOST_FIELDS = 10
"""How many wrong fields one answer lists; a hostile body may hold thousands."""

encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode
"""To strict JSON. NaN is not JSON and raises here: whoever builds an answer writes None for it."""


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


class FieldProblem(BaseModel):
    """One field of a refused request."""

    field: str = Field(examples=["hour"])
    reason: str = Field(examples=["Input should be less than or equal to 23"])


class ProblemReply(BaseModel):
    """The JSON of every refusal."""

    error: str = Field(examples=["invalid"])
    reason: str
    fields: list[FieldProblem] = []


class Problem(Exception):
    """A request that gets no prediction; `outcome` is its word for programs and for the metrics.

    A client can act on each `status`: mend the request (4xx), come back later (503, after
    `retry_after` seconds), ask for more time (504). Only 500 is the service's own fault.
    """

    def __init__(
        self,
        status: int,
        outcome: str,
        reason: str,
        *,
        fields: list[dict[str, str]] | None = None,
        retry_after: int | None = None,
    ):
        super().__init__(reason)
        self.status = status
        self.outcome = outcome
        self.reason = reason
        self.fields = fields or []
        self.headers = {} if retry_after is None else {"Retry-After": str(retry_after)}

    def response(self) -> Response:
        """The problem as an HTTP answer."""
        body = encode({"error": self.outcome, "reason": self.reason, "fields": self.fields})
        return Response(body, self.status, self.headers, media_type="application/json")


def invalid(found: list[tuple[str, str]]) -> Problem:
    """A 422 that names the wrong fields and what is wrong with each.

    The values a client sent are not repeated: they may be long, secret, or not even text. Nor can
    a surrogate alone be written as UTF-8, and a name of a thousand letters helps nobody.
    """
    fields = [
        {"field": (name or "body")[:60].encode("utf-8", "replace").decode(), "reason": reason}
        for name, reason in found[:MOST_FIELDS]
    ]
    first = fields[0]
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    return Problem(422, "invalid", f"{first['field']}: {first['reason']}{more}", fields=fields)
