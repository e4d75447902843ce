"""Film reviews: sentences never repeat, their words do."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from lessons_lib.board import coverage
from lessons_lib.models import fit_or_load
from lessons_lib.reviews import load_reviews, split, words


@pytest.fixture(scope="module")
def reviews():
    return load_reviews()


@pytest.fixture(scope="module")
def spoken(reviews):
    """All words in the order in which they come, and where the second half begins."""
    lists = [words(text) for text in reviews["text"]]
    half = sum(map(len, lists[: len(lists) // 2]))
    return [word for one in lists for word in one], half


def test_every_sentence_is_there_with_its_label(reviews):
    assert reviews.shape == (10_148, 3)
    assert reviews["text"].is_unique
    assert reviews["positive"].equals((reviews["rating"] > 0).astype(int))
    majority = max(reviews["positive"].mean(), 1 - reviews["positive"].mean())
    assert majority == pytest.approx(0.506, abs=0.002)


def test_what_a_learner_does_to_the_reviews_stays_with_the_learner(reviews):
    mine = load_reviews()
    mine.loc[0, "text"] = "mine"
    assert load_reviews().loc[0, "text"] == reviews.loc[0, "text"] != "mine"


def test_a_table_of_sentences_never_hits(reviews):
    train, test = split(reviews)
    assert coverage(train["text"], test["text"]) == 0


def test_the_split_is_a_partition_that_the_seed_decides(reviews):
    train, test = split(reviews, test=0.25, seed=7)
    assert len(test) == 2_537
    assert sorted([*train.index, *test.index]) == list(range(len(reviews)))
    assert split(reviews, seed=7).test.equals(test)
    assert not split(reviews, seed=8).test.equals(test)
    for share in (0, 1, -0.5, float("nan")):
        with pytest.raises(ValueError, match="test is"):
            split(reviews, test=share)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It's a GOOD film -- see it!", ["it's", "a", "good", "film", "see", "it"]),
        ("It\u2019s 2 hours", ["it's", "hours"]),
        ("co-writer/director", ["co", "writer", "director"]),
        ("''quoted''", ["quoted"]),
        ("na\u00efve", ["na\u00efve"]),
        ("42 !?", []),
        ("", []),
    ],
)
def test_words_are_normalised(text, expected):
    assert words(text) == expected


def test_words_follow_zipf(spoken):
    counts = pd.Series(spoken[0]).value_counts().to_numpy()[:1000]
    rank = np.arange(1, 1001)
    slope = np.polyfit(np.log(rank), np.log(counts), 1)[0]
    assert -slope == pytest.approx(0.97, abs=0.02)
    shares = {top: counts[:top].sum() / len(spoken[0]) for top in (10, 100, 1000)}
    assert shares == pytest.approx({10: 0.23, 100: 0.46, 1000: 0.71}, abs=0.01)


def test_one_word_in_eleven_of_the_second_half_is_new(spoken):
    everything, half = spoken
    new = 1 - coverage(everything[:half], everything[half:])
    assert new == pytest.approx(0.09, abs=0.01)


def test_the_model_reads_sentences_that_no_table_holds(reviews):
    model = fit_or_load("reviews")
    _, test = split(reviews)
    positive = model.predict_proba(test["text"])[:, 1]
    assert ((positive > 0.5) == test["positive"]).mean() == pytest.approx(0.785, abs=0.01)
    assert roc_auc_score(test["positive"], positive) == pytest.approx(0.870, abs=0.01)
    good = model.predict_one("a wonderful, moving and funny film")
    assert good > 0.5 > model.predict_one("a dull, stupid and boring film")


def test_a_lone_sentence_is_not_taken_for_a_list_of_letters():
    with pytest.raises(TypeError, match="list of sentences"):
        fit_or_load("reviews").predict_proba("a fine film")
    assert fit_or_load("reviews").predict_proba([]).shape == (0, 2)
