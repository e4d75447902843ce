"""Right answers to "the mean wait, and the tail of the latency"."""

from exercises.wrong.l04_latency import P99, answer

RIGHT = [
    ("a list", answer().replace("return ", "return [") + "]"),
    ("an array", answer().replace("return ", "return np.array([") + "])"),
    ("plain numbers", answer("float((start - arrive).mean())", f"float({P99})")),
    (
        "the rank rounded up",
        answer(p99="np.sort(start + work - arrive)[-(-99 * len(work) // 100) - 1]"),
    ),
    (
        "pandas",
        answer(
            p99="__import__('pandas').Series(start + work).sub(arrive).sort_values().iloc[int(np.ceil(len(work) * 99 / 100)) - 1]"
        ),
    ),
    ("np.quantile", answer(p99="np.quantile(start + work - arrive, 0.99, method='inverted_cdf')")),
    (
        "plain loops",
        answer(
            "sum(s - a for s, a in zip(start, arrive)) / len(start)",
            "sorted(s + w - a for s, w, a in zip(start, work, arrive))[(99 * len(work) + 99) // 100 - 1]",
        ),
    ),
    (
        "the course's percentiles",
        answer(
            p99="__import__('lessons_lib').simulate.percentiles(start + work - arrive, at=[99]).value[0]"
        ).replace("import numpy", "import lessons_lib.simulate\nimport numpy"),
    ),
]
