"""One run: the queue, the table and the attacks, against independent sources."""

from dataclasses import replace

import numpy as np
import pytest

from lessons_lib import simulate
from lessons_lib.capstone import ATTACKS, WORLDS, Design
from lessons_lib.capstone.attacks import BEGIN, LASTS, LOG, REQUESTS, attack
from lessons_lib.capstone.run import LOOK_UP, Desk, run

TEXT, SHOP, CATALOGUE, FRAUD = (WORLDS[n] for n in ("text", "shop", "catalogue", "fraud"))


def ran(world, design, name="calm", seed=3):
    return run(Desk(world, design, attack(world, name, seed)))


def arrivals(world, name="calm", seed=3):
    return attack(world, name, seed).times[LOG:]


@pytest.mark.parametrize("servers", [2, 3])
def test_without_batches_the_model_is_a_queue_first_come_first_served(servers):
    world = replace(TEXT, deadline=1e9)
    times = arrivals(world)
    work = np.full(len(times), world.fixed + world.per_item)
    start = simulate.fifo(times, work, servers)
    assert ran(world, Design(servers=servers)).latency == pytest.approx(start + work - times)


def test_a_batch_fills_while_it_waits_and_takes_the_time_of_a_full_one():
    world = replace(TEXT, deadline=1e9)
    times, seconds = arrivals(world), TEXT.fixed + 4 * TEXT.per_item
    finish, free, first = [], 0.0, 0
    while first < len(times):  # by brute force: who has come when the server is free goes along
        begin = max(times[first], free)
        free = begin + seconds
        here = times[first : first + 4]
        many = max(1, int((here < begin).sum()))
        finish += [free] * many
        first += many
    found = ran(world, Design(servers=1, batch=4))
    assert found.latency == pytest.approx(np.array(finish) - times)


def test_who_could_not_be_served_within_the_deadline_gets_the_fallback_at_once():
    found = ran(TEXT, Design(servers=1))
    turned = found.source == "default"
    assert 0.3 < turned.mean() < 0.7
    assert found.latency[turned] == pytest.approx(LOOK_UP)
    assert found.latency.max() <= TEXT.deadline
    assert not found.none.any()
    assert ran(TEXT, Design(servers=1, fallback="none")).none.mean() == turned.mean()


def test_the_table_covers_what_the_log_asked_most():
    found = ran(SHOP, Design(table_size=500, refresh=1e9))
    trace = attack(SHOP, "calm", 3)
    log = trace.keys[:LOG]
    best = np.argsort(-np.bincount(log), kind="stable")[:500]
    assert (found.source == "table").mean() == pytest.approx(
        np.isin(trace.keys[LOG:], best).mean(), abs=0.03
    )


def test_rows_age_until_the_next_job_is_over():
    world, refresh = CATALOGUE, 1200.0
    found = ran(world, Design(table_size=439, refresh=refresh))
    age = -np.log(found.true[~np.isnan(found.true)]) / world.change
    job = 439 * world.row
    assert age.min() == pytest.approx(job, abs=20)
    assert age.max() == pytest.approx(job + refresh, abs=20)


def test_a_spike_brings_more_an_unseen_surge_what_nobody_knows():
    calm, spike, surge = (attack(SHOP, name, 3) for name in ("calm", "spike", "surge"))
    inside = [(t.times >= t.begin) & (t.times < t.end) for t in (calm, spike, surge)]
    assert inside[1].sum() == pytest.approx(SHOP.spike * inside[0].sum(), rel=0.01)
    assert len(spike.times) == LOG + REQUESTS + round((SHOP.spike - 1) * LASTS * REQUESTS)
    pairs = ((calm, inside[0]), (surge, inside[2]))
    known = [np.isin(t.keys[i], t.keys[:LOG]).mean() for t, i in pairs]
    assert known[1] < known[0] - 0.15


def test_half_of_the_servers_do_nothing_during_a_loss():
    world = replace(FRAUD, deadline=1e9, rate=1.0)
    times = arrivals(world, "loss")
    found = ran(world, Design(servers=1), "loss")
    end = (BEGIN + LASTS) * REQUESTS
    lost = (times >= BEGIN * REQUESTS) & (times < end)
    assert (found.latency[lost] > end - times[lost]).all()
    assert found.latency[times < BEGIN * REQUESTS].max() < 10
    two = ran(world, Design(servers=2), "loss")
    assert two.latency.max() < 10


def test_broken_inputs_reach_clients_unless_an_alarm_watches():
    for design in (Design(servers=4), Design(table_size=439, refresh=600.0)):
        world = CATALOGUE if design.table_size else FRAUD
        times = arrivals(world, "fault")
        found = ran(world, design, "fault")
        begin, end = BEGIN * REQUESTS / world.rate, (BEGIN + LASTS) * REQUESTS / world.rate
        assert found.bad[(times > begin) & (times < end)].mean() > 0.5
        assert not found.bad[times < begin].any()
        watched = ran(world, replace(design, alarms=20), "fault")
        assert watched.bad.mean() < found.bad.mean() / 20


@pytest.mark.parametrize("world", WORLDS.values(), ids=str)
def test_every_attack_sends_its_requests_in_order_and_another_seed_others(world):
    for name in ATTACKS:
        one, other = attack(world, name, 1), attack(world, name, 2)
        assert (np.diff(one.times) >= 0).all()
        assert one.times[LOG] == 0.0
        assert one.times[-1] == pytest.approx(one.length)
        assert len(one.requests) == len(one.times) - LOG
        assert one.requests != other.requests or not (one.times == other.times).all()
        assert len(one.times) == len(other.times)
