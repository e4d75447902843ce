"""Wrong answers to "list the keys of a timetable"."""

COLUMNS = '["key", "carrier", "origin", "dest", "hour"]'

WRONG = [
    (
        "one row for each flight",
        f"def timetable_keys(flights):\n    return flights[{COLUMNS}].sort_values('key')",
        "repeats",
        "7 rows for 4 different keys",
    ),
    (
        "repeats dropped by day",
        """
def timetable_keys(flights):
    keys = flights.drop_duplicates(["key", "day"])
    return keys[["key", "carrier", "origin", "dest", "hour"]].sort_values("key")
""",
        "repeats",
        "still one key",
    ),
    (
        "the order of the flights",
        f"def timetable_keys(flights):\n    return flights[{COLUMNS}].drop_duplicates('key')",
        "order",
        "not in their order",
    ),
    (
        "flights that left only",
        """
def timetable_keys(flights):
    left = flights[~flights["cancelled"]]
    keys = left[["key", "carrier", "origin", "dest", "hour"]]
    return keys.drop_duplicates("key").sort_values("key")
""",
        "lost",
        "B6 LGA FLL 09",
    ),
    (
        "keep=False drops every key that repeats",
        f"""
def timetable_keys(flights):
    return flights[{COLUMNS}].drop_duplicates("key", keep=False).sort_values("key")
""",
        "lost",
        "AA JFK MIA 05",
    ),
    (
        "only the texts",
        "def timetable_keys(flights):\n    return sorted(flights['key'].unique())",
        "not_a_frame",
        "['AA JFK MIA 05',",
    ),
    (
        "a frame without what the model reads",
        """
def timetable_keys(flights):
    return flights[["key"]].drop_duplicates().sort_values("key")
""",
        "columns",
        "'carrier' is gone",
    ),
    (
        "marks the repeats in the caller's frame",
        """
def timetable_keys(flights):
    flights["repeat"] = flights["key"].duplicated()
    keys = flights[~flights["repeat"]]
    return keys[["key", "carrier", "origin", "dest", "hour"]].sort_values("key")
""",
        "changed",
        "changed the flights",
    ),
]

RIGHT_LINE = f'flights[{COLUMNS}].drop_duplicates("key").sort_values("key")'
BODIES = [
    ("downwards", f"return {RIGHT_LINE[:-1]}, ascending=False)", "order", "not in their order"),
    ("by hour", f"return flights[{COLUMNS}].drop_duplicates('key').sort_values('hour')", "order", "Sort by `key`"),
    ("by carrier only", f"return flights[{COLUMNS}].drop_duplicates('key').sort_values('dest')", "order", "Sort"),
    ("keys as the index", f"return {RIGHT_LINE}.set_index('key')", "columns", "'key' is gone"),
    ("grouped, keys as the index", "return flights.groupby('key').first()", "columns", "'key' is gone"),
    ("the texts as a column", "return flights['key'].drop_duplicates().sort_values().to_frame()", "columns", "'carrier'"),
    ("a Series", "return flights['key'].drop_duplicates().sort_values()", "not_a_frame", "it returned"),
    ("a list of dicts", f"return {RIGHT_LINE}.to_dict('records')", "not_a_frame", "[{'carrier': 'AA'"),
    ("nothing returned", f"keys = {RIGHT_LINE}", "not_a_frame", "returned None"),
    ("a flight that left is needed", "return flights.dropna().drop_duplicates('key').sort_values('key')", "lost", "B6"),
    (
        "routes without their hours",
        f"return flights[{COLUMNS}].drop_duplicates(['carrier', 'origin', 'dest']).sort_values('key')",
        "lost",
        "'UA EWR IAH 05' is missing",
    ),
    (
        "flown at least twice",
        "times = flights.groupby('key')['day'].transform('size')\n"
        f"    return flights.loc[times > 1, {COLUMNS}].drop_duplicates('key').sort_values('key')",
        "lost",
        "B6 LGA FLL 09",
    ),
    ("the first four", f"return {RIGHT_LINE}.head(3)", "lost", "'UA EWR IAH 17' is missing"),
    ("the first day", f"return {RIGHT_LINE.replace('flights[', 'flights[flights.day == 1][')}", "lost", "B6 LGA FLL 09"),
    (
        "a row of nothing at the end",
        f"return pd.concat([{RIGHT_LINE}, pd.DataFrame({{'key': ['ZZ']}})], ignore_index=True)",
        "extra",
        "a row for 'ZZ'",
    ),
    (
        "every hour of a route",
        f"keys = {RIGHT_LINE}\n    more = keys.assign(hour=7, key=keys['key'].str[:-2] + '07')\n"
        "    return pd.concat([keys, more]).drop_duplicates('key').sort_values('key')",
        "extra",
        "no key of these flights",
    ),
    (
        "one column sorted by itself",
        f"keys = flights[{COLUMNS}].drop_duplicates('key')\n"
        "    return keys.assign(key=sorted(keys['key']))",
        "mixed",
        "Sort whole rows",
    ),
    ("hours as texts", f"return {RIGHT_LINE}.astype({{'hour': str}})", "mixed", "says hour '5', and its flights say 5"),
    ("hours from 1 on", f"return {RIGHT_LINE}.assign(hour=lambda k: k['hour'] + 1)", "mixed", "says hour 6"),
    ("hours as the model never saw them", f"return {RIGHT_LINE}.assign(hour=float('nan'))", "mixed", "says hour nan"),
    ("the airport it comes from twice", f"return {RIGHT_LINE}.assign(dest=lambda k: k['origin'])", "mixed", "says dest 'JFK'"),
    (
        "sorted in place",
        "flights.sort_values('key', inplace=True)\n    return flights.drop_duplicates('key')",
        "changed",
        "its index is now 11, 14, 5",
    ),
    (
        "its index reset",
        "flights.reset_index(drop=True, inplace=True)\n    return flights.drop_duplicates('key').sort_values('key')",
        "changed",
        "its index is now 0, 1, 2",
    ),
    (
        "a column dropped",
        f"flights.drop(columns='delay', inplace=True)\n    return {RIGHT_LINE}",
        "changed",
        "its columns are now",
    ),
]  # fmt: skip
IMPORT = "import pandas as pd\n"
WRONG += [
    *(
        (n, f"{IMPORT}def timetable_keys(flights):\n    {body}", c, part)
        for n, body, c, part in BODIES
    ),
    (
        "the first result for all",
        f"kept = []\ndef timetable_keys(flights):\n    kept.append({RIGHT_LINE})\n    return kept[0]",
        "lost",
        "'9E JFK IAH 10' is missing",
    ),
    (
        "all results together",
        f"{IMPORT}def timetable_keys(flights, kept=[]):\n    kept.append({RIGHT_LINE})\n"
        "    return pd.concat(kept).drop_duplicates('key').sort_values('key')",
        "extra",
        "a row for 'AA JFK MIA 05'",
    ),
]
