"""Exercise: fill a table, one prediction for each key (lesson 01)."""

from lessons_lib.exercises.probes import fail, show

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
SAYS = {"UA EWR IAH 05": 0.0, "B6 JFK MCO 17": 0.41, "AA LGA ORD 09": 0.18}
"""What the model of the check says; 0 is a prediction too."""


def fill_table(model, requests):
    """One prediction for each key, made ahead of time."""
    table = {}
    for request in requests:
        if request.key not in table:
            table[request.key] = model.predict_one(request)
    return table


reference = fill_table


def check(candidate):
    model, requests = _Model(), _requests()
    table = candidate(model, requests)
    if not isinstance(table, dict):
        fail("not_a_dict", got=show(table))
    for request in requests:
        wanted = SAYS[request.key]
        if request.key not in table:
            fail("key", key=request.key)
        if table[request.key] != wanted or isinstance(table[request.key], bool):
            fail("value", key=request.key, got=show(table[request.key]), wanted=wanted)
    if model.calls != len(SAYS):
        fail("again", calls=model.calls, wanted=len(SAYS))


class _Model:
    """Says one number for each key, and counts its calls."""

    def __init__(self):
        self.calls = 0

    def predict_one(self, request, known=None):
        self.calls += 1
        return SAYS[request.key]


def _requests():
    """Five requests for three keys, on two days."""
    import datetime

    from lessons_lib.board import FlightRequest

    first, second = datetime.date(2013, 9, 30), datetime.date(2013, 10, 1)
    return [
        FlightRequest("UA", "EWR", "IAH", 5, first),
        FlightRequest("B6", "JFK", "MCO", 17, first),
        FlightRequest("UA", "EWR", "IAH", 5, second),
        FlightRequest("B6", "JFK", "MCO", 17, first, 30),
        FlightRequest("AA", "LGA", "ORD", 9, second),
    ]
