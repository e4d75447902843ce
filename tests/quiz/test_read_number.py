"""Numbers as people type them: each is read, or refused with what would be read."""

import re

import pytest

from lessons_lib.quiz.read_number import Unreadable, read_number

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
        ("1/3", "", "without a unit"),
        ("--3", "", "is not a number"),
        ("3 4 5 6 7 8", "", "several numbers"),
        ("e5", "", "is not a number"),
        (".", "", "is not a number"),
    ],
)
def test_what_is_no_number_here_says_how_to_write_it(typed, unit, part):
    with pytest.raises(Unreadable, match=part):
        read_number(typed, unit)


