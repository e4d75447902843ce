"""Numbers written for people, in texts and on axes. It knows nothing of what was counted."""

from collections.abc import Sequence
from math import floor, isfinite

import altair as alt
import numpy as np

from lessons_lib.latency import ENOUGH

SPANS = {31_557_600: "years", 86400: "d", 3600: "h", 60: "min", 1: "s", 1e-3: "ms", 1e-6: "µs"}
HALVES = {"d": (24, "h"), "h": (60, "min"), "min": (60, "s")}
"""Units of which people count the parts: so many of the next one, and its name."""
TICKS = (*(10.0**e for e in range(-7, 1)), 10, 60, 600, 3600, 36000, 86400, 864000, 8640000)


def number(value: float) -> str:
    """A number to three digits, thousands apart and without powers of ten; whole ones in full.

    >>> number(29089.1), number(2.25e6), number(0.0070000001), number(20_000), number(float("nan"))
    ('29,100', '2,250,000', '0.007', '20,000', '–')
    """
    if isinstance(value, (int, np.integer)):
        return f"{value:,}"
    if not isfinite(value):
        return "–" if value != value else "endless"
    rounded = float(f"{value:.3g}")
    if rounded == 0 or abs(rounded) >= 100:
        return f"{rounded:,.0f}"
    return np.format_float_positional(rounded, trim="-")


def duration(seconds: float) -> str:
    """A time in the unit that a person would use; infinity as words, NaN as a dash.

    >>> duration(0.0001), duration(0.002), duration(90), duration(3600), duration(3.6e8)
    ('100 µs', '2 ms', '1.5 min', '1 h', '11.4 years')
    >>> duration(80), duration(8000), duration(2.25e6), duration(2.25e12)
    ('1 min 20 s', '2 h 13 min', '26 d', '71,300 years')
    """
    if seconds != seconds:
        return "–"
    if seconds == float("inf"):
        return "for ever"
    sizes = [*SPANS.items()]
    at = next((i for i, s in enumerate(sizes) if abs(seconds) >= s[0] * (1 - 1e-9)), len(sizes) - 1)
    if abs(float(f"{seconds / sizes[at][0]:.3g}")) * sizes[at][0] >= sizes[at - 1][0] and at:
        at -= 1  # 59.96 s are a minute
    size, unit = sizes[at]
    tenths = 10 * seconds / size
    if unit in HALVES and abs(tenths) < 100 and abs(tenths - round(tenths)) > 0.02:
        many, part = HALVES[unit]
        whole, rest = divmod(round(abs(seconds) / size * many), many)
        sign = "-" if seconds < 0 else ""
        return f"{sign}{whole} {unit}" + (f" {rest} {part}" if rest else "")
    return f"{number(float(seconds / size))} {unit}"


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
    ('1.8', '2,700')
    """
    return number(float(ratio))


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
