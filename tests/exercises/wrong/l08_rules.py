"""Wrong answers to "write alert rules for age and coverage"."""

from exercises.variants import changes

but = changes("l08_rules")
AGE = '"time() - {taken} > {oldest}"'
COVERAGE = '"{from_table} / {of_all} < {least}"'
ONLY_TABLE = '{source="table"}'
TABLE_RATE = 'predict_answers_total{{source="table"}}'

WRONG = [
    ("the moment as an age", but("time() - ", ""), "false_alarm", "rings although the table is"),
    ("a young table rings", but("> {oldest}", "< {oldest}"), "false_alarm", "are allowed"),
    ("the other way round", but("time() - {taken}", "{taken} - time()"), "silent", "does not ring"),
    ("any source", but(f"seconds{ONLY_TABLE}", "seconds"), "false_alarm", "is older"),
    (
        "the youngest of all sources",
        but(f"seconds{ONLY_TABLE}", "seconds", "{taken} >", "max({taken}) >"),
        "silent",
        "is new",
    ),
    ("hours", but("> {oldest}", "> {oldest / 3600}"), "false_alarm", "rings although"),
    ("always a day and two hours", but("> {oldest}", "> 93600"), "silent", "is 50001 s old"),
    (
        "counters since the start",
        but(
            COVERAGE,
            "\"sum(predict_answers_total{{source='table'}}) / sum(predict_answers_total) < {least}\"".replace(
                "\\'", '\\"'
            ),
        ),
        "unread",
        "cannot be read",
    ),
    (
        "totals since the start",
        but("sum(rate(", "(sum(", "[{window}s]", ""),
        "silent",
        "since the start",
    ),
    (
        "the share without a row",
        but(TABLE_RATE, TABLE_RATE.replace("table", "default")),
        "false_alarm",
        "came from the table",
    ),
    (
        "all but the default",
        but(TABLE_RATE, TABLE_RATE.replace('="table', '!="default')),
        "silent",
        "from the model",
    ),
    ("rings when it is high", but("< {least}", "> {least}"), "false_alarm", "rings although"),
    ("per cent", but("< {least}", "< {100 * least}"), "false_alarm", "rings although"),
    (
        "table against the rest",
        but(
            "sum(rate(predict_answers_total[", "sum(rate(predict_answers_total{{source!='table'}}["
        ),
        "unread",
        "cannot be read",
    ),
    ("no sum", but("sum(rate(", "(rate("), "silent", "does not ring"),
    ("a rate without a window", but("_total[{window}s]", "_total"), "unread", "cannot be read"),
    ("a bracket left out", but('s]))"', 's])"'), "unread", "cannot be read"),
    ("no comparison", but(" > {oldest}", ""), "unread", "cannot be read"),
    ("always thirty seconds", but("[{window}s]", "[30s]"), "silent", "last 120 s"),
    (
        "a list of rules",
        but("return {", "return list({", "    }\n", "    }.values())\n"),
        "no_rules",
        "a dict",
    ),
    ("another name", but("TableTooOld", "TooOld"), "no_rules", "TableTooOld"),
    ("a number", but(f"f{COVERAGE}", "least"), "no_rules", "as texts"),
    (
        "rings while nobody asks",
        but(COVERAGE, '"{from_table} / ({of_all} + 0.000001) < {least}"'),
        "false_alarm",
        "nobody has asked",
    ),
]
