"""Wrong answers to "name what must not be published"."""

RETURN = "return [*bad, *sorted(set(expected) - set(table['key']))]"

WRONG = [
    (
        "a verdict without names",
        """
def failing_keys(table, expected):
    return bool(table["value"].between(0, 1).all()) and set(expected) == set(table["key"])
""",
        "not_keys",
        "it returned False",
    ),
    (
        "the rows instead of the keys",
        "def failing_keys(table, expected):\n    return table[~table['value'].between(0, 1)]",
        "not_keys",
        "should return the keys",
    ),
    (
        "the values instead of the keys",
        """
def failing_keys(table, expected):
    return table.loc[~table["value"].between(0, 1), "value"]
""",
        "not_keys",
        "should return the keys",
    ),
    (
        "only what is too large",
        f"""
def failing_keys(table, expected):
    bad = table.loc[~(table["value"] <= 1), "key"]
    {RETURN}
""",
        "range",
        "-0.02",
    ),
    (
        "below 0 or above 1, which NaN is not",
        f"""
def failing_keys(table, expected):
    value = table["value"]
    bad = table.loc[(value < 0) | (value > 1), "key"]
    {RETURN}
""",
        "missing_value",
        "neither below 0 nor above 1",
    ),
    (
        "looks at the rows that are there",
        "def failing_keys(table, expected):\n"
        "    return table.loc[~table['value'].between(0, 1), 'key'].tolist()",
        "absent",
        "B6 JFK FLL 08",
    ),
    (
        "0 and 1 are refused",
        f"""
def failing_keys(table, expected):
    bad = table.loc[~table["value"].between(0, 1, inclusive="neither"), "key"]
    {RETURN}
""",
        "good_refused",
        "AA JFK MIA 05",
    ),
    (
        "one entry for each rule that is broken",
        f"""
def failing_keys(table, expected):
    value = table["value"]
    bad = [*table.loc[value.isna(), "key"], *table.loc[~value.between(0, 1), "key"]]
    {RETURN}
""",
        "twice",
        "7 entries for 6",
    ),
    (
        "repairs what it should judge",
        f"""
def failing_keys(table, expected):
    bad = table.loc[~table["value"].between(0, 1), "key"].tolist()
    table["value"] = table["value"].clip(0, 1)
    {RETURN}
""",
        "changed",
        "changed the table",
    ),
]
