"""Right answers to "fill the table", in other forms."""

RIGHT = [
    (
        "the keys first",
        """
def fill_table(model, requests):
    one = {}
    for request in requests:
        one.setdefault(request.key, request)
    return {key: model.predict_one(request) for key, request in one.items()}
""",
    ),
    (
        "the last request of each key",
        """
def fill_table(model, requests):
    last = {request.key: request for request in requests}
    return {key: model.predict_one(last[key]) for key in sorted(last)}
""",
    ),
    (
        "a KeyError says that it is not there",
        """
def fill_table(model, requests):
    table = {}
    for request in requests:
        try:
            table[request.key]
        except KeyError:
            table[request.key] = model.predict_one(request)
    return table
""",
    ),
    (
        "with float, continue and a set",
        """
def fill_table(model, requests):
    table, seen = dict(), set()
    for request in requests:
        if request.key in seen:
            continue
        seen.add(request.key)
        table[request.key] = float(model.predict_one(request))
    return table
""",
    ),
    (
        "on a sorted copy, in a dict of another class",
        """
from collections import OrderedDict
def fill_table(model, requests):
    table = OrderedDict()
    for request in sorted(requests, key=lambda request: request.key):
        if table.get(request.key) is None:
            table[request.key] = model.predict_one(request)
    return table
""",
    ),
    (
        "an error is told and passed on",
        """
def fill_table(model, requests):
    table = {}
    for request in requests:
        if request.key not in table:
            try:
                table[request.key] = model.predict_one(request)
            except Exception as error:
                raise RuntimeError(f"no prediction for {request.key}") from error
    return table
""",
    ),
]
