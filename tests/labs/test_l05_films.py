"""What visitors type, what is published of it, and how a run is summed up."""

import numpy as np

from lessons_lib import reviews
from lessons_lib.drive import Driven
from lessons_lib.labs import l05_films as films
from lessons_lib.static.store import PredictionStore


def test_what_is_typed_is_a_popular_sentence_in_some_spelling():
    sentences = reviews.load_reviews()["text"]
    typed = films.typed_log(sentences, different=50, visitors=300)
    plain = {tuple(reviews.words(text)) for text in sentences[:50]}
    assert len(typed) == 300
    assert {tuple(reviews.words(text)) for text in typed} <= plain
    assert typed.nunique() > len({tuple(reviews.words(text)) for text in typed})


def test_a_drifting_log_repeats_and_brings_new_sentences():
    log = films.drifting_log(reviews.load_reviews()["text"].drop_duplicates(ignore_index=True))
    counts = log.value_counts()
    assert len(log) == 5_000
    assert counts.iloc[0] > 50
    assert (counts == 1).sum() > 0.15 * len(log)


class Constant:
    def predict_proba(self, texts):
        return np.column_stack([np.zeros(len(texts)), [len(text) / 100 for text in texts]])


def test_the_most_frequent_sentences_are_published_with_the_models_answers(tmp_path):
    films.publish_top(["aa", "b", "aa", "b", "ccc"], Constant(), tmp_path / "top", size=2)
    with PredictionStore(tmp_path / "top", clock=lambda: 60.0) as store:
        found = [store.lookup(key) for key in ("aa", "b", "ccc")]
    assert [answer.value for answer in found] == [0.02, 0.01, None]
    assert found[0].age == 60.0


def test_a_summary_tells_sources_percentiles_and_the_oldest_answer():
    arrive = np.arange(100.0)
    source = np.array(["table"] * 60 + ["cache"] * 30 + ["model"] * 10)
    finish = arrive + np.linspace(0.001, 0.1, 100)
    run = Driven(np.zeros(100), source, np.append(np.zeros(99), np.nan), arrive, finish)
    row = films.summary({"mine": run}, arrive).loc["mine"]
    shares = [row[f"from {name} (%)"] for name in ("table", "cache", "model")]
    assert shares == [60, 30, 10]
    assert [row["p50 (ms)"], row["p99 (ms)"], row["oldest (s)"]] == [50, 99, 0]
