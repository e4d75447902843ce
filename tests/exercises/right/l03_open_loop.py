"""Right answers to the exercise: send by the clock."""

from exercises.wrong.l03_open_loop import TIMED, WAIT, with_step

STEPS = "while clock() < start + due:\n    {}"
RIGHT = [
    (
        "a tuple",
        with_step(f"{WAIT}\n{TIMED}").replace("return latencies", "return tuple(latencies)"),
    ),
    (
        "an array",
        with_step(f"{WAIT}\n{TIMED}").replace("return latencies", "return np.array(latencies)"),
    ),
    ("in steps of a millisecond", with_step(STEPS.format("sleep(0.001)") + f"\n{TIMED}")),
    (
        "in short steps",
        with_step(STEPS.format("sleep(min(0.01, start + due - clock()))") + f"\n{TIMED}"),
    ),
    ("looks at the clock alone", with_step(STEPS.format("pass") + f"\n{TIMED}")),
    ("sleeps for nothing", with_step(STEPS.format("sleep(0)") + f"\n{TIMED}")),
    (
        "waits if there is time",
        with_step(f"left = start + due - clock()\nif left > 0:\n    sleep(left)\n{TIMED}"),
    ),
    (
        "by number",
        with_step(f"due = times[i]\n{WAIT}\n{TIMED}").replace(
            "for due in times", "for i in range(len(times))"
        ),
    ),
    (
        "notes the answers",
        with_step(f"{WAIT}\nsend()\nlatencies.append(clock())").replace(
            "return latencies", "return [done - start - due for done, due in zip(latencies, times)]"
        ),
    ),
    (
        "an array filled",
        with_step(f"{WAIT}\nsend()\nlatencies[i] = clock() - start - due")
        .replace("for due in times", "for i, due in enumerate(times)")
        .replace("[]", "np.zeros(len(times))"),
    ),
]
