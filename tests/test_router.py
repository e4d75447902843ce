"""The router's promises, each in virtual time and, where threads matter, with real ones."""

import json
import math
import threading
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from math import inf, nan

import numpy as np
import pytest

from lessons_lib.answer import Answer, VirtualClock
from lessons_lib.drive import Calendar, Servers, drive_together
from lessons_lib.dynamic.forms import FlightForm
from lessons_lib.dynamic.notebook import ask
from lessons_lib.dynamic.service import create_app
from lessons_lib.router import CREDIT, Breaker, Limits, Router, Threads

MISS = Answer(None, "default", nan)
NOTHING = dict.fromkeys(("table", "cache", "default", "model"), 0.0)
FLIGHT = {"carrier": "UA", "origin": "EWR", "dest": "IAH", "hour": 5, "date": "2013-10-01"}


class Rows:
    def __init__(self, rows, age=3600.0, fails=False):
        self.rows, self.age, self.fails = rows, age, fails

    def answer(self, request):
        if self.fails:
            raise OSError("the table is gone")
        value = self.rows.get(request)
        return MISS if value is None else Answer(value, "table", self.age)


class Held(Executor):
    """Servers that never come to anything."""

    def submit(self, function, /, *args):
        return Future()


class Model:
    """Counts its runs; says the number of the run in sevenths."""

    def __init__(self, age=0.0, fails=()):
        self.age, self.fails, self.asked = age, fails, []

    def answer(self, request):
        self.asked.append(request)
        if len(self.asked) in self.fails or self.fails == "always":
            raise RuntimeError("the model is out of order")
        return Answer(len(self.asked) / 7, "model", self.age)


def driven(requests, times, *, model=None, table=None, count=1, seconds=1.0, at=(), **settings):
    """A run in virtual time: the answers, the router and the servers."""
    clock = Calendar()
    servers = Servers(clock, count, seconds)
    router = Router(table, model or Model(), clock=clock, servers=servers, **settings)
    for when, call in at:
        clock.at(when, lambda call=call: call(router, servers))
    return drive_together(router, requests, times, clock, seconds_for=NOTHING), router, servers


# The order, with source and age told.


def test_the_table_comes_first_then_the_cache_then_the_model_then_the_default():
    model = Model(age=2.0, fails=(2,))
    run, router, _ = driven("txxy", [0, 0, 5, 6], model=model, table=Rows({"t": 0.0}), deadline=9)
    assert run.source.tolist() == ["table", "model", "cache", "default"]
    np.testing.assert_allclose(run.value, [0.0, 1 / 7, 1 / 7, nan])
    np.testing.assert_allclose(run.age, [3600, 3, 7, nan])  # 2 s old, and a run of 1 s
    assert run.finish.tolist() == [0, 1, 5, 7]
    assert router.counts == {"run": 2, "failed": 1}


def test_a_table_that_fails_or_says_nonsense_is_a_miss():
    for table in (Rows({}, fails=True), Rows({"x": 0.5})):
        if not table.fails:
            table.answer = lambda request: None
        run, router, _ = driven("x", [0.0], table=table, deadline=9)
        assert (run.source[0], router.counts["table failed"]) == ("model", 1)


def test_a_table_whose_clock_was_set_back_has_an_age_that_nobody_knows():
    run, *_ = driven("t", [0.0], table=Rows({"t": 0.5}, age=-3600.0))
    assert run.source.tolist() == ["table"]
    assert math.isnan(run.age[0])


def test_the_default_has_the_value_it_was_given_and_no_age():
    run, *_ = driven("x", [0.0], model=Model(fails="always"), default=0.196, deadline=9)
    assert (run.value[0], run.source[0]) == (0.196, "default")
    assert math.isnan(run.age[0])


def test_without_a_model_what_no_table_holds_gets_the_default():
    router = Router(Rows({}), None, default=0.2)
    assert router.answer("x")[:2] == (0.2, "default")


def test_a_model_without_an_answer_is_none_and_nothing_is_kept():
    class Empty(Model):
        def answer(self, request):
            super().answer(request)
            return MISS

    model = Empty()
    run, *_ = driven("xx", [0, 5], model=model, deadline=9)
    assert run.source.tolist() == ["default", "default"]
    assert len(model.asked) == 2


@pytest.mark.parametrize(("age", "sources"), [(nan, ["model"] * 2), (-9.0, ["model", "cache"])])
def test_an_age_that_nobody_knows_is_told_and_its_answer_not_kept(age, sources):
    run, *_ = driven("xx", [0, 5], model=Model(age=age), deadline=9, ttl=100)
    assert run.source.tolist() == sources
    assert np.isnan(run.age[0]) == np.isnan(age)
    assert not (run.age < 0).any()


def test_a_slow_table_takes_its_time_out_of_the_deadline():
    clock = VirtualClock()

    class Slow:
        def answer(self, request):
            clock.sleep(5.0)
            return MISS

    router = Router(Slow(), Model(), clock=clock, deadline=2.0, servers=Held())
    assert router.answer("x").source == "default"
    _, until = next(router.steps("y"))
    assert until < clock()


def test_an_event_loop_is_given_what_is_in_memory_and_is_never_made_to_wait():
    router = Router(None, Model(), ttl=60)
    assert router.at_hand("x") is None
    wanted = router.answer("x").value
    assert router.at_hand("x")[:2] == (wanted, "cache")
    router.table = Rows({"x": 0.5})
    assert router.at_hand("x") is None, "a table comes first, and may be far away"


# Fresh, stale, forgotten.


def test_an_answer_is_fresh_by_the_age_of_its_information_and_a_hit_makes_it_no_younger():
    run, *_ = driven("xxxx", [0, 5, 8.5, 9.5], model=Model(age=1.0), ttl=10, deadline=9)
    assert run.source.tolist() == ["model", "cache", "cache", "model"]
    np.testing.assert_allclose(run.age, [2, 6, 9.5, 2])


def test_a_stale_answer_is_served_at_once_while_one_run_renews_it():
    times = [0, 12, 12.5, 14]
    run, router, servers = driven("xxxx", times, ttl=10, stale=20, deadline=9)
    assert run.source.tolist() == ["model", "cache", "cache", "cache"]
    np.testing.assert_allclose(run.value, [1 / 7, 1 / 7, 1 / 7, 2 / 7])
    np.testing.assert_allclose(run.age, [1, 12, 12.5, 2])
    assert (router.counts["refreshed"], len(servers.runs)) == (1, 2)


def test_too_old_is_too_old_even_for_stale():
    run, *_ = driven("xx", [0, 40], ttl=10, stale=20, deadline=9)
    assert run.source.tolist() == ["model", "model"]


def test_a_stale_answer_outlives_a_model_that_fails():
    model = Model(fails=(2, 3))
    run, router, _ = driven("xxx", [0, 12, 15], model=model, ttl=10, stale=20, deadline=9)
    assert run.source.tolist() == ["model", "cache", "cache"]
    assert router.counts["failed"] == 2


def test_a_flush_forgets_and_the_least_recently_used_makes_room():
    flush = [(4.5, lambda router, servers: router.flush())]
    run, *_ = driven("xxx", [0, 4, 5], at=flush, deadline=9)
    assert run.source.tolist() == ["model", "cache", "model"]
    run, *_ = driven("xyxzyx", [0, 2, 4, 6, 8, 10], cache_size=2, deadline=9)
    assert run.source.tolist() == ["model", "model", "cache", "model", "model", "model"]


def test_a_late_result_does_not_replace_a_newer_one():
    """The first run takes 30 s and lands after a second one that began later."""
    slow = [
        (0.5, lambda router, servers: setattr(servers, "seconds", 1.0)),
    ]
    run, *_ = driven("xxx", [0, 5, 40], seconds=30.0, count=2, at=slow, deadline=2,
                     single_flight=False, ttl=100)  # fmt: skip
    assert run.source.tolist() == ["default", "model", "cache"]
    np.testing.assert_allclose(run.value[1:], [1 / 7, 1 / 7])


# Single flight.


@pytest.mark.parametrize(("single", "runs"), [(True, 1), (False, 50)])
def test_a_stampede_costs_one_run_or_one_for_each(single, runs):
    run, router, servers = driven(
        "x" * 50, np.linspace(0, 0.5, 50), single_flight=single, deadline=100
    )
    assert len(servers.runs) == runs
    assert router.counts["joined"] == 50 - runs
    assert set(run.source) == {"model"}
    if single:
        assert set(run.finish) == {1.0}
        assert set(run.age) == {1.0}


def test_a_stampede_of_real_threads_costs_one_run():
    entered, go, ready = threading.Event(), threading.Event(), threading.Barrier(21)

    class Held(Model):
        def answer(self, request):
            entered.set()
            go.wait(10)
            return super().answer(request)

    model = Held()
    router = Router(None, model, deadline=20, servers=Threads(4))

    def client():
        ready.wait()
        return router.answer("x")

    with ThreadPoolExecutor(20) as pool:
        clients = [pool.submit(client) for _ in range(20)]
        ready.wait()
        entered.wait(10)
        go.set()
        answers = [one.result(20) for one in clients]
    assert len(model.asked) == 1
    assert {answer.value for answer in answers} == {1 / 7}
    assert {answer.source for answer in answers} <= {"model", "cache"}


def test_all_who_wait_for_a_run_that_fails_get_the_default_and_the_next_one_runs_anew():
    run, _, servers = driven("xxxx", [0, 0.2, 0.4, 3], model=Model(fails=(1,)), deadline=9)
    assert run.source.tolist() == ["default"] * 3 + ["model"]
    assert len(servers.runs) == 2


# Deadline.


def test_the_deadline_is_held_while_the_model_hangs_and_others_are_not_held_up():
    run, router, _ = driven("xty", [0, 0.1, 0.2], seconds=inf, table=Rows({"t": 0.5}), deadline=2)
    assert run.source.tolist() == ["default", "table", "default"]
    np.testing.assert_allclose(run.finish, [2, 0.1, 2.2])
    assert router.counts["late"] == 2


def test_a_real_model_that_hangs_costs_the_deadline_and_no_more():
    go = threading.Event()

    class Hangs(Model):
        def answer(self, request):
            go.wait(30)
            return super().answer(request)

    router = Router(Rows({"t": 0.5}), Hangs(), deadline=0.05, default=0.2)
    assert router.answer("x")[:2] == (0.2, "default")
    assert router.answer("t").source == "table"
    assert router.answer("x")[:2] == (0.2, "default")
    assert router.counts == {"run": 1, "joined": 1, "late": 2}
    go.set()


def test_what_comes_too_late_for_one_is_there_for_the_next():
    run, *_ = driven("xx", [0, 10], seconds=5, deadline=2)
    assert run.source.tolist() == ["default", "cache"]


# Retries, their budget, shedding.


def test_each_try_waits_for_its_part_of_the_deadline():
    run, router, servers = driven("x", [0], seconds=inf, count=9, deadline=3, tries=3)
    assert (run.source[0], run.finish[0]) == ("default", 3)
    assert [begin for _, begin, _ in servers.runs] == [0, 1, 2]
    assert router.counts == {"run": 1, "retried": 2, "late": 3}


def test_a_failure_is_tried_again_at_once():
    run, router, _ = driven("x", [0], model=Model(fails=(1,)), seconds=0.1, deadline=3, tries=3)
    assert (run.source[0], run.finish[0]) == ("model", pytest.approx(0.2))
    assert router.counts == {"run": 1, "failed": 1, "retried": 1}


def test_who_waits_for_the_same_key_shares_the_retry_too():
    _, router, servers = driven("xxx", [0, 0.1, 0.2], seconds=inf, count=9, deadline=4, tries=2)
    assert len(servers.runs) == 2
    assert router.counts["retried"] == 1


def test_a_budget_bounds_the_retries_to_a_share_of_the_runs():
    times = np.arange(400) / 10
    keys = [f"key {n}" for n in range(400)]
    for share, most in ((0.1, 40), (0.0, 0), (0.5, 200)):
        limits = Limits(retry_share=share)
        _, router, _ = driven(
            keys, times, seconds=inf, count=900, deadline=2, tries=3, limits=limits
        )
        assert most - CREDIT <= router.counts["retried"] <= most
        assert router.counts["run"] == 400


def test_who_finds_too_many_runs_is_turned_away_at_once():
    run, router, _ = driven(
        "abcde", [0, 0, 0, 0, 0.5], seconds=1, deadline=9, limits=Limits(most_runs=2)
    )
    assert run.source.tolist() == ["model", "model", "default", "default", "default"]
    np.testing.assert_allclose(run.finish, [1, 2, 0, 0, 0.5])
    assert router.counts == {"run": 2, "shed": 3}


def test_limits_of_ones_own_are_asked_for_each_run():
    class Even:
        def __init__(self):
            self.asked = []

        def allows(self, runs, again=False):
            self.asked.append((runs, again))
            return len(self.asked) % 2 == 1

    limits = Even()
    run, *_ = driven("abc", [0, 0, 0], deadline=9, tries=2, limits=limits)
    assert run.source.tolist() == ["model", "default", "model"]
    assert limits.asked[:3] == [(0, False), (1, False), (1, False)]


# The breaker.


def test_the_breaker_spares_a_model_in_trouble_and_tries_it_again_after_a_pause():
    keys, times = [f"key {n}" for n in range(20)], np.arange(20.0)
    model, breaker = Model(fails=(1, 2, 3, 4)), Breaker(failures=3, pause=5)
    run, router, _ = driven(keys, times, model=model, seconds=0.1, deadline=0.9, breaker=breaker)
    # Three fail, five seconds of rest, one tries and fails, five more, one tries and succeeds.
    assert len(model.asked) == 4 + (run.source == "model").sum()
    assert run.source.tolist()[:14] == ["default"] * 14
    assert set(run.source[14:]) == {"model"}
    assert router.counts["breaker open"] == 10


def test_many_who_wait_for_one_run_in_vain_are_one_failure():
    breaker = Breaker(failures=2, pause=100)
    _, router, _ = driven(
        "xxxxy", [0, 0, 0, 0, 5], seconds=inf, count=5, deadline=1, breaker=breaker
    )
    assert router.counts["breaker open"] == 0


# Settings and bad input.


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"ttl": -1}, "ttl is -1: give 0 or more"),
        ({"stale": nan}, "stale is nan"),
        ({"deadline": 0}, "deadline is 0: give more than 0"),
        ({"tries": 0}, "tries is 0: give a whole number of 1 or more"),
        ({"cache_size": 2.5}, "cache_size is 2.5"),
        ({"default": "late"}, "default is 'late': give a number"),
    ],
)
def test_a_setting_out_of_range_is_named(settings, message):
    with pytest.raises(ValueError, match=message):
        Router(None, Model(), **settings)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Limits(most_runs=0), "most_runs is 0"),
        (lambda: Limits(retry_share=-0.1), "retry_share is -0.1"),
        (lambda: Breaker(failures=0), "failures is 0"),
        (lambda: Breaker(pause=inf), "pause is inf"),
        (lambda: Threads(0), "count is 0"),
        (lambda: Servers(Calendar(), -1, 1.0), "count is -1"),
        (lambda: Servers(Calendar(), 1, -1.0), "seconds is -1.0"),
    ],
)
def test_parts_say_what_is_wrong_too(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize("name", ["table", "model"])
def test_a_part_that_does_not_answer_is_named(name):
    parts = {"table": None, "model": None, name: {"x": 0.5}}
    with pytest.raises(TypeError, match=rf"{name} is \{{'x': 0.5\}}: give an object with answer"):
        Router(**parts)


def test_a_request_without_a_key_is_the_callers_fault():
    with pytest.raises(TypeError, match="has no key"):
        Router(None, Model()).answer(7)


def test_a_clock_without_a_calendar_is_refused():
    with pytest.raises(TypeError, match="give the Calendar"):
        drive_together(Router(None, Model()), "x", [0.0], VirtualClock(), seconds_for={})


# One logic, for real and in virtual time.


def test_behind_the_real_service_and_in_virtual_time_the_same_router_says_the_same():
    table = Rows({"UA EWR IAH 05": 0.25})
    others = [{**FLIGHT, "hour": hour} for hour in (6, 6, 7)]

    class ByKey(Rows):
        def answer(self, request):
            return super().answer(request.key)

    def router(**settings):
        return Router(ByKey(table.rows), Model(fails=(2,)), default=0.196, ttl=60, **settings)

    replies = ask(create_app(router()), [FLIGHT, *others])
    real = [(r.json()["source"], r.json()["value"]) for r in replies]
    clock = Calendar()
    requests = [FlightForm.model_validate_json(json.dumps(b)).request() for b in [FLIGHT, *others]]
    virtual = router(clock=clock, servers=Servers(clock, 1, 0.01))
    run = drive_together(virtual, requests, [0, 1, 2, 3], clock, seconds_for=NOTHING)
    assert list(zip(run.source.tolist(), run.value.tolist(), strict=True)) == real
    assert [source for source, _ in real] == ["table", "model", "cache", "default"]


def test_a_service_needs_no_thread_for_what_a_router_has_in_memory():
    entered, go = threading.Event(), threading.Event()

    class Slow(Model):
        def answer(self, request):
            if request.hour == 7:
                entered.set()
                go.wait(10)
            return super().answer(request)

    router = Router(None, Slow(), ttl=60, deadline=10)
    app = create_app(router, threads=1, queue_limit=0)
    first = ask(app, [FLIGHT])[0].json()
    busy = threading.Thread(target=ask, args=(app, [{**FLIGHT, "hour": 7}]), daemon=True)
    busy.start()
    assert entered.wait(10)
    hit, miss = ask(app, [FLIGHT, {**FLIGHT, "hour": 8}])
    go.set()
    busy.join(10)
    assert first["source"] == "model"
    assert (hit.status_code, hit.json()["source"]) == (200, "cache")
    assert miss.status_code == 503, "the one thread is busy, and nobody may wait"


def test_a_crowd_of_threads_gets_true_answers_only():
    """Table, cache and failing model under 8 threads: each value is that of its key and source."""

    class PerKey:
        def __init__(self):
            self.runs = 0

        def answer(self, request):
            self.runs += 1
            if self.runs % 7 == 0:
                raise RuntimeError("now and then")
            return Answer(float(request), "model", 0.0)

    router = Router(
        Rows({str(n): n + 0.5 for n in range(5)}),
        PerKey(),
        cache_size=8,
        ttl=0.002,
        stale=0.002,
        deadline=5,
        tries=2,
        limits=Limits(6, 0.2),
        breaker=Breaker(50, 0.001),
        servers=Threads(3),
    )
    wrong = []

    def client(seed):
        for key in np.random.default_rng(seed).integers(0, 20, 400):
            answer = router.answer(str(key))
            wanted = {"table": key + 0.5, "default": None}.get(answer.source, float(key))
            if answer.value != wanted or (answer.source == "table") != (key < 5):
                wrong.append((key, answer))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(client, range(8)))
    assert wrong == []
    assert not router._flights
    assert not router._runs
