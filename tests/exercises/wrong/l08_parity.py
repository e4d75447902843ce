"""Wrong answers to "find where serving differs from training"."""

from exercises.variants import changes

but = changes("l08_parity")
ALIGN = "trained = trained.loc[served.index, served.columns]"
APART = "(served - trained).abs() > tolerance"
MISSING = "one_missing = served.isna() != trained.isna()"
SHARE = "(apart | one_missing).mean()"

WRONG = [
    (
        "compares by place",
        but(
            ALIGN,
            "trained = trained[served.columns].iloc[: len(served)].set_axis(served.index)",
        ),
        "order",
        "by their names",
    ),
    (
        "compares by place after sorting",
        but(
            ALIGN,
            "trained = trained.sort_index()[served.columns].iloc[-len(served) :]\n"
            "trained = trained.set_axis(served.index)",
        ),
        "all_rows",
        "logged requests",
    ),
    (
        "a gap is unlike a gap",
        but(SHARE, "(~(apart == False) | one_missing | served.isna()).mean()"),
        "missing_both",
        "NaN is equal to nothing",
    ),
    (
        "equal within the tolerance, gaps forgotten",
        but(SHARE, "1 - ((served - trained).abs() <= tolerance).mean()"),
        "missing_both",
        "missing on both sides",
    ),
    ("gaps never differ", but(SHARE, "apart.mean()"), "missing_one", "filled them"),
    ("no tolerance", but(APART, "served != trained"), "exact", "less than the tolerance"),
    (
        "no tolerance, but gaps are alike",
        but(APART, "(served != trained) & ~(served.isna() & trained.isna())"),
        "exact",
        "differ by rounding",
    ),
    (
        "a tolerance that grows with the value",
        "import numpy as np\n"
        + but(
            SHARE,
            "1 - pd.DataFrame(np.isclose(served, trained, atol=tolerance, equal_nan=True), "
            "columns=served.columns).mean()",
        ),
        "relative",
        "whatever its size",
    ),
    (
        "only what is above",
        but(APART, "served - trained > tolerance"),
        "one_way",
        "without its sign",
    ),
    (
        "only what is below",
        but(APART, "trained - served > tolerance"),
        "one_way",
        "without its sign",
    ),
    (
        "compares the means",
        but(SHARE, "((served.mean() - trained.mean()).abs() > tolerance).astype(float)"),
        "means",
        "request by request",
    ),
    (
        "shares of all that training knows",
        but(
            ALIGN,
            f"everything = len(trained)\n{ALIGN}",
            SHARE,
            "(apart | one_missing).sum() / everything",
        ),
        "all_rows",
        "logged requests",
    ),
    ("per cent", but(SHARE, f"100 * {SHARE}"), "percent", "between 0 and 1"),
    (
        "yes or no",
        but(SHARE, "(apart | one_missing).any()"),
        "no_shares",
        "one share for each column",
    ),
    (
        "one number for all",
        but(SHARE, "(apart | one_missing).mean().mean()"),
        "no_shares",
        "Series or a dict",
    ),
    ("an array without names", but(SHARE, f"{SHARE}.to_numpy()"), "no_shares", "by its name"),
    (
        "how many, not which share",
        but("one_missing).mean()", "one_missing).sum()"),
        "wrong",
        "you say",
    ),
    (
        "only columns that differ",
        but(f"return {SHARE}", f"found = {SHARE}\nreturn found[found > 0]"),
        "columns",
        "0 where nothing differs",
    ),
    (
        "at the tolerance of the example",
        but("> tolerance", "> 0.01"),
        "wrong",
        "with a tolerance of 2.5",
    ),
    (
        "fills the caller's gaps",
        but(ALIGN, f"trained.fillna(0.0, inplace=True)\n{ALIGN}"),
        "changed",
        "changed what it was given",
    ),
    ("rounded", but(SHARE, f"{SHARE}.round(3)"), "wrong", "you say"),
]
