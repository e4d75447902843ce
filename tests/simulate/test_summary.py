import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons_lib.simulate import percentiles, utilisation, warm_up
from simulate.properties import PROPERTY


@PROPERTY
@given(st.lists(st.integers(0, 50), min_size=1, max_size=80), st.integers(1, 100))
def test_a_percentile_is_the_smallest_value_that_enough_requests_do_not_exceed(values, p):
    value = percentiles(values, [p]).value[0]
    values = np.array(values)
    assert value in values
    assert (values <= value).sum() * 100 >= p * len(values)
    assert (values < value).sum() * 100 < p * len(values)


def test_a_percentile_comes_with_the_number_of_requests_beyond_it():
    few, many = percentiles(np.arange(1000.0)), percentiles(np.arange(20_000.0))
    assert few.behind.tolist() == [500, 100, 10, 1]
    assert few.enough.tolist() == [True, True, False, False]
    assert many.behind[-1] == 20
    assert many.enough.all()


def test_requests_that_were_never_served_are_left_out():
    p = percentiles([1.0, np.nan, 3.0, np.inf], at=(50, 100))
    assert p.value.tolist() == [3.0, np.inf]


@pytest.mark.parametrize("values", [[], [np.nan, np.nan]])
def test_without_any_request_there_is_no_percentile(values):
    p = percentiles(values)
    assert np.isnan(p.value).all()
    assert not p.enough.any()


@pytest.mark.parametrize("p", [0, -1, 101, np.nan])
def test_a_percentile_out_of_range_is_named(p):
    with pytest.raises(ValueError, match=f"at is {p}"):
        percentiles([1.0], at=[p])


def test_utilisation_is_work_over_capacity():
    arrive = np.arange(1, 1001) / 4
    assert utilisation(arrive, np.full(1000, 0.5), 2) == pytest.approx(1.0)


def test_all_requests_at_once_are_beyond_any_capacity():
    assert utilisation([1.0, 1.0], [1.0, 1.0]) == np.inf
    assert utilisation([1.0, 1.0], [0.0, 0.0]) == 0.0


def test_warm_up_grows_with_utilisation_and_never_ends_at_one():
    assert warm_up(0.0) == 0
    assert warm_up(0.5) < warm_up(0.9) < warm_up(0.99)
    for busy in (1.0, 1.2, -0.1, np.nan):
        with pytest.raises(ValueError, match=f"utilisation is {busy}"):
            warm_up(busy)
