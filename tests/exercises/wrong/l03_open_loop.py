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
WAIT = "sleep(max(0, start + due - clock()))"

WRONG = [
    (
        "only counts them",
        with_step("sleep(max(0, start + due - clock()))\nsend()").replace(
            "return latencies", "return len(times)"
        ),
        "not_a_list",
        "`open_loop` gave 1 values: 7",
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
        "5 of 9 requests were sent",
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
    (
        "no numbers",
        with_step(f"{WAIT}\nsend()\nlatencies.append(float('nan'))"),
        "not_a_list",
        "nan",
    ),
    (
        "texts",
        with_step(f"{WAIT}\nsend()\nlatencies.append(f'{{clock() - start - due}} s')"),
        "not_a_list",
        "'0.125 s'",
    ),
    (
        "latencies by name",
        with_step(f"{WAIT}\n{TIMED}").replace(
            "return latencies", "return dict(zip(times, latencies))"
        ),
        "not_a_list",
        "{0.0: 0.125",
    ),
    (
        "with the mean at the end",
        with_step(f"{WAIT}\n{TIMED}").replace(
            "return latencies", "return latencies + [sum(latencies) / len(latencies)]"
        ),
        "not_a_list",
        "gave 8 values",
    ),
    (
        "a generator",
        with_step(f"{WAIT}\nsend()\nyield clock() - start - due"),
        "sends",
        "0 requests were sent",
    ),
    (
        "rounded to three digits",
        with_step(f"{WAIT}\nsend()\nlatencies.append(round(clock() - start - due, 3))"),
        "wrong",
        "yours reads 1.623 s",
    ),
    (
        "rounded to six digits",
        with_step(f"{WAIT}\nsend()\nlatencies.append(round(clock() - start - due, 6))"),
        "wrong",
        "yours reads 1.623457 s",
    ),
    (
        "in milliseconds",
        with_step(f"{WAIT}\nsend()\nlatencies.append(1000 * (clock() - start - due))"),
        "wrong",
        "yours reads 125 s",
    ),
    (
        "sends twice",
        with_step(f"{WAIT}\nsend()\n{TIMED}"),
        "sends",
        "14 requests were sent, and 7",
    ),
    (
        "does not send",
        with_step(f"{WAIT}\nlatencies.append(clock() - (start + due))"),
        "sends",
        "0 requests were sent",
    ),
    (
        "the clock starts at 0",
        with_step(f"{WAIT}\n{TIMED}").replace("start = clock()", "start = 0"),
        "early",
        "after 0.125 s",
    ),
    (
        "the first one starts the clock",
        with_step(f"{WAIT}\n{TIMED}").replace("clock()\n", "clock() - times[0]\n", 1),
        "early",
        "due 0.3 s after the start was sent after 0 s",
    ),
    (
        "waits from the last answer on",
        with_step(f"{WAIT}\n{TIMED}\nstart = clock() - due"),
        "gaps",
        "after 0.625 s",
    ),
    (
        "each due moment once",
        with_step(f"{WAIT}\n{TIMED}", times="sorted(set(times))"),
        "left_out",
        "8 of 9",
    ),
    (
        "by the due moment",
        with_step(f"{WAIT}\nsend()\nlatencies.append(clock() - (start + due))")
        .replace("latencies = []", "latencies = []; found = {}")
        .replace("return latencies", "return list(dict(zip(times, latencies)).values())"),
        "not_a_list",
        "For 9 requests",
    ),
    (
        "no more than two seconds",
        with_step(f"{WAIT}\nsend()\nlatencies.append(min(clock() - start - due, 2.0))"),
        "wrong",
        "yours reads 2 s",
    ),
    (
        "a latency of its own for what is late",
        with_step(
            f"late = clock() > start + due\n{WAIT}\nsent = clock()\nsend()\nlatencies.append(clock() - (sent if late else start + due))"
        ),
        "from_sending",
        "latency reads 0.125 s",
    ),
    (
        "the time of the answer and the wait of the last",
        with_step(f"{WAIT}\nsend()\nlatencies.insert(0, clock() - start - due)"),
        "wrong",
        "yours reads 3.615 s",
    ),
    (
        "sorted",
        with_step(f"{WAIT}\n{TIMED}").replace("return latencies", "return sorted(latencies)"),
        "wrong",
        "yours reads 0.1984567 s",
    ),
    (
        "a list that is kept",
        with_step(f"{WAIT}\n{TIMED}")
        .replace("clock, sleep)", "clock, sleep, latencies=[])")
        .replace("    latencies = []\n", ""),
        "kept",
        "16 latencies for 9 requests",
    ),
    (
        "the first result for all",
        with_step(f"{WAIT}\n{TIMED}")
        .replace("def open", "kept = []\n\ndef open")
        .replace("return latencies", "kept.append(latencies)\n    return kept[0]"),
        "not_a_list",
        "For 9 requests",
    ),
    (
        "lists only",
        with_step(f"{WAIT}\n{TIMED}", times="times.copy() if times else []"),
        "ValueError",
        "times.copy() if times",
    ),
    (
        "moves the plan",
        with_step(f"{WAIT}\n{TIMED}")
        .replace(
            "    latencies = []\n",
            "    latencies = []\n    for i in range(len(times)):\n        times[i] += start\n",
        )
        .replace("start + due", "due"),
        "changed",
        "Leave it as it is",
    ),
    (
        "waits in steps of a fifth",
        with_step(f"while clock() < start + due:\n    sleep(0.2)\n{TIMED}"),
        "gaps",
        "no steps that go past it",
    ),
]
