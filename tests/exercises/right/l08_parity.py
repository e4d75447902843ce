"""Right answers to "find where serving differs from training"."""

from exercises.wrong.l08_parity import ALIGN, SHARE, but

RIGHT = [
    ("a dict", but(SHARE, f"{SHARE}.to_dict()")),
    (
        "reindex",
        but(ALIGN, "trained = trained.reindex(index=served.index, columns=served.columns)"),
    ),
    (
        "same where near or both missing",
        but(
            SHARE,
            "1 - (((served - trained).abs() <= tolerance) | (served.isna() & trained.isna())).mean()",
        ),
    ),
    (
        "column by column",
        """
def parity(served, trained, tolerance):
    shares = {}
    for name in served:
        mine, theirs = served[name], trained[name][served.index]
        same = ((mine - theirs).abs() <= tolerance) | (mine.isna() & theirs.isna())
        shares[name] = (~same).sum() / len(same)
    return shares
""",
    ),
    (
        "row by row",
        """
def parity(served, trained, tolerance):
    shares = dict.fromkeys(served.columns, 0.0)
    for number, row in served.iterrows():
        for name, value in row.items():
            other = trained.at[number, name]
            missing = int(value != value) + int(other != other)
            shares[name] += (missing == 1 or abs(value - other) > tolerance) / len(served)
    return shares
""",
    ),
    (
        "NumPy",
        "import numpy as np\n"
        + but(
            SHARE,
            "pd.Series(1 - np.isclose(served, trained, rtol=0, atol=tolerance, equal_nan=True).mean(0), "
            "served.columns)",
        ),
    ),
]
