"""The labs that are watched: what their text promises is in the run, and the questions have it too."""

import numpy as np
import pytest

from lessons_lib import charts
from lessons_lib.labs import l01_replay, l04_replay, l05_replay, l09_replay


def test_the_one_hour_model_keeps_clients_for_days_and_the_quick_one_nobody():
    slow, quick = (l01_replay.clients_replay(seconds) for seconds in (3600, 0.002))
    assert slow.sentence.endswith("60 answered by the model; longest wait 2 d 10 h.")
    assert quick.sentence.endswith("60 answered by the model; longest wait 0 µs.")
    assert 50 < l01_replay.in_line_at_first_answer() < 58
    assert l01_replay.in_line_at_first_answer(0.002) == 0


def test_a_queue_each_keeps_requests_waiting_beside_an_idle_server_and_one_queue_does_not():
    arrive, one, each, mine = l04_replay._queues()
    busy = ((one <= arrive[:, None]) & (one + l04_replay.SERVICE > arrive[:, None])).sum(axis=1)
    assert (busy[one > arrive] == l04_replay.SERVERS).all()
    first = l04_replay.first_needless_wait() - 1
    others = np.delete(np.arange(len(arrive)), first)
    assert each[first] > arrive[first]
    in_service = (each[others] <= arrive[first]) & (each[others] + 0.2 > arrive[first])
    assert len(set(mine[others][in_service])) < l04_replay.SERVERS
    assert mine[first] in mine[others][in_service]
    assert (each - arrive).mean() > 2 * (one - arrive).mean()
    assert np.flatnonzero(one > arrive)[0] + 1 == 19, "the near miss of the question"


def test_micro_batches_leave_together_and_keep_the_queue_short():
    made = l04_replay.batches_replay()
    alone, together = made._lanes
    assert len(np.unique(together.finish)) < len(together.finish) / 2
    assert (together.leave - together.arrive).max() < (alone.leave - alone.arrive).max() / 5


def test_the_hybrid_answers_from_all_three_and_waits_less():
    sources = l05_replay.sources()
    assert set(sources) == {"table", "cache", "model"}
    assert [l05_replay.first_from(name) for name in ("model", "table")] == [1, 6]
    assert l05_replay.first_from("cache") > 20
    alone, hybrid = l05_replay.hybrid_replay()._lanes
    assert (hybrid.finish - hybrid.arrive).mean() < (alone.finish - alone.arrive).mean()


def test_a_flush_makes_servers_work_for_nobody_unless_the_runs_are_bounded():
    bare, bounded = l09_replay.flush_replay()._lanes
    wasted = [
        sum(
            kind == "default" and start < np.inf
            for kind, start in zip(lane.kinds, lane.start, strict=True)
        )
        for lane in (bare, bounded)
    ]
    assert wasted[0] > 50
    assert wasted[1] == 0
    assert "joined" in bounded.kinds
    assert 100 < l09_replay.first_of("miss") < l09_replay.first_of("wasted")


@pytest.mark.parametrize(
    "made",
    [
        lambda: l01_replay.clients_replay(3600),
        l04_replay.queues_replay,
        l04_replay.batches_replay,
        l05_replay.hybrid_replay,
        l09_replay.flush_replay,
    ],
)
def test_each_says_what_to_watch_and_stores_a_small_picture(made):
    shown = made()
    assert isinstance(shown, charts.Replay)
    assert len(shown.texts["description"]) > 80
    bundle, _ = shown._repr_mimebundle_()
    assert len(bundle["image/png"]) < 40_000
    assert len(shown.run) < 7_000
