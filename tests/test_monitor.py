"""Distances, thresholds and windows against brute force; alert rules against Prometheus' own tool."""

import math
import shutil
from itertools import pairwise

import numpy as np
import pytest

from lessons_lib import monitor
from lessons_lib.labs.l08_prometheus import unit_test

DRAWS = np.random.default_rng(8)


def psi_one_by_one(before, now, bins):
    """The index in plain Python, bin by bin, for values without gaps."""
    edges = [-math.inf, *np.quantile(before, np.arange(1, bins) / bins), math.inf]
    shares = []
    for values in (before, now):
        counts = [sum(low < v <= high for v in values) + 0.5 for low, high in pairwise(edges)]
        counts.append(0.5)  # the missing ones
        shares.append([count / sum(counts) for count in counts])
    both = zip(*shares, strict=True)
    return sum((new - old) * math.log(new / old) for old, new in both)


@pytest.mark.parametrize("bins", [2, 5, 10])
@pytest.mark.parametrize("shift", [0.0, 0.7, 40.0])
def test_psi_is_the_sum_over_the_bins(bins, shift):
    before, now = DRAWS.normal(0, 1, 300), DRAWS.normal(shift, 1, 80)
    assert monitor.psi(before, now, bins=bins) == pytest.approx(psi_one_by_one(before, now, bins))


def test_psi_hears_a_feed_that_falls_silent_and_is_finite():
    before = DRAWS.normal(0, 1, 300)
    silent = np.full(80, np.nan)
    assert 5 < monitor.psi(before, silent) < 50
    assert monitor.psi(before, before) == 0
    assert monitor.psi(np.ones(50), np.ones(9)) < 0.3, "one value, twice, with half a value a bin"


def test_ks_is_the_widest_gap_of_the_two_distributions():
    before, now = DRAWS.normal(0, 1, 90), DRAWS.normal(0.5, 2, 40)
    gaps = [abs((before <= x).mean() - (now <= x).mean()) for x in (*before, *now)]
    assert monitor.ks(before, now) == pytest.approx(max(gaps))
    with_gaps = np.append(now, np.nan)
    assert monitor.ks(before, with_gaps) == monitor.ks(before, now)
    assert math.isnan(monitor.ks(before, [np.nan]))


@pytest.mark.parametrize("share", [0, 0.01, 0.05, 0.1, 0.29, 0.5, 0.99])
@pytest.mark.parametrize("count", [1, 7, 20, 100])
def test_a_threshold_keeps_its_promise_and_no_lower_one_does(share, count):
    figures = DRAWS.integers(0, 50, count).astype(float)
    level = monitor.threshold(figures, share)
    assert level in figures
    assert (figures > level).mean() <= share + 1e-12
    lower = figures[figures < level]
    assert len(lower) == 0 or (figures > lower.max()).mean() > share + 1e-12


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: monitor.threshold([], 0.1), "figures has shape"),
        (lambda: monitor.threshold([1.0], 1.5), "false_alarms is 1.5"),
        (lambda: monitor.psi([np.nan], [1.0]), "0 values before"),
        (lambda: monitor.psi([1.0], [1.0], bins=1), "bins is 1"),
        (lambda: monitor.window_means([2, 1], [0.0, 0.0], 5), "goes back in time"),
        (lambda: monitor.window_means([1], [0.0], 0), "window is 0"),
        (lambda: monitor.window_means([1, 2], [0.0, 0.0], 5, np.array([1])), "slices has 1"),
    ],
)
def test_what_cannot_be_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_windows_and_harm_are_those_of_a_loop():
    times = np.sort(DRAWS.uniform(0, 100, 400))
    values, slices = DRAWS.random(400), DRAWS.integers(0, 3, 400)
    bad = DRAWS.random(400) < 0.1
    found = monitor.window_means(times, values, 7.5, slices)
    for row, end in enumerate(found.end):
        for one in range(3):
            inside = (times >= end - 7.5) & (times < end) & (slices == one)
            wanted = values[inside].mean() if inside.any() else np.nan
            assert found.mean[row, one] == pytest.approx(wanted, nan_ok=True)
    rings = (found.mean > 0.6).any(axis=1)
    when, served = monitor.until_alarm(times, bad, found.end, rings)
    first = next(end for end, rung in zip(found.end, rings, strict=True) if rung)
    assert (when, served) == (first, sum(b for t, b in zip(times, bad, strict=True) if t < first))
    nothing = monitor.until_alarm(times, bad, found.end, np.zeros(len(rings)))
    assert nothing == (math.inf, bad.sum())


TABLE, OTHER = 'answers_total{source="table"}', 'answers_total{source="default"}'
SHARE = 'sum(rate(answers_total{source="table"}[5m])) / sum(rate(answers_total[5m]))'
GOOD = {TABLE: "0+95x60", OTHER: "0+5x60", "made": "600x60"}
BAD = {TABLE: "0+80x60", OTHER: "0+20x60", "made": "600x60"}
RULES = [
    ("made > 500", True),
    ("made < 500", False),
    ("made == 600", True),
    ("made != 600", False),
    ("time() - made > 2900", True),
    ("time() - made > 3100", False),
    ("made / 0 > 5", True),
    ("gone > 0", False),
    ("gone < 1e9", False),
    (f"{SHARE} < 0.9", False),
    (f"{SHARE} < 0.96", True),
    (f"1 - {SHARE} >= 0.04", True),
    (f"100*{SHARE}<95.5", True),
    ('rate(answers_total{source!="table"}[2m]) > 0.08', True),
    ('rate(answers_total{source!="table"}[2m]) > 0.09', False),
    ("min(rate(answers_total[5m])) < 0.1", True),
    ("max(increase(answers_total[5m])) > 400", True),
    ("max(increase(answers_total[5m])) > 500", False),
    ("rate(answers_total[30s]) > 0", False),
    (f"{TABLE} / made > 9", False),
    ("sum(gone) / sum(answers_total) < 1", False),
    ("(sum(answers_total) - 1) * 2 > 100", True),
]


def scrapes(series, minutes):
    """What a service would have shown each minute, from series in promtool's writing."""
    found = []
    for minute in range(minutes + 1):
        lines = []
        for which, values in series.items():
            start, _, rest = values.partition("x")[0].partition("+")
            lines.append(f"{which} {float(start) + float(rest or 0) * minute}\n")
        found.append(monitor.read_scrape(60.0 * minute, "".join(lines)))
    return found


@pytest.mark.parametrize(("rule", "wanted"), RULES)
def test_a_rule_means_here_what_it_means_to_prometheus(rule, wanted):
    assert monitor.rings(rule, scrapes(GOOD, 60)) == wanted


def test_prometheus_itself_agrees_with_every_one_of_these_rules():
    if shutil.which("promtool") is None:
        pytest.skip("there is no promtool on this machine")
    rules = {f"Rule{number}": rule for number, (rule, _) in enumerate(RULES)}
    ringing = {f"Rule{number}" for number, (_, wanted) in enumerate(RULES) if wanted}
    said = unit_test(rules, {"all": (GOOD, 60, ringing)})
    assert said.endswith("SUCCESS"), said
    said = unit_test(rules, {"all": (GOOD, 60, ringing ^ {"Rule0"})})
    assert "FAILED" in said
    assert "Rule0" in said


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "made",
        "5 > 3",
        "made >",
        "made[5m] > 3",
        "rate(made) > 1",
        "sum(made[5m]) > 1",
        "made > 3 and",
        'made{a=~"x"} > 1',
        "avg(made) > 1",
        "__import__('os').getcwd() > 1",
        "made > [1]",
        "made ? 1 > 2",
    ],
)
def test_what_is_no_rule_is_refused(rule):
    with pytest.raises(ValueError, match="cannot be read here"):
        monitor.rings(rule, scrapes(GOOD, 3))


def test_a_counter_that_starts_anew_and_a_service_that_is_gone():
    seen = [
        monitor.read_scrape(10.0 * n, f"answers_total {v}\n")
        for n, v in enumerate((100, 130, 5, 20))
    ]
    assert monitor.rings("increase(answers_total[1m]) == 50", seen)
    gone = [*seen, monitor.read_scrape(40.0, None)]
    assert monitor.rings("up == 0", gone)
    assert not monitor.rings("answers_total > 0", gone)
    assert not monitor.rings("up == 0", seen)
