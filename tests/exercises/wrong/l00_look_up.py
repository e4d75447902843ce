"""Wrong answers to "look an answer up"."""

BODIES = [
    ("an exception for a miss", "return table[hour]", "crash", "KeyError"),
    ("a default for a miss", "return table.get(hour, 0.0)", "guess", "gave 0.0"),
    ("NaN for a miss", "return table.get(hour, float('nan'))", "guess", "gave nan"),
    ("a text for a miss", "return table.get(hour, 'None')", "guess", "gave 'None'"),
    ("False for a miss", "return hour in table and table[hour]", "guess", "gave False"),
    (
        "the nearest hour for a miss",
        "return table[min(table, key=lambda known: abs(known - hour))]",
        "guess",
        "gave 0.0802469135802469",
    ),
    (
        "the mean for a miss",
        "return table.get(hour, sum(table.values()) / max(len(table), 1))",
        "guess",
        "Never guess",
    ),
    ("zero taken for a miss", "return table.get(hour) or None", "value", "0 is an answer"),
    (
        "zero taken for a miss, in words",
        "value = table.get(hour)\n    if value:\n        return value",
        "value",
        "For hour 23 the table holds 0.0, and your function gave None",
    ),
    ("a yes or no", "return hour in table or None", "value", "gave True"),
    ("printed only", "print(table.get(hour))", "value", "gave None"),
    (
        "the miss is written into the table",
        "return table.setdefault(hour)",
        "changed",
        "it holds {3: None, 6: 0.0802469135802469, 11: 0.7071067811865476, 20: 0.37, ...}",
    ),
    ("taken out of the table", "return table.pop(hour, None)", "changed", "once {6: 0.0802"),
    (
        "only the hour of the example is a miss",
        "return None if hour == 3 else table[hour]",
        "crash",
        "Hour 12",
    ),
    (
        "the night is a miss",
        "return table[hour] if hour > 5 and hour in table else None",
        "value",
        "For hour 3 the table holds 0.618",
    ),
    (
        "rounded",
        "return round(table[hour], 2) if hour in table else None",
        "value",
        "holds 0.0802469135802469, and your function gave 0.08",
    ),
    (
        "rounded to six digits",
        "return round(table[hour], 6) if hour in table else None",
        "value",
        "gave 0.080247",
    ),
    ("a text", "return str(table[hour]) if hour in table else None", "value", "gave '0.0802"),
    ("per cent", "return 100 * table[hour] if hour in table else None", "value", "gave 8.024"),
    ("in a list", "return [table[hour]] if hour in table else None", "value", "gave [0.0802"),
    ("the pair", "return (hour, table[hour]) if hour in table else None", "value", "gave (6, 0"),
    ("the first of the table", "return list(table.values())[0]", "guess", "Hour 3"),
    ("a constant", "return 0.37 if hour == 20 else None", "value", "gave None"),
    (
        "a set of hours that fits the example",
        "return table.get(hour) if hour in (6, 20) else None",
        "value",
        "For hour 11",
    ),
]
KEPT = "known = {}\ndef look_up(table, hour, known=known):\n    "

WRONG = [
    *((n, f"def look_up(table, hour):\n    {body}", c, part) for n, body, c, part in BODIES),
    (
        "the first table for all",
        KEPT + "known.update({} if known else table)\n    return known.get(hour)",
        "kept",
        "your function gave 0.0802469135802469, which another table held; here it is None",
    ),
    (
        "all tables as one",
        KEPT + "known.update(table)\n    return known.get(hour)",
        "kept",
        "which another table held",
    ),
    (
        "answers remembered by hour",
        KEPT + "known.setdefault(hour, table.get(hour))\n    return known[hour]",
        "kept",
        "comes with the call",
    ),
]
