"""Right answers to the exercise: percentiles that say what they rest on."""

from exercises.wrong.l03_percentiles import FRAME, table

RIGHT = [
    (
        "the rank rounded up",
        table("[sorted(latencies)[int(np.ceil(len(latencies) * p / 100)) - 1] for p in at]"),
    ),
    (
        "sorted once",
        table("(lambda s: [s[int(-(-len(s) * p // 100)) - 1] for p in at])(sorted(latencies))"),
    ),
    (
        "counted by array",
        table(behind="[int((np.array(latencies) > value).sum()) for value in values]"),
    ),
    ("enough by array", table(enough="np.array(behind) >= 20")),
    ("1 and 0", table(enough="[int(count >= 20) for count in behind]")),
    (
        "rows as dicts",
        table(
            frame="pd.DataFrame([{'percentile': p, 'latency': v, 'behind': b, 'enough': e} for p, v, b, e in zip(at, values, behind, enough)])"
        ),
    ),
    (
        "columns in another order",
        table(frame=f"{FRAME}[['latency', 'behind', 'enough', 'percentile']]"),
    ),
    ("an index of its own", table(frame=f"{FRAME}.set_index(pd.Index([f'p{{p}}' for p in at]))")),
    (
        "counts as floats",
        table(behind="[float(sum(x > value for x in latencies)) for value in values]"),
    ),
    ("np.quantile", table('np.quantile(latencies, [p / 100 for p in at], method="inverted_cdf")')),
    (
        "row by row",
        "def percentile_table(latencies, at=(50, 95, 99)):\n    rows = []\n    for p in at:\n        value = np.percentile(latencies, p, method='inverted_cdf')\n        behind = len([x for x in latencies if x > value])\n        rows.append((p, value, behind, behind >= 20))\n    return pd.DataFrame(rows, columns=['percentile', 'latency', 'behind', 'enough'])",
    ),
]
