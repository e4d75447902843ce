"""Numbers written for people, in texts and on axes. It knows nothing of what was counted."""

from collections.abc import Sequence
from math import floor

import altair as alt

from lessons_lib.latency import ENOUGH

SPANS = {31_557_600: "years", 86400: "d", 3600: "h", 60: "min", 1: "s", 1e-3: "ms", 1e-6: "µs"}
TICKS = (*(10.0**e for e in range(-7, 1)), 10, 60, 600, 3600, 36000, 86400, 864000, 8640000)


def duration(seconds: float) -> str:
    """A time in the unit that a person would use; infinity as words, NaN as a dash.

    >>> duration(0.0001), duration(0.002), duration(90), duration(3600), duration(3.6e8)
    ('100 µs', '2 ms', '1.5 min', '1 h', '11.4 years')
    """
    if seconds != seconds:
        return "–"
    if seconds == float("inf"):
        return "for ever"
    size, unit = next((s for s in SPANS.items() if abs(seconds) >= s[0] * (1 - 1e-9)), (1e-6, "µs"))
    number = seconds / size
    return f"{number:.3g} {unit}" if abs(number) < 999.5 else f"{number:,.0f} {unit}"


def share(part: float) -> str:
    """A share (0..1) to a tenth of a per cent; it says all or nothing only where that is so.

    >>> share(0.9512), share(0.99999), share(1.0), share(1e-9)
    ('95.1 %', '99.9 %', '100 %', '0.1 %')
    """
    tenths = floor(1000 * part + 0.5)
    tenths = min(tenths, 999) if part < 1 else tenths
    return f"{(max(tenths, 1) if part > 0 else tenths) / 10:g} %"


def times(ratio: float) -> str:
    """How many times, to three digits.

    >>> times(1.8), times(2703.4)
    ('1.8', '2,703')
    """
    return f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.3g}"


def count(number: int, noun: str) -> str:
    """A number and its noun, in the plural unless it is one.

    >>> count(1, "server"), count(1000, "server")
    ('1 server', '1,000 servers')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def trust(enough: Sequence[bool]) -> list[str]:
    """Whether each percentile rests on enough requests; see `lessons_lib.latency.ENOUGH`."""
    return ["yes" if each else f"no: fewer than {ENOUGH}" for each in enough]


def duration_axis(**options: object) -> alt.Axis:
    """An axis for a logarithmic scale of seconds, labelled in µs, ms, s, min, h and d.

    >>> axis = duration_axis(title="latency")
    >>> axis.to_dict()["values"][:2]
    [1e-07, 1e-06]
    """
    cases = " : ".join(
        f"datum.value >= {size * 0.999} ? format(datum.value / {size}, '~r') + ' {unit}'"
        for size, unit in SPANS.items()
    )
    label = f"{cases} : format(datum.value / 1e-6, '~r') + ' µs'"
    return alt.Axis(**{"values": list(TICKS), "labelExpr": label, **options})
