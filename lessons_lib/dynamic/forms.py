"""The requests the services accept, as forms that check themselves.

A form knows which values make sense; it knows no model and no HTTP.
"""

import datetime
import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from lessons_lib.board import FlightRequest

FIRST, LAST = datetime.date(2013, 1, 1), datetime.date(2013, 12, 31)


def _day(value: Any) -> Any:
    """A date from text as JSON Schema means it; pydantic would also read seconds since 1970."""
    if not isinstance(value, str):
        return value
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("a date is written YYYY-MM-DD")
    return datetime.date.fromisoformat(value)


class Form(BaseModel):
    """What all forms share: no field too many, and no value that has to be guessed.

    Strict means that JSON's own types count: the hour ``"5"`` is text and is refused, and so is
    ``true``. A form turns itself into what a predictor answers, by ``request()``.
    """

    model_config = ConfigDict(extra="forbid", strict=True)


class FlightForm(Form):
    """One departure of the board.

    Examples
    --------
    >>> form = FlightForm.model_validate_json(
    ...     '{"carrier": "UA", "origin": "EWR", "dest": "IAH", "hour": 5, "date": "2013-10-01"}'
    ... )
    >>> form.request().key
    'UA EWR IAH 05'
    """

    carrier: str = Field(
        pattern="^[A-Z0-9]{2}$", description="two-character code of the airline", examples=["UA"]
    )
    origin: Literal["EWR", "JFK", "LGA"] = Field(
        description="airport of departure", examples=["EWR"]
    )
    dest: str = Field(
        pattern="^[A-Z]{3}$", description="three-letter code of the destination", examples=["IAH"]
    )
    hour: int = Field(
        ge=0, le=23, description="scheduled hour of departure, local time", examples=[5]
    )
    date: Annotated[datetime.date, BeforeValidator(_day)] = Field(
        ge=FIRST,
        le=LAST,
        description=f"day of departure, from {FIRST} to {LAST}",
        examples=["2013-10-01"],
        # JSON Schema has no bounds for dates: the pattern is the nearest that clients understand.
        json_schema_extra={
            "pattern": "^2013-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
            "formatMinimum": str(FIRST),
            "formatMaximum": str(LAST),
        },
    )
    minute: int = Field(0, ge=0, le=59, description="minutes past the hour", examples=[15])

    def request(self) -> FlightRequest:
        """The request that a predictor answers."""
        return FlightRequest(
            self.carrier, self.origin, self.dest, self.hour, self.date, self.minute
        )


class ReviewForm(Form):
    """One sentence about a film."""

    text: str = Field(
        min_length=1,
        max_length=2_000,
        description="a sentence about a film",
        examples=["A quiet marvel."],
    )

    def request(self) -> str:
        """The request that a predictor answers: the sentence itself."""
        return self.text
