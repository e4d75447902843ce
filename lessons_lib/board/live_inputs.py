"""What an airport knew at a moment: the last weather observation and the delays just seen.

Both the frame for training and the row for one request are read from the same two tables here, so
the two paths cannot drift apart. It knows no model.

No leak: the delay of a flight counts from the minute in which it really left, never from its
scheduled minute, and nothing from the last 60 minutes before the scheduled departure is used.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from lessons_lib import validate

ORIGINS = ("EWR", "JFK", "LGA")
WEATHER = ("temp", "dewp", "humid", "wind_speed", "precip", "pressure", "visib")
LIVE = (*WEATHER, "airport_delay")
"""The columns that arrive live, in the order of `Known`."""

NOTICE, WINDOW = 60, 120  # minutes: knowledge ends an hour before departure and spans two hours
EARLIEST, LATEST = -15, 180  # minutes: one flight counts for no less and no more than this
FASTEST_WIND = 200  # mph: one observation of the year says 1,048, which no wind reaches
YEAR = 365 * 24 * 60  # minutes
ZONE = "America/New_York"


class Known(NamedTuple):
    """What was known at one airport at one moment; NaN where nothing was.

    The first seven are the last weather observation, in the units of `board.COLUMNS`;
    `airport_delay` is a mean delay in minutes.
    """

    temp: float
    dewp: float
    humid: float
    wind_speed: float
    precip: float
    pressure: float
    visib: float
    airport_delay: float


class LiveInputs:
    """The live inputs of every airport and minute of the year, a look-up of microseconds.

    `flights` need the columns ``minute`` (scheduled, since the start of the year), ``origin`` and
    ``delay`` (minutes, NaN when cancelled); `weather` needs ``origin``, ``time_hour`` (UTC) and
    those of `WEATHER`.

    For a departure scheduled at minute m, ``airport_delay`` is the mean delay (clipped to
    -15..180 minutes) of the flights that really left the same airport at or after m - 180 and
    before m - 60; NaN when none did. The weather is the observation of the hour before the one
    in which m falls. Knowledge that is `age` seconds old is what the same look-ups gave for a
    departure that much earlier.
    """

    def __init__(self, flights: pd.DataFrame, weather: pd.DataFrame):
        self._delay = np.stack([_mean_delays(flights, origin) for origin in ORIGINS])
        self._utc_hour = _utc_hours()
        self._weather = _observations(weather, int(self._utc_hour[-1]) + 1)

    def known(self, request, *, age: float = 0.0) -> Known:
        """What was known an hour before the departure of `request`, or `age` seconds earlier.

        Raises ValueError for an unknown airport or a negative age. A date outside 2013 is no error:
        nothing was known, and every value is NaN.
        """
        if request.origin not in ORIGINS:
            raise ValueError(f"No airport {request.origin!r} on the board: use one of {ORIGINS}.")
        row = ORIGINS.index(request.origin)
        minute = request.scheduled - _age_in_minutes(age)
        if not 0 <= minute < YEAR:
            return Known(*[np.nan] * len(LIVE))
        observed = self._weather[row, self._utc_hour[minute // 60] - 1].tolist()
        return Known(*observed, float(self._delay[row, minute]))

    def columns(self, origin, minute, *, age: float = 0.0) -> dict[str, np.ndarray]:
        """The same for n departures at once: an array of shape (n,) for each name of `LIVE`.

        `minute` are the scheduled departures since the start of the year, `origin` their airports.
        """
        row = pd.Index(ORIGINS).get_indexer(pd.Index(origin))
        if (row < 0).any():
            strange = np.asarray(origin)[row < 0][0]
            raise ValueError(f"No airport {strange!r} on the board: use one of {ORIGINS}.")
        minute = np.asarray(minute) - _age_in_minutes(age)
        outside = (minute < 0) | (minute >= YEAR)
        minute = np.where(outside, 0, minute)
        observed = self._weather[row, self._utc_hour[minute // 60] - 1]
        delay = self._delay[row, minute]
        values = np.column_stack([observed, delay])
        values[outside] = np.nan
        return {name: np.ascontiguousarray(values[:, i]) for i, name in enumerate(LIVE)}

    def aged(self, board: pd.DataFrame, age: float, *, only=LIVE) -> pd.DataFrame:
        """The board with its live columns as they were known `age` seconds earlier.

        Those that `only` does not name, `WEATHER` for instance, stay fresh.
        """
        old = self.columns(board["origin"], board["minute"].to_numpy(), age=age)
        return board.assign(**{name: old[name] for name in only})


def _age_in_minutes(age: float) -> int:
    return int(validate.finite("age", age) // 60)


def _mean_delays(flights: pd.DataFrame, origin: str) -> np.ndarray:
    """The live airport delay for a departure scheduled in each minute of the year."""
    left = flights.loc[(flights["origin"] == origin) & flights["delay"].notna()]
    moment = (left["minute"] + left["delay"]).to_numpy().astype(np.int64)
    delay = left["delay"].clip(EARLIEST, LATEST).to_numpy()
    moment, delay = moment[moment >= 0], delay[moment >= 0]
    # Entry m of a running sum holds what left before minute m; all terms are whole numbers, so
    # the difference of two sums is exact.
    size = YEAR + int(max(moment.max(initial=0) - YEAR, 0)) + 1
    counts = np.concatenate([[0.0], np.cumsum(np.bincount(moment, minlength=size))])
    totals = np.concatenate([[0.0], np.cumsum(np.bincount(moment, delay, minlength=size))])
    end = np.maximum(np.arange(YEAR) - NOTICE, 0)
    start = np.maximum(end - WINDOW, 0)
    count = counts[end] - counts[start]
    total = totals[end] - totals[start]
    return np.divide(total, count, out=np.full(YEAR, np.nan), where=count > 0)


def _utc_hours() -> np.ndarray:
    """For each hour of New York's wall clock in the year, the UTC hour since the year's start."""
    wall = pd.date_range("2013-01-01", periods=YEAR // 60, freq="h")
    # In the hour that exists twice or not at all no flight is scheduled: any choice will do.
    local = wall.tz_localize(ZONE, ambiguous=np.zeros(len(wall), bool), nonexistent="shift_forward")
    since = local.tz_convert("UTC") - pd.Timestamp("2013-01-01", tz="UTC")
    return np.asarray(since // pd.Timedelta("1h"), dtype=np.int64)


def _observations(weather: pd.DataFrame, hours: int) -> np.ndarray:
    """Weather by airport and UTC hour, shape (airports, hours, columns); NaN where none came."""
    values = weather[list(WEATHER)].to_numpy(float, copy=True)
    wind = values[:, WEATHER.index("wind_speed")]
    wind[wind > FASTEST_WIND] = np.nan
    since = pd.to_datetime(weather["time_hour"], utc=True) - pd.Timestamp("2013-01-01", tz="UTC")
    hour = (since // pd.Timedelta("1h")).to_numpy()
    row = pd.Index(ORIGINS).get_indexer(weather["origin"])
    kept = (hour >= 0) & (hour < hours) & (row >= 0)
    table = np.full((len(ORIGINS), hours, len(WEATHER)), np.nan)
    table[row[kept], hour[kept]] = values[kept]
    return table
