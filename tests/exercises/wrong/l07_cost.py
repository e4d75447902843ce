"""Wrong answers to "price both modes from measured seconds"."""

from exercises.variants import changes

but = changes("l07_cost")
JOB = 'job = rows * refreshes * seconds["row"] * prices["batch"] / 3600'
LOOK_UP = 'look_up = seconds["look-up"] * prices["server"] / 3600'
RUN = 'run = seconds["run"] * prices["server"] / 3600'
BOTH = "return job + requests * look_up, requests * run"

WRONG = [
    (
        "static alone",
        but(BOTH, "return job + requests * look_up"),
        "not_a_pair",
        "Give two numbers",
    ),
    (
        "by name",
        but(BOTH, 'return {"static": job + requests * look_up, "dynamic": requests * run}'),
        "not_a_pair",
        "'static'",
    ),
    ("a text", but("requests * run", "str(requests * run)"), "not_a_pair", "'0.0266"),
    (
        "dynamic first",
        but(BOTH, "return requests * run, job + requests * look_up"),
        "order",
        "first",
    ),
    (
        "seconds at the price of an hour",
        but(" / 3600", ""),
        "hours",
        "Static reads",
    ),
    (
        "the price of a minute",
        but(JOB, JOB.replace("3600", "60"), LOOK_UP, LOOK_UP.replace("3600", "60")),
        "hours",
        "Static reads",
    ),
    ("only the runs by the hour", but(RUN, RUN.replace(" / 3600", "")), "hours", "Dynamic reads"),
    (
        "the job on a server",
        but('prices["batch"]', 'prices["server"]'),
        "batch_price",
        "batch price",
    ),
    (
        "look-ups at the batch price",
        but(LOOK_UP, LOOK_UP.replace("server", "batch")),
        "batch_price",
        "at the price of a server",
    ),
    ("look-ups for nothing", but("job + requests * look_up", "job"), "look_ups", "is a look-up"),
    (
        "the job for nothing",
        but("job + requests", "requests"),
        "look_ups",
        "whether or not anybody",
    ),
    ("one refresh", but("rows * refreshes", "rows"), "refreshes", "there are 3"),
    (
        "a row for each request",
        but("rows * refreshes", "requests * refreshes"),
        "rows",
        "all 2,511",
    ),
    (
        "a row takes as long as a run",
        but('seconds["row"]', 'seconds["run"]'),
        "static",
        "1,000,003 requests and 2,511 rows",
    ),
    (
        "runs at the batch price",
        but(RUN, RUN.replace("server", "batch")),
        "dynamic",
        "at the price of",
    ),
    (
        "a look-up before each run",
        but("requests * run", "requests * (run + look_up)"),
        "dynamic",
        "run",
    ),
    (
        "a look-up for each row",
        but("requests * look_up", "rows * look_up"),
        "static",
        "For 1,000,003 requests",
    ),
    (
        "rounded to the cent",
        but(BOTH, "return round(job + requests * look_up, 2), requests * run"),
        "static",
        "reads 0 dollars",
    ),
    (
        "dollars less the other's",
        but(BOTH, "return job, requests * run - job"),
        "look_ups",
        "is a look-up",
    ),
    (
        "a constant that fits",
        but("rows * refreshes", "2511 * refreshes"),
        "static",
        "31,000,000 rows",
    ),
    (
        "the first day for all",
        """
kept = []
def cost_of_a_day(requests, rows, refreshes, seconds, prices):
    job = rows * refreshes * seconds["row"] * prices["batch"] / 3600
    kept.append((job + requests * seconds["look-up"] * prices["server"] / 3600,
        requests * seconds["run"] * prices["server"] / 3600))
    return kept[0]
""",
        "static",
        "For 640 requests",
    ),
    (
        "changes the seconds",
        but(
            JOB,
            'seconds["row"] *= rows\njob = refreshes * seconds["row"] * prices["batch"] / 3600',
        ),
        "changed",
        "Work on a copy",
    ),
]
