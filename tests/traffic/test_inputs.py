import numpy as np
import pytest

from lessons_lib import theory
from lessons_lib.traffic import (
    drifting_keys,
    growing_keys,
    popular_keys,
    unit_draws,
    zipf_keys,
)

N = 20_000
WEIGHTS = np.arange(50.0, 0.0, -1.0)


def shares(keys, count):
    return np.bincount(keys, minlength=count) / len(keys)


@pytest.mark.parametrize(
    ("draw", "setting"),
    [
        (zipf_keys, (1.0, 1000)),
        (popular_keys, (WEIGHTS,)),
        (growing_keys, (0.15,)),
        (drifting_keys, (WEIGHTS,)),
    ],
)
def test_every_distribution_gives_integer_keys_and_the_same_ones_again(draw, setting):
    keys = draw(*setting, N, seed=3)
    assert keys.dtype == np.int64
    assert len(keys) == N
    assert keys.min() >= 0
    np.testing.assert_array_equal(keys, draw(*setting, N, seed=3))


def test_keys_come_in_their_proportions():
    np.testing.assert_allclose(shares(zipf_keys(0.0, 8, N), 8), 1 / 8, atol=0.01)
    np.testing.assert_allclose(shares(zipf_keys(1.2, 30, N), 30), theory.zipf(1.2, 30), atol=0.01)
    np.testing.assert_allclose(
        shares(popular_keys(WEIGHTS, N), 50), WEIGHTS / WEIGHTS.sum(), atol=0.01
    )


def test_zipf_without_skew_is_uniform():
    np.testing.assert_array_equal(zipf_keys(0.0, 64, N), (unit_draws("key", N) * 64).astype(int))


def test_a_key_without_weight_is_never_asked_for():
    assert not np.isin(popular_keys([0, 1, 0, 2, 0], N), [0, 2, 4]).any()


def test_more_skew_gives_every_request_a_more_popular_key():
    assert (zipf_keys(1.1, 1000, N) <= zipf_keys(1.0, 1000, N)).all()


def test_growing_keys_are_numbered_as_they_appear():
    keys = growing_keys(0.3, 5000, seed=2)
    first = np.sort(np.unique(keys, return_index=True)[1])
    np.testing.assert_array_equal(keys[first], np.arange(len(first)))


def test_growing_keys_copy_a_past_request_at_random():
    """Against the definition, one request after the other, from the same draws."""
    n, share = 2000, 0.2
    new, place = unit_draws("new", n, 9) < share, unit_draws("key", n, 9)
    slow, unused = [], 0
    for i in range(n):
        if i == 0 or new[i]:
            slow.append(unused)
            unused += 1
        else:
            slow.append(slow[int(place[i] * i)])
    np.testing.assert_array_equal(growing_keys(share, n, seed=9), slow)


def test_growing_keys_are_as_many_as_expected():
    n, share, seeds = 2000, 0.25, range(200)
    counts = np.array([growing_keys(share, n, seed=s).max() + 1 for s in seeds])
    standard_error = counts.std() / np.sqrt(len(counts))
    assert abs(counts.mean() - (1 + (n - 1) * share)) < 4 * standard_error


def test_no_table_covers_more_than_the_share_of_old_keys():
    keys = growing_keys(0.15, N, seed=1)
    seen_before = np.ones(N, bool)
    seen_before[np.unique(keys, return_index=True)[1]] = False
    assert seen_before.mean() == pytest.approx(0.85, abs=0.01)


def test_without_drift_and_new_keys_the_stream_stands_still():
    np.testing.assert_array_equal(drifting_keys(WEIGHTS, N), popular_keys(WEIGHTS, N))


def test_drift_wears_a_table_out():
    keys = drifting_keys(WEIGHTS, N, drift=1.0)
    in_table = keys < len(WEIGHTS)
    quarters = in_table.reshape(4, -1).mean(axis=1)
    assert (np.diff(quarters) < 0).all()
    np.testing.assert_allclose(quarters, [7 / 8, 5 / 8, 3 / 8, 1 / 8], atol=0.08)


def test_more_drift_never_brings_an_old_key_back():
    slow, fast = (drifting_keys(WEIGHTS, N, drift=d) < len(WEIGHTS) for d in (0.5, 0.6))
    assert (fast <= slow).all()


def test_never_seen_keys_have_their_share_and_never_return():
    keys = drifting_keys(WEIGHTS, N, drift=2.5, new_share=0.2)
    new = keys >= len(WEIGHTS) * 4
    assert new.mean() == pytest.approx(0.2, abs=0.01)
    assert len(np.unique(keys[new])) == new.sum()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: zipf_keys(1.0, 0, 5), "count is 0"),
        (lambda: zipf_keys(-1.0, 5, 5), "skew is -1.0"),
        (lambda: zipf_keys(np.inf, 5, 5), "skew is inf"),
        (lambda: popular_keys([], 5), "weights has shape"),
        (lambda: popular_keys([0.0, 0.0], 5), "weights are all 0"),
        (lambda: popular_keys([1.0, -2.0], 5), "weights is -2.0 at position 1"),
        (lambda: growing_keys(1.5, 5), "new_share is 1.5"),
        (lambda: drifting_keys([1.0], 5, drift=-1.0), "drift is -1.0"),
        (lambda: drifting_keys([1.0], 5, new_share=np.nan), "new_share is nan"),
        (lambda: growing_keys(0.5, 0), "n is 0"),
    ],
)
def test_bad_input_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()
