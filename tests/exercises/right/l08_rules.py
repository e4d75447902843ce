"""Right answers to "write alert rules for age and coverage"."""

from exercises.wrong.l08_rules import AGE, COVERAGE, but

RIGHT = [
    ("the limit on the other side", but(AGE, '"{taken} < time() - {oldest}"')),
    ("the lowest moment", but("{taken} >", "min({taken}) >")),
    ("what is missing", but(COVERAGE, '"1 - {from_table} / {of_all} > 1 - {least}"')),
    ("no division", but(COVERAGE, '"{from_table} < {least} * {of_all}"')),
    ("increase", but("rate(", "increase(")),
    (
        "by hand",
        """
def alert_rules(oldest, least, window):
    table = 'sum( rate(predict_answers_total{source="table"}[%ds]) )' % window
    return {
        "TableTooOld": 'time() - predict_information_timestamp_seconds{source="table"} > ' + str(oldest),
        "CoverageTooLow": table + " / sum( rate(predict_answers_total[" + str(window) + "s]) ) < %r" % least,
    }
""",
    ),
]
