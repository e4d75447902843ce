"""Wrong answers to "count the keys on which two paths disagree"."""

from exercises.variants import changes

but = changes("l09_paths")
BOTH = "if one is not None and other is not None and abs(one - other) > tolerance:"
ASK = "one, other = table.answer(request).value, model.answer(request).value"

WRONG = [
    (
        "the keys themselves",
        but("return len(found)", "return found"),
        "no_number",
        "one whole number",
    ),
    ("a text", but("return len(found)", "return str(len(found))"), "no_number", "returned '1'"),
    ("no return", but("return len(found)", "pass"), "no_number", "None"),
    (
        "requests",
        but("found = set()", "found = []", "found.add(", "found.append("),
        "requests",
        "Count a key once",
    ),
    (
        "a request for its key",
        but("key_of(request)", "request"),
        "requests",
        "different keys",
    ),
    (
        "what only one path knows",
        but(
            BOTH,
            "if (one is None) != (other is None) or one is not None and abs(one - other) > tolerance:",
        ),
        "miss",
        "only one path knows",
    ),
    (
        "0.0 is nothing",
        but(BOTH, "if one and other and abs(one - other) > tolerance:"),
        "zero",
        "0.0",
    ),
    (
        "0.0 of the table is nothing",
        but("if one is not None and other", "if one and other"),
        "zero",
        "0.0",
    ),
    ("one side", but("abs(one - other)", "(one - other)"), "one_side", "says less"),
    ("the other side", but("abs(one - other)", "(other - one)"), "one_side", "says more"),
    ("just the tolerance", but("> tolerance", ">= tolerance"), "within", "or less, is none"),
    (
        "any difference",
        but("abs(one - other) > tolerance", "one != other"),
        "within",
        "or less, is none",
    ),
    (
        "a share",
        but("return len(found)", "return len(found) / max(1, len({key_of(r) for r in requests}))"),
        "share",
        "number of keys",
    ),
    (
        "those that agree",
        but("> tolerance", "<= tolerance"),
        "agree",
        "disagree",
    ),
    (
        "in proportion",
        but("> tolerance:", "> tolerance * other:"),
        "relative",
        "not in proportion",
    ),
    (
        "always a tenth",
        but("> tolerance", "> 0.1"),
        "wrong",
        "differ by more than",
    ),
    (
        "a break-down is a miss",
        but(
            ASK,
            "try:\n    one, other = table.answer(request).value, model.answer(request).value\n"
            "except Exception:\n    continue",
        ),
        "swallowed",
        "let the error pass",
    ),
    (
        "the requests are used up",
        but("for request in requests:", "while requests:\n    request = requests.pop()"),
        "changed",
        "changed what it was given",
    ),
    (
        "the first request only",
        but("return len(found)", "return min(len(found), 1)"),
        "wrong",
        "You return 1",
    ),
]
