"""Exercise: alert rules for the age and the coverage of a table (lesson 08)."""

from collections.abc import Mapping

from lessons_lib.exercises.probes import expect, fail
from lessons_lib.monitor import Scrape, rings

NAME = "alert_rules"
TITLE = "Write alert rules for age and coverage"
MINUTES = 12
ORDER = 4
HINTS = [
    "The age is `time()` less the moment that the service shows. Choose the series of the table with "
    '`{source="table"}`, and compare with `oldest` behind a `>`. In an f-string write `{{` for `{`.',
    "A counter tells what there was since the start. `rate(predict_answers_total[30s])` tells how "
    "fast it grew in the last 30 s, for each source; `sum(...)` adds the sources up.",
    "Coverage is the rate from the table divided by the rate of all, each inside a `sum(...)`, and the "
    "alert rings when it is `< least`.",
]
FAILURES = {
    "no_rules": "`alert_rules` should return a dict with the two rules as texts, under `TableTooOld` "
    "and `CoverageTooLow`; it returned {got}.",
    "unread": "{rule} cannot be read: {why}",
    "false_alarm": "`{rule}` rings although {case}.",
    "silent": "`{rule}` does not ring although {case}.",
}
NOW = 1_000_000.0
AGE, ANSWERS = "predict_information_timestamp_seconds", "predict_answers_total"


def alert_rules(oldest, least, window):
    taken = 'predict_information_timestamp_seconds{source="table"}'
    from_table = f'sum(rate(predict_answers_total{{source="table"}}[{window}s]))'
    of_all = f"sum(rate(predict_answers_total[{window}s]))"
    return {
        "TableTooOld": f"time() - {taken} > {oldest}",
        "CoverageTooLow": f"{from_table} / {of_all} < {least}",
    }


def check(candidate):
    for oldest, least, window in ((93_600, 0.97, 30), (50_000, 0.6, 120), (700.5, 0.125, 7)):
        rules = candidate(oldest, least, window)
        wanted = {"TableTooOld", "CoverageTooLow"}
        if not (isinstance(rules, Mapping) and set(rules) == wanted):
            fail("no_rules", got=rules)
        if not all(isinstance(rule, str) for rule in rules.values()):
            fail("no_rules", got=dict(rules))
        for case, should, scrapes in _ages(oldest):
            _judge(rules["TableTooOld"], case, should, scrapes)
        for case, should, scrapes in _shares(least, window):
            _judge(rules["CoverageTooLow"], case, should, scrapes)


def _judge(rule, case, should, scrapes):
    try:
        got = rings(rule, scrapes)
    except ValueError as problem:
        fail("unread", rule=rule, why=str(problem))
    expect(got, should, "silent" if should else "false_alarm", rule=rule, case=case)


def _ages(oldest):
    """What is the case, whether the rule should ring, and what was scraped."""
    yield f"the table is {oldest - 1:g} s old and {oldest:g} are allowed", False, _age(oldest - 1)
    yield f"the table is {oldest + 1:g} s old and {oldest:g} are allowed", True, _age(oldest + 1)
    yield "the service has answered nothing from a table so far", False, _age()
    other = _age(60.0, model=10 * oldest)
    yield "the table is 60 s old (what came from the model is older)", False, other
    other = _age(10 * oldest, model=0.1)
    yield "the table is far too old (what came from the model is new)", True, other


def _age(table=None, **others):
    ages = {**others, **({} if table is None else {"table": table})}
    taken = {frozenset({("source", name)}): NOW - age for name, age in ages.items()}
    return [Scrape(NOW, {AGE: taken, ANSWERS: {}})]


def _shares(least, window):
    """The same for the coverage: counters at four moments, the first before the window."""
    good, bad = least + 0.02, least - 0.02
    words = (
        f"{{}} of the answers of the last {window} s came from the table, of which {least:.1%} must"
    )
    yield words.format(f"{good:.1%}"), False, _counts(window, good, good)
    yield words.format(f"{bad:.1%}"), True, _counts(window, bad, bad)
    late = words.format(f"{bad:.1%}") + " (since the start it was nearly all)"
    yield late, True, _counts(window, 0.9999, bad)
    early = words.format(f"{good:.1%}") + " (since the start it was next to nothing)"
    yield early, False, _counts(window, 0.0001, good)
    several = words.format(f"{bad:.1%}") + ", and the others from the model"
    yield several, True, _counts(window, bad, bad, rest="model")
    yield "nobody has asked for anything in the window", False, _counts(window, good, good, 0)


def _counts(window, before, within, answers=40_000, rest="default"):
    """Counters of a long time with the share `before`, then of a window with the share `within`."""
    scrapes, old = [], 10_000_000
    for step, more in enumerate((-500_000, 0, answers / 2, answers)):
        table = (old + min(more, 0)) * before + max(more, 0) * within
        counts = {"table": table, "model": 0.0, "cache": 0.0, "default": 0.0}
        counts[rest] += old + more - table
        series = {frozenset({("source", name)}): value for name, value in counts.items()}
        ago = (2 * window, 0.8 * window, 0.4 * window, 0.0)[step]
        scrapes.append(Scrape(NOW - ago, {ANSWERS: series, AGE: {}}))
    return scrapes
