"""Wrong answers to "size the servers for the busiest hour"."""

from exercises.variants import changes

but = changes("l07_servers")
P99 = 'np.percentile(values, 99, method="inverted_cdf")'
PEAK = "peak = hour == np.bincount(hour).argmax()"
HOPELESS = "if p99(work[peak]) > deadline:\n        return None\n"
LATENCY = "(simulate.fifo(arrive, work, servers) + work - arrive)[peak]"
RESULT = "return servers, work.sum() / (servers * 86_400)"
BOUND = "while servers < 50 and p99"  # what stands in for a loop that would never end

WRONG = [
    ("servers alone", but(RESULT, "return servers"), "not_a_pair", "Give two numbers"),
    ("a text", but(RESULT, "return str(servers), 0.5"), "not_a_pair", "('"),
    ("no number", but(RESULT, "return servers, float('nan')"), "not_a_pair", "nan"),
    (
        "the mean load of the day",
        """
import numpy as np
def servers_for(arrive, work, deadline):
    servers = int(np.ceil(work.sum() / 86400))
    return servers, work.sum() / (servers * 86400)
""",
        "mean",
        "keep up with the mean load",
    ),
    (
        "the mean load of the hour",
        """
import numpy as np
def servers_for(arrive, work, deadline):
    hour = (arrive // 3600).astype(int)
    peak = hour == np.bincount(hour).argmax()
    servers = int(np.ceil(work[peak].sum() / 3600))
    return servers, work.sum() / (servers * 86400)
""",
        "mean",
        "leave the queue to the clients",
    ),
    ("p99 of the whole day", but(LATENCY, LATENCY.removesuffix("[peak]")), "whole_day", "thin out"),
    (
        "the hour alone",
        but(
            LATENCY, "simulate.fifo(arrive[peak], work[peak], servers) + work[peak] - arrive[peak]"
        ),
        "hour_alone",
        "leaves a queue behind",
    ),
    (
        "interpolates",
        but(P99, "np.percentile(values, 99)"),
        "p99",
        "inverted_cdf",
    ),
    (
        "the quietest hour",
        but(
            PEAK, "peak = hour == np.unique(hour)[np.unique(hour, return_counts=True)[1].argmin()]"
        ),
        "other_hour",
        "the most requests",
    ),
    (
        "the last of equals",
        but(PEAK, "peak = hour == hour.max() - np.bincount(hour)[::-1].argmax()"),
        "other_hour",
        "the earliest of equals",
    ),
    ("p95", but("99,", "95,"), "p99", "another percentile"),
    ("the slowest", but(P99, "values.max()"), "gave_up", "are enough here"),
    ("the median", but("99,", "50,"), "p99", "another percentile"),
    (
        "the wait only",
        but(" + work - arrive)[peak]", " - arrive)[peak]"),
        "waiting_only",
        "as well",
    ),
    (
        "one more to be safe",
        but(RESULT, "servers += 1\nreturn servers, work.sum() / (servers * 86_400)"),
        "servers",
        "not with one less",
    ),
    (
        "always eight",
        but("servers = 1", "return 8, work.sum() / (8 * 86_400)\nservers = 1"),
        "servers",
        "you take 8",
    ),
    (
        "no number is enough, and a number",
        but("return None", "return 99, 0.5"),
        "hopeless",
        "give None",
    ),
    ("infinity", but("return None", "return float('inf'), 0.0"), "hopeless", "give None"),
    (
        "gives up too soon",
        but("p99(work[peak]) > deadline", "work.max() > deadline"),
        "gave_up",
        "are enough here",
    ),
    (
        "busy in the hour",
        but("work.sum() / (servers * 86_400)", "work[peak].sum() / (servers * 3_600)"),
        "busy_hour",
        "paid for all day",
    ),
    ("busy by all servers at once", but("(servers * 86_400)", "86_400"), "busy", "busy for"),
    ("per cent", but("work.sum()", "100 * work.sum()"), "busy", "you say"),
    ("up to the last arrival", but("86_400", "arrive[-1]"), "busy", "in a day of 86,400 s"),
    (
        "the idle share",
        but("work.sum() / (servers * 86_400)", "1 - work.sum() / (servers * 86_400)"),
        "busy",
        "busy for",
    ),
    (
        "changes the arrivals",
        but("hour = (", "arrive -= arrive[0]\nhour = ("),
        "changed",
        "Work on a copy",
    ),
]
