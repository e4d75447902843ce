import cachetools
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons_lib.simulate import lru, serve
from simulate.properties import PROPERTY

KEYS = st.lists(st.integers(0, 8), min_size=1, max_size=60)


def ttl(keys, t, seconds):
    """Which requests hit an unbounded cache whose entries live `seconds`, computing taking none."""
    return serve(t, np.zeros(len(t)), keys, cache_size=np.inf, ttl=seconds).outcome == "cached"


def random_keys(seed, n=3000, count=200):
    return (np.random.default_rng(seed).pareto(1.0, n) * 5).astype(int) % count


@pytest.mark.parametrize("size", [1, 7, 50, 500])
def test_lru_agrees_with_cachetools_on_every_request(size):
    keys = random_keys(size)
    cache, hits = cachetools.LRUCache(size), []
    for key in keys:
        hits.append(cache.get(key) is not None)
        cache[key] = True
    np.testing.assert_array_equal(lru(keys, size), hits)


@PROPERTY
@given(KEYS, st.integers(1, 8))
def test_a_larger_lru_cache_keeps_every_hit(keys, size):
    assert (lru(keys, size) <= lru(keys, size + 1)).all()


@PROPERTY
@given(KEYS)
def test_an_lru_cache_for_all_keys_misses_each_once(keys):
    assert (~lru(keys, 9)).sum() == len(set(keys))


@pytest.mark.parametrize("seconds", [0.0, 5.0, 80.0, np.inf])
def test_ttl_agrees_with_cachetools_on_every_request(seconds):
    keys = random_keys(3)
    t = np.cumsum(np.random.default_rng(4).exponential(size=len(keys)))
    now = [0.0]
    cache, hits = cachetools.TTLCache(np.inf, seconds, timer=lambda: now[0]), []
    for key, now[0] in zip(keys.tolist(), t.tolist(), strict=True):
        hits.append(key in cache)
        if not hits[-1]:
            cache[key] = True
    np.testing.assert_array_equal(ttl(keys, t, seconds), hits)


def test_an_entry_lives_until_just_before_its_time_and_a_hit_does_not_lengthen_it():
    np.testing.assert_array_equal(ttl([1, 1, 1], [0.0, 4.0, 5.0], 5.0), [False, True, False])


@PROPERTY
@given(KEYS, st.integers(1, 20))
def test_hits_of_one_ttl_cache_lie_within_its_time_of_a_miss(keys, seconds):
    t = np.arange(len(keys))
    hits = ttl(keys, t, seconds)
    for i, key in enumerate(keys):
        stored = [j for j in range(i) if keys[j] == key and not hits[j]]
        assert hits[i] == any(t[i] - t[j] < seconds for j in stored)


@pytest.mark.parametrize(
    ("keys", "size", "message"),
    [
        ([], 1, r"keys has shape \(0,\)"),
        ([1.0, 2.0], 1, "keys holds float64 values"),
        (["a", "b"], 1, "np.unique"),
        ([True], 1, "keys holds bool values"),
        ([1], 0, "size is 0"),
        ([1], 2.5, "size is 2.5"),
    ],
)
def test_bad_input_to_lru_is_named(keys, size, message):
    with pytest.raises(ValueError, match=message):
        lru(keys, size)
