"""The verification before publishing: what only static inference can do.

Every prediction stands in the candidate before anyone is served one, so all of them can be looked
at. Two kinds of bug need two kinds of check: an absurd row (missing, infinite, not a probability)
shows by itself, a quiet one only against an earlier version, and often only in one slice. Both
are pandera schemas: `row_schema` and `KEY_SCHEMA` look at rows, `measure_schema` at the figures of
the whole table and of its slices. The `Report` holds their failure cases, for people to read and
for `publish` to obey.

The gate knows tables, not models: that a value is within 0..1 it can tell, that it is right it
cannot.
"""

import math
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from lessons_lib.answer import Clock
from lessons_lib.static import table
from lessons_lib.static.errors import GateRefusedError, NotPublishedError, TableError

MOVED, JUMPED = 0.1, 0.3
"""A row has moved, or jumped, if it went so much further than its slice, in probability. Where all
predictions are close together, `SPREAD_MOVED` of their spread is a move already."""
SPREAD_MOVED = 0.6
CERTAIN = 0.01
"""A prediction this near to 0 or 1 claims to be certain."""
FEW = 10
"""The spread of a slice of fewer rows is not compared, and that of `slice_rows` or more strictly."""
SKEW = 300.0
"""Seconds by which the clocks of two machines may differ."""
ROW_CHECKS = ["keys unique", "no missing value", "no infinite value", "probability"]
KEY_CHECKS = ["keys complete", "no unknown key"]
SHOWN = 5
"""How many failing rows of each check a printed report names; the frame has them all."""


@dataclass(frozen=True)
class Limits:
    """How far a candidate may stand from the version before it.

    The defaults let through the good weekly tables of 2013, but for the four weeks in which the
    overall mean moved most. Those that compare rows need at least `slice_rows` of them.

    Parameters
    ----------
    mean_change, slice_change : float
        Largest change of the mean over all predictions, and over a slice, in probability.
    slice_rows : int
        Slices with fewer rows than this, before, have no mean that could be compared.
    shrink, rows_moved, rows_jumped, certain : float
        Share of the rows, 0..1, that may be gone; may have moved by more than 0.1 against their
        slice; may, one at least, have jumped by more than 0.3; may be within 0.01 of 0 or 1.
    spread : float
        The factor by which the range of the middle nine tenths may have grown or shrunk, also
        within a slice.
    rank : float
        Least correlation of the rows' ranks within their slice, then and now.
    drift, slice_drift : float
        As `mean_change` and `slice_change`, against the long-run reference.
    mean_range : tuple of float
        Where the mean must lie, also at a first publish.
    """

    mean_change: float = 0.038
    slice_change: float = 0.10
    slice_rows: int = 30
    shrink: float = 0.0
    rows_moved: float = 0.0125
    rows_jumped: float = 0.0005
    spread: float = 2.2
    rank: float = 0.6
    drift: float = 0.20
    slice_drift: float = 0.30
    mean_range: tuple[float, float] = (0.02, 0.65)
    certain: float = 0.005


@dataclass(frozen=True)
class Report:
    """The outcome of a verification.

    Parameters
    ----------
    checks : DataFrame
        One row per check: ``check``, ``failures`` (how many), ``status`` (passed, failed, not run).
    failures : DataFrame
        One row per failing thing: ``check``; ``key``, the key or the slice; ``value``, what was
        found; ``expected``, what would have passed.
    candidate, rows, checksum
        The file that was verified, how many predictions it held, and the SHA-256 of what it says
        (`Table.checksum`): nothing else is published in its name.
    """

    candidate: Path
    checks: pd.DataFrame
    failures: pd.DataFrame
    rows: int
    checksum: str

    @property
    def passed(self) -> bool:
        """True if no check failed."""
        return self.failures.empty

    def require(self, candidate) -> table.Table:
        """Read the file `candidate` to publish it; GateRefusedError unless this report allows that.

        It is the content that counts, also in a write-ahead log, not the bytes of the file.
        """
        if not self.passed:
            raise GateRefusedError(f"The gate refuses {candidate}.\n{self}", report=self)
        whole = table.read_table(candidate)
        if whole.checksum != self.checksum:
            raise GateRefusedError(
                f"{candidate} is not the file that was verified ({self.candidate}), or has changed "
                f"since: verify it again.",
                report=self,
            )
        return whole

    def headline(self) -> str:
        """The verdict in one sentence."""
        ran = self.checks[self.checks["status"] != "not run"]
        failed = ran.loc[ran["status"] == "failed", "check"].tolist()
        if not failed:
            return f"Passed: {len(ran)} checks on {self.rows:,} predictions."
        return (
            f"Refused: {len(failed)} of {len(ran)} checks failed on {self.rows:,} predictions, with "
            f"{len(self.failures):,} failures ({', '.join(failed)})."
        )

    def __str__(self) -> str:
        lines = [self.headline()]
        for check, shown, more in self._shown():
            lines.append(f"{check}:")
            lines += [f"  {key}: {value}, expected {wanted}" for key, value, wanted in shown]
            lines += [f"  {more}"] if more else []
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = ["<th>check</th><th>key</th><th>found</th><th>expected</th>"]
        for check, shown, more in self._shown():
            rows += ["".join(f"<td>{escape(t)}</td>" for t in (check, *texts)) for texts in shown]
            rows += [f'<td colspan="4">{more}</td>'] if more else []
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        failing = "" if self.passed else f"<table>{body}</table>"
        checks = self.checks.to_html(index=False, border=0)
        return (
            f"<p><strong>{escape(self.headline())}</strong></p>{failing}"
            f"<details><summary>All checks</summary>{checks}</details>"
        )

    def _shown(self) -> Iterator[tuple[str, list[tuple[str, str, str]], str]]:
        """For each failed check its name, its first rows as texts, and how many more there are."""
        for check, found in self.failures.groupby("check", sort=False):
            rows = [_texts(row) for row in found.head(SHOWN).itertuples()]
            yield check, rows, f"and {len(found) - SHOWN:,} more" if len(found) > SHOWN else ""


class Measure(NamedTuple):
    """A figure of a table or of a slice, and the bounds within which it must lie."""

    check: str
    key: str
    value: float
    least: float
    most: float
    expected: str


def verify(
    candidate,
    *,
    expected_keys: pd.DataFrame | Iterable[str] | None = None,
    previous=None,
    slices: Sequence[str] = (),
    limits: Limits = Limits(),
    reference=None,
    clock: Clock | None = None,
) -> Report:
    """Check a candidate before it is published.

    Parameters
    ----------
    candidate : path
        The SQLite file.
    expected_keys : DataFrame or iterable of str, optional
        The keys the table must hold, no more and no fewer; a DataFrame has them in a column
        ``key``. Without it, completeness is not checked.
    previous : PredictionStore or path, optional
        What serves now; a store in which nothing is published yet counts as none. Without it the
        checks that compare are not run.
    slices : sequence of str
        Columns of `expected_keys`, each group of which is compared with the last version.
    limits : Limits
        How much change is allowed.
    reference : path, optional
        A table from long ago, which a slow drift cannot follow. By default the oldest version
        that the store keeps.
    clock : callable, optional
        Gives the time in seconds, for `as_of`. By default the store's, else ``time.time``.

    Raises TableError if there is no such file, it is damaged, or a key in it is no text; TypeError
    or ValueError if `expected_keys` are no texts, or a slice is not among their columns or has gaps.
    """
    labels = label_keys(expected_keys, slices)
    content = table.read_table(candidate)
    before, oldest = read_previous(previous, reference)
    now = (clock or getattr(previous, "clock", None) or time.time)()
    rows, old, first = (make_rows(whole) for whole in (content, before, oldest))
    schema = row_schema(None if expected_keys is None else labels.index)
    measures = [*moments(content, before, now), *overall(rows, limits)]
    if old is not None:
        measures += changes(rows, old, labels, limits)
    if first is not None:
        bounds = limits.drift, limits.slice_drift
        measures += _means(rows, first, labels, "drift", *bounds, limits)
    figures = pd.DataFrame({(m.check, m.key): [float(m.value)] for m in measures})
    found = judge(schema, rows) + judge(measure_schema(measures), figures, by_column=True)
    ran = {*ROW_CHECKS, *(m.check for m in measures)}
    if expected_keys is not None:
        there = np.where(labels.index.isin(rows.index), "there", "not there")
        found += judge(KEY_SCHEMA, pd.DataFrame({"key": there}, labels.index))
        ran.update(KEY_CHECKS)
    names = check_names(labels.columns)
    found.sort(key=lambda failure: (names.index(failure[0]), str(failure[1])))
    failures = pd.DataFrame(found, columns=["check", "key", "value", "expected"])
    checks = pd.DataFrame({"check": names}).assign(
        failures=[int((failures["check"] == name).sum()) for name in names],
        status=["passed" if name in ran else "not run" for name in names],
    )
    checks["status"] = checks["status"].mask(checks["failures"] > 0, "failed")
    return Report(Path(candidate), checks, failures, len(rows), content.checksum)


def label_keys(expected_keys, slices: Sequence[str]) -> pd.DataFrame:
    """The expected keys as an index, with a column for each slice that they are in."""
    for name, given in (("expected_keys", expected_keys), ("slices", slices)):
        if isinstance(given, str | bytes):
            raise TypeError(f"{name} is the one text {given!r}: give a list of texts.")
    slices = list(dict.fromkeys(slices))
    if not isinstance(expected_keys, pd.DataFrame):
        keys = [] if expected_keys is None else list(expected_keys)
        expected_keys = pd.DataFrame({"key": pd.Series(keys, dtype=object)})
    for name in ("key", *slices):
        if name not in expected_keys.columns:
            raise ValueError(
                f"expected_keys has no column {name!r}: give a DataFrame with 'key' and a column "
                f"for each slice, it has {list(expected_keys.columns)}."
            )
    for row, key in enumerate(expected_keys["key"]):
        if not isinstance(key, str):
            raise TypeError(f"The key {key!r} in row {row} of expected_keys is no text.")
    labels = expected_keys.drop_duplicates("key").set_index("key", drop=False)[slices]
    for name in slices:
        gaps = labels.index[labels[name].isna()]
        if len(gaps):
            raise ValueError(
                f"expected_keys says no {name} for {gaps[0]!r} ({len(gaps):,} rows): fill it in, or "
                f"leave {name!r} out of the slices."
            )
    return labels


def read_previous(previous, reference) -> tuple[table.Table | None, table.Table | None]:
    """What serves now and the reference, from a store or from files; None where there is none."""
    first = None if reference is None else table.read_table(reference)
    if previous is None:
        return None, first
    if not hasattr(previous, "lookup"):
        return table.read_table(previous), first
    try:
        before = previous.table()
    except NotPublishedError:
        return None, first
    if first is None:
        with suppress(TableError):  # damaged or pruned by now; what serves now is compared anyway
            first = previous.table(previous.versions()["name"].iloc[0])
    return before, first


def make_rows(whole: table.Table | None) -> pd.DataFrame | None:
    """A table by key: ``value`` as it is stored, ``number`` as a float, ``p`` if it is in 0..1."""
    if whole is None:
        return None
    value = whole.rows.set_index("key")["value"].astype(object)
    number = pd.to_numeric(value.mask(value.map(_is_text)), errors="coerce").astype(float)
    return pd.DataFrame({"value": value, "number": number, "p": number.where(number.between(0, 1))})


def row_schema(expected: pd.Index | None):
    """Each row by itself: its key comes once and was expected, its value is a probability."""
    unique, missing, infinite, probability = ROW_CHECKS

    def once(value: pd.Series) -> pd.Series:
        return pd.Series(~value.index.duplicated(keep=False), value.index)

    def known(value: pd.Series) -> pd.Series:
        return pd.Series(value.index.isin(expected), value.index)

    value = [
        pa.Check(once, name=unique, error="once", ignore_na=False),
        pa.Check(lambda v: ~v.map(_is_text), name=missing, error="a number, not text"),
        pa.Check(lambda v: v.notna(), name=missing, error="a number", ignore_na=False),
    ]
    if expected is not None:
        nobody = "none: no such key was expected"
        value.append(pa.Check(known, name="no unknown key", error=nobody, ignore_na=False))
    number = [
        pa.Check(lambda p: ~np.isinf(p), name=infinite, error="a finite number"),
        pa.Check(lambda p: p.between(0, 1) | np.isinf(p), name=probability, error="0 to 1"),
    ]
    return pa.DataFrameSchema(
        {
            "value": pa.Column(None, value, nullable=True),
            "number": pa.Column(float, number, nullable=True),
        }
    )


KEY_SCHEMA = pa.DataFrameSchema(
    {"key": pa.Column(str, pa.Check.equal_to("there", name="keys complete", error="a prediction"))}
)
"""Each expected key by itself: the table holds a prediction for it."""


def measure_schema(measures: list[Measure]):
    """One column for each figure, which lies within its bounds."""

    def within(m: Measure):
        return pa.Check.in_range(m.least, m.most, name=m.check, error=m.expected, ignore_na=False)

    return pa.DataFrameSchema(
        {(m.check, m.key): pa.Column(float, within(m), nullable=True) for m in measures}
    )


def moments(content: table.Table, before: table.Table | None, now: float) -> Iterator[Measure]:
    """The table says how old it is, can be as old as that, and is not older than the last one."""
    moment = content.as_of
    expected = f"seconds since the epoch, not {content.meta.get('as_of')!r}"
    yield Measure("as_of told", "as_of", moment, -math.inf, math.inf, expected)
    if math.isnan(moment):
        return
    latest = now + SKEW
    expected = f"more than 0 and no later than the clock's {now:.0f}"
    yield Measure("as_of possible", "as_of", moment, 1.0, latest, expected)
    earlier = math.nan if before is None else before.as_of
    if 0 < earlier <= latest:  # a moment that cannot be must not lock out all that follow
        expected = f"{earlier:.0f} or later"
        yield Measure("as_of not older", "as_of", moment, earlier, math.inf, expected)


def overall(rows: pd.DataFrame, limits: Limits) -> Iterator[Measure]:
    """What a table must look like without any other to compare it with."""
    p, whole = rows["p"].dropna(), f"all ({len(rows):,} rows)"
    least, most = limits.mean_range
    expected = f"{least:g} to {most:g}"
    yield Measure("mean plausible", whole, p.mean(), least, most, expected)
    if len(p) >= limits.slice_rows:
        sure = int((~p.between(CERTAIN, 1 - CERTAIN, inclusive="neither")).sum())
        most = max(1, int(limits.certain * len(p)))
        expected = f"{most:,} or fewer within {CERTAIN:g} of 0 or 1"
        yield Measure("few certain", "rows", sure, 0, most, expected)


def changes(
    rows: pd.DataFrame, old: pd.DataFrame, labels: pd.DataFrame, limits: Limits
) -> Iterator[Measure]:
    """Size, mean, spread and the single rows against the last version, also by slice."""
    fewest = math.ceil(len(old) * (1 - limits.shrink))
    yield Measure("size", "rows", len(rows), fewest, math.inf, f"{fewest:,} or more")
    yield from _means(rows, old, labels, "mean", limits.mean_change, limits.slice_change, limits)
    for by, key, now, before in _compare(rows, old, labels):
        times = limits.spread ** (1 if before["size"] >= limits.slice_rows else 2)
        if before["size"] >= FEW and before["spread"] > 1e-6 and now["size"] > 0:
            least, most = before["spread"] / times, before["spread"] * times
            expected = f"{before['spread']:.3f} within a factor of {times:g}"
            yield Measure(f"spread{by}", key, now["spread"], least, most, expected)
    now, before = (whole["p"][~whole.index.duplicated()] for whole in (rows, old))
    both = pd.DataFrame({"now": now, "old": before}).dropna()
    if len(both) >= limits.slice_rows:
        yield from _row_changes(both, labels, limits)


def _row_changes(both: pd.DataFrame, labels: pd.DataFrame, limits: Limits) -> Iterator[Measure]:
    """How single rows moved against their slice: predictions at the wrong key show here."""
    size = len(both)
    moved = both["now"] - both["old"]
    jumps = int(((moved - moved.median()).abs() > JUMPED).sum())
    most = max(1, int(limits.rows_jumped * size))
    expected = f"{most:,} or fewer that jumped by {JUMPED:g}"
    yield Measure("rows jumped", "rows", jumps, 0, most, expected)
    if (different := both["old"].nunique() // 2) > 2:
        expected = f"{different:,} or more"
        yield Measure(
            "values differ", "values", both["now"].nunique(), different, math.inf, expected
        )
    far = min(MOVED, SPREAD_MOVED * (both["old"].quantile(0.95) - both["old"].quantile(0.05)))
    for by in labels.columns if len(labels.columns) else [None]:
        group = "all" if by is None else labels[by].reindex(both.index).fillna("none").astype(str)
        group = pd.Series(group, both.index)
        name = "" if by is None else f" by {by}"
        apart = (moved - moved.groupby(group).transform("median")).abs()
        most = max(limits.rows_moved, 1 / size)
        expected = f"{most:.4g} at most, by {far:.2g} or more"
        key = f"share of rows, furthest {apart.idxmax()}"
        yield Measure(f"rows moved{name}", key, (apart > far).mean(), 0, most, expected)
        ranks = both.groupby(group).rank(pct=True)
        if ranks["old"].std() > 0:
            rank = ranks["now"].corr(ranks["old"]) if ranks["now"].std() > 0 else 0.0
            expected = f"{limits.rank:g} or more with the last version"
            yield Measure(f"order{name}", "rank correlation", rank, limits.rank, 1.1, expected)


def _means(rows, old, labels, name: str, bound: float, slice_bound: float, limits: Limits):
    """The means against another table's, of all rows and of each slice that is large enough."""
    for by, key, now, before in _compare(rows, old, labels):
        if before["size"] >= (limits.slice_rows if by else 1) and not math.isnan(before["mean"]):
            mean, most = before["mean"], slice_bound if by else bound
            expected = f"{mean:.3f} within {most:g}"
            yield Measure(f"{name}{by}", key, now["mean"], mean - most, mean + most, expected)


def _compare(rows, old, labels) -> Iterator[tuple[str, str, dict, dict]]:
    """For all rows and each slice: `` by slice`` or nothing, its name, and its figures then and now."""
    for by in [None, *labels.columns]:
        now, before = (_figures(whole["p"], labels, by) for whole in (rows, old))
        now_of = now.reindex(before.index).to_dict("index")
        for group, then in before.to_dict("index").items():
            key = f"{group} ({then['size']:,.0f} rows)"
            yield "" if by is None else f" by {by}", key, now_of[group], then


def _figures(p: pd.Series, labels: pd.DataFrame, by: str | None) -> pd.DataFrame:
    """Mean, size and spread (the range of the middle nine tenths) of each group."""
    group = np.full(len(p), "all") if by is None else labels[by].reindex(p.index).to_numpy()
    groups = p.groupby(group)
    spread = groups.quantile(0.95) - groups.quantile(0.05)
    return pd.DataFrame({"mean": groups.mean(), "size": groups.size(), "spread": spread})


def _is_text(value) -> bool:
    return isinstance(value, str | bytes)


def judge(schema, frame: pd.DataFrame, *, by_column: bool = False) -> list[tuple]:
    """The failure cases of `frame`, as rows of `Report.failures`."""
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        found = []
        for case in errors.failure_cases.itertuples():
            if pd.isna(case.check_number):
                raise  # a check that broke must never count as one that passed
            check = schema.columns[case.column].checks[int(case.check_number)]
            key = case.column[1] if by_column else case.index
            value = case.failure_case
            if by_column and pd.isna(value):
                value = "no moment" if key == "as_of" else "no rows"
            found.append((check.name, key, value, check.error))
        return found
    return []


def check_names(slices: Sequence[str]) -> list[str]:
    """Every check that there is, in the order of a report."""
    by = [f" by {name}" for name in slices]
    return [
        *ROW_CHECKS,
        *KEY_CHECKS,
        *("as_of told", "as_of possible", "as_of not older", "mean plausible", "few certain"),
        *("size", "mean", *[f"mean{name}" for name in by]),
        *("spread", *[f"spread{name}" for name in by], "rows jumped", "values differ"),
        *[f"{what}{name}" for name in by or [""] for what in ("rows moved", "order")],
        *("drift", *[f"drift{name}" for name in by]),
    ]


def _texts(row) -> tuple[str, str, str]:
    """Key, value and expectation as people read them; look-alike keys by their escapes too."""
    key, value = str(row.key), row.value
    if not key.isascii() or key != " ".join(key.split()):
        key = f"{key} ({key!a})"
    if isinstance(value, float):
        value = f"{value:.4g}" if abs(value) < 1e4 else f"{value:.15g}"
    return key, repr(value) if isinstance(value, bytes) else str(value), str(row.expected)
