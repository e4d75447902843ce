"""Exercise: send by the clock, and count from when it was due (lesson 03)."""

import numpy as np

from lessons_lib.answer import VirtualClock
from lessons_lib.exercises.probes import array, call, expect, fail

NAME = "open_loop"
TITLE = "Send by the clock, and count from when it was due"
MINUTES = 8
ORDER = 3
HINTS = [
    "A request is due at `start + due` on the clock. How long is it until then? When it has passed "
    "already, wait 0 seconds: `max(0, ...)`.",
    "Somebody has wanted the answer since `start + due`, whether or not you were free to send. So "
    "subtract that moment from what `clock()` says when the answer is there.",
    "One round of the loop has three lines: `sleep(...)`, `send()`, "
    "`latencies.append(clock() - (start + due))`.",
]
FAILURES = {
    "not_a_list": "For {wanted} requests `open_loop` gave {count} values: {got}. Give the list of their "
    "latencies in seconds, one for each.",
    "kept": "Called a second time, `open_loop` gave {got} latencies for {wanted} requests: it kept those of "
    "the first. Begin each call with an empty list.",
    "early": "A request that was due {due:g} s after the start was sent after {sent:g} s. Wait until "
    "it is due.",
    "gaps": "Nothing kept you waiting, and yet a request due {due:g} s after the start was sent after "
    "{sent:g} s. Wait until its own time: no gap after the last answer, no steps that go past it.",
    "backwards": "`sleep` was called with {seconds:.3g} s: that request was overdue. Send it at once.",
    "left_out": "{sent} of {wanted} requests were sent. Those that were due while the service stood "
    "still are the ones that matter most: send each of them, late as it is.",
    "sends": "{sent} requests were sent, and {wanted} were due: call `send()` once for each.",
    "from_sending": "A request was due at {due:g} s, sent at {sent:g} s and answered at {done:g} s, "
    "and its latency reads {got:.9g} s. The client has waited since it was due.",
    "wrong": "A request was due at {due:g} s and answered at {done:g} s: its latency is {wanted:.9g} s, "
    "and yours reads {got:.9g} s.",
    "changed": "Your function changed the list of times. Leave it as it is.",
}
START = 500.0
CALM = [0.0, 0.5, 1.0, 1.25, 1.5, 1.75, 4.0]
BUSY = [0.3, 1.0, 1.25, 1.5, 1.5, 1.75, 3.3, 4.0, 4.01]
WORK = [0.125, 2.0, 0.125, 0.0, 0.125, 0.1234567, 0.125, 3.5, 0.125]
"""When requests are due, and the work of the busy ones; two are due at once. The second meets a
service that stands still; the next four are due meanwhile."""


def open_loop(send, times, clock, sleep):
    start = clock()
    latencies = []
    for due in times:
        sleep(max(0, start + due - clock()))
        send()
        latencies.append(clock() - (start + due))
    return latencies


def check(candidate):
    _judge(_run(candidate, list(CALM), [0.125] * len(CALM)), calm=True)
    _judge(_run(candidate, np.array(BUSY), WORK), calm=False)


class _Service:
    """Notes when it is asked, and takes its time on the clock that it shares with the client."""

    def __init__(self, due, work):
        self.virtual, self.due, self.work = VirtualClock(START), due, iter(work)
        self.sent, self.done, self.negative, self.idle = [], [], [], 0

    def clock(self):
        self.idle += 1
        if self.idle > 1000:  # who waits by looking at the clock alone sees it move
            self.virtual.sleep(0.001)
        return self.virtual()

    def send(self):
        self.sent.append(self.virtual() - START)
        self.virtual.sleep(next(self.work, 0.125))
        self.idle = 0
        self.done.append(self.virtual() - START)

    def sleep(self, seconds):
        if seconds > 0:
            self.idle = 0
        if seconds < 0:
            self.negative.append(seconds)
        self.virtual.sleep(max(0.0, seconds))


def _run(candidate, due, work):
    service = _Service(list(due), work)
    service.latencies = call(candidate, service.send, due, service.clock, service.sleep)
    return service


def _judge(service, calm):
    found, wanted, sent = service.latencies, len(service.due), len(service.sent)
    count = len(found) if hasattr(found, "__len__") else 1
    if sent < wanted and not calm:
        fail("left_out", sent=sent, wanted=wanted)
    expect(sent, wanted, "sends", sent=sent)
    for due, sent in zip(service.due, service.sent, strict=True):
        if sent < due - 1e-9:
            fail("early", due=due, sent=sent)
        if calm and sent > due + 0.05:  # who waits in small steps is a little late
            fail("gaps", due=due, sent=sent)
    if service.negative:
        fail("backwards", seconds=service.negative[0])
    if not calm and count == len(CALM) + len(BUSY):
        fail("kept", got=count, wanted=wanted)
    latencies = array(found, (wanted,), "not_a_list", wanted=wanted, count=count)
    for due, sent, done, got in zip(
        service.due, service.sent, service.done, latencies, strict=True
    ):
        ideas = [("from_sending", done - sent)] if sent > due else []
        expect(got, done - due, "wrong", ideas, due=due, sent=sent, done=done)
