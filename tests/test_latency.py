"""The one percentile rule: nearest rank, exact, and the same wherever the course shows one."""

from fractions import Fraction
from math import ceil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulate.properties import PROPERTY

from lessons_lib import latency, simulate
from lessons_lib.latency import percentiles, rank


@st.composite
def percents(draw):
    """A percentile as people write it: a whole number, up to five decimals, or a fraction."""
    denominator = draw(st.sampled_from([1, 2, 3, 7, 10, 100, 1_000, 10_000, 100_000]))
    return Fraction(draw(st.integers(1, 100 * denominator)), denominator)


@PROPERTY
@given(percents(), st.integers(1, 1_000_000))
def test_the_rank_is_that_of_exact_arithmetic(p, total):
    assert rank(float(p), total) == ceil(p * total / 100)


@PROPERTY
@given(st.lists(st.integers(0, 50), min_size=1, max_size=80), percents())
def test_a_percentile_is_the_smallest_value_that_enough_requests_do_not_exceed(values, p):
    value = percentiles(values, [float(p)]).value[0]
    values = np.array(values)
    assert value in values
    assert (values <= value).sum() * 100 >= p * len(values)
    assert (values < value).sum() * 100 < p * len(values)


@pytest.mark.parametrize(
    ("p", "total", "value"), [(99.9, 1000, 999), (55, 100, 55), (7, 100, 7), (29, 100, 29)]
)
def test_binary_arithmetic_moves_no_rank(p, total, value):
    found = percentiles(range(1, total + 1), at=[p])
    assert (found.value[0], found.behind[0]) == (value, total - value)


def test_percentiles_in_equal_steps_are_those_that_are_meant():
    at = np.arange(0.1, 100, 0.1)  # holds 0.30000000000000004
    assert percentiles(range(1, 1001), at).value.tolist() == list(range(1, 1000))


def test_a_percentile_comes_with_the_number_of_requests_beyond_it():
    few, many = percentiles(np.arange(1000.0)), percentiles(np.arange(20_000.0))
    assert few.behind.tolist() == [500, 100, 10, 1]
    assert few.enough.tolist() == [True, True, False, False]
    assert many.behind[-1] == latency.ENOUGH
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


def test_the_simulator_has_no_rule_of_its_own():
    assert simulate.percentiles is percentiles
