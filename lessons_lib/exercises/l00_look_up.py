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
    "value": "For hour {hour} the table holds {wanted}, and your function gave {got}. Give what the "
    "table holds, as it is: 0 is an answer too.",
    "kept": "Asked for hour {hour}, your function gave {got}, which another table held; here it is {wanted}. "
    "Look in the table that comes with the call.",
    "changed": "Your function changed the table: it holds {found}, once {before}. A published table "
    "is only read.",
}
TABLES = (
    {6: 0.0802469135802469, 20: 0.37, 11: 0.7071067811865476, 23: 0.0},
    {3: 0.6180339887498949, 20: 0.0, 0: 0.2718281828459045, 11: 1.0},
    {},
    {12: 0.0, 6: 0.5772156649015329},
)
"""Hours with other values in another table, and with none at all; 0 is a probability too."""


def look_up(table, hour):
    """The prediction for an hour, or None if the table does not hold it."""
    return table.get(hour)


def check(candidate):
    for table in TABLES:
        for hour in (6, 3, 20, 12, 11, 0, 23):
            if hour not in table and (error := raised(candidate, dict(table), hour)):
                fail("crash", hour=hour, error=type(error).__name__)
            got, wanted = call(candidate, dict(table), hour), table.get(hour)
            others = [("kept", other[hour]) for other in TABLES if hour in other]
            if wanted is None:
                expect(got, None, "guess", others if got else [], hour=hour)
            expect(got, wanted, "value", others, hour=hour)
