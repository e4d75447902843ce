"""Right answers to "count what was served before the alarm rang"."""

from exercises.wrong.l08_harm import BAD, OUTSIDE, but

RIGHT = [
    ("a list", but(f"return rings, {BAD}", f"return [rings, {BAD}]")),
    ("two comparisons", but(OUTSIDE, "if mean < low or mean > high:")),
    (
        "whole numbers of windows",
        but('log["time"] // window', '(log["time"] / window).astype(int)'),
    ),
    (
        "window by window",
        """
def harm_until_alarm(log, window, limits):
    end = window
    while end < log["time"].max() + window:
        part = log[(log["time"] >= end - window) & (log["time"] < end)]
        for name, values in part.groupby("slice")["value"]:
            if not limits[name][0] <= values.mean() <= limits[name][1]:
                return end, log["bad"][log["time"] < end].sum()
        end = end + window
    return math.inf, log["bad"].sum()
""",
    ),
    (
        "no loop",
        """
def harm_until_alarm(log, window, limits):
    means = log.groupby(["slice", log["time"] // window])["value"].mean().reset_index()
    low, high = (means["slice"].map(lambda name: limits[name][side]) for side in (0, 1))
    outside = means["time"][~means["value"].between(low, high)]
    rings = (outside.min() + 1) * window if len(outside) else math.inf
    return rings, (log["bad"] & (log["time"] < rings)).sum()
""",
    ),
]
