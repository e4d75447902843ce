"""Right answers to "score in chunks", in other forms."""

LEFT = "left = keys[~keys['key'].isin(done)]"
LOOP = "for start in range(0, len(left), size):\n        chunk = left.iloc[start : start + size]"
BODIES = [
    ("what the model reads and no more", LEFT, LOOP + "\n"
     "        late = model.predict_proba(chunk[['carrier', 'origin', 'dest', 'hour']])[:, -1]\n"
     "        save(tuple(chunk['key']), tuple(late))"),
    ("series and arrays", LEFT, LOOP + "\n        late = model.predict_proba(chunk).T[1]\n"
     "        save(chunk['key'], pd.Series(late))"),
    ("in groups", LEFT, "for _, chunk in left.groupby(np.arange(len(left)) // size):\n"
     "        save(chunk['key'].to_numpy(), model.predict_proba(chunk)[:, 1].tolist())"),
    ("chunks of about the same size", LEFT, "for rows in np.array_split(np.arange(len(left)), "
     "-(-len(left) // size) or 1):\n        if len(rows):\n            chunk = left.iloc[rows]\n"
     "            save(chunk['key'].tolist(), model.predict_proba(chunk)[:, 1])"),
    ("until nothing is left", "left = keys.query('key not in @done').copy()",
     "while len(left):\n        chunk, left = left.head(size), left.iloc[size:]\n"
     "        p = model.predict_proba(chunk)\n"
     "        save([*chunk['key']], [late for on_time, late in p])"),
    ("row labels from 0", "left = keys[[key not in done for key in keys['key']]].reset_index(drop=True)",
     "for start in range(0, len(left), size):\n        chunk = left.loc[start : start + size - 1]\n"
     "        save(list(chunk['key']), model.predict_proba(chunk)[:, 1])"),
    ("the keys as the index", "left = keys.set_index('key')\n    left = left[~left.index.isin(done)]", LOOP
     + "\n        save(chunk.index, model.predict_proba(chunk)[:, 1])"),
    ("saved one by one, chunk for chunk", LEFT, LOOP + "\n"
     "        for key, p in zip(chunk['key'], model.predict_proba(chunk)[:, 1]):\n"
     "            save([key], [p])"),
    ("with a set of its own and a count", "seen = set(done)\n    " + LEFT.replace("done", "seen"), LOOP + "\n"
     "        save(chunk['key'].tolist(), model.predict_proba(chunk)[:, 1])\n"
     "        seen.update(chunk['key'])\n    return len(seen)"),
]  # fmt: skip
RIGHT = [
    (
        name,
        "import numpy as np\nimport pandas as pd\n"
        f"def score_in_chunks(model, keys, size, done, save):\n    {left}\n    {loop}",
    )
    for name, left, loop in BODIES
]
