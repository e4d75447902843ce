"""Monitoring: how far today is from healthy days, when an alarm rings, and what was served by then.

It knows arrays, and the text that a service shows to Prometheus; no server, no file and no model.
Three kinds of alarm: of drift (`psi`, `ks`), of the mean over a window, of all requests or by slice
(`window_means`, `until_alarm`), both with a `threshold` from healthy days; and of age and coverage,
as rules in Prometheus' own language (`rings`).
"""

import math
import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd

from lessons_lib import validate
from lessons_lib.latency import percentiles


def psi(before: np.ndarray, now: np.ndarray, *, bins: int = 10) -> float:
    """Population stability index: 0 for equal shares in every bin, more the further apart.

    The bins hold equal shares of `before`; missing values (NaN) have one of their own. Half a value
    is added to each, so that an empty bin is no infinity. A rule of thumb calls 0.25 a major change.

    Source: N. Siddiqi, Credit Risk Scorecards, Wiley 2006.

    >>> psi([1, 2, 3, 4], [1, 2, 3, 4]), round(psi([1, 2, 3, 4], [4, 4, 4, 4], bins=2), 2)
    (0.0, 0.8)
    """
    both = [np.asarray(values, float) for values in (before, now)]
    known = both[0][~np.isnan(both[0])]
    if not len(known) or not len(both[1]):
        raise ValueError(f"There are {len(known)} values before and {len(both[1])} now: give some.")
    edges = np.unique(np.quantile(known, np.arange(1, validate.count("bins", bins, 2)) / bins))
    shares = []
    for values in both:
        place = np.where(np.isnan(values), len(edges) + 1, np.searchsorted(edges, values))
        counts = np.bincount(place, minlength=len(edges) + 2) + 0.5
        shares.append(counts / counts.sum())
    return float(((shares[1] - shares[0]) * np.log(shares[1] / shares[0])).sum())


def ks(before: np.ndarray, now: np.ndarray) -> float:
    """Kolmogorov-Smirnov distance of two samples: the widest gap of their distributions, 0 to 1.

    Missing values (NaN) are left out; where nothing is left to compare, the distance is NaN.

    >>> ks([1, 2, 3, 4], [3, 4, 5, 6])
    0.5
    """
    from scipy.stats import ks_2samp  # half a second to import

    both = [np.asarray(values, float) for values in (before, now)]
    both = [values[~np.isnan(values)] for values in both]
    return float(ks_2samp(*both).statistic) if all(map(len, both)) else math.nan


def threshold(figures: Sequence[float], false_alarms: float) -> float:
    """The lowest of the healthy `figures` that a share of at most `false_alarms` (0..1) exceeds.

    >>> threshold([0.1, 0.4, 0.2, 0.3], 0.25), threshold([0.1, 0.4, 0.2, 0.3], 0)
    (0.3, 0.4)
    """
    figures = validate.numbers("figures", figures)
    share = validate.number("false_alarms", false_alarms, most=0.999999)
    return float(percentiles(figures, at=[100 * (1 - share)]).value[0])


class Windows(NamedTuple):
    """Means over windows that follow each other; see `window_means`."""

    end: np.ndarray
    """When each window ends, seconds, shape (windows,)."""
    mean: np.ndarray
    """The mean in it of each slice, shape (windows, slices); NaN where nothing came."""


def window_means(
    times: np.ndarray, values: np.ndarray, window: float, slices: np.ndarray | None = None
) -> Windows:
    """The mean of `values` in each window of `window` seconds, the first from second 0 on.

    `times` are seconds, sorted; `slices` number the slice of each request from 0 on, and without it
    all are one.

    >>> window_means([0, 1, 12], [1.0, 2.0, 4.0], 5).mean.ravel()
    array([1.5, nan, 4. ])
    """
    times = validate.times("times", times)
    window = validate.finite("window", window, above=True)
    slices = np.zeros(len(times), int) if slices is None else slices
    slices = validate.keys("slices", slices, len(times))
    number = (times // window).astype(int)
    shape = number[-1] + 1, slices.max() + 1
    cell = number * shape[1] + slices
    count = np.bincount(cell, minlength=shape[0] * shape[1])
    mean = np.full(len(count), np.nan)
    np.divide(np.bincount(cell, values, minlength=len(count)), count, out=mean, where=count > 0)
    return Windows(window * np.arange(1, shape[0] + 1), mean.reshape(shape))


def until_alarm(
    times: np.ndarray, bad: np.ndarray, end: np.ndarray, rings: np.ndarray
) -> tuple[float, int]:
    """When the first window that rings ends (inf if none does), and the bad answers served by then.

    `times` and `bad` are those of the requests, `end` and `rings` those of the windows.

    >>> until_alarm([1, 4, 6], [True, False, True], [5.0, 10.0], [True, True])
    (5.0, 1)
    """
    rings = np.asarray(rings, bool)
    when = float(np.asarray(end)[rings][0]) if rings.any() else math.inf
    return when, int((np.asarray(bad, bool) & (np.asarray(times) < when)).sum())


class Scrape(NamedTuple):
    """What a service showed at one moment (seconds): for each name, the value by labels."""

    time: float
    series: Mapping[str, Mapping[frozenset, float]]


def read_scrape(time: float, text: str | None) -> Scrape:
    """The text of ``/metrics``, or None where there was no answer; like Prometheus it adds ``up``.

    >>> read_scrape(5.0, "answers_total 3.0").series["answers_total"]
    {frozenset(): 3.0}
    """
    from prometheus_client.parser import text_string_to_metric_families

    series: dict[str, dict] = {"up": {frozenset(): float(text is not None)}}
    for family in text_string_to_metric_families(text or ""):
        for sample in family.samples:
            labels = frozenset(sample.labels.items())
            series.setdefault(sample.name, {})[labels] = sample.value
    return Scrape(time, series)


def rings(rule: str, scrapes: Sequence[Scrape]) -> bool:
    """Whether the condition of an alert rule holds at the last of some `scrapes`.

    It reads this part of Prometheus' language: numbers; series, also with labels (``=``, ``!=``);
    ``rate`` and ``increase`` over ``[30s]`` or ``[5m]``; ``sum``, ``min``, ``max``, ``time()``;
    arithmetic and one comparison. As there, series meet those with the same labels, an alert rings
    when the comparison holds for any of them, and what is not there rings nothing. Anything else
    is a ValueError.

    >>> rings("time() - made_at_seconds > 60", [read_scrape(100.0, "made_at_seconds 30")])
    True
    """
    pieces = [_python(found) for found in _TOKEN.finditer(rule)]
    names = {
        "series": partial(_series, scrapes),
        "time": lambda: scrapes[-1].time,
        "increase": _growth,
        "rate": lambda over: _growth(over) / (over.index[-1] - over.index[0]),
        **{how: partial(_merged, how) for how in ("sum", "min", "max")},
    }
    try:  # only pieces of our own are run
        held = eval(" ".join(pieces), {"__builtins__": {}}, names)
        if held.dtype == bool and isinstance(held, pd.Series):
            return bool(held.any())
    except (SyntaxError, TypeError, AttributeError, ValueError):
        pass
    raise ValueError(
        f"{rule!r} cannot be read here: use series, rate(), sum(), time(), numbers, + - * / and one "
        "comparison."
    )


_TOKEN = re.compile(
    r"""(?P<number>\d+(?:\.\d*)?(?:e[-+]?\d+)?)(?![\w.])
    | (?P<function>(?:sum|min|max|rate|increase|time)(?=\s*\())
    | (?P<name>[a-zA-Z_:][\w:]*)\s*(?:\{(?P<labels>[^}]*)\})?(?:\[(?P<span>\d+)(?P<unit>[smhd])\])?
    | (?P<operator>[<>=!]=|[-+*/<>()])
    | (?P<other>\S)""",
    re.VERBOSE,
)
_LABEL = re.compile(r'\s*(\w+)\s*(!?=)\s*"([^"]*)"\s*(?:,|$)')
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


def _python(found: re.Match) -> str:
    """A token of a rule as Python; what is none becomes what Python refuses."""
    given = found["labels"] or ""
    if found["other"] or _LABEL.sub("", given).strip():
        return "?"
    if found["name"] is None:
        return found[0]
    span = int(found["span"]) * _SECONDS[found["unit"]] if found["span"] else None
    return f"series({found['name']!r}, {_LABEL.findall(given)!r}, {span!r})"


def _series(scrapes: Sequence[Scrape], name: str, labels: list[tuple], span: float | None):
    """What is chosen of a series: its values now, or a frame of those of the last `span` seconds."""

    def chosen(scrape: Scrape) -> pd.Series:
        kept = {
            known: value
            for known, value in scrape.series.get(name, {}).items()
            if all(
                (dict(known).get(key, "") == text) == (sign == "=") for key, sign, text in labels
            )
        }
        return pd.Series(list(kept.values()), pd.Index(list(kept), dtype=object), dtype=float)

    now = scrapes[-1].time
    if span is None:
        return chosen(scrapes[-1])
    return pd.DataFrame({one.time: chosen(one) for one in scrapes if one.time >= now - span}).T


def _growth(over: pd.DataFrame) -> pd.Series:
    """How much counters grew from scrape to scrape; one that fell was started anew."""
    steps = over.diff()
    return steps.where(steps >= 0, over).iloc[1:].sum(min_count=1)[over.columns].dropna()


def _merged(how: str, values: pd.Series) -> pd.Series:
    """One value of all series, without labels; nothing of nothing."""
    if not isinstance(values, pd.Series):
        raise TypeError
    found = [getattr(values, how)()] if len(values) else []
    return pd.Series(found, [frozenset()][: len(found)], dtype=float)
