"""The replay's half in Python: what is sent is the run, small, and what is stored is a picture."""

import gzip

import numpy as np
import pytest

from lessons_lib import simulate, traffic
from lessons_lib.answer import Answer, VirtualClock
from lessons_lib.charts import Lane, Replay, png
from lessons_lib.charts.replay import KINDS, MOST
from lessons_lib.drive import drive

ARRIVE = np.array([0.0, 1.0, 2.0])
START = np.array([0.0, 2.0, 4.0])
FINISH = START + 2


def replay(*lanes, **options):
    return Replay(lanes or [Lane("one", ARRIVE, START, FINISH)], title="Queue", **options)


def unpacked(made):
    """The moments in seconds, and the columns of whole numbers, as the page reads them."""
    raw, texts = gzip.decompress(made.run), made.texts
    cut = 4 * texts["moments"]
    moments = np.cumsum(np.frombuffer(raw[:cut], "<f4").astype(float))
    steps = np.frombuffer(raw[cut:], "<i2").reshape(-1, texts["requests"])
    return moments, np.cumsum(steps, axis=1)


def busy_server(n, rate=100, seed=0):
    arrive = traffic.poisson(rate, n, seed=seed)
    work = traffic.service_times(0.012, n, seed=seed)
    return arrive, work, traffic.zipf_keys(1, 500, n, seed=seed)


@pytest.mark.parametrize("scale", [1e-6, 1.0, 86_400.0])
def test_the_page_gets_every_time_of_the_run_from_microseconds_to_days(scale):
    arrive, work, _ = busy_server(500)
    start = simulate.fifo(arrive * scale, work * scale)
    finish = start + work * scale
    made = replay(Lane("one", arrive * scale, start, finish))
    moments, (came, began, left, server, kind) = unpacked(made)
    span = finish.max() - arrive[0] * scale
    for sent, true in ((came, arrive * scale), (began, start), (left, finish)):
        np.testing.assert_allclose(
            moments[sent] + arrive[0] * scale, true, rtol=0, atol=1e-6 * span
        )
    assert set(server) == {0}
    assert set(kind) == {list(KINDS).index("model")}


def test_a_look_up_of_microseconds_is_told_from_its_arrival_in_a_run_of_weeks():
    arrive = np.linspace(0, 3e6, 50)
    made = replay(Lane("table", arrive, arrive, arrive + 1e-5, ["table"] * 50))
    moments, (came, _, left, *_) = unpacked(made)
    np.testing.assert_array_equal(left, came + 1)
    assert np.diff(moments)[0] == pytest.approx(1e-5, rel=1e-3)


def test_who_leaves_and_who_sits_down_at_one_moment_do_so_though_the_sums_differ():
    finish = np.array([0.1 + 0.2, 0.9])
    made = replay(Lane("one", [0.0, 0.0], [0.0, 0.3], finish))  # 0.1 + 0.2 is not 0.3
    _, (_, began, left, server, _) = unpacked(made)
    assert began[1] == left[0]
    assert made.texts["lanes"][0]["servers"] == 1
    assert list(server) == [0, 0]


def test_what_simulate_and_drive_return_is_taken_as_it_is():
    arrive, work, key = busy_server(300)
    options = {"servers": 2, "queue_limit": 3, "timeout": 0.03, "cache_size": 50, "coalesce": True}
    run = simulate.serve(arrive, work * 3, key, **options)
    made = replay(Lane("serve", arrive, *run, servers=2))
    *_, server, kind = unpacked(made)[1]
    assert {"cached", "joined", "rejected", "dropped", "served"} == set(run.outcome)
    names = np.array(list(KINDS))[kind]
    assert {"cache", "joined", "refused", "dropped", "model"} == set(names)
    assert set(server[np.isin(names, ["cache", "refused", "dropped"])]) == {-1}
    assert set(server[np.isin(names, ["model", "joined"])]) == {0, 1}

    class Table:
        def answer(self, request):
            return Answer(0.2, "table" if request else "default", 0.0)

    driven = drive(
        Table(), [1, 0, 1], ARRIVE, VirtualClock(), seconds_for={"table": 3, "default": 1}
    )
    made = replay(Lane("drive", ARRIVE, driven.start, driven.finish, driven.source))
    assert made.sentence.startswith(
        "drive: 2 answered from the table, 1 left with a default; longest wait 2 s"
    )


def test_no_server_has_two_requests_at_one_time_unless_a_batch_is_given():
    arrive, work, _ = busy_server(400, rate=300)
    start = simulate.fifo(arrive, work, 5)
    made = replay(Lane("five", arrive, start, start + work))
    server = unpacked(made)[1][3]
    assert made.texts["lanes"][0]["servers"] == 5
    for one in range(5):
        mine = server == one
        assert (start[mine][1:] >= (start + work)[mine][:-1] - 1e-12).all()
    finish = simulate.batches(arrive, 8, 0, 0.02, 0.001)
    made = replay(Lane("batches", arrive, finish - 0.02, finish, server=np.zeros(400, int)))
    assert made.texts["lanes"][0]["servers"] == 1


def test_those_refused_leave_as_they_come_and_those_never_answered_stay():
    nan = np.nan
    lane = Lane(
        "limits",
        [0.0, 1.0, 2.0, 3.0],
        [0.0, 1.0, nan, nan],
        [9.0, nan, 2.5, nan],
        ["served", "rejected", "dropped", "served"],
    )
    made = replay(lane)
    moments, (came, began, left, server, _) = unpacked(made)
    assert left[1] == came[1]
    assert moments[left[2]] == 2.5
    assert left[3] == began[3] == made.texts["moments"], "past the last moment"
    assert list(server) == [0, -1, -1, -1]
    assert "1 not answered within the run" in made.sentence
    assert "longest wait 6 s" in made.sentence


def test_the_longest_of_runs_is_small_on_the_wire():
    arrive, work, key = busy_server(MOST)
    lanes = [
        Lane(name, arrive, *simulate.serve(arrive, work, key, servers=2, cache_size=size))
        for name, size in (("no cache", 0), ("cache", 100))
    ]
    made = replay(*lanes)
    state = {name: value for name, value in made.get_state().items() if name != "run"}
    assert len(made.run) < 40_000
    assert len(made.run) + len(str(state)) < 60_000
    made.sent = []
    made.send = lambda content, buffers=(): made.sent.append((content, buffers))
    made._receive(made, {"kind": "script"}, [])
    ((content, (script,)),) = made.sent
    assert content == {"kind": "script"}
    assert len(script) < 12_000
    assert b"export" in gzip.decompress(script)


def test_the_script_and_the_run_are_not_part_of_a_notebook():
    made = replay(yours=2)
    bundle, metadata = made._repr_mimebundle_()
    assert bundle["text/plain"] == "Queue. one: 3 answered by the model; longest wait 2 s."
    width, height = png.size(bundle["image/png"])
    assert metadata["image/png"] == {"width": width // 2, "height": height // 2}
    stored = {name: part for name, part in bundle.items() if "widget-view" not in name}
    assert set(stored) == {"text/plain", "image/png"}
    assert "drawImage" not in str(made.get_state())


def test_the_still_chart_shows_the_run():
    slower = Lane("one", ARRIVE, START + 1, FINISH + 1)
    pictures = [
        made._repr_mimebundle_()[0]["image/png"] for made in (replay(), replay(), replay(slower))
    ]
    assert pictures[0] == pictures[1] != pictures[2]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"arrive": [0.0, 2.0, 1.0]}, "arrive of lane 'one' goes back in time at position 2"),
        ({"start": [0.0, 2.0]}, "start of lane 'one' has 2 entries for 3 requests"),
        ({"start": [0.0, 0.5, 4.0]}, "start of lane 'one' is 0.5 for a request of 1.0"),
        ({"finish": [2.0, 4.0, 3.0]}, "finish of lane 'one' is 3.0 for a request of 4.0"),
        ({"source": ["table", "disk", "model"]}, "holds 'disk': give one of table, cache, model"),
        ({"servers": 0}, "servers is 0: give a whole number of 1 or more"),
        ({"finish": FINISH + 1, "servers": 1}, "'one' needs 2 servers at one time and has 1: say"),
        ({"server": [0, 1, 2], "servers": 2}, "needs 3 servers at one time and has 2"),
        ({"own_queues": True}, "has own_queues: give the `server` of each request"),
    ],
)
def test_what_is_no_run_is_refused_with_the_way_out(change, message):
    given = {"arrive": ARRIVE, "start": START, "finish": FINISH, **change}
    with pytest.raises(ValueError, match=message.replace("(", r"\(")):
        replay(Lane("one", **given))


def test_too_many_requests_or_lanes_and_lanes_of_other_requests_are_refused():
    many = np.arange(MOST + 1.0)
    with pytest.raises(ValueError, match=r"2,001 requests and shows 2,000 at most: .*\[:2000\]"):
        replay(Lane("one", many, many, many))
    lane = Lane("one", ARRIVE, START, FINISH)
    with pytest.raises(ValueError, match="Replay got 3 lanes: give one, or two"):
        replay(lane, lane, lane)
    with pytest.raises(ValueError, match="'one' and 'other' have different requests"):
        replay(lane, Lane("other", ARRIVE + 1, START + 1, FINISH + 1))
    with pytest.raises(ValueError, match="yours is 4: give the number of a request, 1 to 3"):
        replay(lane, yours=4)


def test_one_request_and_none_at_all():
    made = replay(Lane("one", [5.0], [5.0], [5.0]))
    assert made.texts["moments"] == 1
    assert "longest wait" in made.sentence
    assert made._repr_mimebundle_()[0]["image/png"]
    with pytest.raises(ValueError, match="give a one-dimensional, filled array"):
        replay(Lane("one", [], [], []))
