"""Exercise: what both modes cost a day, from measured seconds (lesson 07)."""

from lessons_lib.exercises.probes import array, call, expect

NAME = "cost_of_a_day"
TITLE = "Price both modes from measured seconds"
MINUTES = 5
ORDER = 1
HINTS = [
    "Three kinds of work. The job scores each row at each refresh. With a table each request is a "
    "look-up, with a model each is a run. Only the job has the price of batch capacity.",
    'A look-up costs `seconds["look-up"] * prices["server"] / 3600`: seconds, times the price of an '
    "hour, over the seconds of an hour. A run is priced alike.",
    "Static is `job + requests * look_up`, dynamic is `requests * run`. Return them in this order.",
]
FAILURES = {
    "not_a_pair": "`cost_of_a_day` gave {got}. Give two numbers: dollars of static, then of dynamic.",
    "order": "The first number reads {got:.6g}, which is what dynamic costs. Give static first.",
    "hours": "{mode} reads {got:.6g} dollars and should be {wanted:.6g}, {times} times as much or as "
    "little. The prices are for an hour, and the measured times are seconds.",
    "batch_price": "Static reads {got:.6g} dollars and should be {wanted:.6g}. The job runs at the batch "
    "price; look-ups wait for requests, at the price of a server.",
    "look_ups": "Static reads {got:.6g} dollars and should be {wanted:.6g}. Each request is a look-up, "
    "whatever the job cost, and the job runs whether or not anybody asks.",
    "refreshes": "Static reads {got:.6g} dollars, which is right for one refresh a day. Here there are "
    "{refreshes}.",
    "rows": "Static reads {got:.6g} dollars and should be {wanted:.6g}. The job scores the rows of the "
    "table, all {rows:,}, and not one row for each request.",
    "static": "For {requests:,} requests and {rows:,} rows, {refreshes} times a day, static reads "
    "{got:.6g} dollars and should be {wanted:.6g}.",
    "dynamic": "For {requests:,} requests dynamic reads {got:.6g} dollars and should be {wanted:.6g}: a "
    "run of the model for each, at the price of a server.",
}
DAYS = (
    (1_000_003, 2_511, 1, (7e-6, 2.1e-5, 1.9e-3), (0.0504, 0.0252)),
    (640, 31_000_000, 3, (0.013, 1e-5, 0.0271), (0.31, 0.07)),
    (0, 77, 24, (1.7, 0.002, 2.9), (1.0, 0.9)),
    (5_000, 1_300, 0, (0.3, 0.004, 0.11), (0.08, 0.02)),
)
"""Requests, rows, refreshes; seconds of a row, a look-up, a run; dollars of a server, of batch."""


def cost_of_a_day(requests, rows, refreshes, seconds, prices):
    job = rows * refreshes * seconds["row"] * prices["batch"] / 3600
    look_up = seconds["look-up"] * prices["server"] / 3600
    run = seconds["run"] * prices["server"] / 3600
    return job + requests * look_up, requests * run


def check(candidate):
    for requests, rows, refreshes, (row, look_up, run), (server, batch) in DAYS:
        seconds = {"row": row, "look-up": look_up, "run": run}
        prices = {"server": server, "batch": batch}
        given = requests, rows, refreshes, seconds, prices
        pair = array(call(candidate, *given), (2,), "not_a_pair")
        static, dynamic = cost_of_a_day(*given)
        asked, job = requests * look_up, rows * refreshes * row
        ideas = {
            "order": [dynamic] if dynamic else [],
            "refreshes": [(rows * row * batch + asked * server) / 3600] if refreshes else [],
            "batch_price": [
                (job * server + asked * server) / 3600,
                (job * batch + asked * batch) / 3600,
                (job * server + asked * batch) / 3600,
            ],
            "look_ups": [job * batch / 3600, asked * server / 3600],
            "rows": [(requests * refreshes * row * batch + asked * server) / 3600],
        }
        named = [(code, result) for code, many in ideas.items() for result in many]
        about = {"requests": requests, "rows": rows, "refreshes": refreshes}
        expect(pair[0], static, "static", named + _hours(static), **about, **_of("Static"))
        expect(pair[1], dynamic, "dynamic", _hours(dynamic), **about, **_of("Dynamic"))


def _hours(right):
    """Seconds taken for hours, or minutes, or the other way round."""
    return [("hours", right * factor) for factor in (3600, 60, 1 / 3600, 1 / 60) if right]


def _of(mode):
    return {"mode": mode, "times": "60 or 3,600"}
