"""The Departure Board: every flight that was to leave New York in 2013, and what was known before.

The question of the course is asked of its rows: *will this flight leave 15 minutes late or more?*
It knows no model, no table of predictions and no server. Where the data come from stands in
``data/SOURCES.md``.

Real airlines, a museum year: nothing here says how an airline does today.
"""

import datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from lessons_lib.board.live_inputs import LIVE, ORIGINS, WEATHER, Known, LiveInputs

__all__ = [
    "COLUMNS",
    "LIVE",
    "ORIGINS",
    "TEST_FROM",
    "WEATHER",
    "FlightRequest",
    "Known",
    "LiveInputs",
    "coverage",
    "key_text",
    "load_board",
    "load_live_inputs",
    "requests_of",
    "split",
    "timetable_keys",
]

DATA = Path(__file__).parents[1] / "data"
FIRST_DAY = datetime.date(2013, 1, 1)
LATE = 15  # minutes: the line that the US Bureau of Transportation Statistics draws too
TEST_FROM = datetime.date(2013, 10, 1)
"""The first day of the test months; models are trained on the months before it."""

COLUMNS = {
    "minute": "scheduled departure, minutes since 2013-01-01 00:00 on New York's wall clock",
    "carrier": "airline, two-character code",
    "origin": "airport of departure: EWR, JFK or LGA",
    "dest": "airport of arrival, three-letter code",
    "delay": "minutes late at the gate, negative when early; NaN when cancelled",
    "key": "carrier, origin, dest and two-digit hour, as in 'UA EWR IAH 05'",
    "cancelled": "true when the flight never left",
    "late": "label: 1.0 when it left 15 minutes late or more, else 0.0; NaN when cancelled",
    "time": "scheduled departure as a timestamp, New York's wall clock",
    "month": "month of the scheduled departure, 1 to 12",
    "day": "day of the year of the scheduled departure, 1 to 365",
    "weekday": "day of the week of the scheduled departure, 0 (Monday) to 6",
    "hour": "hour of the scheduled departure, 0 to 23",
    "temp": "air temperature, degrees Fahrenheit, at the hour before; NaN when missing",
    "dewp": "dew point, degrees Fahrenheit, at the hour before; NaN when missing",
    "humid": "relative humidity, per cent, at the hour before; NaN when missing",
    "wind_speed": "wind, miles per hour, at the hour before; NaN when missing or above 200",
    "precip": "rain or snow, inches in an hour, at the hour before; NaN when missing",
    "pressure": "air pressure at sea level, millibars, at the hour before; NaN when missing",
    "visib": "visibility, miles, at the hour before; NaN when missing",
    "airport_delay": (
        "minutes: mean delay, each clipped to -15..180, of the flights that really left the same "
        "airport in the 2 h that end 60 minutes before schedule; NaN when none did"
    ),
}
"""What each column of the board holds, with its unit."""


def key_text(carrier: str, origin: str, dest: str, hour: int) -> str:
    """The key of a flight in the table of predictions.

    >>> key_text("UA", "EWR", "IAH", 5)
    'UA EWR IAH 05'
    """
    return f"{carrier} {origin} {dest} {hour:02d}"


class FlightRequest(NamedTuple):
    """What a client asks about: a flight of the timetable on a day.

    `hour` (0 to 23) and `minute` are those of the scheduled departure on New York's wall clock.

    >>> request = FlightRequest("UA", "EWR", "IAH", 5, datetime.date(2013, 1, 1), 15)
    >>> request.key, request.scheduled
    ('UA EWR IAH 05', 315)
    """

    carrier: str
    origin: str
    dest: str
    hour: int
    date: datetime.date
    minute: int = 0

    @property
    def key(self) -> str:
        """Where a table of predictions keeps the answer: the date is not part of it."""
        return key_text(self.carrier, self.origin, self.dest, self.hour)

    @property
    def scheduled(self) -> int:
        """The scheduled departure in minutes since the start of 2013, as ``minute`` on the board."""
        return (self.date - FIRST_DAY).days * 1440 + self.hour * 60 + self.minute


def load_board() -> pd.DataFrame:
    """All 336,776 flights in the order of their schedule, with what was known before each.

    A frame with the columns of `COLUMNS`. It is read once a process; each call gives a copy of its
    own (pandas copies on write), so what you do to it stays with you.

    >>> load_board()["key"].iloc[0]
    'UA EWR IAH 05'
    """
    return _board().copy(deep=False)


@lru_cache(maxsize=1)
def load_live_inputs() -> LiveInputs:
    """The live inputs behind the board, for requests that come one at a time."""
    return LiveInputs(_flights(), pd.read_csv(DATA / "weather.csv.gz"))


def timetable_keys(board: pd.DataFrame) -> pd.DataFrame:
    """The distinct keys of `board`, sorted: all that a static predictor has to score.

    Columns ``key``, ``carrier``, ``origin``, ``dest`` and ``hour``, one row a key. Cancelled
    flights were in the timetable too: give ``split(board).train`` to leave them out.
    """
    names = ["key", "carrier", "origin", "dest", "hour"]
    return board[names].drop_duplicates("key").sort_values("key", ignore_index=True)


class Split(NamedTuple):
    """Flights before a cut, to learn from, and after it, to be judged on."""

    train: pd.DataFrame
    test: pd.DataFrame


def split(board: pd.DataFrame, *, at: datetime.date = TEST_FROM, cancelled: bool = False) -> Split:
    """Cut the board in time: a model must never see the days it is judged on.

    `at` is the first day of the second part. Cancelled flights carry no label and are left out,
    unless `cancelled` keeps them.
    """
    kept = board if cancelled else board[~board["cancelled"]]
    before = kept["time"] < pd.Timestamp(at)
    return Split(kept[before], kept[~before])


def requests_of(board: pd.DataFrame) -> list[FlightRequest]:
    """The rows of the board as requests, in their order."""
    names = ["carrier", "origin", "dest", "hour", "time"]
    columns = [board[name].tolist() for name in names]
    return [
        FlightRequest(carrier, origin, dest, hour, time.date(), time.minute)
        for carrier, origin, dest, hour, time in zip(*columns, strict=True)
    ]


def coverage(table, requests) -> float:
    """The share of `requests` whose key is in `table`; both are sequences of keys.

    A key that is asked for twice counts twice.

    >>> coverage(["a", "b"], ["a", "a", "b", "c"])
    0.75
    """
    requests = pd.Series(requests)
    return float(requests.isin(pd.unique(pd.Series(table))).mean())


def _flights() -> pd.DataFrame:
    return pd.read_csv(DATA / "flights.csv.gz")


@lru_cache(maxsize=1)
def _board() -> pd.DataFrame:
    flights = _flights()
    minute = flights["minute"].to_numpy()
    time = pd.Timestamp(FIRST_DAY) + pd.to_timedelta(flights["minute"], unit="min")
    hour = minute // 60 % 24
    cancelled = flights["delay"].isna()
    live = load_live_inputs().columns(flights["origin"], minute)
    return flights.assign(
        key=_keys(flights, hour),
        cancelled=cancelled,
        late=(flights["delay"] >= LATE).astype(float).mask(cancelled),
        time=time,
        month=time.dt.month.astype(np.int64),
        day=minute // 1440 + 1,
        weekday=time.dt.day_of_week.astype(np.int64),
        hour=hour,
        **live,
    )[list(COLUMNS)]


def _keys(flights: pd.DataFrame, hour: np.ndarray) -> np.ndarray:
    """The key of every flight; each distinct text is made once and shared."""
    parts = flights[["carrier", "origin", "dest"]].assign(hour=hour)
    texts = [key_text(*part) for part in parts.drop_duplicates().itertuples(index=False)]
    number = parts.groupby(list(parts), sort=False).ngroup()
    return pd.array(texts, dtype="str").take(number)
