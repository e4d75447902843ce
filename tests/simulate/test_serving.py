from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons_lib.simulate import OUTCOMES, fifo, lru, serve
from simulate import simpy_models
from simulate.properties import PROPERTY

PLAIN = {"servers": 2, "queue_limit": inf, "timeout": inf}
PLAIN |= {"cache_size": 0, "ttl": inf, "hit_time": 0.0}


def trace(seed, n=600, load=2.2, count=40):
    rng = np.random.default_rng(seed)
    arrive = np.cumsum(rng.exponential(size=n))
    return arrive, rng.exponential(load, size=n), (rng.pareto(0.8, n) * 3).astype(int) % count


def same(ours, theirs):
    np.testing.assert_array_equal(ours.outcome, theirs[2])
    np.testing.assert_array_equal(ours.start, theirs[0])
    np.testing.assert_array_equal(ours.finish, theirs[1])


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"queue_limit": 0},
        {"queue_limit": 3, "servers": 1},
        {"timeout": 1.5},
        {"timeout": 0.0, "servers": 3},
        {"timeout": 4.0, "queue_limit": 2, "servers": 1},
        {"cache_size": 5, "hit_time": 0.01},
        {"cache_size": inf, "ttl": 20.0},
        {"cache_size": 8, "ttl": 15.0, "timeout": 3.0, "queue_limit": 4, "hit_time": 0.1},
    ],
    ids=str,
)
@pytest.mark.parametrize("seed", range(3))
def test_serve_agrees_with_simpy_on_every_request(seed, change):
    setting = PLAIN | change
    arrive, work, key = trace(seed)
    theirs = simpy_models.Alone(arrive, work, key, **setting).run()
    same(serve(arrive, work, key, **setting), theirs)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"queue_limit": 2, "servers": 1},
        {"cache_size": 6, "ttl": 12.0, "queue_limit": 3, "hit_time": 0.5},
    ],
    ids=str,
)
@pytest.mark.parametrize("seed", range(3))
def test_coalescing_on_arrival_agrees_with_simpy_on_every_request(seed, change):
    setting = PLAIN | change
    arrive, work, key = trace(seed, load=6.0)
    theirs = simpy_models.JoinOnArrival(arrive, work, key, **setting).run()
    ours = serve(arrive, work, key, **setting, coalesce=True)
    assert (ours.outcome == "joined").sum() > 10
    same(ours, theirs)


@pytest.mark.parametrize(
    "change",
    [{"timeout": 4.0}, {"timeout": 6.0, "servers": 1, "cache_size": 4, "ttl": 30.0}],
    ids=str,
)
@pytest.mark.parametrize("seed", range(3))
def test_nobody_joins_a_request_that_will_be_dropped(seed, change):
    setting = PLAIN | change
    arrive, work, key = trace(seed, load=6.0)
    theirs = simpy_models.JoinOnStart(arrive, work, key, **setting).run()
    ours = serve(arrive, work, key, **setting, coalesce=True)
    assert (ours.outcome == "joined").sum() > 10
    assert (ours.outcome == "dropped").sum() > 10
    same(ours, theirs)


def outcomes(arrive, work, key, **setting):
    return serve(arrive, work, key, **setting).outcome.tolist()


def test_a_result_that_is_ready_at_t_is_there_for_an_arrival_at_t():
    run = ([0.0, 2.0], [2.0, 2.0], [7, 7])
    assert outcomes(*run, cache_size=1) == ["served", "cached"]
    assert outcomes(*run, coalesce=True) == ["served", "served"]


def test_a_result_is_not_in_the_cache_before_it_is_finished():
    run = serve([0.0, 1.0, 1.5], [2.0, 2.0, 2.0], [7, 7, 7], servers=3, cache_size=1)
    assert run.outcome.tolist() == ["served"] * 3


def test_the_time_to_live_counts_from_the_end_of_the_computation():
    run = ([0.0, 6.9, 7.0], [2.0, 2.0, 2.0], [7, 7, 7])
    assert outcomes(*run, cache_size=1, ttl=5.0) == ["served", "cached", "served"]


def test_a_request_that_could_start_when_its_patience_ends_is_served():
    assert outcomes([0.0, 1.0], [3.0, 1.0], [1, 2], timeout=2.0) == ["served", "served"]


def test_a_dropped_request_leaves_at_arrival_plus_timeout_and_does_no_work():
    run = serve([0.0, 1.0, 3.0], [5.0, 9.0, 1.0], [1, 2, 3], timeout=2.0)
    assert run.outcome.tolist() == ["served", "dropped", "served"]
    assert np.isnan(run.start[1])
    assert run.finish.tolist() == [5.0, 3.0, 6.0]


def test_a_place_in_the_queue_is_free_the_moment_its_holder_leaves_it():
    run = ([0.0, 1.0, 2.0, 3.0], [9.0, 1.0, 1.0, 1.0], [1, 2, 3, 4])
    want = ["served", "dropped", "rejected", "dropped"]
    assert outcomes(*run, queue_limit=1, timeout=2.0) == want


def test_a_rejected_request_leaves_on_arrival():
    run = serve([0.0, 1.0], [5.0, 1.0], [1, 2], queue_limit=0)
    assert run.outcome.tolist() == ["served", "rejected"]
    assert np.isnan(run.start[1])
    assert run.finish[1] == 1.0


def test_a_joined_request_finishes_with_the_computation_it_joined():
    run = serve([0.0, 1.0, 2.0, 3.0], [4.0] * 4, [1, 2, 2, 1], coalesce=True)
    assert run.outcome.tolist() == ["served", "served", "joined", "joined"]
    assert run.start.tolist() == [0.0, 4.0, 4.0, 3.0]
    assert run.finish.tolist() == [4.0, 8.0, 8.0, 4.0]


@st.composite
def services(draw):
    n = draw(st.integers(1, 30))
    quarter = st.integers(0, 20).map(lambda x: x / 4)
    gaps, work = (draw(st.lists(quarter, min_size=n, max_size=n)) for _ in range(2))
    key = draw(st.lists(st.integers(0, 4), min_size=n, max_size=n))
    setting = {
        "servers": draw(st.integers(1, 3)),
        "queue_limit": draw(st.sampled_from([0, 1, 3, inf])),
        "timeout": draw(st.sampled_from([0.0, 1.0, 4.0, inf])),
        "cache_size": draw(st.sampled_from([0, 1, 3, inf])),
        "ttl": draw(st.sampled_from([0.0, 2.0, inf])),
        "hit_time": draw(st.sampled_from([0.0, 0.25])),
        "coalesce": draw(st.booleans()),
    }
    return (np.cumsum(gaps), np.array(work), np.array(key)), setting


@PROPERTY
@given(services())
def test_every_request_has_one_outcome_and_its_times_fit(case):
    (arrive, work, key), setting = case
    start, finish, outcome = serve(arrive, work, key, **setting)
    of = {name: outcome == name for name in OUTCOMES}
    assert sum(mask.sum() for mask in of.values()) == len(arrive)
    served, joined, cached = of["served"], of["joined"], of["cached"]
    np.testing.assert_array_equal(finish[served], (start + work)[served])
    np.testing.assert_array_equal(finish[cached], arrive[cached] + setting["hit_time"])
    np.testing.assert_array_equal(finish[of["rejected"]], arrive[of["rejected"]])
    np.testing.assert_array_equal(finish[of["dropped"]], arrive[of["dropped"]] + setting["timeout"])
    assert np.isnan(start[of["rejected"] | of["dropped"]]).all()
    answered = served | joined | cached
    assert (start[answered] >= arrive[answered]).all()
    assert (start[answered] <= arrive[answered] + setting["timeout"]).all()
    assert (np.diff(start[served]) >= 0).all()
    for i in np.flatnonzero(joined):
        partner = served & (key == key[i]) & (finish == finish[i]) & (arrive <= arrive[i])
        assert partner.any()
    if not setting["coalesce"]:
        assert not joined.any()


@PROPERTY
@given(services())
def test_without_cache_limits_and_sharing_serve_is_fifo(case):
    (arrive, work, key), setting = case
    run = serve(arrive, work, key, servers=setting["servers"])
    np.testing.assert_array_equal(run.start, fifo(arrive, work, setting["servers"]))
    assert (run.outcome == "served").all()


@PROPERTY
@given(services(), st.integers(1, 5))
def test_if_computing_takes_no_time_the_cache_is_lru_alone(case, size):
    (arrive, _, key), _ = case
    arrive = arrive + np.arange(len(arrive)) / 1024  # a result may be used after, not at, its time
    nothing = np.zeros(len(arrive))
    hits = serve(arrive, nothing, key, cache_size=size).outcome == "cached"
    np.testing.assert_array_equal(hits, lru(key, size))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"arrive": [2.0, 1.0]}, "arrive goes back"),
        ({"work": [1.0]}, "work has 1 entries for 2 requests"),
        ({"work": [1.0, -1.0]}, "work is -1.0 at position 1"),
        ({"key": [1.5, 2.0]}, "key holds float64 values"),
        ({"key": [1]}, "key has 1 entries"),
        ({"servers": 0}, "servers is 0"),
        ({"queue_limit": -1}, "queue_limit is -1: give a whole number of 0 or more or infinity"),
        ({"queue_limit": 1.5}, "queue_limit is 1.5"),
        ({"timeout": np.nan}, "timeout is nan"),
        ({"cache_size": -1}, "cache_size is -1"),
        ({"ttl": -1.0}, "ttl is -1.0"),
        ({"hit_time": inf}, "hit_time is inf"),
    ],
)
def test_bad_input_to_serve_is_named(change, message):
    good = {"arrive": [1.0, 2.0], "work": [1.0, 1.0], "key": [1, 2]} | change
    with pytest.raises(ValueError, match=message):
        serve(**good)
