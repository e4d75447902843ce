"""Right answers to "a page is complete when its slowest call has come"."""

from exercises.wrong.l04_fan_out import answer

RIGHT = [
    (
        "a list",
        "def page_latencies(calls, parts):\n    return [max(calls[i * parts : (i + 1) * parts]) for i in range(len(calls) // parts)]",
    ),
    ("a tuple", answer(".max(axis=1)").replace("return ", "return tuple(") + ")"),
    ("a row less", answer(".max(axis=1)", shape="-1, parts")),
    ("a column a page", answer(".max(axis=0)", shape="pages, parts).T.reshape(parts, pages")),
    (
        "np.split",
        "import numpy as np\ndef page_latencies(calls, parts):\n    pages = len(calls) // parts\n    return np.array([rows.max() for rows in np.split(calls[: pages * parts], pages)] if pages else [])",
    ),
    (
        "reduceat",
        "import numpy as np\ndef page_latencies(calls, parts):\n    starts = np.arange(0, len(calls) - parts + 1, parts)\n    return np.maximum.reduceat(calls[: len(starts) * parts], starts) if len(starts) else starts",
    ),
    (
        "pandas",
        "import pandas as pd\ndef page_latencies(calls, parts):\n    kept = pd.Series(calls[: len(calls) // parts * parts])\n    return kept.groupby(kept.index // parts).max()",
    ),
    (
        "sorted copies",
        "import numpy as np\n"
        + answer("").replace("return ", "return np.sort(")
        + ", axis=1)[:, -1]",
    ),
]
