"""Right answers to "give the partitions to Dask"."""

from exercises.variants import changes
from exercises.wrong.l10_dask import LABELS, PARTS, RESULT, SCORED, TASKS

but = changes("l10_dask")

RIGHT = [
    (
        "a task for the second column",
        but(
            TASKS,
            "[dask.delayed(lambda part: model.predict_proba(part)[:, 1])(part) for part in parts]",
            "[:, 1], index",
            ", index",
        ),
    ),
    (
        "joined by Dask",
        but(
            SCORED,
            "dask.delayed(np.concatenate)(tasks).compute()",
            "np.concatenate(scored)",
            "scored",
        ),
    ),
    ("an index of keys", but(LABELS, 'index=pd.Index(keys["key"])')),
    ("by set_axis", but(RESULT, 'pd.Series(np.concatenate(scored)[:, 1]).set_axis(keys["key"])')),
    (
        "a bag",
        but(
            SCORED,
            "dask.bag.from_sequence(parts, npartitions=len(parts)).map(model.predict_proba).compute()",
            TASKS,
            "None",
            "parts = [",
            "import dask.bag\nparts = [",
        ),
    ),
    (
        "cut by array_split",
        but(
            PARTS,
            "[keys.iloc[i] for i in np.split(np.arange(len(keys)), range(size, len(keys), size))]",
        ),
    ),
]
