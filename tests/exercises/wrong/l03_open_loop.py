"""Wrong answers to the exercise: send by the clock."""

TEMPLATE = """
def open_loop(send, times, clock, sleep):
    start = clock()
    latencies = []
    for due in {times}:
        {step}
    return latencies
"""


def with_step(step, times="times"):
    return TEMPLATE.format(times=times, step=step.strip().replace("\n", "\n        "))


TIMED = "send()\nlatencies.append(clock() - (start + due))"

WRONG = [
    (
        "only counts them",
        with_step("sleep(max(0, start + due - clock()))\nsend()").replace(
            "return latencies", "return len(times)"
        ),
        "not_a_list",
        "`open_loop` gave 7",
    ),
    ("does not wait", with_step(TIMED), "early", "was sent after 0.125 s"),
    (
        "waits for a gap after the last answer",
        with_step(f"sleep(max(0, due - (times[times.index(due) - 1] if due else 0)))\n{TIMED}"),
        "gaps",
        "sent after 0.625 s",
    ),
    (
        "sleeps backwards",
        with_step(f"sleep(start + due - clock())\n{TIMED}"),
        "backwards",
        "called with -1.75 s",
    ),
    (
        "leaves out what is overdue",
        with_step(
            """
if start + due < clock():
    continue
sleep(start + due - clock())
"""
            + TIMED,
        ),
        "left_out",
        "4 of 7 requests were sent",
    ),
    (
        "counts from sending",
        with_step(
            "sleep(max(0, start + due - clock()))\nsent = clock()\nsend()\n"
            "latencies.append(clock() - sent)",
        ),
        "from_sending",
        "The client has waited since it was due",
    ),
    (
        "counts the moment, not the time since",
        with_step(
            "sleep(max(0, start + due - clock()))\nsend()\nlatencies.append(clock() - start)",
        ),
        "wrong",
        "its latency is 0.125 s, and yours reads 0.625 s",
    ),
    (
        "eats the plan",
        with_step(
            f"sleep(max(0, start + due - clock()))\n{TIMED}\ntimes.remove(due)", times="list(times)"
        ),
        "changed",
        "changed the list of times",
    ),
]
