"""Right answers to the exercise: a service that refuses."""

from exercises.wrong.l03_service import CHECK, app

RIGHT = [
    ("a pattern with ends", app(origin='str = Field(pattern="^(EWR|JFK|LGA)$")')),
    ("hours listed", app(hour="Literal[tuple(range(24))]")),
    ("bounds by gt and lt", app(hour="int = Field(gt=-1, lt=24)")),
    ("annotated bounds", app(hour="Annotated[int, Field(ge=0, le=23)]")),
    (
        "an enumeration",
        app(origin="__import__('enum').StrEnum('Airport', {c: c for c in ('EWR', 'JFK', 'LGA')})"),
    ),
    (
        "a rule for the field",
        app(hour="int").replace(
            "    async def arrival",
            "        @__import__('pydantic').field_validator('hour')\n        def fits(cls, hour):\n            if not 0 <= hour <= 23: raise ValueError('from 0 to 23')\n            return hour\n\n    async def arrival",
            1,
        ),
    ),
    (
        "by hand, with the field's name",
        app(
            hour="int",
            before=f"if not 0 <= flight.hour <= 23: raise HTTPException(422, 'hour: from 0 to 23')\n        {CHECK}",
        ),
    ),
    (
        "written out",
        app(reply='{"value": answer.value, "source": answer.source, "age": answer.age}'),
    ),
    ("unpacked", app(reply='dict(zip(("value", "source", "age"), answer))')),
    (
        "a JSON response",
        app(reply="__import__('fastapi.responses').responses.JSONResponse(answer._asdict())"),
    ),
    (
        "a response for late",
        app(
            after="if clock() - arrived > deadline: return __import__('fastapi').Response(status_code=504)"
        ),
    ),
    (
        "what is left",
        app(
            before="left = deadline - (clock() - arrived)\n        if left < 0: raise HTTPException(504)"
        ),
    ),
    (
        "a break-down is a 503",
        app().replace(
            "answer = predictor.answer(request)",
            "try: answer = predictor.answer(request)\n        except Exception: raise HTTPException(503)",
        ),
    ),
    ("in a loop", app().replace("    def late", "    async def late")),
    (
        "from monotonic",
        app()
        .replace("clock=time.monotonic", "clock=monotonic")
        .replace("def make_app", "from time import monotonic\n\ndef make_app"),
    ),
    (
        "helpers beside it",
        app(
            before="refuse_late(clock, arrived, deadline)",
            after="refuse_late(clock, arrived, deadline)",
        ).replace(
            "def make_app",
            "def refuse_late(clock, arrived, deadline):\n    if clock() - arrived > deadline:\n        raise HTTPException(504)\n\n\ndef make_app",
        ),
    ),
]
