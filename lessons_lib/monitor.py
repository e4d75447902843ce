"""Monitoring: how far today is from healthy days, when an alarm rings, and what was served until then.

It knows arrays, and the text that a service shows to Prometheus; no server, no file and no model.

Three kinds of alarm stand here: of drift (`psi`, `ks`, with a `threshold` from healthy days), of the
mean over a window, of all requests or by slice (`window_means`, `first_alarm`, `harm`), and of age
and coverage, as rules in Prometheus' own language (`rings`).
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

# How far today is from the reference.


def psi(reference: np.ndarray, current: np.ndarray, *, bins: int = 10) -> float:
    """Population stability index: 0 for equal shares in every bin, more the further apart.

    The bins hold equal shares of the reference, shape (n,); missing values (NaN) have a bin of
    their own. Half a value is added to each bin, so that an empty one is no infinity. A rule of
    thumb calls 0.25 a major change, whatever was measured.

    Source: N. Siddiqi, Credit Risk Scorecards, Wiley 2006.

    >>> psi([1, 2, 3, 4], [1, 2, 3, 4]), round(psi([1, 2, 3, 4], [4, 4, 4, 4], bins=2), 2)
    (0.0, 1.76)
    """
    reference, current = (np.asarray(values, float) for values in (reference, current))
    known = reference[~np.isnan(reference)]
    if not len(known) or not len(current):
        raise ValueError(
            f"There are {len(known)} reference and {len(current)} current values: give some of each."
        )
    inner = np.arange(1, validate.count("bins", bins, 2)) / bins
    edges = np.unique(np.quantile(known, inner))
    shares = []
    for values in (reference, current):
        place = np.where(np.isnan(values), len(edges) + 1, np.searchsorted(edges, values))
        counts = np.bincount(place, minlength=len(edges) + 2) + 0.5
        shares.append(counts / counts.sum())
    old, new = shares
    return float(((new - old) * np.log(new / old)).sum())


def ks(reference: np.ndarray, current: np.ndarray) -> float:
    """Kolmogorov-Smirnov distance of two samples: the widest gap of their distributions, 0 to 1.

    Missing values (NaN) are left out; where nothing is left to compare, the distance is NaN.

    >>> ks([1, 2, 3, 4], [3, 4, 5, 6])
    0.5
    """
    from scipy.stats import ks_2samp  # half a second to import

    both = [np.asarray(values, float) for values in (reference, current)]
    both = [values[~np.isnan(values)] for values in both]
    return float(ks_2samp(*both).statistic) if all(map(len, both)) else math.nan


def threshold(figures: Sequence[float], false_alarms: float) -> float:
    """The lowest of the healthy `figures` that a share of at most `false_alarms` of them exceeds.

    An alarm that rings above it would have rung on so many of the healthy days, 0..1.

    >>> threshold([0.1, 0.4, 0.2, 0.3], 0.25), threshold([0.1, 0.4, 0.2, 0.3], 0)
    (0.3, 0.4)
    """
    figures = validate.numbers("figures", figures)
    share = validate.number("false_alarms", false_alarms, most=0.999999)
    return float(percentiles(figures, at=[100 * (1 - share)]).value[0])


# The mean over a window, of all requests or by slice.


class Windows(NamedTuple):
    """Means over windows that follow each other; see `window_means`."""

    end: np.ndarray
    """When each window ends, seconds, shape (windows,)."""
    mean: np.ndarray
    """The mean in it of each slice, shape (windows, slices); NaN with fewer requests than needed."""


def window_means(
    times: np.ndarray,
    values: np.ndarray,
    window: float,
    slices: np.ndarray | None = None,
    *,
    fewest: int = 1,
) -> Windows:
    """The mean of `values` in each window of `window` seconds, the first from second 0 on.

    `times` are seconds, sorted; `slices` number the slice of each request from 0 on, and without it
    all are one. A mean of fewer than `fewest` requests is NaN: it says nothing.

    >>> window_means([0, 1, 5, 12], [1.0, 2.0, 3.0, 4.0], 5)
    Windows(end=array([ 5., 10., 15.]), mean=array([[1.5],
           [3. ],
           [4. ]]))
    """
    times = validate.times("times", times)
    window = validate.finite("window", window, above=True)
    slices = np.zeros(len(times), int) if slices is None else validate.keys("slices", slices)
    validate.same_length("slices", slices, len(times))
    number = (times // window).astype(int)
    shape = number[-1] + 1, slices.max() + 1
    cell = number * shape[1] + slices
    count = np.bincount(cell, minlength=shape[0] * shape[1])
    total = np.bincount(cell, values, minlength=len(count))
    mean = np.full(len(count), np.nan)
    np.divide(total, count, out=mean, where=count >= max(fewest, 1))
    return Windows(window * np.arange(1, shape[0] + 1), mean.reshape(shape))


def first_alarm(
    windows: Windows, low: np.ndarray, high: np.ndarray, *, since: float = 0.0
) -> float:
    """When the first window after `since` ends whose mean lies outside `low` to `high`; else inf.

    The limits are numbers, or one for each slice.
    """
    outside = ((windows.mean < low) | (windows.mean > high)).any(axis=1)
    found = windows.end[outside & (windows.end > since)]
    return float(found[0]) if len(found) else math.inf


def harm(times: np.ndarray, bad: np.ndarray, alarm: float) -> int:
    """How many bad answers were served before the `alarm` (seconds) rang.

    >>> harm([1, 2, 3], [True, False, True], 3), harm([1, 2, 3], [True, False, True], math.inf)
    (1, 2)
    """
    return int((np.asarray(bad, bool) & (np.asarray(times) < alarm)).sum())


# Age and coverage: rules in Prometheus' language, on what was scraped.


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
    unread = ValueError(
        f"{rule!r} cannot be read here: use series, rate(), sum(), time(), numbers, + - * / and one "
        "comparison."
    )
    pieces, at = [], 0
    while at < len(rule.rstrip()):
        found = _TOKEN.match(rule, at)
        if found is None:
            raise unread
        at = found.end()
        pieces.append(_python(found))
    names = {
        "series": lambda *which: _series(scrapes, *which),
        "time": lambda: scrapes[-1].time,
        "increase": _growth,
        "rate": lambda over: _growth(over) / (over.index[-1] - over.index[0]),
        **{how: partial(_merged, how) for how in ("sum", "min", "max")},
    }
    try:
        # Pieces of our own alone, so nothing else can be run.
        held = eval(" ".join(pieces).strip(), {"__builtins__": {}}, names)
    except (SyntaxError, TypeError, AttributeError, KeyError, ValueError):
        raise unread from None
    if not isinstance(held, pd.Series) or held.dtype != bool:
        raise unread
    return bool(held.any())


_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>\d+(?:\.\d*)?(?:e[-+]?\d+)?)(?![\w.])
    | (?P<function>(?:sum|min|max|rate|increase|time)(?=\s*\())
    | (?P<name>[a-zA-Z_:][\w:]*)\s*(?:\{(?P<labels>[^}]*)\})?(?:\[(?P<span>\d+)(?P<unit>[smhd])\])?
    | (?P<operator>[<>=!]=|[-+*/<>()])
    )""",
    re.VERBOSE,
)
_LABEL = re.compile(r'\s*(\w+)\s*(!?=)\s*"([^"]*)"\s*(?:,|$)')
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


def _python(found: re.Match) -> str:
    """A token of a rule as Python."""
    if found["name"] is None:
        return found["number"] or found["function"] or found["operator"]
    given = found["labels"] or ""
    labels = _LABEL.findall(given) if not _LABEL.sub("", given).strip() else None
    span = int(found["span"]) * _SECONDS[found["unit"]] if found["span"] else None
    return f"series({found['name']!r}, {labels!r}, {span!r})"


def _series(scrapes: Sequence[Scrape], name: str, labels: list[tuple], span: float | None):
    """What is chosen of a series: its values now, or a frame of the last `span` seconds."""

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
    steps = over.diff()  # a series at one moment has no columns, and is refused below
    grown = steps.where(steps >= 0, over).iloc[1:]
    return grown.sum(min_count=1)[over.columns].dropna()


def _merged(how: str, values: pd.Series) -> pd.Series:
    """One value of all series, without labels; nothing of nothing."""
    if not isinstance(values, pd.Series):
        raise TypeError
    return pd.Series(
        [getattr(values, how)()] if len(values) else [], [frozenset()][: len(values)], float
    )
