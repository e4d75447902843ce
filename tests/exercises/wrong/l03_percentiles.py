"""Wrong answers to the exercise: percentiles that say what they rest on."""

TEMPLATE = """
def percentile_table(latencies, at=(50, 95, 99)):
    values = {values}
    behind = {behind}
    enough = {enough}
    return {frame}
"""
FRAME = "pd.DataFrame({'percentile': at, 'latency': values, 'behind': behind, 'enough': enough})"


def table(
    values='np.percentile(latencies, at, method="inverted_cdf")',
    behind="[sum(x > value for x in latencies) for value in values]",
    enough="[count >= 20 for count in behind]",
    frame=FRAME,
):
    return TEMPLATE.format(values=values, behind=behind, enough=enough, frame=frame)


WRONG = [
    ("only the values", table(frame="values.tolist()"), "not_a_frame", "gave [50.0, 80.0, 99.0]"),
    (
        "leaves the counts out",
        table(frame="pd.DataFrame({'percentile': at, 'latency': values})"),
        "columns",
        "The columns are percentile, latency.",
    ),
    ("the last one only", table(frame=f"{FRAME}.tail(1)"), "rows", "has 1 rows"),
    (
        "interpolates",
        table("np.percentile(latencies, at)"),
        "invented",
        "For p50 the table says 50.5",
    ),
    (
        "forgets to sort",
        table("[latencies[int(len(latencies) * p / 100) - 1] for p in at]"),
        "latency",
        "p50 is 50 s",
    ),
    (
        "counts those below",
        table(behind="[sum(x <= value for x in latencies) for value in values]"),
        "behind",
        "20 took longer than 80 s, and the table says 80",
    ),
    (
        "counts the request itself",
        table(behind="[sum(x >= value for x in latencies) for value in values]"),
        "behind",
        "50 took longer than 50 s, and the table says 51",
    ),
    (
        "asks for more than 20",
        table(enough="[count > 20 for count in behind]"),
        "enough",
        "With 20 behind it `enough` should be True",
    ),
    (
        "asks for 20 requests in all",
        table(enough="[len(latencies) >= 20 for count in behind]"),
        "enough",
        "With 1 behind it `enough` should be False",
    ),
    (
        "sorts in place",
        table("(latencies.sort(), np.percentile(latencies, at, method='inverted_cdf'))[1]"),
        "changed",
        "Sort a copy",
    ),
]
