"""Exercise: send by the clock, and count from when it was due (lesson 03)."""

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
    "not_a_list": "`open_loop` gave {got}. Give the list of latencies, one for each request.",
    "early": "A request that was due {due:g} s after the start was sent after {sent:g} s. Wait until "
    "it is due.",
    "gaps": "Nothing kept you waiting, and yet a request due {due:g} s after the start was sent after "
    "{sent:g} s. Wait until its own time, not for a gap after the last answer.",
    "backwards": "`sleep` was called with {seconds:.3g} s: that request was overdue. Send it at once.",
    "left_out": "{sent} of {wanted} requests were sent. Those that were due while the service stood "
    "still are the ones that matter most: send each of them, late as it is.",
    "from_sending": "A request was due at {due:g} s, sent at {sent:g} s and answered at {done:g} s, "
    "and its latency reads {got:.3g} s. The client has waited since it was due.",
    "wrong": "A request was due at {due:g} s and answered at {done:g} s: its latency is {wanted:.3g} s, "
    "and yours reads {got:.3g} s.",
    "changed": "Your function changed the list of times. Leave it as it is.",
}
START = 500.0
DUE = [0.0, 0.5, 1.0, 1.25, 1.5, 1.75, 4.0]
WORK = [0.125, 0.125, 2.0, 0.125, 0.125, 0.1234567, 0.125]
"""The third request meets a service that stands still; the next three are due meanwhile."""


def open_loop(send, times, clock, sleep):
    start = clock()
    latencies = []
    for due in times:
        sleep(max(0, start + due - clock()))
        send()
        latencies.append(clock() - (start + due))
    return latencies


def check(candidate):
    calm = _run(candidate, [0.125] * len(DUE))
    for due, sent in zip(DUE, calm.sent, strict=False):
        if sent < due - 1e-9:
            fail("early", due=due, sent=sent)
        if sent > due + 0.05:  # who waits in small steps is a little late
            fail("gaps", due=due, sent=sent)
    _judge(calm)
    _judge(_run(candidate, WORK))


class _Service:
    """Notes when it is asked, and takes its time on the clock that it shares with the client."""

    def __init__(self, work):
        self.clock, self.work = VirtualClock(START), iter(work)
        self.sent, self.done, self.negative = [], [], []

    def send(self):
        self.sent.append(self.clock() - START)
        self.clock.sleep(next(self.work, 0.125))
        self.done.append(self.clock() - START)

    def sleep(self, seconds):
        if seconds < 0:
            self.negative.append(seconds)
        self.clock.sleep(max(0.0, seconds))


def _run(candidate, work):
    service = _Service(work)
    service.latencies = call(candidate, service.send, list(DUE), service.clock, service.sleep)
    return service


def _judge(service):
    if service.negative:
        fail("backwards", seconds=service.negative[0])
    expect(len(service.sent), len(DUE), "left_out", sent=len(service.sent))
    latencies = array(service.latencies, (len(DUE),), "not_a_list")
    for due, sent, done, got in zip(DUE, service.sent, service.done, latencies, strict=True):
        times = {"due": due, "sent": sent, "done": done}
        ideas = [("from_sending", done - sent)] if sent > due else []
        expect(got, done - due, "wrong", ideas, **times)
