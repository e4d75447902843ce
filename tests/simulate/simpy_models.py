"""The same services written as processes in SimPy: an independent word on every request.

Written from the definitions in the docstrings, event by event, with no look at the fast loops.
"""

from collections import OrderedDict
from math import inf, nan

import numpy as np
import simpy


def at(env, t):
    """Wait until time `t`, without rounding: every process starts at time 0."""
    return env.timeout(t)


def fifo(arrive, work, servers):
    env = simpy.Environment()
    server = simpy.Resource(env, servers)
    start = np.full(len(arrive), nan)

    def client(i):
        yield at(env, arrive[i])
        with server.request() as turn:
            yield turn
            start[i] = env.now
            yield env.timeout(work[i])

    for i in range(len(arrive)):
        env.process(client(i))
    env.run()
    return start


def batches(arrive, max_batch, max_wait, fixed, per_item, servers):
    env = simpy.Environment()
    finish = np.full(len(arrive), nan)
    queue, ripe = [], set()
    idle = [servers]

    def look():
        while idle[0] and queue and (len(queue) >= max_batch or queue[0] in ripe):
            size = int(min(max_batch, len(queue)))
            batch, queue[:] = queue[:size], queue[size:]
            idle[0] -= 1
            env.process(run(batch))

    def run(batch):
        yield env.timeout(fixed + per_item * len(batch))
        finish[batch] = env.now
        idle[0] += 1
        look()

    def client(i):
        yield at(env, arrive[i])
        queue.append(i)
        look()
        yield env.timeout(max_wait)
        ripe.add(i)
        look()

    for i in range(len(arrive)):
        env.process(client(i))
    env.run()
    return finish


class Service:
    """`serve` as processes; see the two classes below for when requests join one another."""

    def __init__(self, arrive, work, key, servers, queue_limit, timeout, cache_size, ttl, hit_time):
        self.arrive, self.work, self.key = arrive, work, key
        self.queue_limit, self.timeout = queue_limit, timeout
        self.cache_size, self.ttl, self.hit_time = cache_size, ttl, hit_time
        self.env = simpy.Environment()
        self.server = simpy.Resource(self.env, servers)
        self.cache = OrderedDict()
        self.flights = {}
        n = len(arrive)
        self.start, self.finish = np.full(n, nan), np.full(n, nan)
        self.outcome = np.full(n, "?", dtype="<U8")

    def run(self):
        for i in range(len(self.arrive)):
            self.env.process(self.client(i))
        self.env.run()
        return self.start, self.finish, self.outcome

    def leave(self, i, outcome, start=nan, finish=None):
        self.outcome[i] = outcome
        self.start[i] = start
        self.finish[i] = self.env.now if finish is None else finish

    def looked_up(self, i):
        k = self.key[i]
        if k in self.cache and self.env.now < self.cache[k]:
            self.cache.move_to_end(k)
            self.leave(i, "cached", self.env.now, self.env.now + self.hit_time)
            return True
        return False

    def full(self):
        busy = self.server.count == self.server.capacity
        return busy and len(self.server.queue) >= self.queue_limit

    def compute(self, i):
        start = self.env.now
        yield self.env.timeout(self.work[i])
        self.leave(i, "served", start)
        self.cache.pop(self.key[i], None)
        if self.cache_size:
            self.cache[self.key[i]] = self.env.now + self.ttl
        while len(self.cache) > self.cache_size:
            self.cache.popitem(last=False)


class Alone(Service):
    """Every miss is computed by itself."""

    def client(self, i):
        yield at(self.env, self.arrive[i])
        if self.looked_up(i):
            return
        if self.full():
            self.leave(i, "rejected")
            return
        with self.server.request() as turn:
            late = self.env.timeout(self.timeout) if self.timeout < inf else self.env.event()
            yield turn | late
            if not turn.triggered:
                self.leave(i, "dropped")
                return
            yield from self.compute(i)


class JoinOnArrival(Service):
    """A request joins an equal one that waits or runs (no time-outs here: nobody is dropped)."""

    def client(self, i):
        yield at(self.env, self.arrive[i])
        k = self.key[i]
        if self.looked_up(i):
            return
        if k in self.flights:
            started, done = self.flights[k]
            yield started
            start = self.env.now
            yield done
            self.leave(i, "joined", start)
            return
        if self.full():
            self.leave(i, "rejected")
            return
        self.flights[k] = started, done = self.env.event(), self.env.event()
        with self.server.request() as turn:
            yield turn
            started.succeed()
            yield from self.compute(i)
        del self.flights[k]
        done.succeed()


class JoinOnStart(Service):
    """Everyone waits in the queue; when a computation starts, its equals in the queue join it.

    The same thing seen from the other end, where some are dropped and the queue has no limit: the
    first of several equals that is not dropped is the one the others share.
    """

    def client(self, i):
        yield at(self.env, self.arrive[i])
        k, env = self.key[i], self.env
        if self.looked_up(i):
            return
        started, done = self.flights.setdefault(k, (env.event(), env.event()))
        if not started.triggered:
            with self.server.request() as turn:
                late = env.timeout(self.timeout)
                yield turn | started | late
                if turn.triggered and not started.triggered:
                    started.succeed()
                    yield from self.compute(i)
                    del self.flights[k]
                    done.succeed()
                    return
                if not started.triggered:
                    self.leave(i, "dropped")
                    return
        start = env.now
        yield done
        self.leave(i, "joined", start)
