"""Wrong answers to "tell the age of every answer"."""

from exercises.variants import changes

but = changes("l06_age")
ROWS = 'np.searchsorted(versions["published_at"], moments, side="right") - 1'
AGES = "np.where(rows < 0, np.nan, np.asarray(moments) - as_of)"

WRONG = [
    (
        "counts from the publish",
        but('versions["as_of"].to_numpy()', 'versions["published_at"].to_numpy()'),
        "published",
        "Count from there",
    ),
    (
        "serves while the job still runs",
        but('versions["published_at"], moments', 'np.sort(versions["as_of"]), moments'),
        "early",
        "Until it is published",
    ),
    ("the old one at the very second", but('"right"', '"left"'), "instant", "that second included"),
    (
        "the last version for all",
        but('versions["as_of"].to_numpy()[rows]', 'versions["as_of"].iloc[-1]'),
        "newest",
        "One version answers all",
    ),
    (
        "the version that is current",
        but(
            'versions["as_of"].to_numpy()[rows]',
            'versions.loc[versions["current"], "as_of"].iloc[0]',
        ),
        "newest",
        "published last by *then*",
    ),
    (
        "the first version for all",
        but('versions["as_of"].to_numpy()[rows]', 'versions["as_of"].iloc[0]'),
        "newest",
        "One version",
    ),
    (
        "the freshest that is published",
        but('versions["as_of"].to_numpy()', 'versions["as_of"].cummax().to_numpy()'),
        "freshest",
        "published last serves",
    ),
    (
        "before the first publish the last version answers",
        but(AGES, "np.asarray(moments) - as_of"),
        "unserved",
        "no age either",
    ),
    (
        "before the first publish an age of zero",
        but("np.nan", "0.0"),
        "unserved",
        "with the first publish at 52.375",
    ),
    (
        "before the first publish the first version answers",
        but("[rows]", "[np.maximum(rows, 0)]", AGES, "np.asarray(moments) - as_of"),
        "unserved",
        "there is no answer",
    ),
    (
        "leaves the unserved out",
        but(AGES, "(np.asarray(moments) - as_of)[rows >= 0]"),
        "unserved",
        "NaN",
    ),
    (
        "in hours",
        but("np.asarray(moments) - as_of", "(np.asarray(moments) - as_of) / 3600"),
        "wrong",
        "you say",
    ),
    (
        "the mean age",
        but(AGES, "float(np.mean(np.asarray(moments) - as_of))"),
        "no_ages",
        "one number for each",
    ),
    ("nothing", but(AGES, "None"), "no_ages", "None"),
    ("texts", but(AGES, "[str(a) for a in np.asarray(moments) - as_of]"), "no_ages", "returned"),
    ("rounded", but(AGES, f"np.round({AGES}, 2)"), "wrong", "the ages are"),
    (
        "turned round",
        but("np.asarray(moments) - as_of", "as_of - np.asarray(moments)"),
        "wrong",
        "you say",
    ),
    ("one version too late", but("- 1", ""), "IndexError", "out of bounds"),
    (
        "a mean age by the book",
        but(AGES, "np.full(len(moments), 60.0)"),
        "wrong",
        "you say [60.0",
    ),
    (
        "sorts the caller's table",
        but("rows =", 'versions["as_of"] = sorted(versions["as_of"], reverse=True)\nrows ='),
        "changed",
        "as they are",
    ),
    (
        "shifts the caller's moments",
        but("rows =", "moments -= moments[0]\nrows ="),
        "changed",
        "as they are",
    ),
]
