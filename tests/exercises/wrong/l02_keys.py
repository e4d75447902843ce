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
