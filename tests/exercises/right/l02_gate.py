"""Right answers to "name what must not be published", in other forms."""

SETS = "absent = sorted(set(expected) - set(table['key']))"
BODIES = [
    ("row by row", "bad = []\n    for row in table.itertuples():\n        if not 0 <= row.value <= 1:\n"
     f"            bad.append(row.key)\n    {SETS}\n    return bad + absent"),
    ("a set", "value = table['value']\n    bad = table['key'][(value < 0) | (value > 1) | value.isna()]\n"
     "    return set(bad) | (set(expected) - set(table['key']))"),
    ("a tuple", f"bad = table.query('not (0 <= value <= 1)')['key']\n    {SETS}\n    return (*bad, *absent)"),
    ("a Series", "bad = table['key'][~table['value'].between(0, 1)]\n"
     "    absent = pd.Series([k for k in expected if k not in table['key'].values], dtype=object)\n"
     "    return pd.concat([bad, absent])"),
    ("an array", f"bad = table['key'].to_numpy()[~table['value'].between(0, 1).to_numpy()]\n    {SETS}\n"
     "    return np.array([*bad, *absent])"),
    ("by what is expected", "values = dict(zip(table['key'], table['value']))\n"
     "    return [key for key in expected if not 0 <= values.get(key, -1) <= 1]"),
    ("joined", "both = pd.DataFrame({'key': expected}).merge(table, how='outer')\n"
     "    return both.loc[~both['value'].between(0, 1), 'key'].tolist()"),
    ("on a copy", "table = table.copy()\n    table['value'] = table['value'].fillna(-1)\n"
     "    bad = table[~((table['value'] >= 0) & (table['value'] <= 1))]['key'].tolist()\n"
     "    expected = list(expected)\n    for key in table['key']:\n"
     "        if key in expected: expected.remove(key)\n    return bad + expected"),
    ("by the index", "values = table.set_index('key')['value']\n"
     "    bad = values.index[~values.between(0, 1)]\n"
     "    return [*bad, *pd.Index(expected).difference(values.index)]"),
]  # fmt: skip
RIGHT = [
    (
        name,
        f"import numpy as np\nimport pandas as pd\ndef failing_keys(table, expected):\n    {body}",
    )
    for name, body in BODIES
]
