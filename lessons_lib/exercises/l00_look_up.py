"""Exercise: look an answer up, and be honest about a miss (lesson 00)."""

from lessons_lib.exercises.probes import fail, raised, unchanged

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
    "guess": "Hour {hour} is not in the table, and your function gave {found}. Never guess: give None.",
    "value": "For hour {hour} the table holds {wanted}, and your function gave {found}.",
    "changed": "Your function changed the table. A published table is only read.",
}


def look_up(table, hour):
    """The prediction for an hour, or None if the table does not hold it."""
    return table.get(hour)


reference = look_up


def check(candidate):
    table = {6: 0.08, 20: 0.37, 23: 0.0}
    with unchanged("changed", table):
        # 23 is a trap for `table.get(hour) or …`: a probability of 0 is an answer too.
        for hour, wanted in table.items():
            found = candidate(table, hour)
            if (found is not wanted and found != wanted) or isinstance(found, bool):
                fail("value", hour=hour, wanted=wanted, found=found)
        error = raised(candidate, table, 3)
        if error is not None:
            fail("crash", hour=3, error=type(error).__name__)
        found = candidate(table, 3)
        if found is not None:
            fail("guess", hour=3, found=found)
