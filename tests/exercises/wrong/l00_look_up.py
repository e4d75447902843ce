"""Wrong answers to "look an answer up"."""

WRONG = [
    (
        "an exception for a miss",
        "def look_up(table, hour):\n    return table[hour]",
        "crash",
        "KeyError",
    ),
    (
        "a default for a miss",
        "def look_up(table, hour):\n    return table.get(hour, 0.0)",
        "guess",
        "gave 0.0",
    ),
    (
        "the nearest hour for a miss",
        "def look_up(table, hour):\n    return table[min(table, key=lambda known: abs(known - hour))]",
        "guess",
        "gave 0.08",
    ),
    (
        "zero taken for a miss",
        "def look_up(table, hour):\n    return table.get(hour) or None",
        "value",
        "For hour 23 the table holds 0.0",
    ),
    (
        "a yes or no",
        "def look_up(table, hour):\n    return hour in table or None",
        "value",
        "gave True",
    ),
    (
        "the miss is written into the table",
        "def look_up(table, hour):\n    return table.setdefault(hour)",
        "changed",
        "only read",
    ),
]
