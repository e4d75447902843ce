"""Right answers to "look an answer up", in other forms."""

BODIES = [
    ("if it is there", "if hour in table:\n        return table[hour]"),
    ("a KeyError caught", "try:\n        return table[hour]\n    except KeyError:\n        return None"),
    ("one line", "return table[hour] if hour in table.keys() else None"),
    ("a loop", "for known, value in table.items():\n        if known == hour:\n            return value"),
    ("get with None", "return table.get(int(hour), None)"),
    ("on a copy", "table = dict(table)\n    return table.pop(hour, None)"),
    ("as a number of NumPy", "import numpy as np\n    value = table.get(hour)\n"
     "    return value if value is None else np.float64(value)"),
]  # fmt: skip

RIGHT = [
    *((name, f"def look_up(table, hour):\n    {body}") for name, body in BODIES),
    ("a lambda", "look_up = lambda table, hour: table.get(hour)"),
    ("the method itself", "look_up = dict.get"),
]
