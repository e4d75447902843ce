"""Reads a number as people write it: 1.5 or 1,5, 1 500, 2e3, 150 ms, 20 %.

Used by `lessons_lib.quiz.grade`. It must not know questions.
"""

import math
import re

_SCALES = (
    {
        **dict.fromkeys(["ns", "nanosecond", "nanoseconds"], 1e-9),
        **dict.fromkeys(["us", "microsecond", "microseconds"], 1e-6),
        **dict.fromkeys(["ms", "millisecond", "milliseconds"], 1e-3),
        **dict.fromkeys(["s", "sec", "second", "seconds"], 1.0),
        **dict.fromkeys(["min", "minute", "minutes"], 60.0),
        **dict.fromkeys(["h", "hour", "hours"], 3600.0),
        **dict.fromkeys(["d", "day", "days"], 86400.0),
    },
    {**dict.fromkeys(["%", "percent", "per cent"], 0.01), **dict.fromkeys(["", "share"], 1.0)},
    {"/s": 1.0, "per second": 1.0, "/min": 1 / 60, "per minute": 1 / 60, "/h": 1 / 3600},
    {"b": 1.0, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12},
    {"x": 1.0, "×": 1.0, "times": 1.0, "": 1.0},
)
_NUMBER = re.compile(r"([-+]?)((?:\d[\d.,'’_\s]*)|(?:[.,]\d+))((?:e[-+]?\d+)?)\s*(.*)", re.I)
_GROUPED = re.compile(r"\d{1,3}(?:[\s'’_]\d{3})+(?![\s'’_\d])")


class Unreadable(ValueError):
    """A text that is no number here; the message says how to write it."""


def read_number(text: str, unit: str = "") -> float:
    """The number in `text`, in `unit`.

    Parameters
    ----------
    text : str
        With a decimal point or comma, groups set off by spaces, an exponent, a unit.
    unit : str
        The unit wanted; another of the same kind (ms for s, % for a share) is converted.

    Raises
    ------
    Unreadable
        If it is no number, has a unit that does not fit, or can be read in two ways.

    Examples
    --------
    >>> read_number("1,5"), read_number("1 500"), read_number("150 ms", "s"), read_number("20 %")
    (1.5, 1500.0, 0.15, 0.2)
    """
    tidy = text.strip().replace("−", "-").replace("µ", "u").replace("μ", "u").lstrip("~≈= ")
    tidy = re.sub(r"\s*[x×*·]\s*10\s*(?:\^|\*\*)\s*", "e", tidy)
    match = _NUMBER.fullmatch(tidy)
    if not match:
        raise Unreadable(f"“{text.strip()[:40]}” is not a number. Write it like 0.25, 1500 or 2e3.")
    sign, digits, exponent, typed = match.groups()
    value = float(sign + _plain(digits.strip(), text) + exponent) * _factor(typed, unit)
    if not math.isfinite(value):
        raise Unreadable(f"“{text.strip()[:40]}” is too large. Write it like 0.25, 1500 or 2e3.")
    return value


def _plain(digits: str, text: str) -> str:
    """The digits with a decimal point at most."""
    whole = re.match(r"[\d\s'’_]*", digits)[0]
    if re.search(r"[\s'’_]", whole):
        grouped = _GROUPED.match(digits)
        if not grouped:
            raise Unreadable(f"“{text.strip()[:40]}” looks like several numbers. Write one.")
        digits = re.sub(r"[\s'’_]", "", grouped[0]) + digits[grouped.end() :]
    commas, dots = digits.count(","), digits.count(".")
    if commas and dots:
        thousands, point = (",", ".") if digits.rfind(".") > digits.rfind(",") else (".", ",")
    elif commas > 1 or dots > 1:
        thousands, point = ("," if commas else "."), ""
    elif commas and re.fullmatch(r"[1-9]\d{0,2},\d{3}", digits):
        one, other = digits.replace(",", ""), digits.replace(",", ".")
        raise Unreadable(f"“{digits}” can be read in two ways. Write {one} or {other}.")
    else:
        thousands, point = "", ("," if commas else ".")
    whole, _, rest = digits.partition(point) if point else (digits, "", "")
    if thousands:
        if not re.fullmatch(rf"\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+", whole):
            raise Unreadable(f"“{text.strip()[:40]}” is not a number. Write it like 1500 or 0.25.")
        whole = whole.replace(thousands, "")
    if not re.fullmatch(r"\d*", whole + rest):
        raise Unreadable(f"“{text.strip()[:40]}” is not a number. Write it like 1500 or 0.25.")
    return f"{whole or '0'}.{rest or '0'}"


def _factor(typed: str, unit: str) -> float:
    """What the typed unit must be multiplied by to give the unit wanted."""
    typed, wanted = " ".join(typed.casefold().split()), " ".join(unit.casefold().split())
    wanted = wanted.replace("µ", "u").replace("μ", "u")
    if typed in ("", wanted):
        return 1.0
    for scale in _SCALES:
        if typed in scale and wanted in scale:
            return scale[typed] / scale[wanted]
    fits = f"give the answer in {unit}" if unit else "give a number without a unit"
    raise Unreadable(f"“{typed[:20]}” does not fit here: {fits}.")
