"""Right answers to "tell the age of every answer"."""

from exercises.wrong.l06_age import AGES, ROWS, but

RIGHT = [
    (
        "a loop",
        """
def answer_ages(versions, moments):
    ages = []
    for moment in moments:
        published = versions[versions["published_at"] <= moment]
        ages.append(moment - published["as_of"].iloc[-1] if len(published) else float("nan"))
    return ages
""",
    ),
    (
        "merge_asof",
        """
def answer_ages(versions, moments):
    asked = pd.DataFrame({"moment": moments})
    both = pd.merge_asof(asked, versions, left_on="moment", right_on="published_at")
    return both["moment"] - both["as_of"]
""".replace("def ", "import pandas as pd\n\ndef ", 1),
    ),
    (
        "bisect",
        but(
            ROWS,
            '[bisect(list(versions["published_at"]), m) - 1 for m in moments]',
            "[rows]",
            "[np.array(rows)]",
            "rows < 0",
            "np.array(rows) < 0",
            "def a",
            "from bisect import bisect\n\ndef a",
        ),
    ),
    ("a tuple", but(AGES, f"tuple({AGES})")),
    ("digitize", but(ROWS, 'np.digitize(moments, versions["published_at"]) - 1')),
    (
        "asof",
        """
def answer_ages(versions, moments):
    known = versions.set_index("published_at")["as_of"]
    return [moment - known.asof(moment) for moment in moments]
""",
    ),
]
