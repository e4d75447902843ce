"""Exercise: what an engine costs, and where it pays (lesson 10)."""

import math

import numpy as np

from lessons_lib.exercises.probes import array, call, expect, fail

NAME = "engine_pays"
TITLE = "Fit the overhead, find the crossing"
MINUTES = 12
ORDER = 3
HINTS = [
    "Take away what the rows themselves need, `rows * row / cores`. What is left is the overhead, and it grows "
    "in a straight line with the number of partitions, `rows / size`.",
    "`slope, start = np.polyfit(partitions, overhead, 1)` is the line of least squares.",
    "Where both take the same time, `n * row = start + n / size * slope + n * row / more`. Solve for n. If a "
    "row costs the engine as much as it saves, no n is enough: `math.inf`.",
]
FAILURES = {
    "not_three": "`engine_pays` gave {got}. Give three numbers: start-up, seconds a partition, rows.",
    "two_points": "Your start-up is {got:.6g} s: the line through two of the three points. Least squares "
    "uses all of them: {wanted:.6g} s.",
    "work": "Your start-up and seconds a partition, {startup:.6g} and {got:.6g}, hold the work on the rows as well. "
    "Take `rows * row / cores` away before you fit.",
    "all_cores": "You took `rows * row` away, as if one core had done all: {cores} of them share it.",
    "per_row": "{got:.6g} s is what a *row* adds. A partition has {size} of them.",
    "swapped": "Start-up and seconds a partition have changed places.",
    "startup": "The start-up is {wanted:.6g} s by least squares; you say {got:.6g}.",
    "per_partition": "A partition costs {wanted:.6g} s by least squares; you say {got:.6g}.",
    "no_overhead": "{got:.6g} rows are right for an engine that starts and then costs nothing. Each partition "
    "costs {per_partition:.6g} s more: {wanted:.6g} rows.",
    "measured_cores": "{got:.6g} rows are right for the {cores} cores that were measured. Asked are {more}.",
    "endless_cores": "{got:.6g} rows are right if the work took no time at all on many cores. {more} cores "
    "still share it: {wanted:.6g} rows.",
    "never": "A row costs the engine as much as it saves, or more: with {more} cores it never pays. Give "
    "math.inf; yours gave {got}.",
    "gave_up": "It pays from {wanted:.6g} rows on, and yours says never.",
    "crossing": "With {more} cores it pays from {wanted:.6g} rows on; you say {got:.6g}.",
}
CASES = (
    ((10_000, 100_000, 400_000), (3.125, 4.25, 7.8125), 1.7e-5, 1_000, 2, (2, 8, 64)),
    ((2_000, 6_000, 30_000), (11.5, 12.625, 17.0), 4.3e-4, 500, 2, (2, 3, 16)),
    ((4_096, 16_384, 65_536), (1.03125, 1.59375, 4.0), 2.9e-5, 256, 4, (2, 5, 1_000)),
)
"""Rows, seconds measured, seconds a row, rows a partition, cores measured, and cores asked for."""


def engine_pays(rows, seconds, row, size, cores, more):
    partitions = np.asarray(rows) / size
    overhead = np.asarray(seconds) - np.asarray(rows) * row / cores
    per_partition, startup = np.polyfit(partitions, overhead, 1)
    saved = row - row / more - per_partition / size
    return startup, per_partition, startup / saved if saved > 0 else math.inf


def check(candidate):
    for rows, seconds, *rest, asked in CASES:
        for more in asked:
            _one_case(candidate, np.array(rows), np.array(seconds), *rest, more)


def _one_case(candidate, rows, seconds, row, size, cores, more):
    found = call(candidate, rows, seconds, row, size, cores, more)
    startup, per_partition, pays = engine_pays(rows, seconds, row, size, cores, more)
    try:
        *fitted, crossing = found
    except TypeError:
        fail("not_three", got=found)
    fitted = array(fitted, (2,), "not_three")
    about = {"size": size, "cores": cores, "more": more, "per_partition": per_partition}
    about["startup"] = fitted[0]
    if np.allclose(fitted, [per_partition, startup], 1e-9):
        fail("swapped")
    whole = np.polyfit(rows / size, seconds, 1)[::-1]
    alone = np.polyfit(rows / size, seconds - rows * row, 1)[::-1]
    for code, wrong in (("work", whole), ("all_cores", alone)):
        if np.allclose(fitted, wrong, 1e-9):
            fail(code, got=fitted[1], **about)
    own = seconds - rows * row / cores
    lines = [np.polyfit(np.delete(rows, i) / size, np.delete(own, i), 1)[1] for i in range(3)]
    expect(fitted[0], startup, "startup", [("two_points", line) for line in lines], **about)
    ideas = [("per_row", per_partition / size)]
    expect(fitted[1], per_partition, "per_partition", ideas, **about)
    if pays == math.inf:
        if crossing != math.inf:
            fail("never", got=crossing, **about)
        return
    if isinstance(crossing, float) and crossing == math.inf:
        fail("gave_up", wanted=pays)
    measured = engine_pays(rows, seconds, row, size, cores, cores)[2]
    ideas = [
        ("no_overhead", startup / (row - row / more)),
        ("measured_cores", measured),
        ("endless_cores", startup / (row - per_partition / size)),
        ("endless_cores", startup / row),
    ]
    array([crossing], (1,), "not_three")
    expect(crossing, pays, "crossing", ideas, **about)
