"""The requests the services accept, as forms that check themselves.

Used by `service` and lesson 03. A form knows which values make sense; it knows no model and no
HTTP. Each form turns itself into the request that a predictor answers with ``request()``.
"""

import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from lessons_lib.board import FlightRequest


class Form(BaseModel):
    """What all forms share: no field too many, and no value that has to be guessed.

    Strict means that JSON's own types count: the hour ``"5"`` is text and is refused, and so is
    ``true``. A service that guesses what a client meant answers the wrong question in silence.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    @classmethod
    def schema_for_docs(cls) -> dict[str, Any]:
        """The form as the documentation page shows it, without the examples for Python."""
        schema = cls.model_json_schema()
        schema["description"] = (cls.__doc__ or "").partition("\n\n")[0].strip()
        return schema


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
    date: datetime.date = Field(
        ge=datetime.date(2013, 1, 1),
        le=datetime.date(2013, 12, 31),
        description="day of departure, in 2013",
        examples=["2013-10-01"],
    )

    minute: int = Field(0, ge=0, le=59, description="minutes past the hour", examples=[15])

    def request(self) -> FlightRequest:
        """The form as the request that a predictor answers."""
        return FlightRequest(
            self.carrier, self.origin, self.dest, self.hour, self.date, self.minute
        )


class ReviewForm(Form):
    """One sentence about a film.

    Examples
    --------
    >>> ReviewForm(text="A quiet marvel.").request()
    'A quiet marvel.'
    """

    text: str = Field(
        min_length=1,
        max_length=2_000,
        description="a sentence about a film",
        examples=["A quiet marvel."],
    )

    def request(self) -> str:
        """The form as the request that a predictor answers: the sentence itself."""
        return self.text
