"""Numbers as people type them: each is read, or refused with what would be read."""

import math
import re

import pytest

from lessons_lib.quiz.read_number import Unreadable, plain_number, read_number


@pytest.mark.parametrize(
    ("typed", "unit", "value"),
    [
        ("1.5", "", 1.5),
        ("1,5", "", 1.5),
        (" 1 500 ", "", 1500),
        ("1 500", "", 1500),  # no-break space
        ("1 500,5", "", 1500.5),  # narrow no-break space
        ("1'500.25", "", 1500.25),
        ("1_500", "", 1500),
        ("1,234,567", "", 1234567),
        ("1.234.567,5", "", 1234567.5),
        ("1,234.5", "", 1234.5),
        ("0,125", "", 0.125),
        ("12,50", "", 12.5),
        (".5", "", 0.5),
        (",5", "", 0.5),
        ("5.", "", 5),
        ("2e3", "", 2000),
        ("2E-3", "", 0.002),
        ("1,5e3", "", 1500),
        ("2 x 10^3", "", 2000),
        ("2·10**-3", "", 0.002),
        ("−3", "", -3),
        ("+3", "", 3),
        ("~ 40", "", 40),
        ("150 ms", "s", 0.15),
        ("150ms", "ms", 150),
        ("0.15 s", "ms", 150),
        ("2 h", "min", 120),
        ("3 days", "h", 72),
        ("40 µs", "us", 40),
        ("40 μs", "ms", 0.04),
        ("20 %", "", 0.2),
        ("20%", "share", 0.2),
        ("20 %", "%", 20),
        ("20 percent", "%", 20),
        ("3 requests/s", "requests/s", 3),
        ("600 /min", "/s", 10),
        ("1 MB", "kB", 1000),
        ("7 times", "times", 7),
        ("7x", "times", 7),
    ],
)
def test_numbers_are_read_as_people_write_them(typed, unit, value):
    assert read_number(typed, unit) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("typed", "unit", "part"),
    [
        ("1,500", "", "Write 1500 or 1.500"),
        ("many", "", "is not a number"),
        ("", "", "is not a number"),
        ("10 20", "", "several numbers"),
        ("1 50", "", "several numbers"),
        ("1,50,00", "", "is not a number"),
        ("1.2,3.4", "", "is not a number"),
        ("1.5.2", "", "is not a number"),
        ("nan", "", "is not a number"),
        ("inf", "", "is not a number"),
        ("1e999", "", "is too large"),
        ("5 rows", "ms", "give the answer in ms"),
        ("5 ms", "rows", "give the answer in rows"),
        ("5 ms", "", "without a unit"),
        ("--3", "", "is not a number"),
        ("3 4 5 6 7 8", "", "several numbers"),
        ("e5", "", "is not a number"),
        (".", "", "is not a number"),
    ],
)
def test_what_is_no_number_here_says_how_to_write_it(typed, unit, part):
    with pytest.raises(Unreadable, match=part):
        read_number(typed, unit)


@pytest.mark.parametrize(
    ("typed", "unit", "value"),
    [
        ("½", "", 0.5),
        ("1½", "", 1.5),
        ("-1 ½", "", -1.5),
        ("¾ h", "min", 45),
        ("1/2", "", 0.5),
        ("1 / 3", "", 1 / 3),
        ("1 1/2", "", 1.5),
        ("1/2 %", "%", 0.5),
        ("１２．５", "", 12.5),
        ("２０％", "%", 20),
        ("٣٫٥", "", 3.5),
        ("۱۲۳", "", 123),
        ("٥٠٪", "share", 0.5),
        ("1٬500", "", 1500),
        ("20 %.", "%", 20),
        ("20 pct", "%", 20),
        ("20 per cent", "share", 0.2),
        ("0.2 %", "%", 0.2),
        ("0.2 %", "", 0.002),
        ("5 ms.", "ms", 5),
        ("–3", "", -3),
        ("—3", "", -3),
        ("‑3", "", -3),
        ("1e–3", "", 0.001),
        ("5 req/s", "/s", 5),
        ("5 requests per second", "/s", 5),
        ("5 requests a second", "/s", 5),
        ("5 look-ups/s", "/s", 5),
        ("300 requests/min", "/s", 5),
        ("5 rps", "/s", 5),
        ("5 s⁻¹", "/s", 5),
        ("5 /s", "requests/s", 5),
        ("5 req/s", "requests/s", 5),
        ("1 server", "servers", 1),
        ("2 Servers", "server", 2),
        ("1 query", "queries", 1),
        ("1 word", "words", 1),
        ("1 time", "times", 1),
        ("7-fold", "times", 7),
        ("3x", "times", 3),
        ("90 mins", "h", 1.5),
        ("1\u00a0500", "", 1500),
        ("1\u2009500", "", 1500),
        ("1\u202f500", "", 1500),
        ("1'000", "", 1000),
        ("1’000", "", 1000),
        ("10^3", "", 1000),
        ("10³", "", 1000),
        ("-10**3", "", -1000),
        ("1.5 × 10⁻³", "", 0.0015),
        ("1.500e3", "", 1500),
        ("1 500.125", "", 1500.125),
        ("1.234,567", "", 1234.567),
        ("0.125", "", 0.125),
        ("1.1250", "", 1.125),
        ("about 5", "", 5),
        ("ca. 5 ms", "ms", 5),
        ("\u200f5\u200e ms", "ms", 5),
        ("\ufeff5", "", 5),
    ],
)
def test_numbers_are_read_in_every_script_and_spelling(typed, unit, value):
    assert read_number(typed, unit) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("typed", "unit"),
    [
        ("5 ± 1", ""),
        ("5 +/- 1", ""),
        ("<5", ""),
        ("≥ 5", ""),
        ("3-5", ""),
        ("3–5 ms", "ms"),
        ("5 to 10", ""),
        ("1:30", "h"),
        ("2h30", "h"),
        ("1/2/3", ""),
        ("1/0", ""),
        ("1e-999", ""),
        ("9" * 500, ""),
        ("1" + " 000" * 200, ""),
        ("5 e", ""),
        ("½½", ""),
        ("Ⅷ", ""),
        ("∞", ""),
        ("half", ""),
        ("5 kB/s", "/s"),
        ("5 ms/s", "/s"),
        ("5 s", "/s"),
        ("5 rows/s", "requests/s"),
        ("5 machines", "servers"),
        ("5 %", "times"),
        ("%20", "%"),
        ("$5", ""),
        (None, ""),
        (True, ""),
        (5, ""),
    ],
)
def test_what_is_not_one_number_is_refused_with_what_would_be_read(typed, unit):
    with pytest.raises(Unreadable) as refused:
        read_number(typed, unit)
    message = str(refused.value)
    assert "\n" not in message
    assert len(message) < 160
    assert re.search(r"Write it like|give the answer in|without a unit|Type a number", message)


@pytest.mark.parametrize("typed", ["1.500", "1,500", "-1.500", "12.345 ms", "123,456", "1.500/2"])
def test_a_number_with_two_readings_is_asked_for_and_both_ways_out_are_read(typed):
    with pytest.raises(Unreadable, match="in two ways") as refused:
        read_number(typed, "ms")
    ways = re.search(r"Write ([\d.]+) or ([\d.]+)\.$", str(refused.value)).groups()
    large, small = (read_number(way, "ms") for way in ways)
    assert large == pytest.approx(1000 * small)


@pytest.mark.parametrize(
    ("typed", "unit", "most", "value"),
    [
        ("1.157", "/s", 1000, 1.157),
        ("9.039", "times", 1000, 9.039),
        ("9,039", "times", 1000, 9.039),
        ("12.345 %", "%", 100, 12.345),
        ("64,151", "%", 100, 64.151),
        ("-1.500", "%", 100, -1.5),
        ("1.500 ms", "s", 1.0, 0.0015),
        ("2.500 min", "s", 1000, 150),
        ("100.000 requests/s", "/s", 99_999, 100),
    ],
)
def test_of_two_readings_the_one_that_can_be_is_taken(typed, unit, most, value):
    assert read_number(typed, unit, most=most) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("typed", "unit", "most"),
    [
        ("1.500", "/s", math.inf),
        ("1.500", "/s", 1500),
        ("1,500", "/s", 1e6),
        ("1.500", "/s", 1.0),  # neither can be
        ("123.456", "%", 100),
        ("2.500 s", "min", 50.0),
        ("1.500/2", "/s", 100),
    ],
)
def test_where_both_readings_can_be_or_neither_it_is_asked(typed, unit, most):
    with pytest.raises(Unreadable, match="in two ways"):
        read_number(typed, unit, most=most)


@pytest.mark.parametrize(("typed", "value"), [("250", 250), ("1 500", 1500), ("1500.5", 1500.5)])
def test_what_can_be_read_in_one_way_is_read_however_large(typed, value):
    assert read_number(typed, "%", most=100) == value


@pytest.mark.parametrize("value", [1500.0, 1.125, -12.345, 0.125, 1234.567, 2.5e-7, 1e20, 0.0])
def test_a_number_that_was_written_is_read_again(value):
    assert read_number(plain_number(value)) == pytest.approx(value)
