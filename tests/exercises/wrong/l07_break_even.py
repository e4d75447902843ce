"""Wrong answers to "break-even and waste, from a log"."""

from exercises.variants import changes

but = changes("l07_break_even")
FORMULA = "break_even = row / (run - look_up) if run > look_up else inf"
PER_KEY = "per_key = log.isin(keys).sum() / len(keys)"
UNUSED = "unused = 1 - keys.isin(log).mean()"
ALL = "return break_even, per_key, unused"

WRONG = [
    ("the break-even alone", but(ALL, "return break_even"), "not_three", "Give three numbers"),
    ("two numbers", but(ALL, "return break_even, unused"), "not_three", "Give three numbers"),
    ("a text", but(ALL, "return break_even, str(per_key), unused"), "not_three", "'1.2857"),
    ("no number", but("row / (run - look_up)", "float('nan')"), "not_three", "nan"),
    (
        "upside down",
        but(FORMULA, f"{FORMULA}\nbreak_even = 1 / break_even"),
        "upside_down",
        "a request pays",
    ),
    ("look-ups for nothing", but("(run - look_up)", "run"), "look_up", "each saves a run"),
    (
        "never is a number below 0",
        but(" if run > look_up else inf", " if run != look_up else inf"),
        "never",
        "the break-even is infinite",
    ),
    ("never is None", but("else inf", "else None"), "not_three", "None"),
    ("never is nothing", but("else inf", "else 0.0"), "never", "You say 0"),
    (
        "as dear is not dearer",
        but("run > look_up", "run >= look_up"),
        "ZeroDivisionError",
        "division by zero",
    ),
    ("a sum", but("(run - look_up)", "(run + look_up)"), "break_even", "With 0.0125 a row"),
    ("rounded", but(ALL, "return round(break_even, 4), per_key, unused"), "break_even", "0.0192"),
    (
        "all requests",
        but(PER_KEY, "per_key = len(log) / len(keys)"),
        "strangers",
        "need the model anyway",
    ),
    (
        "keys that were asked for",
        but(PER_KEY, "per_key = log.isin(keys).sum() / keys.isin(log).sum()"),
        "asked_keys",
        "divide by all 7 keys",
    ),
    (
        "keys of the log",
        but(PER_KEY, "per_key = len(log) / log.nunique()"),
        "per_key",
        "of 'abcdefg' (a letter is a key) answers",
    ),
    ("how many, not per key", but(" / len(keys)", " / 1"), "per_key", "you say 9"),
    (
        "different keys asked",
        but(PER_KEY, "per_key = keys.isin(log).sum() / len(keys)"),
        "per_key",
        "answers",
    ),
    ("a constant for the keys", but("len(keys)", "7"), "per_key", "'qwertyuiop'"),
    (
        "the used ones",
        but(UNUSED, "unused = keys.isin(log).mean()"),
        "used",
        "The waste is the rest",
    ),
    (
        "a share of the requests",
        but(UNUSED, "unused = 1 - log.isin(keys).mean()"),
        "of_requests",
        "*rows*",
    ),
    (
        "per cent",
        but(UNUSED, "unused = 100 * (1 - keys.isin(log).mean())"),
        "unused",
        "you say 57.1",
    ),
    ("how many rows", but(".mean()", ".sum()"), "unused", "is not asked for by"),
    (
        "waste second",
        but(ALL, "return break_even, unused, per_key"),
        "order",
        "requests per key first",
    ),
    (
        "grows a list",
        """
from math import inf
def weigh(keys, log, row, run, look_up, seen=[]):
    seen.extend(log)
    break_even = row / (run - look_up) if run > look_up else inf
    asked = [one for one in seen if one in set(keys)]
    return break_even, len(asked) / len(keys), 1 - len(set(asked)) / len(keys)
""",
        "per_key",
        "'qwertyuiop'",
    ),
    (
        "sorts the log",
        but("break_even =", "log.iloc[:] = sorted(log)\nbreak_even ="),
        "changed",
        "Work on a copy",
    ),
]
