"""Wrong answers to "fill the table"."""

WRONG = [
    (
        "the whole request as the key",
        "def fill_table(model, requests):\n    return {r: model.predict_one(r) for r in requests}",
        "key",
        "no entry for 'UA EWR IAH 05'",
    ),
    (
        "the model runs for each request",
        "def fill_table(model, requests):\n    return {r.key: model.predict_one(r) for r in requests}",
        "again",
        "ran 5 times for 3 keys",
    ),
    (
        "a yes or no in place of the probability",
        """
def fill_table(model, requests):
    table = {}
    for request in requests:
        if request.key not in table:
            table[request.key] = model.predict_one(request) > 0.3
    return table
""",
        "value",
        "holds False; the model says 0.0",
    ),
    (
        "a probability of 0 is left out",
        """
def fill_table(model, requests):
    table = {}
    for request in requests:
        if request.key not in table:
            value = model.predict_one(request)
            if value:
                table[request.key] = value
    return table
""",
        "key",
        "no entry for 'UA EWR IAH 05'",
    ),
    (
        "the request in place of its prediction",
        "def fill_table(model, requests):\n    return {r.key: r for r in requests}",
        "value",
        "holds FlightRequest(",
    ),
    (
        "a list of pairs",
        """
def fill_table(model, requests):
    return [(request.key, model.predict_one(request)) for request in requests]
""",
        "not_a_dict",
        "it returned [('UA EWR IAH 05', 0.0)",
    ),
    (
        "the table is not returned",
        """
def fill_table(model, requests):
    table = {}
    for request in requests:
        table[request.key] = model.predict_one(request)
""",
        "not_a_dict",
        "it returned None",
    ),
]
