"""What can happen to a nightly job: it is killed half-way, or it dies and nobody notices.

It starts a script and counts what it leaves; and it asks a store that is refreshed no more, week by
week.
"""

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from statistics import median

import altair as alt
import numpy as np
import pandas as pd

from lessons_lib.answer import VirtualClock
from lessons_lib.process import Child
from lessons_lib.static.errors import TableError

FIRST_DAY, WEEKS = 274, 13
"""1 October as a day of the year, and the whole weeks from then to the end of the year."""
ROUNDS = 3
"""How often each week's look-ups are timed."""


def kill_half_way(script: str, candidate, rows: int, *, patience: float = 120.0) -> int:
    """Run a scoring job in a process of its own and kill it once half its rows are saved.

    `script` is the job, as Python source, which can read files of the current folder, and not
    import them; `candidate` is the SQLite file that it writes, of so many `rows` in the end. What
    an earlier run left there is deleted first: it would count as half-way.

    Gives how many rows were saved when the process died. A script that ends by itself, or is not
    half-way within `patience` seconds, is a RuntimeError that ends with its last words.
    """
    candidate = Path(candidate)
    for left in (candidate.with_name(candidate.name + "-journal"), candidate):
        left.unlink(missing_ok=True)
    deadline = time.monotonic() + patience
    with Child("The job", script, error=RuntimeError) as job:
        while rows_saved(candidate) < rows / 2:
            if not job.running:
                raise job.failure("ended before half-way")
            if time.monotonic() > deadline:
                raise job.failure("was not half-way in time: is the machine very busy?")
            time.sleep(0.01)
        job.kill()
        saved = rows_saved(candidate)
        if saved >= rows:
            raise job.failure("was done before it could be killed: slow it down")
    return saved


JOB = """
import pandas as pd
from lessons_lib import models
from lessons_lib.static.job import ScoringJob

slow = models.Slowed(models.fit_or_load("timetable"), 0.001)
keys = pd.read_csv({keys!r})
job = ScoringJob(slow, keys, {candidate!r}, chunk_size=100, as_of={as_of}, model_name="timetable")
job.run()
"""


def kill_the_night(keys: pd.DataFrame, candidate, as_of: float) -> int:
    """`kill_half_way` for the job of the timetable's model, slowed down to a millisecond a row.

    The job scores `keys` into the file `candidate`, which tells `as_of`.
    """
    listed = str(Path(candidate).with_suffix(".csv"))
    keys.to_csv(listed, index=False)
    script = JOB.format(keys=listed, candidate=str(candidate), as_of=as_of)
    return kill_half_way(script, candidate, len(keys))


def rows_saved(candidate) -> int:
    """How many rows a candidate holds; 0 while there is none."""
    if not Path(candidate).is_file():
        return 0
    with closing(sqlite3.connect(candidate, timeout=10.0)) as connection:
        try:
            return connection.execute("SELECT count(*) FROM predictions").fetchone()[0]
        except sqlite3.OperationalError:  # the job has not made its table yet
            return 0


def weeks_without_a_job(store, flights: pd.DataFrame, clock: VirtualClock) -> pd.DataFrame:
    """What can be read from a table that nobody refreshes any more, from 1 October on.

    Every flight of a week on the board asks for its key; then `clock`, the store's own, moves on by
    that week. In the end it is put back, so that a second look shows the same.

    Returns
    -------
    DataFrame
        One row a week: ``week`` (from 0), ``requests``, ``errors`` (look-ups that raised),
        ``µs a look-up`` (of one that is answered: the median of `ROUNDS` looks at the week, taken in
        turns with the other weeks), ``rows`` of the table that serves, its ``age (days)`` when the week ends, and
        ``answered (%)``, the share of requests that got a prediction.
    """
    weeks, begun = [], clock.now
    asked, found = [], []
    for week in range(WEEKS):
        first = FIRST_DAY + 7 * week
        asked.append(flights.loc[flights["day"].between(first, first + 6), "key"].tolist())
        found.append(_ask(store, asked[-1])[0])
    # Timed are those that are answered: a miss may be quicker, and there are ever more of them.
    seconds = [[_ask(store, keys)[2] for keys in found] for _ in range(ROUNDS)]
    for week, keys in enumerate(asked):
        answered, errors, _ = _ask(store, keys)
        clock.sleep(7 * 86_400)
        spent = median(times[week] for times in seconds)
        weeks.append(
            {
                "week": week,
                "requests": len(keys),
                "errors": errors,
                "µs a look-up": 1e6 * spent / max(len(answered), 1),
                "rows": len(store.table().rows),
                "age (days)": store.age() / 86_400,
                "answered (%)": 100 * len(answered) / len(keys),
            }
        )
    clock.now = begun
    return pd.DataFrame(weeks)


def _ask(store, keys: list[str]) -> tuple[list[str], int, float]:
    """The keys that got a prediction, how many got an error, and the seconds that all took."""
    begin = time.perf_counter()
    answered, errors = [], 0
    for key in keys:
        try:
            if store.answer(key).value is not None:
                answered.append(key)
        except TableError:
            errors += 1
    return answered, errors, time.perf_counter() - begin


READINGS = {
    "errors": "The number of look-ups that end in an error",
    "rows": "The number of rows in the table",
    "answered (%)": "The share of requests that get a prediction",
    "µs a look-up": "The time that a look-up takes",
}
"""Columns of `weeks_without_a_job`, as the lesson's prediction calls them: counts before times."""


def went_on_changing(weeks: pd.DataFrame) -> str:
    """The one of `READINGS` that rose or fell most steadily from week to week.

    Where a count and a time are about as steady it is the count: a miss may be quicker than a hit,
    so the time can follow.
    """
    with np.errstate(invalid="ignore"):  # what never changes has no correlation
        steady = weeks[[*READINGS]].rank().corrwith(weeks["week"]).abs()
    return READINGS[steady.fillna(0.0).round(1).idxmax()]


def coverage_chart(weeks: pd.DataFrame) -> alt.Chart:
    """The share of requests that are answered, as the table grows old."""
    return (
        alt.Chart(weeks, title="A table that nobody refreshes")
        .mark_line(point=True)
        .encode(
            alt.X("age (days):Q", title="age of the table (days)"),
            alt.Y(
                "answered (%):Q", title="requests answered (%)", scale=alt.Scale(domain=[80, 100])
            ),
        )
    )
