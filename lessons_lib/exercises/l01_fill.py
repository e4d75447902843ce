"""Exercise: fill a table, one prediction for each key (lesson 01)."""

from lessons_lib.answer import key_of
from lessons_lib.board import FlightRequest
from lessons_lib.exercises.probes import (
    FakeModel,
    breaks_down,
    call,
    expect,
    fail,
    flight,
    instance,
    show,
)

NAME = "fill_table"
TITLE = "Fill the table"
MINUTES = 3
ORDER = 1
HINTS = [
    "`model.predict_one(request)` gives the probability. Where does a table keep it?",
    "The key of a request is `request.key`: two flights of one key share one prediction.",
    "The line is `table[request.key] = model.predict_one(request)`.",
]
FAILURES = {
    "not_a_dict": "`fill_table` should return the table, a dict; it returned {got}.",
    "key": "The table has no entry for {key!r}. Keep each prediction under `request.key`: whoever "
    "asks tomorrow has another date, and only the key will be the same.",
    "value": "Under {key!r} the table holds {got}; the model says {wanted}. Keep what the model "
    "gave, as it is.",
    "again": "The model ran {calls} times for {wanted} keys. A prediction that is in the table is "
    "not computed again.",
    "extra": "The table holds an entry for {key}, which none of these {count} requests asks for. "
    "Start with an empty table at each call, and keep one entry for each key.",
    "asked": "The model was asked with {got}. Give it the whole `request`: a model may read more of "
    "it than the key.",
    "changed": "Your function changed the requests it was given: {found}, once {before}. Others want "
    "to read them too.",
}
UNITED, JETBLUE, AMERICAN, DELTA = (
    "UA EWR IAH 05",
    "B6 JFK MCO 17",
    "AA LGA ORD 09",
    "DL JFK SFO 18",
)
NIGHTS = (
    [(UNITED, 1), (JETBLUE, 1), (UNITED, 2), (JETBLUE, 1, 30), (AMERICAN, 2)],
    [(AMERICAN, 3), (DELTA, 1), (AMERICAN, 1), (DELTA, 30, 59)],
    [],
)
"""Key, day and perhaps minute of requests; in the second night the model says something else."""
SAYS = (
    {UNITED: 0.0, JETBLUE: 0.41421356237309503, AMERICAN: 0.1803398874989485},
    {AMERICAN: 0.7320508075688772, DELTA: 0.0},
    {},
)


def fill_table(model, requests):
    """One prediction for each key, made ahead of time."""
    table = {}
    for request in requests:
        if request.key not in table:
            table[request.key] = model.predict_one(request)
    return table


def check(candidate):
    for night, says in zip(NIGHTS, SAYS, strict=True):
        model = FakeModel(lambda request, n, says=says: says[key_of(request)])
        requests = [flight(*request) for request in night]
        table = call(candidate, model, requests)
        instance(table, dict, "not_a_dict")
        for asked, _ in model.asked:
            instance(asked, FlightRequest, "asked")
        for key in says:
            if key not in table:
                fail("key", key=key)
            expect(table[key], says[key], "value", key=key)
        for key in table:
            if key not in says:
                fail("extra", key=show(key), count=len(requests))
        expect(model.calls, len(says), "again", calls=model.calls)
    broken = FakeModel(lambda request, n: SAYS[0][request.key], breaks=2)
    breaks_down("The model", candidate, broken, [flight(*request) for request in NIGHTS[0]])
