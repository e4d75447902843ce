"""Wrong answers to "count what was served before the alarm rang"."""

from exercises.variants import changes

but = changes("l08_harm")
MEANS = 'log.groupby([log["time"] // window, "slice"])["value"].mean()'
OUTSIDE = "if not low <= mean <= high:"
RINGS = "(number_of_window + 1) * window"
BAD = 'int(log["bad"][log["time"] < rings].sum())'

WRONG = [
    (
        "rings as the window begins",
        but(RINGS, "number_of_window * window"),
        "start",
        "needs all of its window",
    ),
    (
        "a single request rings",
        """
def harm_until_alarm(log, window, limits):
    for time, name, value in zip(log["time"], log["slice"], log["value"]):
        if not limits[name][0] <= value <= limits[name][1]:
            return time, int(log["bad"][log["time"] < time].sum())
    return math.inf, int(log["bad"].sum())
""",
        "when",
        "mean of its own",
    ),
    (
        "the mean of all",
        but(
            MEANS, 'log.assign(slice="a").groupby([log["time"] // window, "slice"])["value"].mean()'
        ),
        "diluted",
        "take a mean for each slice",
    ),
    ("only too high", but(OUTSIDE, "if mean > high:"), "low_side", "below as well as above"),
    ("the last alarm", but("            break\n", ""), "when", "mean of its own"),
    (
        "a mean from the start on",
        but(
            MEANS,
            'log.assign(value=log.groupby("slice")["value"].transform(lambda v: v.expanding().mean()))'
            '.groupby([log["time"] // window, "slice"])["value"].mean()',
        ),
        "when",
        "mean of its own",
    ),
    ("the number of the window", but(RINGS, "number_of_window"), "when", "With windows of"),
    ("windows of a second", but("// window, ", "// 1, "), "when", "you say"),
    (
        "from the middle of the window",
        but(RINGS, "(number_of_window + 0.5) * window"),
        "when",
        "you say",
    ),
    (
        "bad answers of one window",
        but(BAD, 'int(log["bad"][(log["time"] < rings) & (log["time"] >= rings - window)].sum())'),
        "served",
        "in whatever slice",
    ),
    ("all bad answers", but(BAD, 'int(log["bad"].sum())'), "all_bad", "after the alarm"),
    (
        "bad answers of one slice",
        but(BAD, 'int(log["bad"][(log["time"] < rings) & (log["slice"] == name)].sum())'),
        "served",
        "in whatever slice",
    ),
    ("all answers", but(BAD, 'int((log["time"] < rings).sum())'), "served", "in whatever slice"),
    (
        "the good ones",
        but(BAD, 'int((~log["bad"][log["time"] < rings]).sum())'),
        "served",
        "bad answers were served",
    ),
    ("a share", but(BAD, 'float(log["bad"][log["time"] < rings].mean())'), "served", "you say"),
    (
        "None where nothing rings",
        but(
            "rings = math.inf",
            "rings = None",
            BAD,
            'int(log["bad"][log["time"] < (rings or math.inf)].sum())',
        ),
        "silent",
        "math.inf",
    ),
    (
        "nothing served where nothing rings",
        but(BAD, f"0 if math.isinf(rings) else {BAD}"),
        "silent",
        "all",
    ),
    ("only when", but(f"return rings, {BAD}", "return rings"), "no_pair", "two numbers"),
    ("text", but("return rings, ", "return f'{rings} s', "), "no_pair", "two numbers"),
    (
        "sorts the caller's log",
        but("means = ", 'log.sort_values("value", inplace=True)\nmeans = '),
        "changed",
        "changed what it was given",
    ),
]
