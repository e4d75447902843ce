"""Wrong answers to "turn a letter into a plan"."""

from exercises.variants import changes

but = changes("l11_plan")
RESULT = "return rows, cost.servers_within(rate * missed, run, deadline)"
SERVERS = "cost.servers_within(rate * missed, run, deadline)"
ROWS = "rows = 0 if rows == inf else int(rows)"

WRONG = [
    ("rows alone", but(RESULT, "return rows"), "not_a_pair", "Give two numbers"),
    ("a text", but(RESULT, "return str(rows), 1"), "not_a_pair", "('"),
    ("no number", but(RESULT, "return rows, float('nan')"), "not_a_pair", "nan"),
    ("a share of the keys", but(ROWS, ROWS + "\nrows = round(share * len(table))"), "percent_of_keys", "Coverage is a share of the requests"),
    ("measured on yesterday", but("today.map", "yesterday.map", "share * len(today)", "share * len(yesterday)"), "yesterday", "It will be asked today's"),
    ("a table of today", but("yesterday.value_counts()", "today.value_counts()"), "hindsight", "made yesterday"),
    ("all keys where none will do", but("0 if rows == inf", "len(table) if rows == inf"), "hopeless", "you take 40"),
    ("no table at all", but(ROWS, "rows = 0"), "gave_up", "yours takes no table"),
    ("one row short", but(ROWS, ROWS + "\nrows -= rows > 0"), "rows", "The fewest with which"),
    ("the rarest keys", but("value_counts()", "value_counts(ascending=True)"), "rows", "most frequent keys"),
    ("in order of their coming", but("yesterday.value_counts().index", "yesterday.unique()"), "rows", "most frequent keys"),
    ("servers for everybody", but("rate * missed", "rate"), "all_traffic", "enough for *all* requests"),
    ("servers for the wanted share", but("rate * missed", "rate * (1 - share)"), "wanted_share", "a little more"),
    ("servers that keep up", but(SERVERS, "ceil(rate * missed * run)"), "keeps_up", "the queue grows at random"),
    ("servers that keep up with all", but(SERVERS, "ceil(rate * run)"), "keeps_up", "the queue grows at random"),
    ("p90", but(SERVERS, "cost.servers_within(rate * missed, run, deadline, p=90)"), "servers", "99 in 100"),
    ("one more to be safe", but(SERVERS, SERVERS + " + 1"), "servers", "servers; you take"),
    ("per minute", but("rate * missed", "rate * missed / 60"), "servers", "requests a second are left"),
    ("drops what is new", but("ranks = pd", "today = today[today.isin(table)]\nranks = pd"), "rows", "of today's requests or more"),
    ("changes the log", but("table = ", "today.iloc[0] = yesterday.iloc[0]\ntable = "), "changed", "Work on a copy"),
]  # fmt: skip
