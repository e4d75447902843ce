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
        "for the `FlightRequest` that was sent",
    ),
    ("sends the value alone", app(reply="answer.value"), "reply", "the reply was 0.142857"),
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
    (
        "a pattern without ends",
        app(origin='str = Field(pattern="EWR|JFK|LGA")'),
        "accepts",
        "'EWRX'",
    ),
    (
        "ends for two of three",
        app(origin='str = Field(pattern="^EWR|JFK|LGA$")'),
        "accepts",
        "'EWRX'",
    ),
    ("any case", app(origin='str = Field(pattern="(?i)^(EWR|JFK|LGA)$")'), "accepts", "'ewr'"),
    ("two airports", app(origin='Literal["EWR", "JFK"]'), "refused", "origin = 'LGA'"),
    ("the hour of the example", app(hour="Literal[5]"), "refused", "hour = 0"),
    ("a day of 25 hours", app(hour="int = Field(ge=0, le=24)"), "accepts", "hour = 24"),
    ("a day of 23 hours", app(hour="int = Field(ge=0, lt=23)"), "refused", "hour = 23"),
    ("hours before midnight", app(hour="int = Field(le=23)"), "accepts", "hour = -1"),
    ("no hour is 5", app(hour="int = Field(5, ge=0, le=23)"), "accepts", "hour = nothing"),
    ("an open destination", app().replace('"^[A-Z]{3}$"', '"[A-Z]{3}"'), "accepts", "'XIAH'"),
    ("an open carrier", app().replace('"^[A-Z0-9]{2}$"', '"^[A-Z0-9]{2}"'), "accepts", "'UAL'"),
    (
        "a date that is a text",
        app().replace("date: datetime.date", "date: str"),
        "request",
        "5, '2013-10-01', 0)",
    ),
    (
        "a 422 that names no field",
        app(
            hour="int",
            before=f"if not 0 <= flight.hour <= 23: raise HTTPException(422)\n        {CHECK}",
        ),
        "unnamed",
        "hour = 24",
    ),
    (
        "a 422 that names every field",
        app(
            hour="int",
            before=f"if not 0 <= flight.hour <= 23: raise HTTPException(422, 'hour or origin')\n        {CHECK}",
        ),
        "unnamed",
        "hour = 24",
    ),
    (
        "a rule over the whole form",
        app(hour="int").replace(
            "    async def arrival",
            "        @__import__('pydantic').model_validator(mode='after')\n        def fits(self):\n            if not 0 <= self.hour <= 23: raise ValueError('not a time of day')\n            return self\n\n    async def arrival",
            1,
        ),
        "unnamed",
        "hour = 24",
    ),
    (
        "more than was asked for",
        app(reply='{**answer._asdict(), "late": False}'),
        "reply",
        "'late'",
    ),
    (
        "a rounded value",
        app(reply="answer._replace(value=round(answer.value, 2))._asdict()"),
        "reply",
        "0.14",
    ),
    (
        "a value in text",
        app(reply="{**answer._asdict(), 'value': str(answer.value)}"),
        "reply",
        "'0.14",
    ),
    ("a list", app(reply="list(answer)"), "reply", "[0.14"),
    (
        "JSON in JSON",
        app(reply="__import__('json').dumps(answer._asdict())"),
        "reply",
        "reply was '{",
    ),
    (
        "no JSON",
        app(reply="__import__('fastapi').Response(str(answer))"),
        "reply",
        'reply was "Answer(',
    ),
    (
        "the first reply for all",
        app(after=f"{CHECK}\n        answer = kept.setdefault(0, answer)").replace(
            "    app = FastAPI()", "    app, kept = FastAPI(), {}"
        ),
        "reply",
        "0.14",
    ),
    (
        "the model asked twice",
        app(before=f"{CHECK}\n        predictor.answer(request)"),
        "request",
        "0), ('UA'",
    ),
    (
        "always the same flight",
        app(before=f"request = FlightRequest('UA', 'EWR', 'IAH', 5, flight.date)\n        {CHECK}"),
        "request",
        "sent: ('UA', 'EWR', 'IAH', 0,",
    ),
    (
        "two deadlines for one",
        app(before=f"{CHECK}\n        arrived = clock()"),
        "two_deadlines",
        "There is one deadline",
    ),
    (
        "the arrival in the worker",
        app(before=f"arrived = clock()\n        {CHECK}")
        .replace(", Depends(arrival)", "")
        .replace(", arrived: Annotated[float]", ""),
        "arrival",
        "async def arrival",
    ),
    (
        "a plain def for the arrival",
        app().replace("async def arrival", "def arrival"),
        "arrival",
        "async def arrival",
    ),
    (
        "a deadline of two seconds",
        app(before=CHECK.replace("deadline", "2.0"), after=CHECK.replace("deadline", "2.0")),
        "late_answer",
        "took 0.6 s of the 0.3 s",
    ),
    (
        "twice the deadline",
        app(
            before=CHECK.replace("deadline", "2 * deadline"),
            after=CHECK.replace("deadline", "2 * deadline"),
        ),
        "late_answer",
        "took 4 s of the 2 s",
    ),
    (
        "a late answer all the same",
        app(
            after="if clock() - arrived > deadline: answer = answer._replace(age=clock() - arrived)"
        ),
        "late_answer",
        "status 200",
    ),
    (
        "503 for late",
        app(before=CHECK.replace("504", "503"), after=CHECK.replace("504", "503")),
        "status",
        "got the status 503",
    ),
    (
        "the dead line before asking is another status",
        app(before=CHECK.replace("504", "408")),
        "status",
        "got the status 408",
    ),
    (
        "204 for late",
        app(
            after="if clock() - arrived > deadline: return __import__('fastapi').Response(status_code=204)"
        ),
        "status",
        "got the status 204",
    ),
    (
        "one application for all",
        app()
        .replace("clock=time.monotonic)", "clock=time.monotonic, app=FastAPI())")
        .replace("    app = FastAPI()\n", ""),
        "request",
        "asked for nothing",
    ),
    (
        "a break-down is a default",
        app().replace(
            "answer = predictor.answer(request)",
            "try: answer = predictor.answer(request)\n        except Exception: return {'value': None, 'source': 'default', 'age': 0}",
        ),
        "swallowed",
        "gave 'the status 200",
    ),
    (
        "a break-down is the client's fault",
        app().replace(
            "answer = predictor.answer(request)",
            "try: answer = predictor.answer(request)\n        except Exception: raise HTTPException(422)",
        ),
        "swallowed",
        "gave 'the status 422",
    ),
    ("another path", app().replace('"/predict"', '"/late"'), "refused", "the status 404"),
    (
        "created",
        app().replace('"/predict"', '"/predict", status_code=201'),
        "refused",
        "the status 201",
    ),
]
