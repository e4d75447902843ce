"""What the service says: one JSON shape for answers, one for every refusal.

Used by `service` and lesson 03. It knows HTTP's status codes and nothing of models or queues.
A client can act on each refusal: mend the request (4xx), come back later (503), ask for more
time (504). Only ``failed`` (500) is the service's own fault.
"""

import json
import math
from typing import Any

from fastapi import Response
from pydantic import BaseModel, Field, ValidationError

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
    """A request that gets no prediction.

    Parameters
    ----------
    status : int
        The HTTP status of the answer.
    outcome : str
        One word for programs and for the metrics: invalid, too_large, slow_body, refused,
        loading, late or failed.
    reason : str
        One sentence for people.
    fields : list of dict, optional
        The wrong fields, each ``{"field": ..., "reason": ...}``.
    retry_after : int, optional
        Seconds after which to try again; becomes the ``Retry-After`` header.
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
        self.retry_after = retry_after

    def response(self) -> Response:
        """The problem as an HTTP answer."""
        headers = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        body = encode({"error": self.outcome, "reason": self.reason, "fields": self.fields})
        return Response(body, self.status, headers, media_type="application/json")


def finite(value: Any) -> float | None:
    """A float that JSON can hold; None for None, NaN and infinities."""
    if value is None:
        return None
    value = float(value)
    return value if math.isfinite(value) else None


def invalid(error: ValidationError) -> Problem:
    """A 422 that names the wrong fields and what is wrong with each.

    The values a client sent are not repeated: they may be long, secret, or not even text.
    """
    found = error.errors(include_url=False, include_context=False, include_input=False)
    fields = [{"field": _name(e["loc"]), "reason": e["msg"]} for e in found[:MOST_FIELDS]]
    first = fields[0]
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    return Problem(422, "invalid", f"{first['field']}: {first['reason']}{more}", fields=fields)


def _name(path: tuple[Any, ...]) -> str:
    """Where the fault is: the field's name, or the body as a whole when it is no JSON object."""
    name = ".".join(str(part) for part in path) or "body"
    # A surrogate alone cannot be written as UTF-8; a name of a thousand letters helps nobody.
    return name[:60].encode("utf-8", "replace").decode("utf-8")
