"""What the questions of lesson 09 take for true is tried by a run."""

import math

import numpy as np
import pytest

from lessons_lib.answer import Answer
from lessons_lib.drive import Calendar, Servers, drive_together
from lessons_lib.labs import l09_attack as lab
from lessons_lib.labs import l09_replay
from lessons_lib.quiz.bank import find, load
from lessons_lib.router import Limits, Router


def right(name):
    return {option.text for option in find(name).options if option.right}


def test_three_questions_or_more_need_a_number_or_a_run_of_the_learner():
    needed = [q for q in load("09") if q.kind == "number" or q.ask.startswith("In the lab")]
    assert len(needed) >= 3


def answered_at_last(waiting, *, servers=2, patience=1.0, most=math.inf):
    """The share answered in time in the last 5 s of a minute at whose begin so many runs wait."""

    class Model:
        def answer(self, request):
            return Answer(0.5, "model", 0.0)

    clock = Calendar()
    pool = Servers(clock, servers, 0.2)

    class Bound:
        def allows(self, runs, again=False):
            return pool.waiting < most

    how = {"clock": clock, "servers": pool, "single_flight": False, "deadline": patience}
    router = Router(None, Model(), limits=Bound(), **how)
    for _ in range(waiting):
        pool.submit(lambda: Answer(0.5, "model", 0.0))
    times = np.arange(0, 60, 1 / 5)
    asked = drive_together(
        router, [f"miss {n}" for n in range(len(times))], times, clock, seconds_for={}
    )
    return (asked.source == "model")[times >= 55].mean()


def test_after_a_flush_three_acts_answer_new_misses_within_a_minute_and_two_do_not():
    acts = {
        "Drop the runs that wait": answered_at_last(0),
        "Begin no run while eight or more wait": answered_at_last(400, most=8),
        "Double the model's servers": answered_at_last(400, servers=4),
        "Double the clients' patience": answered_at_last(400, patience=2.0),
        "Double the cache's room": answered_at_last(400),
    }
    assert set(acts) == {option.text for option in find("l09-after").options}
    assert {act for act, share in acts.items() if share > 0.9} == right("l09-after")
    assert {act for act, share in acts.items() if share > 0.1} == right("l09-after")


@pytest.mark.parametrize("most", [23, 24, 25])
def test_with_24_runs_at_a_time_and_no_more_each_is_over_in_time(most):
    class Model:
        def answer(self, request):
            return Answer(0.5, "model", 0.0)

    clock = Calendar()
    limits = Limits(most)
    servers = Servers(clock, 4, 0.25)
    router = Router(None, Model(), clock=clock, servers=servers, limits=limits, deadline=1.5 + 1e-9)
    times = np.arange(200) * 0.001
    drive_together(router, [f"key {n}" for n in range(200)], times, clock, seconds_for={})
    assert (router.counts["late"] == 0) == (
        most <= lab.most_runs(**find("l09-bound").answer.arguments)
    )


def test_old_answers_alone_keep_nine_of_ten_answered_all_through_the_hang():
    shares = {}
    for text in (option.text for option in find("l09-hang").options):
        also = next((name for name in lab.ALSO if text[2:].startswith(name[2:])), lab.ALSO[0])
        one = lab._kept(lab.HUNG, "no", text.startswith("At most"), also)
        assert text.startswith("At most") != (also in lab.ALSO[1:])
        shares[text] = min(one.goodput(t, t + 5) for t in range(30, 50, 5))
    assert {text for text, share in shares.items() if share > 0.9} == right("l09-hang")


def test_the_first_run_for_nobody_is_not_the_first_miss():
    assert l09_replay.first_of("wasted") - l09_replay.first_of("miss") > 5
