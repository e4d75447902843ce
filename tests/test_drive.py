import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons_lib import traffic
from lessons_lib.answer import SOURCES, Answer, VirtualClock
from lessons_lib.drive import Calendar, Servers, drive, drive_together
from lessons_lib.router import Limits, Router
from lessons_lib.simulate import fifo, serve


class Table:
    """A published table, made at `as_of`."""

    def __init__(self, values, clock, as_of=0.0):
        self.values, self.clock, self.as_of = values, clock, as_of

    def answer(self, request):
        if request not in self.values:
            return Answer(None, "default", float("nan"))
        return Answer(self.values[request], "table", self.clock() - self.as_of)


class SleepingModel:
    """A model that takes its time on the clock, as the slowed models of the course do."""

    def __init__(self, clock, seconds):
        self.clock, self.seconds = clock, seconds

    def answer(self, request):
        self.clock.sleep(self.seconds)
        return Answer(0.5, "model", 0.0)


class CachedModel(SleepingModel):
    """The same behind a cache that never forgets."""

    def __init__(self, clock, seconds):
        super().__init__(clock, seconds)
        self.cache = {}

    def answer(self, request):
        if request in self.cache:
            value, made = self.cache[request]
            return Answer(value, "cache", self.clock() - made)
        answer = super().answer(request)
        self.cache[request] = answer.value, self.clock()
        return answer


SECONDS_FOR = {"table": 0.25, "default": 0.0, "cache": 0.125}


def test_a_table_answers_with_its_age_at_the_start_and_the_seconds_of_its_source():
    clock = VirtualClock()
    table = Table({"a": 0.1, "b": 0.2}, clock, as_of=-10.0)
    run = drive(table, ["a", "b", "c"], [1.0, 1.0, 2.0], clock, seconds_for=SECONDS_FOR)
    np.testing.assert_array_equal(run.value, [0.1, 0.2, np.nan])
    assert run.source.tolist() == ["table", "table", "default"]
    np.testing.assert_array_equal(run.age, [11.0, 11.25, np.nan])
    np.testing.assert_array_equal(run.start, [1.0, 1.25, 2.0])
    np.testing.assert_array_equal(run.finish, [1.25, 1.5, 2.0])


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.lists(st.integers(0, 20).map(lambda x: x / 4), min_size=1, max_size=30), st.integers(1, 4)
)
def test_a_model_that_sleeps_on_the_clock_queues_as_fifo_does(gaps, servers):
    times, clock = np.cumsum(gaps), VirtualClock(1e6)
    run = drive(SleepingModel(clock, 1.5), times, times, clock, servers=servers)
    start = fifo(times, np.full(len(times), 1.5), servers)
    np.testing.assert_array_equal(run.start, start)
    np.testing.assert_array_equal(run.finish, start + 1.5)
    assert clock() == run.finish.max()


def test_a_sleep_on_the_clock_outweighs_the_seconds_of_the_source():
    clock = VirtualClock()
    run = drive(SleepingModel(clock, 3.0), "a", [0.0], clock, seconds_for={"model": 99.0})
    assert run.finish.tolist() == [3.0]


def test_a_hybrid_takes_the_time_of_whichever_part_answered():
    clock = VirtualClock()
    run = drive(CachedModel(clock, 5.0), "aab", [0.0, 6.0, 7.0], clock, seconds_for=SECONDS_FOR)
    assert run.source.tolist() == ["model", "cache", "model"]
    assert run.finish.tolist() == [5.0, 6.125, 12.0]
    assert run.age.tolist() == [0.0, 1.0, 0.0]


def test_an_answer_that_is_not_there_yet_is_waited_for():
    clock = VirtualClock()
    model = CachedModel(clock, 5.0)
    run = drive(model, "aa", [0.0, 1.0], clock, seconds_for=SECONDS_FOR, servers=2)
    assert run.source.tolist() == ["model", "cache"]
    assert run.start.tolist() == [0.0, 1.0]
    assert run.finish.tolist() == [5.0, 5.0]
    assert run.age.tolist() == [0.0, 0.0]


def test_requests_may_come_from_a_generator():
    clock = VirtualClock()
    run = drive(SleepingModel(clock, 1.0), (c for c in "abc"), [0, 1, 2], clock)
    assert len(run.value) == 3


class Says:
    def __init__(self, reply):
        self.reply = reply

    def answer(self, request):
        return self.reply


@pytest.mark.parametrize("reply", [0.3, None, (0.3, "model"), ()])
def test_what_is_not_an_answer_is_shown(reply):
    with pytest.raises(
        TypeError, match=r"answer\('a'\) gave .*: return Answer\(value, source, age"
    ):
        drive(Says(reply), "a", [0.0], VirtualClock(), seconds_for={"model": 1.0})


def test_a_source_without_a_time_is_named():
    with pytest.raises(ValueError, match=r"no time for the source 'model' \(it has: 'table'\)"):
        drive(Says(Answer(0.3, "model", 0.0)), "a", [0.0], VirtualClock(), seconds_for={"table": 1})


def test_a_real_clock_is_refused():
    import time

    with pytest.raises(TypeError, match="give the VirtualClock the predictor was made with"):
        drive(Says(Answer(0.3, "model", 0.0)), "a", [0.0], time.time)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"requests": "ab"}, "requests has 2 entries for 1 requests"),
        ({"times": []}, "times has shape"),
        ({"requests": "ab", "times": [1.0, 0.0]}, "times goes back"),
        ({"servers": 0}, "servers is 0"),
        ({"seconds_for": {"model": -1.0}}, r"seconds_for\['model'\] is -1.0"),
    ],
)
def test_bad_input_is_named(change, message):
    good = {"requests": "a", "times": [0.0], "seconds_for": dict.fromkeys(SOURCES, 1.0)} | change
    with pytest.raises(ValueError, match=message):
        drive(Says(Answer(0.3, "model", 0.0)), clock=VirtualClock(), **good)


class Plain:
    """A model that takes no time of its own."""

    def answer(self, request):
        return Answer(0.5, "model", 0.0)


@pytest.mark.parametrize("servers", [1, 3])
@pytest.mark.parametrize(("room", "ttl"), [(np.inf, 20.0), (3, 2.0), (0, np.inf)])
def test_a_router_on_the_calendar_does_what_the_simulator_says_of_each_request(servers, room, ttl):
    """Against ``simulate.serve``, an independent program, with cache, coalescing and a bounded queue."""
    arrive, keys = traffic.poisson(1.3 * servers, 1_500), traffic.zipf_keys(0.8, 60, 1_500)
    wanted = serve(
        arrive,
        np.ones(1_500),
        keys,
        servers=servers,
        queue_limit=room,
        cache_size=np.inf,
        ttl=ttl,
        coalesce=True,
    )
    clock = Calendar()
    router = Router(
        None,
        Plain(),
        clock=clock,
        ttl=ttl + 1.0,  # counted from when a run began
        deadline=np.inf,
        limits=Limits(servers + room),
        servers=Servers(clock, servers, 1.0),
    )
    asked = [f"key {key}" for key in keys]
    run = drive_together(router, asked, arrive, clock, seconds_for={})
    names = {"served": "model", "joined": "model", "cached": "cache", "rejected": "default"}
    assert run.source.tolist() == [names[outcome] for outcome in wanted.outcome]
    np.testing.assert_allclose(run.finish, wanted.finish)
    assert router.counts["joined"] == (wanted.outcome == "joined").sum()


def test_what_is_due_together_comes_in_the_order_in_which_it_was_made():
    clock, came = Calendar(), []
    for name in "abc":
        clock.at(1.0, lambda name=name: came.append(name))
    clock.at(0.5, lambda: clock.at(0.1, lambda: came.append("late")))
    clock.run(2.0)
    assert came == ["late", "a", "b", "c"]
    assert clock() == 2.0


def test_servers_that_are_lost_finish_what_they_serve_and_come_back_to_the_queue():
    clock = Calendar()
    servers = Servers(clock, 2, 1.0)
    answers = [servers.submit(Plain().answer, "x") for _ in range(4)]
    clock.at(0.5, lambda: setattr(servers, "count", 0))
    clock.at(5.0, lambda: setattr(servers, "count", 1))
    clock.run()
    assert [(begin, end) for _, begin, end in servers.runs] == [(0, 1), (0, 1), (5, 6), (6, 7)]
    assert all(answer.result().age == 1.0 for answer in answers)


def test_who_is_never_answered_never_finishes():
    clock = Calendar()
    router = Router(None, Plain(), clock=clock, deadline=np.inf, servers=Servers(clock, 0, 1.0))
    run = drive_together(router, "x", [3.0], clock, seconds_for={})
    assert (run.start[0], run.finish[0], run.source[0]) == (3.0, np.inf, "default")
