"""Times written for people, in texts and on axes.

Used by every lab and most charts: latencies here run from microseconds to hours on one axis.
It knows nothing of what took the time.
"""

import altair as alt

SPANS = (
    (31_557_600, "years"),
    (86400, "d"),
    (3600, "h"),
    (60, "min"),
    (1, "s"),
    (1e-3, "ms"),
    (1e-6, "µs"),
)
TICKS = (*(10.0**e for e in range(-7, 1)), 10, 60, 600, 3600, 36000, 86400, 864000, 8640000)


def duration(seconds: float) -> str:
    """Write a time in the unit that a person would use.

    Parameters
    ----------
    seconds : float
        The time in seconds; infinity is written as a word, NaN as a dash.

    Examples
    --------
    >>> duration(0.0001), duration(0.002), duration(90), duration(3600), duration(3.6e8)
    ('100 µs', '2 ms', '1.5 min', '1 h', '11.4 years')
    """
    if seconds != seconds:
        return "–"
    if seconds == float("inf"):
        return "for ever"
    size, unit = next((s for s in SPANS if abs(seconds) >= s[0] * (1 - 1e-9)), SPANS[-1])
    number = seconds / size
    return f"{number:.3g} {unit}" if abs(number) < 999.5 else f"{number:,.0f} {unit}"


def duration_axis(**options: object) -> alt.Axis:
    """Give an axis for a logarithmic scale of seconds, labelled in µs, ms, s, min, h and d.

    Parameters
    ----------
    **options
        Whatever else `altair.Axis` takes, for example a title.

    Examples
    --------
    >>> axis = duration_axis(title="latency")
    >>> axis.to_dict()["values"][:2]
    [1e-07, 1e-06]
    """
    cases = " : ".join(
        f"datum.value >= {size * 0.999} ? format(datum.value / {size}, '~r') + ' {unit}'"
        for size, unit in SPANS
    )
    label = f"{cases} : format(datum.value / 1e-6, '~r') + ' µs'"
    return alt.Axis(values=list(TICKS), labelExpr=label, **options)
