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

LOOP = """
def fill_table(model, requests):
    table = {{}}
    for request in requests:
        if request.key not in table:
            {}
    return table
"""
LINES = [
    ("rounded", "table[request.key] = round(model.predict_one(request), 3)", "value", "holds 0.414"),
    ("a text", "table[request.key] = str(model.predict_one(request))", "value", "holds '0.0'"),
    ("per cent", "table[request.key] = 100 * model.predict_one(request)", "value", "holds 41.42"),
    ("in a list", "table[request.key] = [model.predict_one(request)]", "value", "holds [0.0]"),
    ("NaN", "table[request.key] = model.predict_one(request) and float('nan')", "value", "nan"),
    ("the key goes to the model", "table[request.key] = model.predict_one(request.key)", "asked", "whole"),
    (
        "a break-down becomes a zero",
        "try:\n                table[request.key] = model.predict_one(request)\n"
        "            except Exception:\n                table[request.key] = 0.0",
        "swallowed",
        "The model raised an error",
    ),
    (
        "a break-down is passed over",
        "try:\n                table[request.key] = model.predict_one(request)\n"
        "            except: pass",
        "swallowed",
        "let the error pass",
    ),
    (
        "an entry for the request too",
        "table[request.key] = table[request] = model.predict_one(request)",
        "extra",
        "FlightRequest(",
    ),
    (
        "a name for the model beside the keys",
        "table[request.key] = model.predict_one(request); table['model'] = 0.5",
        "extra",
        "an entry for 'model'",
    ),
    (
        "the key in capitals only",
        "table[request.key.title()] = model.predict_one(request)",
        "key",
        "no entry for 'UA",
    ),
    ("the carrier as the key", "table[request.carrier] = model.predict_one(request)", "key", "UA"),
    ("a constant", "table[request.key] = 0.0", "value", "the model says 0.414"),
    ("the first two of them", "if len(table) < 2: table[request.key] = model.predict_one(request)",
     "key", "no entry for 'AA LGA ORD 09'"),
]  # fmt: skip
ONCE = """
    for request in requests:
        if request.key not in table:
            table[request.key] = model.predict_one(request)
    return table
"""
WRONG += [
    *((name, LOOP.format(line), code, part) for name, line, code, part in LINES),
    (
        "a default that is kept",
        "def fill_table(model, requests, table={}):" + ONCE,
        "value",
        "Under 'AA LGA ORD 09' the table holds 0.1803398874989485; the model says 0.73",
    ),
    (
        "a table outside the function",
        "table = {}\ndef fill_table(model, requests):" + ONCE,
        "value",
        "the model says 0.73",
    ),
    (
        "a table outside, with the newest",
        "known = {}\ndef fill_table(model, requests):\n    table = {}"
        + ONCE.replace("return table", "known.update(table)\n    return dict(known)"),
        "extra",
        "Start with an empty table",
    ),
    (
        "the list is emptied on the way",
        """
def fill_table(model, requests):
    table = {}
    while requests:
        request = requests.pop()
        if request.key not in table:
            table[request.key] = model.predict_one(request)
    return table
""",
        "changed",
        "changed the requests it was given: []",
    ),
    (
        "the list is sorted in place",
        "def fill_table(model, requests):\n    requests.sort(key=lambda r: r.key)\n    table = {}"
        + ONCE,
        "changed",
        "Others want",
    ),
    (
        "the last result again",
        """
last = []
def fill_table(model, requests):
    if not last:
        last.append({})
        for request in requests:
            if request.key not in last[0]:
                last[0][request.key] = model.predict_one(request)
    return last[0]
""",
        "value",
        "the model says 0.73",
    ),
]
