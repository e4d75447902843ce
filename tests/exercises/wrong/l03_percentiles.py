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
    ("the last one only", table(frame=f"{FRAME}.tail(1)"), "rows", "reads [99]"),
    (
        "interpolates",
        table("np.percentile(latencies, at)"),
        "invented",
        "For p50 of 100 requests the table says 50.5 s",
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
    (
        "an extra column",
        table(frame=FRAME.replace("})", ", 'requests': len(latencies)})")),
        "columns",
        "requests",
    ),
    (
        "an extra row",
        table(frame=f"pd.concat([{FRAME}, {FRAME}.tail(1)])"),
        "rows",
        "reads [50, 80, 99, 99]",
    ),
    (
        "other names",
        table(frame=f"{FRAME}.rename(columns={{'behind': 'slower'}})"),
        "columns",
        "slower",
    ),
    (
        "the percentiles as an index",
        table(frame=f"{FRAME}.set_index('percentile')"),
        "columns",
        "are latency, behind, enough",
    ),
    (
        "named p50, p80, ...",
        table(frame=FRAME.replace("'percentile': at", "'percentile': [f'p{p}' for p in at]")),
        "rows",
        "'p50'",
    ),
    (
        "as shares",
        table(frame=FRAME.replace("'percentile': at", "'percentile': [p / 100 for p in at]")),
        "rows",
        "0.5, 0.8",
    ),
    (
        "in order of size",
        table(frame=f"{FRAME}.sort_values('percentile')"),
        "rows",
        "reads [12.5, 95.0]",
    ),
    (
        "always 50, 95 and 99",
        table(frame=f"{FRAME}.assign(percentile=[50, 95, 99][:len(at)])"),
        "rows",
        "reads [50, 95, 99]",
    ),
    (
        "the next lower one",
        table('np.percentile(latencies, at, method="lower")'),
        "latency",
        "The table says 79.6116505 s",
    ),
    (
        "the next higher one",
        table('np.percentile(latencies, at, method="higher")'),
        "latency",
        "The table says 51 s",
    ),
    (
        "the nearest one",
        table('np.percentile(latencies, at, method="nearest")'),
        "latency",
        "The table says 51 s",
    ),
    (
        "the rank rounded down",
        table("[sorted(latencies)[max(0, int(len(latencies) * p / 100) - 1)] for p in at]"),
        "latency",
        "The table says 49.5145631 s",
    ),
    (
        "the rank rounded",
        table("[sorted(latencies)[max(0, round(len(latencies) * p / 100) - 1)] for p in at]"),
        "latency",
        "The table says 79.6116505 s",
    ),
    (
        "the rank from 0",
        table("[sorted(latencies)[int(len(latencies) * p / 100)] for p in at]"),
        "latency",
        "The table says 51 s",
    ),
    (
        "pandas' own",
        table("pd.Series(latencies).quantile([p / 100 for p in at]).tolist()"),
        "invented",
        "the table says 50.5",
    ),
    (
        "rounded to a whole second",
        table('np.percentile(latencies, at, method="inverted_cdf").round()'),
        "invented",
        "the table says 50",
    ),
    (
        "rounded to six digits",
        table('np.percentile(latencies, at, method="inverted_cdf").round(6)'),
        "invented",
        "nor rounded",
    ),
    (
        "each latency once",
        table('np.percentile(list(set(latencies)), at, method="inverted_cdf")'),
        "latency",
        "The table says 55 s",
    ),
    ("no numbers", table("[float('nan') for p in at]"), "no_number", "says nan"),
    (
        "texts",
        table(frame=FRAME.replace("'latency': values", "'latency': [f'{v} s' for v in values]")),
        "no_number",
        "'50.0 s'",
    ),
    (
        "in milliseconds",
        table(frame=FRAME.replace("'latency': values", "'latency': 1000 * values")),
        "invented",
        "the table says 50000",
    ),
    (
        "a share behind",
        table(behind="[sum(x > value for x in latencies) / len(latencies) for value in values]"),
        "behind",
        "the table says 0.5",
    ),
    (
        "counts in text",
        table(
            behind="[str(sum(x > value for x in latencies)) for value in values]",
            enough="[int(b) >= 20 for b in behind]",
        ),
        "behind",
        "says '50'",
    ),
    (
        "behind by the percentile",
        table(behind="[round(len(latencies) * (100 - p) / 100) for p in at]"),
        "behind",
        "the table says 52",
    ),
    (
        "yes and no",
        table(enough='["yes" if count >= 20 else "no" for count in behind]'),
        "enough",
        "it is 'yes'",
    ),
    (
        "True in text",
        table(enough="[str(count >= 20) for count in behind]"),
        "enough",
        "it is 'True'",
    ),
    (
        "only the True ones",
        table(enough="[True if count >= 20 else None for count in behind]"),
        "enough",
        "it is None",
    ),
    (
        "enough for 100 requests only",
        table(enough="[p < 99 for p in at]"),
        "enough",
        "With 3 behind it",
    ),
    (
        "the first result for all",
        table(frame="kept.setdefault(at, " + FRAME + ")").replace("def", "kept = {}\n\ndef", 1),
        "invented",
        "of 103 requests the table says 50 s",
    ),
    (
        "a list that grows",
        table(
            values='(seen.extend(latencies), np.percentile(seen, at, method="inverted_cdf"))[1]'
        ).replace("at=(50, 95, 99)", "at=(50, 95, 99), seen=[]"),
        "invented",
        "of 150 requests",
    ),
    (
        "the course's own percentiles",
        table("percentiles(latencies, at).value").replace(
            "\ndef", "from lessons_lib.latency import percentiles\n\ndef", 1
        ),
        "borrowed",
        "`percentiles` does the work",
    ),
]
