"""Exercise: look an answer up, and be honest about a miss (lesson 00)."""

from lessons_lib.exercises.probes import call, expect, fail, raised

NAME = "look_up"
TITLE = "Look an answer up"
MINUTES = 3
ORDER = 1
HINTS = [
    "A dictionary has a method that gives the value of a key, and None for a key that it lacks.",
    "`table.get(hour)` looks the hour up and gives None where the table holds none.",
]
FAILURES = {
    "crash": "Hour {hour} is not in the table, and your function raised {error}. A miss is no accident: give None.",
    "guess": "Hour {hour} is not in the table, and your function gave {got}. Never guess: give None.",
    "value": "For hour {hour} the table holds {wanted}, and your function gave {got}.",
    "changed": "Your function changed the table. A published table is only read.",
}
TABLE = {6: 0.08, 20: 0.37, 11: 0.7071067811865476, 23: 0.0}
"""The last is a trap for `table.get(hour) or …`: a probability of 0 is an answer too."""


def look_up(table, hour):
    """The prediction for an hour, or None if the table does not hold it."""
    return table.get(hour)


def check(candidate):
    for hour, wanted in TABLE.items():
        expect(call(candidate, dict(TABLE), hour), wanted, "value", hour=hour)
    for hour in (3, 12):
        error = raised(candidate, dict(TABLE), hour)
        if error is not None:
            fail("crash", hour=hour, error=type(error).__name__)
        expect(call(candidate, dict(TABLE), hour), None, "guess", hour=hour)
