"""Exercise: fill a table, one prediction for each key (lesson 01)."""

from lessons_lib.exercises.probes import FakeModel, call, expect, fail, flight, instance

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
}
SAYS = {"UA EWR IAH 05": 0.0, "B6 JFK MCO 17": 0.41, "AA LGA ORD 09": 0.1803398874989485}
"""What the model of the check says; 0 is a prediction too."""
UNITED, JETBLUE, AMERICAN = SAYS
REQUESTS = [(UNITED, 1), (JETBLUE, 1), (UNITED, 2), (JETBLUE, 1, 30), (AMERICAN, 2)]
"""Key, day and perhaps minute of five requests for three keys."""


def fill_table(model, requests):
    """One prediction for each key, made ahead of time."""
    table = {}
    for request in requests:
        if request.key not in table:
            table[request.key] = model.predict_one(request)
    return table


def check(candidate):
    model = FakeModel(lambda request, n: SAYS[request.key])
    requests = [flight(*request) for request in REQUESTS]
    table = call(candidate, model, requests)
    instance(table, dict, "not_a_dict")
    for request in requests:
        if request.key not in table:
            fail("key", key=request.key)
        expect(table[request.key], SAYS[request.key], "value", key=request.key)
    expect(model.calls, len(SAYS), "again", calls=model.calls)
