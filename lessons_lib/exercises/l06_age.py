"""Exercise: the age of every answer, from the versions that were published (lesson 06)."""

import numpy as np
import pandas as pd

from lessons_lib.exercises.probes import array, call, expect

NAME = "answer_ages"
TITLE = "Tell the age of every answer"
MINUTES = 7
ORDER = 1
HINTS = [
    "Two steps. Which version serves at a moment? The last one that was published by then. And how "
    "old is what it knows? The moment less that version's `as_of`.",
    '`np.searchsorted(versions["published_at"], moments, side="right") - 1` gives for each moment the '
    "row of the version that serves, and -1 before the first.",
    'With these rows, `versions["as_of"].to_numpy()[rows]` is the `as_of` of each answer. Put NaN '
    "where the row is -1: `np.where(rows < 0, np.nan, ...)`.",
]
FAILURES = {
    "no_ages": "`answer_ages` should return one number for each of the {wanted} moments, and NaN where "
    "nothing is published yet; it returned {got}.",
    "published": "You count from `published_at`. The information is older than that: it was taken at "
    "`as_of`, when the job started. Count from there.",
    "early": "You let a version answer as soon as its job had started. Until it is published, the "
    "version before it answers.",
    "instant": "A request at the very second of a publish is answered by the version before it in "
    "yours. From `published_at` on, that second included, the new one serves.",
    "newest": "One version answers all requests in yours. At each moment it is the one published "
    "last by *then*.",
    "freshest": "A slow job published after one that had started later, and yours goes on with the "
    "other one. The version published last serves, even if it knows less.",
    "unserved": "Before the first version is published there is no answer, so no age either: NaN. "
    "For the moments {moments!r}, with the first publish at {first:g}, you say {got}.",
    "wrong": "Published at {published!r} with as_of {as_of!r}, asked at {moments!r}: the ages are "
    "{wanted}; you say {got}.",
    "changed": "Your function changed the table of versions, or the moments. Leave them as they are.",
}
LOGS = (
    # as_of, published_at, moments; the last log has a version that was overtaken
    ((0.125, 50.5, 100.25), (12.375, 64.75, 119.5), (13.1, 64.7, 64.75, 90.123456, 200.7)),
    ((3.1, 33.3), (5.7, 44.4), (5.7, 6.654321, 44.3, 50.0)),
    ((10.0,), (17.25,), (20.987654, 21.0)),
    ((7.5, 31.1, 55.25), (9.1, 80.3, 70.7), (9.2, 70.65, 75.123456, 80.3, 99.9)),
)
BEFORE = ((40.125, 90.5), (52.375, 99.75), (1.5, 52.3, 52.375, 60.123456))


def answer_ages(versions, moments):
    rows = np.searchsorted(versions["published_at"], moments, side="right") - 1
    as_of = versions["as_of"].to_numpy()[rows]
    return np.where(rows < 0, np.nan, np.asarray(moments) - as_of)


def check(candidate):
    for as_of, published, moments in LOGS:
        versions, asked = _log(as_of, published), np.array(moments)
        got = array(call(candidate, versions, asked), asked.shape, "no_ages", wanted=len(asked))
        ideas = _ideas(versions, asked)
        told = {"as_of": versions["as_of"].tolist(), "published": versions["published_at"].tolist()}
        wanted = answer_ages(versions, asked)
        shown = {"wanted": wanted.tolist(), "got": got.tolist(), "moments": asked.tolist()}
        expect(got, wanted, "wrong", ideas, **told | shown)
    versions, asked = _log(*BEFORE[:2]), np.array(BEFORE[2])
    got = call(candidate, versions, asked)
    expect(got, answer_ages(versions, asked), "unserved", moments=asked.tolist(), first=52.375)


def _log(as_of, published):
    """Versions as a store lists them, in the order in which they were published."""
    frame = pd.DataFrame({"as_of": as_of, "published_at": published}).sort_values("published_at")
    frame = frame.assign(rows=2_511, model="timetable", current=frame.index == frame.index[-1])
    return frame.assign(name=[f"board-{i + 1}" for i in range(len(frame))]).reset_index(drop=True)


def _ideas(versions, moments):
    """Each wrong idea with the ages that it gives."""
    as_of, published = (versions[name].to_numpy() for name in ("as_of", "published_at"))
    rows = np.searchsorted(published, moments, side="right") - 1
    before = np.maximum(np.searchsorted(published, moments, side="left") - 1, 0)
    started = np.maximum(np.searchsorted(np.sort(as_of), moments, side="right") - 1, 0)
    yield "published", moments - published[rows]
    yield "instant", moments - as_of[before]
    yield "early", moments - np.sort(as_of)[started]
    for one in (as_of[-1], as_of.max(), as_of[0]):
        yield "newest", moments - one
    yield "freshest", moments - np.maximum.accumulate(as_of)[rows]
