"""The semantic cache: what is nearest, what is a hit, and which hits are wrong."""

import numpy as np
import pytest

from lessons_lib import models, reviews
from lessons_lib.labs import l07_semantic as semantic


@pytest.fixture(scope="module")
def model():
    return models.fit_or_load("reviews")


@pytest.fixture(scope="module")
def sentences():
    return reviews.load_reviews()["text"].tolist()


def test_the_nearest_is_what_a_search_through_all_finds(model, sentences):
    cached, asked = sentences[:300], sentences[300:330]
    found = semantic.nearest(model, cached, asked)
    weigh = model.pipeline[0].transform
    alike = (weigh(asked) @ weigh(cached).T).toarray()
    assert found.similarity == pytest.approx(alike.max(axis=1))
    for i, sentence in enumerate(asked):
        near = cached[int(alike[i].argmax())]
        verdicts = [model.predict_one(text) >= 0.5 for text in (near, sentence)]
        assert found.changed[i] == (verdicts[0] != verdicts[1])


def test_what_is_in_the_cache_is_a_hit_and_changes_nothing(model, sentences):
    found = semantic.nearest(model, sentences[:500], sentences[:500:7])
    assert found.similarity == pytest.approx(1.0)
    assert not found.changed.any()


def test_a_higher_threshold_never_hits_more_nor_changes_more():
    draws = np.random.default_rng(1)
    found = semantic.Nearest(draws.random(2_000), draws.random(2_000) < 0.2)
    rows = semantic.curve(found)
    assert (rows[["hits", "changed"]].diff().dropna() <= 0).all(axis=None)
    at = rows.set_index("threshold").loc[0.5]
    hit = found.similarity >= 0.5
    assert at["hits"] == pytest.approx(hit.mean())
    assert at["wrong"] == pytest.approx(found.changed[hit].mean())


def test_no_hits_are_neither_right_nor_wrong():
    rows = semantic.curve(semantic.Nearest(np.zeros(5), np.ones(5, bool)))
    assert (rows["hits"] == 0).all()
    assert rows["wrong"].isna().all()


def test_from_memory_some_words_are_missing_and_none_is_new(sentences):
    typed = semantic.from_memory(sentences[:50], 400)
    assert len(typed) == 400
    known = [reviews.words(sentence) for sentence in sentences[:50]]
    for text in typed[::20]:
        assert text
        assert any(set(text.split()) <= set(words) for words in known)
    kept = sum(len(text.split()) for text in typed)
    assert typed == semantic.from_memory(sentences[:50], 400)
    assert kept > 0


def test_the_chart_holds_both_lines_of_each_log():
    draws = np.random.default_rng(1)
    rows = semantic.curve(semantic.Nearest(draws.random(100), draws.random(100) < 0.2))
    spec = semantic.curve_chart({"one": rows, "other": rows}).to_dict()
    (values,) = spec["datasets"].values()
    drawn = {row["line"] for row in values}
    assert drawn == {
        f"{log}: {part}" for log in ("one", "other") for part in ("hits", "wrong hits")
    }
    assert len(values) == 4 * len(semantic.THRESHOLDS)
