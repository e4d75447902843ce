"""Reads a number as people type it (1,5 or 1 500 or 2e3 or ½ or 150 ms or 20 %) and writes one.

It must not know questions.
"""

import math
import re
import unicodedata
from typing import Any

_TIMES = {
    **dict.fromkeys(["ns", "nanosecond"], 1e-9),
    **dict.fromkeys(["us", "usec", "microsecond"], 1e-6),
    **dict.fromkeys(["ms", "msec", "millisecond"], 1e-3),
    **dict.fromkeys(["s", "sec", "second"], 1.0),
    **dict.fromkeys(["min", "minute"], 60.0),
    **dict.fromkeys(["h", "hr", "hour"], 3600.0),
    **dict.fromkeys(["d", "day"], 86400.0),
}
_SHARES = {**dict.fromkeys(["%", "percent", "per cent", "pct"], 0.01), "share": 1.0, "": 1.0}
_BYTES = {"b": 1.0, "byte": 1.0, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12}
_FACTORS = dict.fromkeys(["x", "×", "time", "fold", "-fold", ""], 1.0)

_SAME = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—−", "-"),
        **dict.fromkeys("’ʼ′`٬", "'"),
        **dict.fromkeys("·⋅∙", "*"),
        **dict.fromkeys("⁄∕", "/"),
        **{"٫": ".", "٪": "%", "≈": "~", "≃": "~", "μ": "u"},
    }
)
_ABOUT = re.compile(r"(?:[~=]|(?:about|around|roughly|approximately|approx|circa|ca)\b\.?) ?", re.I)
_DIGITS = r"[0-9][0-9.,'_ ]*|[.,][0-9]+"
_NUMBER = re.compile(rf"([-+]?) ?({_DIGITS})(e[-+]?[0-9]+)?(?: ?/ ?({_DIGITS}))? ?(.*)", re.I)
_MIXED = re.compile(r"([-+]?)([0-9]+) ([0-9]{1,2})/([1-9][0-9]?)(?![0-9.,'])")
_TWO_WAYS = re.compile("[1-9][0-9]{0,2}[.,][0-9]{3}")
_GROUPED = re.compile(r"[0-9]{1,3}(?:[ '_][0-9]{3})+(?![ '_]?[0-9])")


class Unreadable(ValueError):
    """A text that is no number here; the message says how to write it."""


def read_number(text: Any, unit: str = "", *, most: float = math.inf) -> float:
    """The number in `text`, in `unit`; another unit of the same kind (ms for s) is converted.

    Greater numbers than `most` cannot be meant: where 1.500 is 1500 or 1.5, that may tell which.

    Raises
    ------
    Unreadable
        If it is no number or several, has a unit that does not fit, or can be read in two ways.

    Examples
    --------
    >>> read_number("1,5"), read_number("1 500"), read_number("150 ms", "s"), read_number("20 %")
    (1.5, 1500.0, 0.15, 0.2)
    >>> read_number("1.500", "%", most=100)
    1.5
    """
    if not isinstance(text, str) or not text.strip():
        raise Unreadable("Type a number first: an empty field is not a number.")
    if len(text) > 100:
        raise _refused(text, "is too long for one number")
    tidy = _ABOUT.sub("", _tidy(text), count=1).rstrip(".,;! ")
    tidy = re.sub(r"(?<=[0-9.]) ?[x×*] ?10 ?(?:\^|\*\*) ?(?=[-+]?[0-9])", "e", tidy)
    tidy = re.sub(r"^([-+]?)10 ?(?:\^|\*\*) ?(?=[-+]?[0-9])", r"\g<1>1e", tidy)
    if mixed := _MIXED.match(tidy):  # 1 1/2
        sign, whole, over, under = mixed.groups()
        tidy = f"{sign}{int(whole) + int(over) / int(under)!r}{tidy[mixed.end() :]}"
    match = _NUMBER.fullmatch(tidy)
    if tidy[:1] in set("<>≤≥") or (match and re.search(r"[0-9±]", _rate(match[5]))):
        raise _refused(text, "is not one number")
    if not match:
        raise _refused(text, "is not a number")
    sign, digits, exponent, under, typed = match.groups()
    sure = bool(exponent or mixed)
    if _TWO_WAYS.fullmatch(digits.strip()) and not under and most < math.inf:
        large = float(re.sub("[.,]", "", digits)) * _factor(typed, unit)
        sure = sure or large > most >= large / 1000
    value = float(f"{sign}{_plain(digits, text, sure)}{exponent or ''}")
    divisor = float(_plain(under, text, False)) if under else 1.0
    if divisor == 0:
        raise _refused(text, "divides by zero")
    value /= divisor
    if not math.isfinite(value) or (value == 0 and re.search("[1-9]", digits)):
        raise _refused(text, "is too large" if value else "is too small")
    return value * _factor(typed, unit)


def plain_number(value: float) -> str:
    """A number as a learner may have typed it, so that `read_number` reads it.

    Examples
    --------
    >>> plain_number(1500.0), plain_number(0.15), plain_number(2.5e-7), plain_number(1.125)
    ('1500', '0.15', '2.5e-07', '1.1250')
    """
    if value == round(value) and abs(value) < 1e15:
        return f"{value:.0f}"
    text = f"{value:.12g}"
    return f"{text}0" if _TWO_WAYS.fullmatch(text.lstrip("-")) else text


def rounded(value: float, digits: int) -> str:
    """A number to so many significant digits, without an exponent where it can be read.

    Examples
    --------
    >>> rounded(1234.5, 3), rounded(0.012345, 2)
    ('1,230', '0.012')
    """
    return f"{float(f'{value:.{digits}g}'):,.12g}"


def _refused(text: str, why: str) -> Unreadable:
    return Unreadable(f"“{text.strip()[:40]}” {why}. Write it like 0.25, 1500 or 2e3.")


def _tidy(text: str) -> str:
    """The text in plain letters: one kind of digit, minus, space and quote, nothing unseen."""
    text = re.sub("[⁺⁻⁰¹²³⁴-⁹]+", r"^\g<0>", text)  # 10³ is not 103
    text = re.sub("[¼½¾⅐-⅟]", r" \g<0>", text)  # and 1½ not 11/2
    plain = [str(unicodedata.decimal(c, c)) for c in text if unicodedata.category(c) != "Cf"]
    return " ".join(unicodedata.normalize("NFKC", "".join(plain)).translate(_SAME).split())


def _plain(digits: str, text: str, sure: bool) -> str:
    """The digits with a decimal point at most; `sure` if a single point can only be a decimal."""
    digits = digits.strip()
    if re.search("[ '_]", digits):
        grouped = _GROUPED.match(digits)
        if not grouped:
            raise _refused(text, "looks like several numbers")
        digits = re.sub("[ '_]", "", grouped[0]) + digits[grouped.end() :]
        sure = True
    if not sure and _TWO_WAYS.fullmatch(digits):
        ways = f"{re.sub('[.,]', '', digits)} or {digits.replace(',', '.')}0"
        raise Unreadable(f"“{digits}” can be read in two ways. Write {ways}.")
    commas, dots = digits.count(","), digits.count(".")
    point = "." if digits.rfind(".") > digits.rfind(",") else ","
    if commas + dots > 1 and not (commas and dots):
        point = ""
    whole, _, rest = digits.partition(point) if point else (digits, "", "")
    if commas + dots > 1 and re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+|[0-9]{1,3}(\.[0-9]{3})+", whole):
        whole = re.sub("[.,]", "", whole)
    if not re.fullmatch("[0-9]*", whole + rest):
        raise _refused(text, "is not a number")
    return f"{whole or '0'}.{rest or '0'}"


def _factor(typed: str, unit: str) -> float:
    """What a number in the unit typed must be multiplied by to be in the unit wanted."""
    (noun, per), (wanted, wanted_per) = _parted(typed), _parted(_tidy(unit))
    if not typed or (noun, per) == (wanted, wanted_per):
        return 1.0
    if per and wanted_per:
        loose = "" in (noun, wanted) and not {noun, wanted} & {*_TIMES, *_BYTES, "%"}
        if noun == wanted or loose:
            return _TIMES[wanted_per] / _TIMES[per]
    elif not per and not wanted_per:
        for scale in (_TIMES, _SHARES, _BYTES, _FACTORS):
            if noun in scale and wanted in scale:
                return scale[noun] / scale[wanted]
    fits = f"give the answer in {unit}" if unit else "give a number without a unit"
    raise Unreadable(f"“{typed[:20]}” does not fit here: {fits}.")


def _parted(unit: str) -> tuple[str, str]:
    """The noun of a unit and the time after its stroke, in the singular: requests/s, per min."""
    text = _rate(unit)
    rate = re.fullmatch(r"(.*?) ?(?:/|\b(?:per|an?|each|every)\b) ?([a-z]+)", text)
    if rate and _singular(rate[2]) in _TIMES:
        return _singular(rate[1]), _singular(rate[2])
    return _singular(text), ""


def _rate(unit: str) -> str:
    text = re.sub(r" ?\b([a-z]+)\^-1$", r"/\1", unit.casefold())  # requests s⁻¹
    return re.sub(r"^[rq]ps$", "/s", text)


def _singular(noun: str) -> str:
    for scale in (_TIMES, _SHARES, _BYTES, _FACTORS):
        if noun in scale:
            return noun
    noun = re.sub("ies$", "y", noun) if noun.endswith("ies") else re.sub("(?<=[^s])s$", "", noun)
    return {"req": "request"}.get(noun, noun)
