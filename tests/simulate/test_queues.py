import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons_lib.simulate import batches, fifo
from simulate import simpy_models
from simulate.properties import PROPERTY

SECONDS = st.integers(0, 40).map(lambda x: x / 4)  # quarters are exact in binary, ties are common


@st.composite
def traces(draw, most=30):
    n = draw(st.integers(1, most))
    gaps = draw(st.lists(SECONDS, min_size=n, max_size=n))
    work = draw(st.lists(SECONDS, min_size=n, max_size=n))
    return np.cumsum(gaps), np.array(work)


def random_trace(seed, n=300, load=1.0):
    rng = np.random.default_rng(seed)
    return np.cumsum(rng.exponential(size=n)), rng.exponential(load, size=n)


@pytest.mark.parametrize("servers", [1, 2, 5])
@pytest.mark.parametrize("load", [0.5, 0.95, 1.4])
def test_fifo_agrees_with_simpy_on_every_request(servers, load):
    arrive, work = random_trace(servers, load=load * servers)
    np.testing.assert_array_equal(
        fifo(arrive, work, servers), simpy_models.fifo(arrive, work, servers)
    )


def test_a_server_that_becomes_free_at_t_is_free_for_an_arrival_at_t():
    np.testing.assert_array_equal(fifo([0, 2, 4], [2.0, 2.0, 2.0]), [0, 2, 4])


def test_requests_that_arrive_together_are_taken_in_the_order_of_the_trace():
    np.testing.assert_array_equal(fifo([1, 1, 1], [3.0, 1.0, 1.0], 2), [1, 1, 2])


def test_times_before_zero_are_times_like_others():
    np.testing.assert_array_equal(fifo([-5, -4], [2.0, 1.0]), [-5, -3])


@PROPERTY
@given(traces(), st.integers(1, 4))
def test_fifo_starts_in_order_never_early_and_never_on_more_servers_than_there_are(trace, servers):
    arrive, work = trace
    start = fifo(arrive, work, servers)
    assert (start >= arrive).all()
    assert (np.diff(start) >= 0).all()
    for t, end in zip(start, start + work, strict=True):
        if end > t:
            assert ((start <= t) & (start + work > t)).sum() <= servers


@PROPERTY
@given(traces(), st.integers(1, 4))
def test_fifo_never_idles_while_someone_waits(trace, servers):
    arrive, work = trace
    start = fifo(arrive, work, servers)
    for i in np.flatnonzero(start > arrive):
        earlier = slice(0, i)
        busy = (start[earlier] < start[i]) & (start[earlier] + work[earlier] >= start[i])
        assert busy.sum() + (start[earlier] == start[i]).sum() >= servers


@PROPERTY
@given(traces(), st.integers(1, 4))
def test_another_server_makes_no_request_start_later(trace, servers):
    arrive, work = trace
    assert (fifo(arrive, work, servers + 1) <= fifo(arrive, work, servers)).all()


@PROPERTY
@given(traces(), st.integers(1, 4), st.sampled_from([0.0, 0.25, 0.5]))
def test_faster_servers_make_no_request_start_later(trace, servers, speed):
    arrive, work = trace
    assert (fifo(arrive, speed * work, servers) <= fifo(arrive, work, servers)).all()


@PROPERTY
@given(traces(), st.integers(1, 4))
def test_littles_law_holds_on_every_trace(trace, servers):
    arrive, work = trace
    latency = fifo(arrive, work, servers) + work - arrive
    changes = np.concatenate([arrive, arrive + latency])
    order = np.argsort(changes, kind="stable")
    present = np.cumsum(np.repeat([1, -1], len(arrive))[order])[:-1]
    assert present @ np.diff(changes[order]) == pytest.approx(latency.sum())


@pytest.mark.parametrize("servers", [1, 3])
@pytest.mark.parametrize("max_wait", [0.0, 0.7, 30.0])
@pytest.mark.parametrize("max_batch", [1, 4, np.inf])
def test_batches_agree_with_simpy_on_every_request(max_batch, max_wait, servers):
    arrive, _ = random_trace(servers)
    setting = (max_batch, max_wait, 1.5, 0.25, servers)
    np.testing.assert_array_equal(batches(arrive, *setting), simpy_models.batches(arrive, *setting))


def test_a_full_batch_does_not_wait():
    np.testing.assert_array_equal(batches([0, 1, 2], 3, 50.0, 1.0, 0.0), [3, 3, 3])


def test_a_batch_closes_when_its_oldest_request_has_waited_long_enough():
    np.testing.assert_array_equal(batches([0, 1, 3], 9, 2.0, 1.0, 0.0), [3, 3, 6])


def test_a_greedy_server_takes_all_that_have_arrived_by_that_moment():
    np.testing.assert_array_equal(batches([0, 1, 2, 3], 9, 0.0, 2.0, 0.5), [2.5, 5.5, 5.5, 8.0])


@PROPERTY
@given(traces(), st.integers(1, 3))
def test_batches_of_one_are_a_plain_queue(trace, servers):
    arrive, _ = trace
    work = np.full(len(arrive), 1.5)
    finish = batches(arrive, 1, 7.0, 1.0, 0.5, servers)
    np.testing.assert_array_equal(finish, fifo(arrive, work, servers) + work)


@PROPERTY
@given(traces(), st.integers(1, 5), SECONDS, st.integers(1, 3))
def test_everyone_in_a_batching_queue_is_answered_in_order_of_starts(trace, size, wait, servers):
    arrive, _ = trace
    finish = batches(arrive, size, wait, 1.0, 0.0, servers)  # every batch takes 1 s
    assert (np.diff(finish) >= 0).all()
    assert (finish >= arrive + 1).all()
    _, together = np.unique(finish, return_counts=True)
    assert together.max() <= size * servers


@pytest.mark.parametrize(
    ("arrive", "work", "servers", "message"),
    [
        ([], [], 1, r"arrive has shape \(0,\)"),
        ([[1.0]], [1.0], 1, "arrive has shape"),
        ([2.0, 1.0], [1, 1], 1, r"arrive goes back in time at position 1 \(2.0 to 1.0\)"),
        ([1.0, np.nan], [1, 1], 1, "arrive is nan at position 1"),
        (["a"], [1], 1, "arrive holds <U1 values"),
        ([1.0], [1, 1], 1, "work has 2 entries for 1 requests"),
        ([1.0], [-0.5], 1, "work is -0.5 at position 0"),
        ([1.0], [np.inf], 1, "work is inf at position 0"),
        ([1.0], [1], 0, "servers is 0"),
        ([1.0], [1], 1.5, "servers is 1.5"),
        ([1.0], [1], True, "servers is True"),
    ],
)
def test_bad_input_to_fifo_is_named(arrive, work, servers, message):
    with pytest.raises(ValueError, match=message):
        fifo(arrive, work, servers)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"arrive": [2, 1]}, "arrive goes back"),
        ({"max_batch": 0}, "max_batch is 0"),
        ({"max_batch": 2.5}, "max_batch is 2.5"),
        ({"max_wait": -1}, "max_wait is -1"),
        ({"max_wait": np.inf}, "max_wait is inf"),
        ({"fixed": np.nan}, "fixed is nan"),
        ({"per_item": -0.1}, "per_item is -0.1"),
        ({"servers": 0}, "servers is 0"),
    ],
)
def test_bad_input_to_batches_is_named(change, message):
    good = {"arrive": [1, 2], "max_batch": 2, "max_wait": 1, "fixed": 1, "per_item": 0}
    with pytest.raises(ValueError, match=message):
        batches(**(good | change))


@pytest.mark.parametrize("servers", [1, 2, 5, 50])
def test_where_nobody_waits_each_starts_on_arrival(servers):
    """A run without waiting is answered at once, and must be what the queue would have said."""
    arrive = np.arange(40.0)
    for longest in (1.0, 1.0 + 1e-9):  # the next comes at the moment the last one leaves, or before
        work = np.full(40, longest * servers)
        waits = fifo(arrive, work, servers) - arrive
        late = longest > 1 and servers < 40
        assert (waits > 0).any() == late
        assert (waits[:servers] == 0).all()
