"""Right answers to "count the keys on which two paths disagree"."""

from exercises.wrong.l09_paths import BOTH, but

RIGHT = [
    (
        "a dict of differences",
        "from lessons_lib.answer import key_of\n"
        "def count_disagreements(table, model, requests, tolerance):\n"
        "    apart = {}\n"
        "    for request in requests:\n"
        "        pair = [path.answer(request).value for path in (table, model)]\n"
        "        if None not in pair:\n"
        "            apart[key_of(request)] = abs(pair[0] - pair[1])\n"
        "    return sum(gap > tolerance for gap in apart.values())\n",
    ),
    (
        "each key asked once",
        "from lessons_lib.answer import key_of\n"
        "def count_disagreements(table, model, requests, tolerance):\n"
        "    count = 0\n"
        "    for request in {key_of(r): r for r in requests}.values():\n"
        "        one, other = table.answer(request).value, model.answer(request).value\n"
        "        if one is None or other is None:\n"
        "            continue\n"
        "        count += abs(other - one) > tolerance\n"
        "    return count\n",
    ),
    (
        "by key instead of by request",
        "import pandas as pd\n"
        "from lessons_lib.answer import key_of\n"
        "def count_disagreements(table, model, requests, tolerance):\n"
        "    rows = [(key_of(r), table.answer(r).value, model.answer(r).value) for r in requests]\n"
        "    frame = pd.DataFrame(rows, columns=['key', 'one', 'other']).drop_duplicates('key')\n"
        "    return ((frame['one'].astype(float) - frame['other'].astype(float)).abs() > tolerance).sum()\n",
    ),
    (
        "not within",
        but(BOTH, "if not (one is None or other is None or abs(one - other) <= tolerance):"),
    ),
    (
        "a list without doubles",
        but(
            "found = set()",
            "found = []",
            "found.add(key_of(request))",
            "found += [key_of(request)] if key_of(request) not in found else []",
        ),
    ),
]
