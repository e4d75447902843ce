import numpy as np
import pytest

from lessons_lib.simulate import lru, serve
from lessons_lib.theory import top_k_hit_ratio, zipf
from lessons_lib.traffic import poisson, popular_keys, zipf_keys
from theory.oracles import (
    expected_distinct,
    lru_hit_ratio,
    lru_hit_ratio_exact,
    ttl_hit_ratio,
    unseen_share,
)
from theory.runs import agrees

SMALL = zipf(1.0, 10)
N = 10_000


@pytest.mark.parametrize("size", [1, 3, 7])
def test_lru_on_few_keys_agrees_with_the_exact_sum(size):
    agrees(
        lambda seed: lru(popular_keys(SMALL, N, seed=seed), size)[500:].mean(),
        lru_hit_ratio_exact(SMALL, size),
    )


def test_the_exact_sum_for_one_entry_is_the_chance_of_asking_twice():
    assert lru_hit_ratio_exact(SMALL, 1) == pytest.approx((SMALL**2).sum())


def test_lru_on_equal_keys_hits_with_the_share_that_fits():
    assert lru_hit_ratio_exact(np.ones(12), 5) == pytest.approx(5 / 12)
    assert lru_hit_ratio(np.ones(12), 5) == pytest.approx(5 / 12)


@pytest.mark.parametrize("size", [20, 100, 400])
@pytest.mark.parametrize("skew", [0.6, 1.0])
def test_che_is_close_to_lru_on_many_keys(size, skew):
    hits = [lru(zipf_keys(skew, 1000, 20_000, seed=s), size)[4000:].mean() for s in range(8)]
    assert lru_hit_ratio(zipf(skew, 1000), size) == pytest.approx(np.mean(hits), abs=0.004)


@pytest.mark.parametrize("count", [4, 8, 16])
def test_che_is_only_an_approximation_on_few_keys(count):
    p = zipf(1.0, count)
    error = abs(lru_hit_ratio(p, count // 2) - lru_hit_ratio_exact(p, count // 2))
    assert 1e-4 < error < 0.01


def test_no_cache_of_a_size_beats_the_table_of_the_most_popular_keys():
    for size in range(1, 10):
        assert lru_hit_ratio_exact(SMALL, size) <= top_k_hit_ratio(SMALL, size)


def test_a_table_answers_the_share_of_its_keys():
    agrees(
        lambda seed: (zipf_keys(0.9, 500, N, seed=seed) < 50).mean(),
        top_k_hit_ratio(zipf(0.9, 500), 50),
    )
    assert top_k_hit_ratio([1, 5, 4], 1) == 0.5
    assert top_k_hit_ratio([1, 5, 4], 0) == 0.0


def test_a_cache_for_all_keys_hits_in_the_long_run():
    assert lru_hit_ratio([1, 1, 0], 2) == lru_hit_ratio_exact([1, 1, 0], 2) == 1.0


@pytest.mark.parametrize("seconds", [0.5, 10.0])
def test_ttl_agrees_with_runs(seconds):
    def run(seed):
        keys, t = popular_keys(SMALL, N, seed=seed), poisson(4.0, N, seed=seed)
        run = serve(t, np.zeros(N), keys, cache_size=np.inf, ttl=seconds)
        return (run.outcome == "cached")[1000:].mean()

    agrees(run, ttl_hit_ratio(SMALL, 4.0, seconds))


def test_one_hot_key_with_coalescing_is_computed_once_a_cycle():
    rate, work, life = 5.0, 0.6, 2.0
    cycle = 1 + rate * (work + life)
    key = np.zeros(N, int)
    setting = {"servers": 99, "cache_size": 1, "ttl": life, "coalesce": True}
    runs = []
    for seed in range(30):
        arrive = poisson(rate, N, seed=seed)
        run = serve(arrive, np.full(N, work), key, **setting)
        shares = [(run.outcome == of).mean() for of in ("served", "joined", "cached")]
        runs.append([*shares, (run.finish - arrive).mean()])
    for i, per_cycle in enumerate([1, rate * work, rate * life, work + rate * work**2 / 2]):
        agrees(lambda seed, i=i: runs[seed][i], per_cycle / cycle)


def test_number_of_different_keys_agrees_with_runs():
    p = zipf(1.0, 300)
    agrees(lambda seed: len(np.unique(popular_keys(p, 500, seed=seed))), expected_distinct(p, 500))


def test_share_of_unseen_keys_agrees_with_runs():
    p, n = zipf(1.0, 300), 500

    def run(seed):
        keys = popular_keys(p, n + 20_000, seed=seed)
        return (~np.isin(keys[n:], keys[:n])).mean()

    agrees(run, unseen_share(p, n))


def test_keys_seen_once_estimate_the_unseen_share():
    p, n = zipf(1.0, 300), 500

    def run(seed):
        times = np.bincount(popular_keys(p, n, seed=seed))
        return (times == 1).sum() / n

    agrees(run, unseen_share(p, n - 1))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: zipf(-1.0, 5), "skew is -1.0"),
        (lambda: zipf(1.0, 0), "count is 0"),
        (lambda: top_k_hit_ratio([], 1), "popularity has shape"),
        (lambda: top_k_hit_ratio([1.0, -1.0], 1), "popularity is -1.0 at position 1"),
        (lambda: top_k_hit_ratio([0.0], 1), "popularity is all 0"),
    ],
)
def test_bad_input_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()
