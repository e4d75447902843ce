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

BAD = 'bad = table.loc[~table["value"].between(0, 1), "key"].tolist()'
ABSENT = "absent = [key for key in expected if key not in set(table['key'])]"
BOTH = "return bad + absent"
BODIES = [
    (
        "membership in the index",
        BAD, "absent = [key for key in expected if key not in table['key']]", BOTH,
        "index",
        "looks at the labels of the rows (1, 18, 35, ...)",
    ),
    ("all that is expected", "bad, absent = [], expected", "", "return list(expected)", "index", "every expected key"),
    ("what differs, either way", BAD, "absent = sorted(set(expected) ^ set(table['key']))", BOTH, "unasked", "'HA JFK HNL 09'"),
    ("per cent only", BAD.replace("~table['value'].between(0, 1)", "x").replace('~table["value"].between(0, 1)', 'table["value"] > 1'), ABSENT, BOTH, "range", "holds -0.02"),
    ("above 1.5 only", BAD.replace("between(0, 1)", "between(0, 1.5)"), ABSENT, BOTH, "range", "holds 1, which"),
    ("rounded first", BAD.replace('.between', '.round(3).between'), ABSENT, BOTH, "range", "'DL LGA ATL 10'"),
    ("infinity is left out", BAD.replace('table["value"]', 'table["value"].replace([np.inf, -np.inf], 0.5)'), ABSENT, BOTH, "range", "holds inf"),
    ("absolute values", BAD.replace('table["value"]', 'table["value"].abs()'), ABSENT, BOTH, "range", "holds -0.02"),
    ("missing values filled", BAD.replace('table["value"]', 'table["value"].fillna(0)'), ABSENT, BOTH, "missing_value", "'DL LGA ATL 09'"),
    ("one half is refused", BAD.replace("between(0, 1)", "between(0, 0.3)"), ABSENT, BOTH, "good_refused", "holds 1 and"),
    ("absent by count only", BAD, "absent = ['?'] * (len(expected) - len(table))", BOTH, "absent", "'B6 JFK FLL 08'"),
    ("the first absent one", BAD, ABSENT + "[:1]", BOTH, "absent", "'B6 JFK FLL 21'"),
    ("the first bad one", BAD, ABSENT, "return bad[:1] + absent", "range", "holds 21.7"),
    ("absent ones, if none is bad", BAD, ABSENT, "return bad or absent", "absent", "B6 JFK FLL 08"),
    ("two lists in one", BAD, ABSENT, "return [bad, absent]", "not_keys", "[['DL LGA ATL 06'"),
    ("a dict of both", BAD, ABSENT, "return {'bad': bad, 'absent': absent}", "not_keys", "{'absent'"),
    ("a text", BAD, ABSENT, "return ', '.join(bad + absent)", "not_keys", "'DL LGA ATL 06, DL"),
    ("how many", BAD, ABSENT, "return len(bad + absent)", "not_keys", "it returned 6"),
    ("reasons with the keys", BAD, ABSENT, "return [(key, 'bad') for key in bad + absent]", "not_keys", "('DL LGA ATL 06', 'bad')"),
    ("None when nothing fails", BAD, ABSENT, "return bad + absent or None", "clean", "gave None. Then give an empty list"),
    ("True when nothing fails", BAD, ABSENT, "return bad + absent or True", "clean", "gave True"),
    ("a word when nothing fails", BAD, ABSENT, "return bad + absent or ['all is well']", "extra", "names 'all is well'"),
    ("a headline beside the keys", BAD, ABSENT, "return ['failing:'] + bad + absent", "extra", "names 'failing:'"),
    ("absent ones twice", BAD, ABSENT, "return bad + absent + absent", "twice", "8 entries for 6"),
    ("constants of the first table", BAD, ABSENT, "return [k for k in expected if k[:2] in ('DL', 'B6')]", "good_refused", "'DL LGA ATL 06' holds 0.5"),
    ("expected ones are ticked off", BAD, "for key in table['key']:\n        if key in expected: expected.remove(key)", "return bad + expected", "changed", "['B6 JFK FLL 08', 'B6 JFK FLL 21']"),
    ("the keys become the index", "table.set_index('key', inplace=True)", "absent = [key for key in expected if key not in table.index]", "return absent + table.index[~table['value'].between(0, 1)].tolist()", "changed", "its columns are now value"),
    ("sorted in place", "table.sort_values('key', inplace=True)\n    " + BAD, ABSENT, BOTH, "changed", "its index is now"),
    ("nothing is returned", BAD, ABSENT, "print(bad + absent)", "not_keys", "returned None"),
]  # fmt: skip
WRONG += [
    (
        name,
        f"import numpy as np\ndef failing_keys(table, expected):\n    {bad}\n    {absent}\n    {last}",
        code,
        part,
    )
    for name, bad, absent, last, code, part in BODIES
] + [
    (
        "a default that is kept",
        f"def failing_keys(table, expected, found=[]):\n    {BAD}\n    {ABSENT}\n"
        "    found += bad + absent\n    return found",
        "kept",
        "names 'DL LGA ATL 06', a key of the table before this one",
    ),
    (
        "the first verdict for all",
        f"first = []\ndef failing_keys(table, expected):\n    {BAD}\n    {ABSENT}\n"
        "    first.append(bad + absent)\n    return first[0]",
        "kept",
        "Start with nothing",
    ),
]
