"""Wrong answers to the exercise: a service that refuses."""

TEMPLATE = """
ALLOWED = object()


def make_app(predictor, deadline, clock=time.monotonic):
    class Flight(BaseModel):
        carrier: str = Field(pattern="^[A-Z0-9]{{2}}$")
        origin: {origin}
        dest: str = Field(pattern="^[A-Z]{{3}}$")
        hour: {hour}
        date: datetime.date

    async def arrival():
        return clock()

    app = FastAPI()

    @app.post("/predict")
    def late(flight: Flight, arrived: Annotated[float, Depends(arrival)]):
        request = FlightRequest(**flight.model_dump())
        {before}
        answer = predictor.answer(request)
        {after}
        return {reply}

    return {app}
"""
ORIGIN = 'Literal["EWR", "JFK", "LGA"]'
HOUR = "int = Field(ge=0, le=23)"
CHECK = "if clock() - arrived > deadline: raise HTTPException(504)"


def app(
    origin=ORIGIN,
    hour=HOUR,
    before=CHECK,
    after=CHECK,
    reply="answer._asdict()",
    app="app",
):
    return TEMPLATE.format(
        origin=origin, hour=hour, before=before, after=after, reply=reply, app=app
    )


WRONG = [
    ("forgets to return the application", app(app="None"), "not_an_app", "gave None"),
    ("refuses the hour 0", app(hour="int = Field(gt=0, le=23)"), "refused", "hour = 0"),
    ("refuses everybody", app(hour="int = Field(ge=24)"), "refused", "the status 422"),
    ("lets any hour in", app(hour="int"), "accepts", "hour = 24 was accepted"),
    ("lets any airport in", app(origin="str"), "accepts", "origin = 'ORD'"),
    (
        "looks at the airport by hand",
        app(
            origin="str",
            before=f"if flight.origin == 'ORD': raise HTTPException(400)\n        {CHECK}",
        ),
        "unnamed",
        "not with a 422 that names the field",
    ),
    (
        "asks with the form",
        app(before=f"request = flight\n        {CHECK}"),
        "request",
        "Ask it for the `FlightRequest`",
    ),
    ("sends the value alone", app(reply="answer.value"), "reply", "The reply was 0.25"),
    ("asks first, looks later", app(before="pass"), "computes_late", "Look at the clock first"),
    (
        "looks at another clock",
        app(
            before="began = time.monotonic()\n        "
            "if time.monotonic() - began > deadline: raise HTTPException(504)"
        ),
        "computes_late",
        "by the `clock` that `make_app` was given",
    ),
    ("looks once", app(after="pass"), "late_answer", "with the status 200"),
    ("a status of its own", app(after=CHECK.replace("504", "500")), "status", "got the status 500"),
    (
        "counts the deadline per look",
        app(after="if clock() - arrived > deadline / 4: raise HTTPException(504)"),
        "hurried",
        "after 1 s of the 2 s allowed",
    ),
    (
        "leans on the notebook",
        app(before=f"ALLOWED is None\n        {CHECK}"),
        "leans",
        "`make_app` uses `ALLOWED`, which lives in this notebook only",
    ),
]
