"""Right answers to "list the keys of a timetable", in other forms."""

COLUMNS = '["key", "carrier", "origin", "dest", "hour"]'
BODIES = [
    ("sorted first", f"return flights.sort_values('key').drop_duplicates('key')[{COLUMNS}]"),
    ("all columns", "return flights.drop_duplicates(subset='key').sort_values('key')"),
    ("grouped", f"return flights.groupby('key', as_index=False).first()[{COLUMNS}]"),
    ("the last row", f"return flights[{COLUMNS}].drop_duplicates('key', keep='last').sort_values('key')"),
    ("all five columns alike", f"return flights[{COLUMNS}].drop_duplicates().sort_values({COLUMNS})"),
    ("where it is no repeat", "keys = flights[~flights['key'].duplicated()].copy()\n"
     "    keys.sort_values('key', inplace=True, ignore_index=True)\n    return keys"),
    ("from the texts", "keys = sorted(set(flights['key']))\n"
     "    keys = pd.DataFrame({'key': keys, **dict(zip(['carrier', 'origin', 'dest', 'hour'], "
     "zip(*map(str.split, keys))))})\n    return keys.astype({'hour': int})"),
    ("other order of columns", "return flights[['hour', 'dest', 'origin', 'carrier', 'key']]"
     ".drop_duplicates().sort_values('key').reset_index(drop=True)"),
]  # fmt: skip
RIGHT = [
    (name, f"import pandas as pd\ndef timetable_keys(flights):\n    {body}")
    for name, body in BODIES
]
